"""Reading an image between its pixels, and what can be learned from doing so."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.corners import Reader, chunks, corners, image_from, pixel_table

__all__ = [
    "bilinear_sample",
    "bilinear_sample_backward",
    "bilinear_sample_plain",
    "rounded_sample",
    "rounded_sample_backward",
]


def bilinear_sample(x, points):
    """Read images at fractional places, mixing the four pixels around each.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    points : array_like, (N, ..., 2)
        Places as (row, column), in pixels: (0, 0) is the centre of the first pixel. They
        may lie outside; all pixels outside are zero.

    Returns
    -------
    ndarray, (N, C, ...)
        ``y[n,c,p] = sum_ij max(0, 1 - |r-i|) max(0, 1 - |s-j|) x[n,c,i,j]`` for the place
        ``(r, s) = points[n,p]``. A place with a NaN gives NaN.

    Raises
    ------
    TypeError
        If an array holds no real numbers.
    ValueError
        If `points` has not N at the front and 2 at the end.

    References
    ----------
    .. [1] M. Jaderberg et al., "Spatial transformer networks", NeurIPS 2015, equation 5.
    .. [2] J. Dai et al., "Deformable convolutional networks", ICCV 2017, equations 3, 4.

    Examples
    --------
    Weights of 0.21, 0.09, 0.49, 0.21, in arrays that say where they are:

    >>> x = 10.0 * np.arange(4)[:, None] + np.arange(4)
    >>> bilinear_sample(x[None, None], [[[1.7, 2.3]]])
    array([[[19.3]]])

    A quarter of a pixel above the image: floor finds the rows -1 and 0.

    >>> bilinear_sample(np.full((1, 1, 2, 2), 8.0), [[[-0.25, 0.0]]])
    array([[[6.]]])
    """
    x, points, shape = _check("bilinear_sample", x, points)
    (n, c), size = x.shape[:2], x.shape[2:]
    parts = chunks(points.shape[1], c)
    y = np.empty((n, c, points.shape[1]), x.dtype)
    for i in range(n):
        reader = Reader(pixel_table(x[i]), parts[0].stop)
        for part in parts:
            near = corners(points[i, part, 0], points[i, part, 1], size)
            y[i, :, part] = reader.mix(near.index, near.weights()).T
    return y.reshape(n, c, *shape)


def bilinear_sample_plain(x, points):
    """The definition of `bilinear_sample`: every pixel, weighted by two tent functions.

    Takes and returns what `bilinear_sample` does; infinity times zero is NaN here.

    Examples
    --------
    >>> bilinear_sample_plain([[[[0, 8]]]], [[[0, 0.25], [0, 1.5]]])
    array([[[2., 4.]]])
    """
    x, points, shape = _check("bilinear_sample_plain", x, points)
    (n, c, h, w), row, column = x.shape, points[..., :1], points[..., 1:]
    down = np.maximum(0, 1 - np.abs(row - np.arange(h, dtype=x.dtype)))  # (N, P, H)
    right = np.maximum(0, 1 - np.abs(column - np.arange(w, dtype=x.dtype)))  # (N, P, W)
    y = np.einsum("nph,nchw,npw->ncp", down, x, right)
    return y.reshape(n, c, *shape)


def bilinear_sample_backward(dy, x, points):
    """Gradients of `bilinear_sample` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, ...)
        Gradient of some scalar with respect to the output.
    x, points
        What `bilinear_sample` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        Each place gives each corner its weight of dy.
    dpoints : ndarray, (N, ..., 2)
        With f and g the fractions below row i and beyond column j, by row
        ``sum_c dy_c ((1-g) (x[i+1,j] - x[i,j]) + g (x[i+1,j+1] - x[i,j+1]))``, by column
        likewise. On a pixel, where there is a kink, it is the slope downwards and to the
        right.

    Raises
    ------
    TypeError, ValueError
        As `bilinear_sample`; and if `dy` has not the shape of its result.

    References
    ----------
    .. [1] M. Jaderberg et al., "Spatial transformer networks", NeurIPS 2015,
       equations 6 and 7.

    Examples
    --------
    Uphill to the right, and level downwards:

    >>> dx, dpoints = bilinear_sample_backward([[[1]]], [[[[0, 4, 8]]]], [[[0, 0.5]]])
    >>> dx, dpoints
    (array([[[[0.5, 0.5, 0. ]]]]), array([[[-2.,  4.]]]))

    Downwards from the only row lie zeros: hence the -2.
    """
    function = "bilinear_sample_backward"
    x, points, shape = _check(function, x, points)
    dy, x, points = floats(function, dy=dy, x=x, points=points)
    (n, c), size = x.shape[:2], x.shape[2:]
    shape_of(function, "dy", dy, (n, c, *shape), "(N, C, ...)")
    dy = dy.reshape(n, c, points.shape[1])
    dx, dpoints = np.empty_like(x, order="C"), np.empty(points.shape, x.dtype)
    parts = chunks(points.shape[1], c)
    for i in range(n):
        reader = Reader(pixel_table(x[i]), parts[0].stop)
        sums = np.zeros((c, len(reader.table)), x.dtype)
        for part in parts:
            near = corners(points[i, part, 0], points[i, part, 1], size)
            give_back(sums, near.index, near.weights(), dy[i, :, part])
            # how much each corner's value matters: (P, 4, C) @ (P, C, 1)
            values = reader.corners(near.index) @ dy[i, :, part].T[:, :, None]
            dpoints[i, part] = near.slopes(values[:, :, 0])
        dx[i] = image_from(sums, size)
    return dx, dpoints.reshape(n, *shape, 2)


def give_back(sums, index, mix, dy):
    """Add to each corner, channel by channel, its share of `dy`.

    Parameters
    ----------
    sums : ndarray, (C, pixels), changed
    index, mix : ndarray, (P, 4)
    dy : ndarray, (C, P)
    """
    where = index.ravel()
    for total, channel in zip(sums, dy, strict=True):
        np.add.at(total, where, (mix * channel[:, None]).ravel())  # a pixel may come twice


def rounded_sample(x, points):
    """Read images at the nearest pixel: what `bilinear_sample` is there to avoid.

    Parameters
    ----------
    x, points
        As in `bilinear_sample`.

    Returns
    -------
    ndarray, (N, C, ...)
        ``y[n,c,p] = x[n,c, round(r), round(s)]``, zero outside; halves go to the even
        pixel. A place with a NaN gives NaN.

    Raises
    ------
    TypeError, ValueError
        As `bilinear_sample`.

    Examples
    --------
    >>> rounded_sample([[[[10, 20, 30]]]], [[[0, 1.4], [0, 1.6], [0, 2.6]]])
    array([[[20., 30.,  0.]]])
    """
    x, points, shape = _check("rounded_sample", x, points)
    n, c = x.shape[:2]
    y = np.empty((n, c, points.shape[1]), x.dtype)
    for i in range(n):
        index, lost = _nearest(points[i], x.shape[2:])
        y[i] = pixel_table(x[i]).take(index, 0).T
        y[i, :, lost] = np.nan
    return y.reshape(n, c, *shape)


def rounded_sample_backward(dy, x, points):
    """Gradients of `rounded_sample`: the place gets none, so nothing can move it.

    Parameters
    ----------
    dy : array_like, (N, C, ...)
        Gradient of some scalar with respect to the output.
    x, points
        What `rounded_sample` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        Each place gives its dy to the pixel it was rounded to.
    dpoints : ndarray, (N, ..., 2)
        Zero: a step function is flat wherever it has a slope.

    Raises
    ------
    TypeError, ValueError
        As `rounded_sample`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dpoints = rounded_sample_backward([[[1]]], [[[[0, 4, 8]]]], [[[0, 0.6]]])
    >>> dx, dpoints
    (array([[[[0., 1., 0.]]]]), array([[[0., 0.]]]))
    """
    function = "rounded_sample_backward"
    x, points, shape = _check(function, x, points)
    dy, x, points = floats(function, dy=dy, x=x, points=points)
    (n, c), size = x.shape[:2], x.shape[2:]
    shape_of(function, "dy", dy, (n, c, *shape), "(N, C, ...)")
    dy, dx = dy.reshape(n, c, points.shape[1]), np.empty_like(x, order="C")
    for i in range(n):
        index, lost = _nearest(points[i], size)
        sums = np.zeros((c, len(pixel_table(x[i]))), x.dtype)
        give_back(sums, index[~lost], np.ones((1, 1), x.dtype), dy[i][:, ~lost])
        dx[i] = image_from(sums, size)
    return dx, np.zeros((n, *shape, 2), x.dtype)


def _nearest(places, size):
    """The pixel table's row nearest to each place, and which places are NaN."""
    whole = np.rint(places)
    lost = np.isnan(whole).any(1)
    whole[lost] = 0
    return corners(whole[:, 0], whole[:, 1], size).index[:, 0], lost


def _check(function, x, points):
    """Check; return x, the points as (N, P, 2), and the shape that P stands for."""
    x, points = floats(function, x=x, points=points)
    axes(function, "x", x, "N C H W")
    if points.ndim < 2 or points.shape[-1] != 2 or len(points) != len(x):
        raise ValueError(
            f"{function}: points has shape {points.shape}; use shape ({len(x)}, ..., 2) = "
            "(N, ..., 2), a (row, column) for each place"
        )
    shape = points.shape[1:-1]
    return x, points.reshape(len(x), int(np.prod(shape)), 2), shape
