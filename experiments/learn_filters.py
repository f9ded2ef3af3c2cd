"""Learn 96 filters of 11 x 11 x 3 from the book's photographs, without a label.

    python experiments/learn_filters.py                # about eight minutes on one core
    python experiments/learn_filters.py --patches 20000 --steps 20 --output /tmp/try

Independent component analysis: find filters whose responses to patches of photographs are uncorrelated
and as sparse as they can be. Steps, for each of three seeds, which differ in the patches and in the
start:

1. 100,000 patches of 11 x 11 x 3, equally many from each photograph at 256 to 320 pixels, less their mean.
2. Whitening: the 96 directions in which patches vary most, each scaled to variance 1.
3. FastICA in those 96 directions: symmetric, with tanh (Hyvarinen 1999), from a random rotation, until no filter
   turns by more than 1e-4 in a step; then as many steps again, which says whether it had finished.

Two controls. The random rotation where step 3 begins: the same 96 directions, nothing learned. And the same
algorithm on photographs whose phases were drawn at random: the power spectrum of each photograph and the
correlations between its colours stay, its edges go.
Each filter is scaled so that its responses have variance 1, and kept in 8 bits with a factor of its own.

Result: data/weights/learned_filters.npz, with the log in data/results/learn_filters.json.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from cnnlib import data

FILTERS, SIDE, PATCHES, STEPS = 96, 11, 100_000, 300
RUNS = (("seed0", 0, False), ("seed1", 1, False), ("seed2", 2, False), ("scrambled", 0, True))  # key, seed, scrambled
SCALES = (256, 288, 320)  # longest side of a photograph in pixels


def scramble(image, rng):
    """A picture (height, width, 3) with the amplitude of every wave of `image` and a random phase, one for all colours.

    The phases are those of real white noise, so that the picture is real; the mean of each colour stays.
    """
    phases = np.angle(np.fft.fft2(rng.normal(size=image.shape[:2])))
    phases[0, 0] = 0
    waves = np.fft.fft2(image, axes=(0, 1)) * np.exp(1j * phases)[..., None]
    return np.fft.ifft2(waves, axes=(0, 1)).real.astype(np.float32)


def patches(count, seed, scrambled=False):
    """`count` patches (count, 3, 11, 11) of float32, equally many from each photograph, or from its scrambled copy."""
    rng = np.random.default_rng(seed)
    names = data.photograph_names()
    shares = np.diff(np.linspace(0, count, len(names) + 1).astype(int))
    found = []
    for name, share in zip(names, shares, strict=True):
        image = data.photograph(name, side=int(rng.choice(SCALES)))
        if scrambled:
            image = scramble(image, np.random.default_rng([seed, len(found)]))
        rows, columns = (rng.integers(0, length - SIDE + 1, share) for length in image.shape[:2])
        windows = np.lib.stride_tricks.sliding_window_view(image, (SIDE, SIDE), axis=(0, 1))
        found.append(windows[rows, columns])  # (share, 3, 11, 11)
    return np.concatenate(found)


def whiten(vectors, keep):
    """The mean of `vectors` (n, d), and the matrix (keep, d) that takes them to variance 1 in `keep` directions."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = (vectors - mean).astype(np.float32)
    values, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred / len(vectors))
    values, directions = values[::-1][:keep], directions[:, ::-1][:, :keep]
    return mean, (directions / np.sqrt(values)).T, values.sum() / centred.var(axis=0).sum()


def rotation(matrix):
    """The rotation nearest to a square matrix: its rows made orthogonal all at once."""
    left, _, right = np.linalg.svd(matrix)
    return left @ right


def fast_ica(white, start, steps, tick=lambda *progress: None, tolerance=1e-4):
    """The rotation (m, m) that makes the rows of `rotation @ white` most independent; `white` is (m, n)."""
    turn, count = start, white.shape[1]
    for step in range(1, steps + 1):
        responses = np.tanh(turn.astype(np.float32) @ white)  # (m, n)
        slope = 1 - np.square(responses).mean(axis=1, dtype=np.float64)
        new = rotation(responses @ white.T / count - slope[:, None] * turn)
        change = float(1 - np.abs((new * turn).sum(axis=1)).min())
        turn = new
        tick(step, change)
        if change < tolerance:
            break
    return turn


def sparseness(responses):
    """1 - (mean magnitude)^2 / mean square, for each row: 0 all alike, 0.36 Gaussian, near 1 few large."""
    magnitude = np.abs(responses).mean(axis=1, dtype=np.float64)
    return 1 - magnitude**2 / np.square(responses).mean(axis=1, dtype=np.float64)


def eight_bits(filters):
    """Filters (n, ...) as int8 and one float32 factor each."""
    factors = (np.abs(filters).reshape(len(filters), -1).max(axis=1) / 127).astype(np.float32)
    levels = np.round(filters / factors.reshape(-1, *[1] * (filters.ndim - 1)))
    return levels.astype(np.int8), factors


def learn(seed, count, steps, scrambled=False):
    """One run: the learned filters and the unlearned ones, each (96, 3, 11, 11), and the log."""
    vectors = patches(count, seed, scrambled).reshape(count, -1)
    mean, matrix, kept = whiten(vectors, FILTERS)
    white = (matrix @ (vectors - mean).T).astype(np.float32)
    start = rotation(np.random.default_rng(seed + 1000).normal(size=(FILTERS, FILTERS)))
    log, taken = [], 0

    def tick(step, change):
        nonlocal taken
        taken = step
        print(f"\rseed {seed}: step {step} of {steps}, change {change:.5f} ", end="", file=sys.stderr, flush=True)
        if step == 1 or step % 20 == 0:
            log.append({"step": step, "change": round(change, 5)})

    turn = fast_ica(white, start, steps, tick)
    print(f"\nseed {seed}: as many steps again", file=sys.stderr)
    later = fast_ica(white, turn, taken, tolerance=0)
    alike = np.abs((later * turn).sum(axis=1))  # the filters of each run, before and after
    result = {
        "seed": seed,
        "variance_kept": round(float(kept), 4),
        "sparseness_before": round(float(sparseness(start @ white).mean()), 3),
        "sparseness_after": round(float(sparseness(turn @ white).mean()), 3),
        "steps": taken,
        "twice_as_long": {
            "sparseness": round(float(sparseness(later @ white).mean()), 3),
            "median_cosine": round(float(np.median(alike)), 4),
            "least_cosine": round(float(alike.min()), 4),
        },
        "log": log,
    }
    shape = (FILTERS, 3, SIDE, SIDE)
    return (turn @ matrix).reshape(shape), (start @ matrix).reshape(shape), result


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--patches", type=int, default=PATCHES)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--output", type=Path, default=data.folder(), help="folder with weights/ and results/")
    options = parser.parse_args()
    arrays, runs = {}, {}
    for key, seed, scrambled in RUNS:
        learned, unlearned, runs[key] = learn(seed, options.patches, options.steps, scrambled)
        arrays[key], arrays[f"{key}_factor"] = eight_bits(learned)
        if key == "seed0":
            arrays["unlearned"], arrays["unlearned_factor"] = eight_bits(unlearned)
    (options.output / "weights").mkdir(parents=True, exist_ok=True)
    (options.output / "results").mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.output / "weights" / "learned_filters.npz", **arrays)
    control = runs.pop("scrambled")
    result = {"patches": options.patches, "photographs": len(data.photograph_names()), "scales": SCALES}
    result |= {"runs": list(runs.values()), "scrambled": control}
    path = options.output / "results" / "learn_filters.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
