"""Reading an image between its pixels, and the gradient that says where to read instead."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.corners import Reader, chunks, corners, image_from, pixel_table
from cnnlib.signatures import public

__all__ = ["bilinear_sample", "bilinear_sample_backward", "bilinear_sample_plain"]


@public
def bilinear_sample(x, points):
    """Read images at fractional positions, mixing the four pixels around each.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    points : array_like, (N, ..., 2)
        Points as (row, column), in pixels: (0, 0) is the centre of the first pixel. They
        may lie outside; all pixels outside are zero.

    Returns
    -------
    ndarray, (N, C, ...)
        ``y[n,c,p] = sum_ij max(0, 1 - |r-i|) max(0, 1 - |s-j|) x[n,c,i,j]`` for the point
        ``(r, s) = points[n,p]``. A point with a NaN gives NaN.

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
    x, points, shape = check_points("bilinear_sample", x, points)
    (n, c), size = x.shape[:2], x.shape[2:]
    parts = chunks(points.shape[1], c)
    y = np.empty((n, c, points.shape[1]), x.dtype)
    for i in range(n):
        reader = Reader(pixel_table(x[i]), parts[0].stop)
        for part in parts:
            near = corners(points[i, part, 0], points[i, part, 1], size)
            y[i, :, part] = reader.mix(near.index, near.weights()).T
    return y.reshape(n, c, *shape)


@public
def bilinear_sample_plain(x, points):
    """The definition of `bilinear_sample`: every pixel, weighted by two tent functions.

    Takes and returns what `bilinear_sample` does; infinity times zero is NaN here.

    Examples
    --------
    >>> bilinear_sample_plain([[[[0, 8]]]], [[[0, 0.25], [0, 1.5]]])
    array([[[2., 4.]]])
    """
    x, points, shape = check_points("bilinear_sample_plain", x, points)
    (n, c, h, w), row, column = x.shape, points[..., :1], points[..., 1:]
    down = np.maximum(0, 1 - np.abs(row - np.arange(h, dtype=x.dtype)))  # (N, P, H)
    right = np.maximum(0, 1 - np.abs(column - np.arange(w, dtype=x.dtype)))  # (N, P, W)
    y = np.einsum("nph,nchw,npw->ncp", down, x, right)
    return y.reshape(n, c, *shape)


@public
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
        Each point gives each corner its weight of dy; a point with a NaN gives none.
    dpoints : ndarray, (N, ..., 2)
        With f and g the fractions below row i and beyond column j, by row
        ``sum_c dy_c ((1-g) (x[i+1,j] - x[i,j]) + g (x[i+1,j+1] - x[i,j+1]))``, by column
        likewise. On a pixel, where there is a kink, it is the slope downwards and to the
        right. NaN for a point with a NaN.

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
    x, points, shape = check_points(function, x, points)
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


def check_points(function, x, points):
    """Check; return x, the points as (N, P, 2), and the shape that P stands for."""
    x, points = floats(function, x=x, points=points)
    axes(function, "x", x, "N C H W")
    if points.ndim < 2 or points.shape[-1] != 2 or len(points) != len(x):
        raise ValueError(
            f"{function}: points has shape {points.shape}; use shape ({len(x)}, ..., 2) = "
            "(N, ..., 2), a (row, column) for each point"
        )
    shape = points.shape[1:-1]
    return x, points.reshape(len(x), int(np.prod(shape)), 2), shape
