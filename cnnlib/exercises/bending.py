"""A checker for the exercise on deformable convolution."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_deform"]


def check_deform(function):
    """Check ``function(image, offsets, kernel)``: a deformable convolution of one channel, no padding (chapter 14).

    ``image`` is (H, W), ``offsets`` (OH, OW, 3, 3, 2) as (dy, dx) in pixels, ``kernel`` (3, 3); zeros lie outside. The
    result is (OH, OW).
    """
    rng, cases = np.random.default_rng(14), []
    for height, width in ((5, 7), (6, 4), (4, 8)):
        image = rng.integers(1, 30, (height, width)).astype(float)
        offsets = rng.integers(-14, 15, (height - 2, width - 2, 3, 3, 2)) / 8 + np.array([1 / 32, -3 / 64])
        offsets[0, 0, 1, 0] = -1.3125, -1.40625  # left of the image, and above the row it belongs to
        cases.append((image, offsets, rng.permutation(np.arange(1.0, 20))[:9].reshape(3, 3)))
    return check(
        function,
        cases,
        _deform,
        praise="every value agrees with cnnlib.ops.deform_conv2d, between pixels, below zero and outside the image.",
    )


def _deform(image, offsets, kernel):
    grid = _grid(offsets)
    positions = grid + offsets
    want = _read(image, positions, kernel)
    blocks = _blocks(offsets)
    nearest = np.rint(positions)
    return want, {
        "the pairs are exchanged: dy comes first, then dx": _read(image, grid + offsets[..., ::-1], kernel),
        "the offset is taken for the position: add it to the position of the tap": _read(image, offsets, kernel),
        "the offset is added to the window's corner: each tap has a position of its own in the window": _read(
            image, grid[:, :, :1, :1] + offsets, kernel
        ),
        "the offsets are subtracted; they are added": _read(image, grid - offsets, kernel),
        "the positions are rounded to the nearest pixel; mix the four around": _read(image, nearest, kernel),
        "the positions are rounded down to a pixel; mix the four around": _read(image, np.floor(positions), kernel),
        "int() rounds towards zero: below zero the pixel before is floor(position)": _read(
            image, positions, kernel, before=np.trunc
        ),
        "the weights of the four pixels are mirrored: the near pixel counts more": _read(
            image, positions, kernel, mirrored=True
        ),
        "beyond the border the last pixel is repeated; outside there are zeros": _read(
            image, positions, kernel, clamped=True
        ),
        "the offsets of the first position are used everywhere; each position has its own": _read(
            image, grid + offsets[:1, :1], kernel
        ),
        "the offset of one tap moves the whole window; each tap has its own": _read(
            image, grid + offsets[:, :, :1, :1], kernel
        ),
        "the kernel is flipped, as mathematicians do it and frameworks do not": _read(
            image, positions, kernel[::-1, ::-1]
        ),
        "the offsets are taken in blocks, nine dy and then nine dx; they come in pairs": _read(
            image, grid + blocks, kernel
        ),
        "the offsets are not used: this is a plain convolution": _read(image, grid, kernel),
    }


def _grid(offsets):
    """Where the taps stand before they are moved, (OH, OW, 3, 3, 2)."""
    return np.moveaxis(np.indices(offsets.shape[:2]), 0, -1)[:, :, None, None] + np.moveaxis(np.indices((3, 3)), 0, -1)


def _blocks(offsets):
    """The 18 channels of each position, read by somebody who expects all dy before all dx."""
    flat = offsets.reshape(*offsets.shape[:2], 18)
    return np.stack([flat[..., :9], flat[..., 9:]], -1).reshape(offsets.shape)


def _read(image, positions, kernel, *, before=np.floor, mirrored=False, clamped=False):
    """Sum of the taps read at their positions, with one mistake if any."""
    if before is np.floor and not mirrored and not clamped:
        seen = ops.bilinear_sample(image[None, None], positions[None])[0, 0]
        return (seen * kernel).sum((2, 3))
    height, width = image.shape
    row, column = positions[..., 0], positions[..., 1]
    if clamped:
        row, column = row.clip(0, height - 1), column.clip(0, width - 1)
    top, left = before(row), before(column)
    down, right = row - top, column - left
    if mirrored:
        down, right = 1 - down, 1 - right
    total = 0
    for i, weight in ((0, 1 - down), (1, down)):
        for j, other in ((0, 1 - right), (1, right)):
            r, c = (top + i).astype(int), (left + j).astype(int)
            inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
            total = total + weight * other * np.where(inside, image[r.clip(0, height - 1), c.clip(0, width - 1)], 0)
    return (total * kernel).sum((2, 3))
