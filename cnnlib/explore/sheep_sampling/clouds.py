"""Where a network of three deformable layers looks, from offsets that are stored: 9, 81 and 729 weighted points."""

import numpy as np

TAPS = np.indices((3, 3)).reshape(2, 9).T - 1
DILATION = 2
CELL = 4  # pixels; cell (i, j) is centred on pixel (4 i, 4 j)


def looked_up(field, points):
    """A field of offsets (rows, columns, 9, 2) between its cells, at points (n, 2): (n, 9, 2).

    Beyond the border the nearest cell of the border counts.
    """
    last = np.array(field.shape[:2]) - 1
    points = np.clip(points, 0, last)
    low = np.floor(points).astype(int)
    high = np.minimum(low + 1, last)
    down, right = ((points - low).T)[..., None, None]
    above = (1 - right) * field[low[:, 0], low[:, 1]] + right * field[low[:, 0], high[:, 1]]
    below = (1 - right) * field[high[:, 0], low[:, 1]] + right * field[high[:, 0], high[:, 1]]
    return (1 - down) * above + down * below


def cloud(steps, places):
    """The points that are read at ``places`` (n, 2), in cells: (n, 9 ** layers, 2).

    ``steps`` has a layer's offsets each, the last layer first: a field as for `looked_up`, or one (9, 2) for all.
    """
    points = np.asarray(places, float)[:, None]
    for step in steps:
        count, many = points.shape[:2]
        offsets = step if step.ndim == 2 else looked_up(step, points.reshape(-1, 2)).reshape(count, many, 9, 2)
        points = (points[:, :, None] + DILATION * TAPS + offsets).reshape(count, -1, 2)
    return points


def weights(magnitudes):
    """How much each point counts, adding up to 1; ``magnitudes`` has nine for each layer, the last layer first."""
    product = np.ones(1)
    for nine in magnitudes:
        product = np.outer(product, nine / nine.sum()).ravel()
    return product


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
