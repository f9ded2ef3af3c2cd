"""A checker for the exercise on sampling points and an object."""

import numpy as np

from cnnlib.exercises.verdict import check
from cnnlib.sheep.measures import share_on_object

__all__ = ["check_share"]


def check_share(function):
    """Check ``function(points, weights, mask)``: the weighted share of points on an object (chapter 15).

    ``points`` is (P, K, 2) as (row, column) in pixels, ``weights`` (K,), ``mask`` (H, W) of bool. A point belongs to
    the nearest pixel, and outside of the image to none. The result is (P,).
    """
    rng, cases = np.random.default_rng(15), []
    for height, width in ((7, 7), (6, 9), (9, 5)):
        mask = rng.random((height, width)) < 0.5
        mask[0], mask[-1], mask[:, -1] = True, True, True
        points = rng.uniform(-2.5, (height + 1.5, width + 1.5), (4, 40, 2))
        points += 0.01 * (np.abs(points % 1 - 0.5) < 0.005)  # no point is equally near to two pixels
        cases.append((points, rng.uniform(1, 9, 40), mask))
    return check(
        function,
        cases,
        _share,
        praise="every share agrees with cnnlib.sheep.share_on_object, between pixels and outside of the image.",
    )


def _share(points, weights, mask):
    nearest = np.floor(points + 0.5)
    every = np.ones_like(weights)
    inside = ((nearest >= 0) & (nearest < mask.shape)).all(-1)
    on = _on(nearest, mask) & inside
    return share_on_object(points, weights, mask), {
        "row and column are exchanged, in the points or in the mask": share_on_object(points[..., ::-1], weights, mask),
        "points outside are counted at the border pixel; they are on nothing": _on(nearest, mask)
        @ weights
        / weights.sum(),
        "a negative index counts from the end of the mask; a point there is outside": (
            _on(np.where(nearest < 0, nearest + mask.shape, nearest), mask) & (nearest < mask.shape).all(-1)
        )
        @ weights
        / weights.sum(),
        "the positions are rounded down; the nearest pixel counts": share_on_object(np.floor(points), weights, mask),
        "int() rounds towards zero; the nearest pixel counts": share_on_object(np.trunc(points), weights, mask),
        "the weights are not used": share_on_object(points, every, mask),
        "this is a sum of weights: divide it by the sum of all": on @ weights,
        "points outside are left out of the total; they count as off the object": (on @ weights)
        / np.maximum(inside @ weights, 1e-12),
        "this is the share beside the object": 1 - share_on_object(points, weights, mask),
    }


def _on(index, mask):
    """What the mask says at whole positions, those outside moved to the border."""
    row, column = np.moveaxis(np.clip(index, 0, np.array(mask.shape) - 1).astype(int), -1, 0)
    return mask[row, column]
