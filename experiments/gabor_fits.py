"""Fit a Gabor function to every filter: how many of the learned ones are Gabor-like?

    python experiments/gabor_fits.py                   # about five minutes on one core

A Gabor function is a wave under a Gaussian envelope. Six parameters give its row, column, width, length,
direction and frequency, found by damped least squares (Levenberg 1944, Marquardt 1963) from four starts;
two more, the strengths of its cosine and sine, follow from the six. It is fitted to the filter's pattern in
its strongest colour, `side x side` values.

Controls: eight parameters fit a little of anything, so the same is done to filters that were not learned, to
filters learned from photographs with random phases, and to random windows of 7 x 7, where there are
fewer values to explain. And everything is fitted with twice as many steps, too.

Result: data/results/gabor_fits.json, for each bank the share of the pattern's energy that the fit
explains (R^2), filter by filter, the six parameters, and R^2 after twice as many steps.
"""

import json
import sys

import numpy as np

from cnnlib import data, filters

BANKS = ("learned", "second", "third", "unlearned", "scrambled", "random", "face", "random 7 x 7")
STEPS = 40
LOW, HIGH = np.array([-3, -3, -0.7, -0.7, -9, 0.005]), np.array([99, 99, 2.5, 2.5, 9, 0.5])


def bank(name):
    """A bank of filters by its name; "random 7 x 7" is drawn here."""
    return np.random.default_rng(7).normal(size=(96, 3, 7, 7)) if name == "random 7 x 7" else filters.bank(name)


def pattern(weights):
    """The filter (3, k, k) in its strongest colour: (k, k), and that colour's share of the energy."""
    left, sizes, right = np.linalg.svd(weights.reshape(3, -1), full_matrices=False)
    return (sizes[0] * right[0]).reshape(weights.shape[1:]), sizes[0] ** 2 / np.square(sizes).sum()


def waves(parameters, side):
    """Cosine and sine under the bell, (side * side, 2), of row, column, log widths, direction, frequency."""
    row, column, across, along, direction, frequency = np.clip(parameters, LOW, HIGH)
    y, x = np.mgrid[:side, :side].reshape(2, -1)
    u = (x - column) * np.cos(direction) + (y - row) * np.sin(direction)  # the way the wave runs
    v = (y - row) * np.cos(direction) - (x - column) * np.sin(direction)
    bell = np.exp(-0.5 * ((u / np.exp(across)) ** 2 + (v / np.exp(along)) ** 2))
    return np.stack([bell * np.cos(2 * np.pi * frequency * u), bell * np.sin(2 * np.pi * frequency * u)], axis=1)


def fitted(parameters, shape):
    """The nearest to `shape` (k, k) that these six parameters allow."""
    basis = waves(parameters, len(shape))
    gram = basis.T @ basis + 1e-9 * np.eye(2)
    return (basis @ np.linalg.solve(gram, basis.T @ shape.ravel())).reshape(shape.shape)


def descend(parameters, shape, steps=STEPS):
    """Damped least squares from one start; returns the parameters and what is left of the energy."""

    def rest(parameters):
        return (fitted(parameters, shape) - shape).ravel()

    now, damping = rest(parameters), 1e-2
    for _ in range(steps):
        slopes = np.stack([(rest(parameters + step) - now) / 1e-4 for step in 1e-4 * np.eye(6)], axis=1)
        square = slopes.T @ slopes
        step = np.linalg.solve(square + damping * (np.diag(np.diag(square)) + 1e-9 * np.eye(6)), -slopes.T @ now)
        new = np.clip(parameters + step, LOW, HIGH)
        tried = rest(new)
        if tried @ tried < now @ now:
            parameters, now, damping = new, tried, damping / 4
        else:
            damping *= 4
        if damping > 1e8:
            break
    return parameters, now @ now


def fit(shape, steps=STEPS):
    """Six parameters of the Gabor function nearest to a pattern (k, k), and its R^2."""
    side, energy = len(shape), np.square(shape)
    rows, columns = energy.sum(axis=1) / energy.sum(), energy.sum(axis=0) / energy.sum()
    centre = [rows @ np.arange(side), columns @ np.arange(side)]
    spectrum = np.abs(np.fft.fft2(shape, (32, 32)))[:, :17]
    starts = []
    for _ in range(2):  # the two strongest waves that are not neighbours
        v, u = divmod(int(spectrum.argmax()), 17)
        down, across = (v - 32 if v > 16 else v) / 32, u / 32
        for width in (1.2, 3.0):
            starts.append(
                [*centre, np.log(width), np.log(width), np.arctan2(down, across), min(0.5, np.hypot(down, across))]
            )
        near = np.abs((np.arange(32) - v + 16) % 32 - 16)[:, None] + np.abs(np.arange(17) - u)
        spectrum[near < 6] = 0
    parameters, left = min((descend(np.array(start), shape, steps) for start in starts), key=lambda found: found[1])
    return parameters, 1 - left / energy.sum()


def main():
    result = {}
    for name in BANKS:
        weights, rows = bank(name), []
        for number, one in enumerate(weights):
            print(f"\r{name}: {number + 1} of {len(weights)} ", end="", file=sys.stderr, flush=True)
            shape, share = pattern(one / np.linalg.norm(one))
            parameters, explained = fit(shape)
            rows.append((explained, share, parameters, fit(shape, 2 * STEPS)[1]))
        result[name] = {
            "explained": [round(float(row[0]), 3) for row in rows],
            "one_colour": [round(float(row[1]), 3) for row in rows],
            "twice_as_long": [round(float(row[3]), 3) for row in rows],
            "parameters": [[round(float(v), 6) for v in row[2]] for row in rows],
        }
        print(file=sys.stderr)
    path = data.folder() / "results" / "gabor_fits.json"
    path.write_text(json.dumps(result) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
