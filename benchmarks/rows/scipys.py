"""The same with scipy, where it has the operation: ``{name: call}`` of the arrays; and whether it is installed."""

import numpy as np

try:
    from scipy import linalg, ndimage, signal, special
except ImportError:
    linalg = None

INSTALLED = linalg is not None


def correlate2d(x, w):
    """One grey image, of the same size afterwards."""
    image, kernel = x[0, 0], w[0, 0]
    return {
        "scipy.ndimage": lambda: ndimage.correlate(image, kernel, mode="constant")[None, None],
        "scipy.signal": lambda: signal.correlate2d(image, kernel, mode="same")[None, None],
    }


def correlate2d_inside(x, w):
    """One grey image, whole windows only."""
    return {"scipy.signal": lambda: signal.correlate2d(x[0, 0], w[0, 0], mode="valid")[None, None]}


def correlate1d(x, w):
    """One signal, of the same length afterwards."""
    line, kernel = x[0, 0], w[0, 0]
    return {
        "scipy.ndimage": lambda: ndimage.correlate1d(line, kernel, mode="constant")[None, None],
        "scipy.signal": lambda: signal.correlate(line, kernel, mode="same", method="direct")[None, None],
    }


def two_correlate1d(x, vertical, horizontal):
    def call():
        middle = ndimage.correlate1d(x, vertical, axis=2, mode="constant")
        return ndimage.correlate1d(middle, horizontal, axis=3, mode="constant")

    return {"scipy.ndimage": call}


def svd(kernel):
    def call():
        columns, sizes, rows = linalg.svd(kernel, full_matrices=False)
        rank = (sizes > sizes[0] * max(kernel.shape) * np.finfo(kernel.dtype).eps).sum()
        return rank, sizes, (columns * np.sqrt(sizes)).T, rows * np.sqrt(sizes)[:, None]

    return {"scipy.linalg": call}


def map_coordinates(order):
    """Order 1 mixes the four pixels around, order 0 takes the nearest; zeros lie outside, mixed in at the border."""

    def sides(x, points):
        coordinates, shape = points[0].reshape(-1, 2).T, points.shape[1:-1]

        def call():
            channels = [ndimage.map_coordinates(c, coordinates, order=order, mode="grid-constant") for c in x[0]]
            return np.stack(channels)[None].reshape(*x.shape[:2], *shape)

        return {"scipy.ndimage": call}

    return sides


def maximum_side_by_side(x):
    """2x2 windows that begin at every second pixel; the filter itself visits every pixel."""
    size, origin = (1, 1, 2, 2), (0, 0, -1, -1)
    return {"scipy.ndimage": lambda: ndimage.maximum_filter(x, size, origin=origin)[..., ::2, ::2]}


def maximum_overlapping(x):
    """3x3 windows around every second pixel."""
    size, outside = (1, 1, 3, 3), dict(mode="constant", cval=-np.inf)
    return {"scipy.ndimage": lambda: ndimage.maximum_filter(x, size, **outside)[..., ::2, ::2]}


def average_side_by_side(x):
    size, origin = (1, 1, 2, 2), (0, 0, -1, -1)
    return {"scipy.ndimage": lambda: ndimage.uniform_filter(x, size, origin=origin)[..., ::2, ::2]}


def average_overlapping(x):
    """3x3 windows around every second pixel, zeros outside counted."""
    return {"scipy.ndimage": lambda: ndimage.uniform_filter(x, (1, 1, 3, 3), mode="constant")[..., ::2, ::2]}


def blur(x):
    """(1, 2, 1) along both axes; scipy's "mirror" is the others' "reflect"."""
    taps = [0.25, 0.5, 0.25]

    def call():
        rows = ndimage.correlate1d(x, taps, axis=2, mode="mirror")[..., ::2, :]
        return ndimage.correlate1d(rows, taps, axis=3, mode="mirror")[..., ::2]

    return {"scipy.ndimage": call}


def zoom(order):
    """Twice the size, the outer edges of the corner pixels lined up; order 1 is bilinear, 0 nearest."""
    options = dict(order=order, mode="nearest", grid_mode=True)
    return lambda x: {"scipy.ndimage": lambda: ndimage.zoom(x, (1, 1, 2, 2), **options)}


def log_sum_exp(x, target):
    rows = np.arange(len(x))
    return {"scipy.special": lambda: (special.logsumexp(x, axis=1) - x[rows, target]).mean()}
