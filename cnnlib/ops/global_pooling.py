"""Global pooling: one number for each channel, wherever it was found."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.signatures import public

__all__ = [
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
]


@public
def global_avg_pool2d(x):
    """Average each channel over all positions.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.

    Returns
    -------
    ndarray, (N, C)
        ``y[n,c] = sum_hw x[n,c,h,w] / (H W)``.

    Raises
    ------
    TypeError, ValueError
        If `x` holds no real numbers, or has not four axes.

    References
    ----------
    .. [1] M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014, section 3.2.

    Examples
    --------
    Where the pixel lies makes no difference:

    >>> global_avg_pool2d([[[[8, 0], [0, 0]]], [[[0, 0], [0, 8]]]])
    array([[2.],
           [2.]])
    """
    return _images("global_avg_pool2d", x).mean((2, 3))


@public
def global_avg_pool2d_backward(dy, x):
    """Gradient of `global_avg_pool2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C)
        Gradient of some scalar with respect to the output.
    x : array_like, (N, C, H, W)
        What `global_avg_pool2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        ``dy[n,c] / (H W)`` at every pixel.

    Raises
    ------
    TypeError, ValueError
        As `global_avg_pool2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> global_avg_pool2d_backward([[8]], np.zeros((1, 1, 1, 4)))
    array([[[[2., 2., 2., 2.]]]])
    """
    dy, x = _upstream("global_avg_pool2d_backward", dy, x)
    share = dy / dy.dtype.type(x.shape[2] * x.shape[3])
    return np.broadcast_to(share[:, :, None, None], x.shape).copy()


@public
def global_max_pool2d(x):
    """Keep each channel's largest value, whatever its position.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.

    Returns
    -------
    ndarray, (N, C)
        ``y[n,c] = max_hw x[n,c,h,w]``; NaN if there is one.

    Raises
    ------
    TypeError, ValueError
        If `x` holds no real numbers, or has not four axes.

    References
    ----------
    .. [1] M. Oquab et al., "Is object localization for free?", CVPR 2015, section 3.

    Examples
    --------
    >>> global_max_pool2d([[[[8, 0], [0, 0]]], [[[0, 0], [0, 8]]]])
    array([[8.],
           [8.]])
    """
    return _images("global_max_pool2d", x).max((2, 3))


@public
def global_max_pool2d_backward(dy, x):
    """Gradient of `global_max_pool2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C)
        Gradient of some scalar with respect to the output.
    x : array_like, (N, C, H, W)
        What `global_max_pool2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        ``dy[n,c]`` at the largest pixel (the first of equal ones, the last NaN), else 0.

    Raises
    ------
    TypeError, ValueError
        As `global_max_pool2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> global_max_pool2d_backward([[5]], [[[[1, 7, 7]]]])
    array([[[[0., 5., 0.]]]])
    """
    dy, x = _upstream("global_max_pool2d_backward", dy, x)
    flat = x.reshape(*dy.shape, x.shape[2] * x.shape[3])
    index = flat.argmax(2)
    nan = np.isnan(flat)
    if nan.any():
        last = flat.shape[2] - 1 - nan[:, :, ::-1].argmax(2)
        index = np.where(nan.any(2), last, index)
    dx = np.zeros(flat.shape, dy.dtype)
    np.put_along_axis(dx, index[:, :, None], dy[:, :, None], 2)
    return dx.reshape(x.shape)


def _images(function, x):
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    return x


def _upstream(function, dy, x):
    dy, x = floats(function, dy=dy, x=x)
    axes(function, "x", x, "N C H W")
    shape_of(function, "dy", dy, x.shape[:2], "(N, C)")
    return dy, x
