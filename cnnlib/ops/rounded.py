"""Reading an image at the nearest pixel: what `bilinear_sample` is there to avoid."""

import numpy as np

from cnnlib.ops.arrays import floats, shape_of
from cnnlib.ops.corners import FRAME, corners, image_from, pixel_table
from cnnlib.ops.sampling import check_points, give_back
from cnnlib.signatures import public

__all__ = ["rounded_sample", "rounded_sample_backward"]


@public
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
        pixel. A point with a NaN gives NaN.

    Raises
    ------
    TypeError, ValueError
        As `bilinear_sample`.

    References
    ----------
    .. [1] K. He et al., "Mask R-CNN", ICCV 2017, section 3, "RoIAlign" (what rounding costs).

    Examples
    --------
    >>> rounded_sample([[[[10, 20, 30]]]], [[[0, 1.4], [0, 1.6], [0, 2.6]]])
    array([[[20., 30.,  0.]]])
    """
    x, points, shape = check_points("rounded_sample", x, points)
    n, c = x.shape[:2]
    y = np.empty((n, c, points.shape[1]), x.dtype)
    for i in range(n):
        y[i] = pixel_table(x[i]).take(_nearest(points[i], x.shape[2:]), 0).T
        y[i, :, np.isnan(points[i]).any(1)] = np.nan
    return y.reshape(n, c, *shape)


@public
def rounded_sample_backward(dy, x, points):
    """Gradients of `rounded_sample`: the point gets none, so nothing can move it.

    Parameters
    ----------
    dy : array_like, (N, C, ...)
        Gradient of some scalar with respect to the output.
    x, points
        What `rounded_sample` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        Each point gives its dy to the pixel it was rounded to; a NaN gives it to none.
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
    x, points, shape = check_points(function, x, points)
    dy, x, points = floats(function, dy=dy, x=x, points=points)
    (n, c), size = x.shape[:2], x.shape[2:]
    shape_of(function, "dy", dy, (n, c, *shape), "(N, C, ...)")
    dy, dx = dy.reshape(n, c, points.shape[1]), np.empty_like(x, order="C")
    for i in range(n):
        sums = np.zeros((c, (size[0] + 2 * FRAME) * (size[1] + 2 * FRAME)), x.dtype)
        give_back(sums, _nearest(points[i], size), np.ones((1, 1), x.dtype), dy[i])
        dx[i] = image_from(sums, size)
    return dx, np.zeros((n, *shape, 2), x.dtype)


def _nearest(points, size):
    """The pixel table's row nearest to each point; one on the frame for a NaN."""
    rows, columns = np.rint(points).T
    return corners(rows, columns, size).index[:, 0]
