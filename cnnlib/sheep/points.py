"""Where three deformable layers look: 9 points, composed to 81 and 729, and how much each counts.

Everything is measured in cells of the layers' grid, 4 pixels apart; cell (i, j) is centred on pixel (4 i, 4 j).
"""

import numpy as np

from cnnlib.ops.sampling import bilinear_sample
from cnnlib.reals import reals
from cnnlib.values import listed

__all__ = ["CELL", "DILATION", "TAPS", "composed_points", "tap_magnitudes"]

#: Pixels between the centres of neighbouring cells.
CELL = 4
#: Cells between neighbouring taps of a layer before they are moved.
DILATION = 2
#: The nine taps in reading order, (9, 2) as (row, column), in steps of the dilation.
TAPS = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)])


def tap_magnitudes(weight):
    """How much each tap of a kernel weighs: its root of the sum of squares over all channels, shares of 1.

    Parameters
    ----------
    weight : array_like, (O, C, 3, 3)

    Returns
    -------
    ndarray, (9,), in reading order, of sum 1.

    Raises
    ------
    TypeError, ValueError
        If `weight` holds no finite numbers, has another shape, or is all 0.

    Examples
    --------
    >>> kernel = np.zeros((1, 2, 3, 3))
    >>> kernel[0, :, 1, 1], kernel[0, 0, 0, 2] = (3, -4), 5
    >>> tap_magnitudes(kernel)
    array([0. , 0. , 0.5, 0. , 0.5, 0. , 0. , 0. , 0. ])
    """
    weight = reals("tap_magnitudes", "weight", weight, finite=True)
    if weight.ndim != 4 or weight.shape[2:] != (3, 3) or not weight.any():
        raise ValueError(f"tap_magnitudes: weight of shape {weight.shape}; use (O, C, 3, 3), not all 0")
    size = np.sqrt((weight**2).sum(axis=(0, 1))).reshape(-1)
    return size / size.sum()


def composed_points(positions, offsets, magnitudes):
    """Which points a position of the last layer reaches through all layers, and with which weights.

    A position of the last layer reads nine points of the layer before. Each of these looks, from where it is, at
    nine points in turn. Such a point lies between cells, where the layer mixes up to four responses, each with points
    of its own: it is given their mean, by interpolating the offsets. Beyond the border the border's offsets hold.

    Parameters
    ----------
    positions : array_like, (P, 2)
        (row, column) in cells.
    offsets : sequence of array_like, (18, H, W)
        For each layer, first to last, (dy, dx) of each tap in cells. (18,) is the same everywhere, and zeros are
        the rigid grid.
    magnitudes : sequence of array_like, (9,)
        For each layer, how much each tap counts; as `tap_magnitudes` gives.

    Returns
    -------
    points : ndarray, (P, 9**L, 2)
        (row, column) in cells. Point ``81 a + 9 b + c`` comes from tap a of the last layer, tap b of the one before
        it and tap c of the first.
    weights : ndarray, (9**L,)
        Products of magnitudes, of sum 1.

    Raises
    ------
    TypeError, ValueError
        If something has another shape or is no finite number.

    Examples
    --------
    Two rigid layers: 81 points on a square of 5 x 5, 2 cells apart, of which the middle is reached nine times.

    >>> points, weights = composed_points([[8, 8]], np.zeros((2, 18)), np.full((2, 9), 1 / 9))
    >>> points.shape, sorted(set(points.ravel().tolist())), round(float(81 * weights[(points[0] == 8).all(1)].sum()))
    ((1, 81, 2), [4.0, 6.0, 8.0, 10.0, 12.0], 9)
    """
    points = reals("composed_points", "positions", positions, finite=True)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"composed_points: positions of shape {points.shape}; use (P, 2)")
    fields, magnitudes = (
        [
            reals("composed_points", name, each, finite=True)
            for each in listed("composed_points", name, given, "a list of arrays, one for each layer")
        ]
        for name, given in (("offsets", offsets), ("magnitudes", magnitudes))
    )
    bad = [field.shape for field in fields if field.ndim not in (1, 3) or field.shape[0] != 18]
    bad += [each.shape for each in magnitudes if each.shape != (9,)]
    if bad or len(fields) != len(magnitudes):
        raise ValueError(
            f"composed_points: offsets {[field.shape for field in fields]} with magnitudes "
            f"{[each.shape for each in magnitudes]}; use (18,) or (18, H, W) with (9,), one of each for a layer"
        )
    points, weights = points[:, None], np.ones(1)
    for field, magnitude in zip(reversed(fields), reversed(magnitudes), strict=True):
        moved = _looked_up(field, points)  # (P, points so far, 9, 2)
        points = (points[:, :, None] + DILATION * TAPS + moved).reshape(len(points), -1, 2)
        weights = (weights[:, None] * magnitude).reshape(-1)
    return points, weights


def _looked_up(field, points):
    """Offsets (18, H, W) at points (P, M, 2): (P, M, 9, 2)."""
    if field.ndim == 1:
        return np.broadcast_to(field.reshape(9, 2), (*points.shape[:2], 9, 2))
    inside = np.clip(points, 0, np.array(field.shape[1:]) - 1)
    return bilinear_sample(field[None], inside[None])[0].transpose(1, 2, 0).reshape(*points.shape[:2], 9, 2)
