"""Where three deformable layers look: 9 points, composed to 81 and 729, and how much each counts.

Everything is measured in cells of the layers' grid, 4 pixels apart; cell (i, j) is centred on pixel (4 i, 4 j).
"""

import numpy as np

from cnnlib.ops.sampling import bilinear_sample

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

    Examples
    --------
    >>> kernel = np.zeros((1, 2, 3, 3))
    >>> kernel[0, :, 1, 1], kernel[0, 0, 0, 2] = (3, -4), 5
    >>> tap_magnitudes(kernel)
    array([0. , 0. , 0.5, 0. , 0.5, 0. , 0. , 0. , 0. ])
    """
    size = np.sqrt((np.asarray(weight, float) ** 2).sum(axis=(0, 1))).reshape(-1)
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

    Examples
    --------
    Two rigid layers: 81 points on a square of 5 x 5, 2 cells apart, of which the middle is reached nine times.

    >>> points, weights = composed_points([[8, 8]], np.zeros((2, 18)), np.full((2, 9), 1 / 9))
    >>> points.shape, sorted(set(points.ravel().tolist())), round(float(81 * weights[(points[0] == 8).all(1)].sum()))
    ((1, 81, 2), [4.0, 6.0, 8.0, 10.0, 12.0], 9)
    """
    points = np.asarray(positions, float)[:, None]
    weights = np.ones(1)
    for field, magnitude in zip(reversed(list(offsets)), reversed(list(magnitudes)), strict=True):
        moved = _looked_up(np.asarray(field, float), points)  # (P, points so far, 9, 2)
        points = (points[:, :, None] + DILATION * TAPS + moved).reshape(len(points), -1, 2)
        weights = (weights[:, None] * np.asarray(magnitude, float)).reshape(-1)
    return points, weights


def _looked_up(field, points):
    """Offsets (18, H, W) at points (P, M, 2): (P, M, 9, 2)."""
    if field.ndim == 1:
        return np.broadcast_to(field.reshape(9, 2), (*points.shape[:2], 9, 2))
    inside = np.clip(points, 0, np.array(field.shape[1:]) - 1)
    return bilinear_sample(field[None], inside[None])[0].transpose(1, 2, 0).reshape(*points.shape[:2], 9, 2)
