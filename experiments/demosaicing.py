"""How many kernels does a colour mosaic need? Least squares with one, a few, and one for every pixel.

    python experiments/demosaicing.py             # about three minutes on one core; no training, nothing iterative
    python experiments/demosaicing.py --seeds 1 --output /tmp/try.json --kernels /tmp/try.npz

Task: from the mosaic of a camera's sensor (`cnnlib.mosaics`) tell red, green and blue at each pixel. Photographs are
scaled down to at most 256 pixels a side; every seventh, and the four that the explorer shows, are kept for the test.
Crops of 20 x 20 pixels begin in an even row and column; a window of 5 x 5 predicts each of the middle 16 x 16 pixels.

Layers: kernels take turns with a period, the weights of each by least squares. Period 1 x 1 shares one kernel, 16 x 16
shares none within a crop. 2 x 2 is the period of the mosaic and 4 x 4 a multiple of it. The controls for the number of
kernels: 1 x 4 has as many as 2 x 2, and 3 x 3 more than twice as many, at periods that the mosaic does not have.

Besides, with 1,000 crops: the four kernels moved against the mosaic by a row, a column, both, or two columns; windows
of 3 and 7; the four kernels as combinations of one, two, three; and one kernel for both kinds of green. Without any
fitting: bilinear interpolation, and the mosaic itself in place of every colour.

Result: data/results/demosaicing.json, a row for each fit, in dB on 600 crops of the test photographs (others for every
seed); and data/weights/mosaic.npz with the kernels that the chapter shows, from 1,000 crops of seed 0.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import data, mosaics, ops
from cnnlib.explore.base import colour_photographs

SIDE, MIDDLE, WINDOW = 256, 16, 5
CROPS = (5, 20, 30, 100, 300, 1000)
TEST = 600
PERIODS = ((1, 1), (2, 2), (1, 4), (3, 3), (4, 4), (16, 16))
MOVED = ((0, 1), (1, 0), (1, 1), (0, 2))


def split():
    """Names of the photographs to fit on, and of those to judge by."""
    names = data.photograph_names()
    judged = {*names[3::7], *colour_photographs.NAMES}
    return [name for name in names if name not in judged], sorted(judged)


def crops(photographs, count, seed, margin=WINDOW // 2):
    """Pieces of the photographs in turn, (count, side, side, 3); the middle begins in an even row and column."""
    rng, side = np.random.default_rng(seed), MIDDLE + 2 * margin
    found = np.empty((count, side, side, 3))
    for number in range(count):
        photograph = photographs[number % len(photographs)]
        row, column = (margin % 2 + 2 * rng.integers((n - side - 1) // 2) for n in photograph.shape[:2])
        found[number] = photograph[row : row + side, column : column + side]
    return found


def measured(images, margin=WINDOW // 2):
    """The mosaic of each crop, whose middle starts with a red pixel."""
    even = margin % 2  # rows to add above, so that the parity is that of the photograph
    return np.stack([mosaics.mosaic(np.pad(image, ((even, 0), (even, 0), (0, 0))))[even:, even:] for image in images])


def windows(images, window=WINDOW):
    """(count, 16, 16, window^2): what each pixel's window reads."""
    views = sliding_window_view(measured(images, window // 2), (window, window), axis=(1, 2))
    return views.reshape(*views.shape[:3], -1)


def middle(images):
    """The true colours, (count, 16, 16, 3)."""
    margin = (images.shape[1] - MIDDLE) // 2
    return images[:, margin : margin + MIDDLE, margin : margin + MIDDLE]


def fit(read, wanted, period):
    """Weights by least squares, (TH, TW, window^2, 3); of the smallest norm where they are not determined."""
    found = np.empty((*period, read.shape[-1], 3))
    for i, j in np.ndindex(*period):
        turn = np.s_[:, i :: period[0], j :: period[1]]
        equations, values = read[turn].reshape(-1, read.shape[-1]), wanted[turn].reshape(-1, 3)
        found[i, j] = np.linalg.lstsq(equations, values, rcond=None)[0]
    return found


def predicted(read, weights):
    """The three colours of every pixel, its kernel chosen by its turn."""
    found = np.empty((*read.shape[:3], 3))
    for i, j in np.ndindex(*weights.shape[:2]):
        turn = np.s_[:, i :: weights.shape[0], j :: weights.shape[1]]
        found[turn] = read[turn] @ weights[i, j]
    return found


def combined(weights, rank):
    """The kernels as the best combinations of `rank` sets of weights."""
    flat = weights.reshape(weights.shape[0] * weights.shape[1], -1)
    left, scale, right = np.linalg.svd(flat, full_matrices=False)
    return ((left[:, :rank] * scale[:rank]) @ right[:rank]).reshape(weights.shape)


def one_green(read, wanted, weights):
    """The four kernels, but one for both kinds of green pixel, fitted to both."""
    both = [np.s_[:, i::2, 1 - i :: 2] for i in (0, 1)]
    equations = np.concatenate([read[at].reshape(-1, read.shape[-1]) for at in both])
    values = np.concatenate([wanted[at].reshape(-1, 3) for at in both])
    found = weights.copy()
    found[0, 1] = found[1, 0] = np.linalg.lstsq(equations, values, rcond=None)[0]
    return found


def interpolated(images):
    """Bilinear interpolation of the middle."""
    filled = ops.tiled_conv2d(measured(images)[:, None], mosaics.kernels("bilinear", 3), padding=1)
    return middle(filled.transpose(0, 2, 3, 1))


def as_kernels(weights):
    """(TH, TW, K^2, 3) as weights of `ops.tiled_conv2d`, (3, 1, K, K, TH, TW), to six decimals."""
    side = round(weights.shape[2] ** 0.5)
    return (np.round(weights, 6) + 0.0).transpose(3, 2, 0, 1).reshape(3, 1, side, side, *weights.shape[:2])


def run(seeds):
    """Rows of the result, and the kernels of the first seed."""
    fitted_on, judged_by = ([data.photograph(name, side=SIDE) for name in names] for names in split())
    rows, kept = [], {}
    for seed in range(seeds):
        truth = crops(judged_by, TEST, 100 + seed)
        read, wanted = windows(truth), middle(truth)

        def note(name, found, seed=seed, wanted=wanted, **more):
            rows.append({"name": name, "seed": seed, **more, "db": round(mosaics.psnr(found, wanted), 3)})

        note("bilinear", interpolated(truth))
        note("mosaic as it is", np.broadcast_to(read[..., 12, None], wanted.shape))
        for count in CROPS:
            images = crops(fitted_on, count, seed)
            seen, told = windows(images), middle(images)
            for period in PERIODS:
                note("{} x {}".format(*period), predicted(read, fit(seen, told, period)), crops=count)
        four = fit(seen, told, (2, 2))
        for down, right in MOVED:
            note("moved", predicted(read, np.roll(four, (down, right), (0, 1))), by=[down, right])
        for rank in (1, 2, 3, 4):
            note("combinations", predicted(read, combined(four, rank)), of=rank)
        note("one green", predicted(read, one_green(seen, told, four)))
        for window in (3, 5, 7):
            small, test = (
                crops(fitted_on, CROPS[-1], seed, window // 2),
                crops(judged_by, TEST, 100 + seed, window // 2),
            )
            for name, period in (("tiled", (2, 2)), ("shared", (1, 1))):
                weights = fit(windows(small, window), middle(small), period)
                found = mosaics.psnr(predicted(windows(test, window), weights), middle(test))
                rows.append({"name": name, "seed": seed, "window": window, "db": round(found, 3)})
                if seed == 0 and window < 7:
                    kept[f"{name}{window}"] = as_kernels(weights).astype(np.float32)
        print(f"seed {seed}: {len(rows)} rows", file=sys.stderr, flush=True)
    return rows, kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "demosaicing.json")
    parser.add_argument("--kernels", type=Path, default=data.folder() / "weights" / "mosaic.npz")
    options = parser.parse_args()
    rows, kept = run(options.seeds)
    result = {
        "task": "red, green and blue from a colour mosaic", "side": SIDE, "test": TEST, "steps": None, "batch": None,
        "seeds": list(range(options.seeds)), "photographs": [len(names) for names in split()], "rows": rows,
    }  # fmt: skip
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    np.savez(options.kernels, **kept)
    print(f"wrote {options.output} and {options.kernels}", file=sys.stderr)


if __name__ == "__main__":
    main()
