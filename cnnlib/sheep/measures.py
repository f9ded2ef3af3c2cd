"""Measures of sampling points: how many lie on an object, how far apart they are, how they are laid out.

Points are (row, column), the last axis; the axis before it runs over the points of one position.
"""

import numpy as np

from cnnlib.ops.arrays import as_array
from cnnlib.reals import reals
from cnnlib.sheep.points import TAPS

__all__ = ["effective_dilation", "irregularity", "share_on_object", "spread"]

_NEIGHBOURS = [(i, j) for i in range(9) for j in range(i) if np.abs(TAPS[i] - TAPS[j]).sum() == 1]


def share_on_object(points, weights, mask):
    """The weighted share of sampling points whose nearest pixel is on an object.

    Parameters
    ----------
    points : array_like, (..., K, 2)
        (row, column) in pixels.
    weights : array_like, (K,)
        How much each counts; only their proportions matter.
    mask : array_like of bool, (H, W)
        True on the object. Points outside of the image are not on it.

    Returns
    -------
    ndarray, (...)
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    Three points on a mask of 1 x 2 pixels, of which the right one is object: on it, beside it, above the image.

    >>> share_on_object([[0.2, 0.6], [0, 0.4], [-1, 1]], [2, 1, 1], [[False, True]])
    array(0.5)
    """
    points, weights = (
        reals("share_on_object", "points", points, finite=True),
        reals("share_on_object", "weights", weights, finite=True),
    )
    mask = as_array("share_on_object", "mask", mask)
    if mask.dtype != bool:
        raise TypeError(f"share_on_object: mask holds {mask.dtype}; use bool, True on the object")
    if points.ndim < 2 or points.shape[-1] != 2 or weights.shape != points.shape[-2:-1] or mask.ndim != 2:
        raise ValueError(
            f"share_on_object: points {points.shape}, weights {weights.shape}, mask {mask.shape}; "
            "use (..., K, 2), (K,) and (height, width)"
        )
    _positive("share_on_object", weights)
    nearest = np.floor(points + 0.5)
    inside = ((nearest >= 0) & (nearest < mask.shape)).all(axis=-1)
    row, column = np.moveaxis(np.where(inside[..., None], nearest, 0).astype(int), -1, 0)
    return np.asarray((inside & mask[row, column]) @ (weights / weights.sum()))


def effective_dilation(points):
    """The mean distance of neighbouring taps of a 3 x 3 window, (..., 9, 2) to (...): Dai et al. 2017, section 4.2.

    Raises
    ------
    TypeError, ValueError
        If `points` hold no finite numbers, or have another shape.

    Examples
    --------
    A rigid grid of dilation 2, and the same stretched by 1.5 in both directions:

    >>> effective_dilation(2 * TAPS), effective_dilation(1.5 * 2 * TAPS)
    (np.float64(2.0), np.float64(3.0))
    """
    points = _points("effective_dilation", points, 9)
    return np.mean([np.linalg.norm(points[..., i, :] - points[..., j, :], axis=-1) for i, j in _NEIGHBOURS], axis=0)


def spread(points, weights=None, direction=None):
    """Root of the mean squared distance of points from their own centre, (..., K, 2) to (...).

    Parameters
    ----------
    points : array_like, (..., K, 2)
    weights : array_like, (K,), optional
        How much each point counts; all the same by default.
    direction : array_like, (..., 2), optional
        A unit vector (row, column). Then only distances along it count.

    Returns
    -------
    ndarray, (...)
        In the unit of the points.

    Raises
    ------
    TypeError, ValueError
        If something has another shape or is no finite number, or the weights are negative or all 0.

    Examples
    --------
    >>> line = [[0, -1], [0, 0], [0, 1]]
    >>> spread(line, [1, 2, 1]).round(3), spread(line, direction=[1, 0])
    (np.float64(0.707), np.float64(0.0))
    """
    points = _points("spread", points)
    weights = np.ones(points.shape[-2]) if weights is None else reals("spread", "weights", weights, finite=True)
    if weights.shape != points.shape[-2:-1]:
        raise ValueError(f"spread: weights {weights.shape} for points {points.shape}; use (K,) for (..., K, 2)")
    _positive("spread", weights)
    weights = weights / weights.sum()
    away = points - (points * weights[:, None]).sum(axis=-2, keepdims=True)
    if direction is None:
        return np.sqrt((away**2).sum(axis=-1) @ weights)
    direction = reals("spread", "direction", direction, finite=True)
    if not direction.ndim or direction.shape[-1] != 2:
        raise ValueError(f"spread: direction of shape {direction.shape}; use (..., 2), a unit vector (row, column)")
    along = (away * direction[..., None, :]).sum(axis=-1)
    return np.sqrt(along**2 @ weights)


def irregularity(points):
    """How much of the spread of nine taps the best parallelogram grid leaves over: 0 if they form one, at most 1.

    Raises
    ------
    TypeError, ValueError
        If `points` hold no finite numbers, or have another shape.

    Examples
    --------
    >>> bent = 2.0 * TAPS
    >>> bent[4] += 1
    >>> irregularity(TAPS @ [[2, 1], [0, 1]]).round(6), irregularity(bent).round(2)
    (np.float64(0.0), np.float64(0.19))
    """
    points = _points("irregularity", points, 9)
    grid = np.concatenate([TAPS, np.ones((9, 1))], axis=1)
    left = points - grid @ np.linalg.pinv(grid) @ points
    return np.sqrt((left**2).sum(axis=-1).mean(axis=-1)) / spread(points)


def _points(function, points, count=None):
    """Points (..., K, 2); where a ``count`` is given, that many of them."""
    points = reals(function, "points", points, finite=True)
    if points.ndim < 2 or points.shape[-1] != 2 or points.shape[-2] != (count or max(1, points.shape[-2])):
        wanted = f"(..., {count}, 2)" if count else "(..., K, 2), K >= 1"
        raise ValueError(f"{function}: points of shape {points.shape}; use {wanted}")
    return points


def _positive(function, weights):
    if (weights < 0).any() or not weights.sum() > 0:
        raise ValueError(f"{function}: weights={weights.tolist()} have no proportions; use numbers >= 0, not all 0")
