"""Fit a Gabor function to every filter: how many of the learned ones are Gabor-like?

    python experiments/gabor_fits.py                   # about a minute on one core

A Gabor function is a wave under a bell: six numbers for place, width, length, direction and
frequency, found by damped least squares (Levenberg 1944, Marquardt 1963) from several starts, and
two for the strength of its cosine and sine, which follow from the six. It is fitted to the filter's
pattern in its strongest colour, `side x side` values. The same is done to filters that were not
learned: eight numbers fit a little of anything.

Result: data/results/gabor_fits.json, for each bank the share of the pattern's energy that the fit
explains (R^2), filter by filter, and the six numbers.
"""

import json
import sys

import numpy as np

from cnnlib import data, filters

BANKS = ("learned", "second", "unlearned", "random", "face")
STEPS = 40
LOW, HIGH = np.array([-3, -3, -0.7, -0.7, -9, 0.005]), np.array([99, 99, 2.5, 2.5, 9, 0.5])


def pattern(weights):
    """The filter (3, k, k) in its strongest colour: (k, k), and that colour's share of the energy."""
    left, sizes, right = np.linalg.svd(weights.reshape(3, -1), full_matrices=False)
    return (sizes[0] * right[0]).reshape(weights.shape[1:]), sizes[0] ** 2 / np.square(sizes).sum()


def waves(numbers, side):
    """Cosine and sine under the bell, (side * side, 2), of row, column, log widths, direction, frequency."""
    row, column, across, along, direction, frequency = np.clip(numbers, LOW, HIGH)
    y, x = np.mgrid[:side, :side].reshape(2, -1)
    u = (x - column) * np.cos(direction) + (y - row) * np.sin(direction)  # the way the wave runs
    v = (y - row) * np.cos(direction) - (x - column) * np.sin(direction)
    bell = np.exp(-0.5 * ((u / np.exp(across)) ** 2 + (v / np.exp(along)) ** 2))
    return np.stack([bell * np.cos(2 * np.pi * frequency * u), bell * np.sin(2 * np.pi * frequency * u)], axis=1)


def fitted(numbers, shape):
    """The nearest to `shape` (k, k) that these six numbers allow."""
    basis = waves(numbers, len(shape))
    gram = basis.T @ basis + 1e-9 * np.eye(2)
    return (basis @ np.linalg.solve(gram, basis.T @ shape.ravel())).reshape(shape.shape)


def descend(numbers, shape):
    """Damped least squares from one start; returns the numbers and what is left of the energy."""

    def rest(numbers):
        return (fitted(numbers, shape) - shape).ravel()

    now, damping = rest(numbers), 1e-2
    for _ in range(STEPS):
        slopes = np.stack([(rest(numbers + step) - now) / 1e-4 for step in 1e-4 * np.eye(6)], axis=1)
        square = slopes.T @ slopes
        step = np.linalg.solve(square + damping * (np.diag(np.diag(square)) + 1e-9 * np.eye(6)), -slopes.T @ now)
        new = np.clip(numbers + step, LOW, HIGH)
        tried = rest(new)
        if tried @ tried < now @ now:
            numbers, now, damping = new, tried, damping / 4
        else:
            damping *= 4
        if damping > 1e8:
            break
    return numbers, now @ now


def fit(shape):
    """Six numbers of the Gabor function nearest to a pattern (k, k), and its R^2."""
    side, energy = len(shape), np.square(shape)
    rows, columns = energy.sum(axis=1) / energy.sum(), energy.sum(axis=0) / energy.sum()
    place = [rows @ np.arange(side), columns @ np.arange(side)]
    spectrum = np.abs(np.fft.fft2(shape, (32, 32)))[:, :17]
    starts = []
    for _ in range(2):  # the two strongest waves that are not neighbours
        v, u = divmod(int(spectrum.argmax()), 17)
        down, across = (v - 32 if v > 16 else v) / 32, u / 32
        for width in (1.2, 3.0):
            starts.append(
                [*place, np.log(width), np.log(width), np.arctan2(down, across), min(0.5, np.hypot(down, across))]
            )
        near = np.abs((np.arange(32) - v + 16) % 32 - 16)[:, None] + np.abs(np.arange(17) - u)
        spectrum[near < 6] = 0
    numbers, left = min((descend(np.array(start), shape) for start in starts), key=lambda found: found[1])
    return numbers, 1 - left / energy.sum()


def main():
    result = {}
    for name in BANKS:
        bank, rows = filters.bank(name), []
        for number, weights in enumerate(bank):
            print(f"\r{name}: {number + 1} of {len(bank)} ", end="", file=sys.stderr, flush=True)
            shape, share = pattern(weights / np.linalg.norm(weights))
            numbers, explained = fit(shape)
            rows.append((explained, share, numbers))
        result[name] = {
            "explained": [round(float(row[0]), 3) for row in rows],
            "one_colour": [round(float(row[1]), 3) for row in rows],
            "numbers": [[round(float(v), 6) for v in row[2]] for row in rows],
        }
        print(file=sys.stderr)
    path = data.folder() / "results" / "gabor_fits.json"
    path.write_text(json.dumps(result) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
