"""Does the content depend on the position? A code for every window, shared by all positions or one for each.

    python experiments/local_codes.py             # about a minute on one core; no training, nothing iterative
    python experiments/local_codes.py --seeds 1 --output /tmp/try.json

Task: describe each window of 5 x 5 pixels (stride 2, 144 positions in 28 x 28 pixels) by a few values, so that as
little as possible of its variance is lost. The best linear code is known: the strongest principal components. They
are computed once from the windows of all positions together (shared), or for each position from its own (unshared).
The mean of each position is known to both, so that a difference of means alone gives neither an advantage.

Images: garments as they come, centred; the same shifted by up to 4 pixels each way; and, as a control in which no
position is special, pieces of photographs cut out anywhere, none from the photographs of the test. Each seed draws
other training images, shifts and pieces; smaller sets are among the larger.

Result: data/results/local_codes.json, a row for each code: the share of the variance of 1,000 test images that it
leaves unexplained, in per cent.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import data

SIDE, REACH, WINDOW, STRIDE = 28, 4, 5, 2  # pixels
COUNTS = (30, 100, 300, 1000, 5000)
VALUES = (1, 3, 8)  # of a code
LOOKS = ("aligned", "shifted", "photographs")
TEST = 1000


def shifted(images, rng):
    """Each image moved by up to `REACH` pixels each way, zeros coming in."""
    framed = np.pad(images, ((0, 0), (REACH, REACH), (REACH, REACH)))
    corners = rng.integers(0, 2 * REACH + 1, (len(images), 2))
    return np.stack([image[r : r + SIDE, c : c + SIDE] for image, (r, c) in zip(framed, corners, strict=True)])


def pieces(photographs, count, rng):
    """Pieces cut out of the photographs anywhere, (count, 28, 28)."""
    found = np.empty((count, SIDE, SIDE), np.float32)
    for number in range(count):
        photograph = photographs[rng.integers(len(photographs))]
        row, column = (rng.integers(n - SIDE + 1) for n in photograph.shape)
        found[number] = photograph[row : row + SIDE, column : column + SIDE]
    return found


def drawn(look, seed):
    """Training images of the largest count and test images, (N, 28, 28)."""
    rng = np.random.default_rng(seed)
    if look == "photographs":
        names = data.photograph_names()
        grey = [data.photograph(name, side=256, grey=True) for name in names]
        parts = [[g for k, g in enumerate(grey) if (k % 7 == 3) == test] for test in (False, True)]
        return tuple(pieces(part, n, rng) for part, n in zip(parts, (COUNTS[-1], TEST), strict=True))
    fashion = data.fashion_mnist()
    training = fashion.x_train[rng.permutation(len(fashion.x_train))[: COUNTS[-1]]]
    test = fashion.x_test[rng.permutation(len(fashion.x_test))[:TEST]]
    return (training, test) if look == "aligned" else (shifted(training, rng), shifted(test, rng))


def windows(images):
    """Every window at every position, (positions, N, 25)."""
    views = sliding_window_view(images, (WINDOW, WINDOW), axis=(1, 2))[:, ::STRIDE, ::STRIDE]
    return np.ascontiguousarray(views.reshape(len(images), -1, WINDOW**2).swapaxes(0, 1), np.float32)


def unexplained(training, test, values, shared):
    """Share of the variance of `test` that the code learned from `training` leaves, in per cent.

    Both are windows (positions, N, 25); the variance is that around the mean over all windows.
    """
    mean = training.mean(axis=1, keepdims=True)
    spread = (training - mean).astype(np.float64)
    moments = spread.swapaxes(1, 2) @ spread
    if shared:
        moments = np.broadcast_to(moments.sum(axis=0), moments.shape)
    components = np.linalg.eigh(moments)[1][:, :, -values:]
    rest = (test - mean).astype(np.float64)
    left = rest - rest @ components @ components.swapaxes(1, 2)
    return 100 * (left**2).sum() / ((test - test.mean((0, 1))) ** 2).sum(dtype=np.float64)


def run(seeds):
    """Rows of the result."""
    rows = []
    for seed in range(seeds):
        for look in LOOKS:
            training, test = (windows(images) for images in drawn(look, seed))
            for count in COUNTS:
                for values in VALUES:
                    for kind in ("shared", "unshared"):
                        lost = unexplained(training[:, :count], test, values, kind == "shared")
                        where = {"name": kind, "images": look, "seed": seed, "count": count, "values": values}
                        rows.append(where | {"unexplained": round(float(lost), 3)})
        print(f"seed {seed}", file=sys.stderr, flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "local_codes.json")
    options = parser.parse_args()
    result = {
        "task": "the variance of 5 x 5 windows that a few values leave unexplained", "steps": None, "batch": None,
        "seeds": list(range(options.seeds)), "test": TEST, "rows": run(options.seeds),
    }  # fmt: skip
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
