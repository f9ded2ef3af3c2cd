"""What is said of points in cells: which are on the sheep, how far they spread, their effective dilation."""

import numpy as np

from cnnlib.sheep.points import CELL


def on(points, mask):
    """Whether the nearest pixel of points in cells, (..., 2), is in the mask; outside the picture it is not."""
    pixels = np.rint(CELL * points).astype(int)
    inside = ((pixels >= 0) & (pixels < mask.shape)).all(-1)
    return inside & mask[tuple(np.moveaxis(np.where(inside[..., None], pixels, 0), -1, 0))]


def spread(points, weights):
    """The root of the mean squared distance from the mean, in pixels, of points in cells (..., n, 2)."""
    middle = (points * weights[:, None]).sum(-2, keepdims=True)
    return CELL * np.sqrt((((points - middle) ** 2).sum(-1) * weights).sum(-1))


def effective_dilation(points):
    """The mean distance of taps that are neighbours in the kernel, (..., 9, 2) in cells, as in Dai et al., 2017."""
    taps = points.reshape(*points.shape[:-2], 3, 3, 2)
    steps = [np.linalg.norm(np.diff(taps, axis=axis), axis=-1).reshape(*points.shape[:-2], 6) for axis in (-3, -2)]
    return np.concatenate(steps, axis=-1).mean(-1)
