"""A trained classifier made dense by dilation: is there gridding, and does its map outline the animal better?

    python experiments/dense_squeezenet.py             # about a minute on one core

SqueezeNet 1.1, fully convolutional, on photographs 512 pixels wide. Its last pooling, or its last two, get stride 1,
and every later 3 x 3, poolings too, a dilation of 2, or 4. Measured on the map of the class that the published network
prefers:

- identity: largest difference, at every second or fourth position, from the published map, as a share of its largest;
- phase share: the variance of the means of the 4 or 16 interleaved maps, as a share of the map's variance. A pattern
  that the layer adds, a checkerboard, would show here;
- roughness: standard deviation of a position less the mean of its left and right neighbours, by the map's own. The
  control is the published map, interpolated to the same size;
- fine: energy above 0.4 cycles per position, of the dense map and of the interpolated one.

On the sheep, whose outline is known, the map of "ram" is cut at the mask's own area and compared by its overlap (IoU).
Controls: a disc in the middle of the photograph with that area; each phase of a dense map by itself, which is the
published network on a picture moved by that many pixels; and the dense map after a mean over 3 x 3 or 5 x 5 positions.

Result: data/results/dense_squeezenet.json, one row a photograph and network.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, ops, squeezenet

ANIMALS = (
    "sheep", "bison", "cat", "chameleon", "cow", "dog", "giraffe", "horse", "jaguar", "koala", "lemur", "moose", "owl",
    "panda", "pig", "polar_bear", "red_panda",
)  # fmt: skip
RAM, WIDTH = 348, 512


def maps(image, undone):
    """The 1,000 maps of scores (1000, H, W) of an image (H, W, 3), with the last `undone` strides taken out."""
    return ops.relu(squeezenet.responses(image.transpose(2, 0, 1)[None], dilated=undone))[0].astype(float)


def cut(array, period):
    """The largest part of a map whose sides `period` divides."""
    return array[tuple(slice(length // period * period) for length in array.shape)]


def phase_share(array, period):
    """Variance of the interleaved maps' means, by the variance of all."""
    whole = cut(array, period)
    height, width = (length // period for length in whole.shape)
    means = whole.reshape(height, period, width, period).mean(axis=(0, 2))
    return float(means.var() / whole.var())


def roughness(array):
    """Deviation of a position from the mean of its two neighbours in the row, by the map's own deviation."""
    return float((array[:, 1:-1] - (array[:, :-2] + array[:, 2:]) / 2).std() / array.std())


def fine(array, above=0.4):
    """Share of the energy above a number of cycles per position along either axis; Hann window, mean removed."""
    windows = (torch.hann_window(length, dtype=torch.float64).numpy() for length in array.shape)
    power = np.abs(np.fft.fft2((array - array.mean()) * np.outer(*windows))) ** 2
    waves = (np.abs(np.fft.fftfreq(length)) for length in array.shape)
    return float(power[np.maximum.outer(*waves) > above].sum() / power.sum())


def enlarged(array, shape, corners):
    """Bilinear interpolation of a map to another size."""
    tensor = torch.from_numpy(np.ascontiguousarray(array))[None, None]
    return F.interpolate(tensor, size=shape, mode="bilinear", align_corners=corners)[0, 0].numpy()


def overlap(array, mask):
    """Intersection over union of the mask and of the map's highest pixels, as many as the mask has."""
    wide = enlarged(array, mask.shape, False)
    found = wide > np.quantile(wide, 1 - mask.mean())
    return float((found & mask).sum() / (found | mask).sum())


def smoothed(array, size):
    """Mean over size x size positions, edges replicated."""
    padded = np.pad(array, size // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size)).mean(axis=(2, 3))


def measure(name):
    """One row for each network that is not as published."""
    image = data.photograph(name, side=WIDTH)
    published = maps(image, 0)
    best = int(published.mean(axis=(1, 2)).argmax())
    for undone in (1, 2):
        period, dense = 2**undone, maps(image, undone)
        off = np.abs(dense[:, ::period, ::period] - published).max()
        control = enlarged(published[best], dense.shape[1:], True)
        yield {
            "name": name,
            "undone": undone,
            "best": best,
            "published_shape": list(published.shape[1:]),
            "shape": list(dense.shape[1:]),
            "identity": float(f"{off / published.max():.2g}"),
            "phase_share": float(f"{phase_share(dense[best], period):.3g}"),
            "roughness": round(roughness(dense[best]), 4),
            "roughness_interpolated": round(roughness(control), 4),
            "fine_percent": round(100 * fine(dense[best]), 3),
            "fine_percent_interpolated": round(100 * fine(control), 3),
        }


def outline():
    """Overlaps with the sheep's mask."""
    mask, image = data.sheep_mask(side=WIDTH), data.photograph("sheep", side=WIDTH)
    published, *dense = (maps(image, undone)[RAM] for undone in (0, 1, 2))
    middle = np.hypot(*np.meshgrid(*(np.linspace(-1, 1, length) for length in mask.shape), indexing="ij"))
    result = {"centre": overlap(-middle, mask), "published": overlap(published, mask)}
    for undone, array in enumerate(dense, 1):
        period = 2**undone
        result[f"dense {undone}"] = overlap(array, mask)
        result[f"phases {undone}"] = sorted(
            round(overlap(array[r::period, c::period], mask), 3) for r in range(period) for c in range(period)
        )
        for size in (3, 5):
            result[f"dense {undone}, mean of {size} x {size}"] = overlap(smoothed(array, size), mask)
    return {name: value if isinstance(value, list) else round(value, 3) for name, value in result.items()}


def run(names=ANIMALS):
    rows = []
    for name in names:
        rows += measure(name)
        print(rows[-1], file=sys.stderr, flush=True)
    return {
        "task": "SqueezeNet 1.1 made dense",
        "numpy": np.__version__,
        "outline": outline(),
        "rows": rows,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photographs", nargs="+", default=ANIMALS, choices=data.photograph_names())
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "dense_squeezenet.json")
    options = parser.parse_args()
    options.output.write_text(json.dumps(run(options.photographs), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
