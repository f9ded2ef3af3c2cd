"""Max pooling: of each window, the largest value."""

import numpy as np

from cnnlib.ops.arrays import floats, shape_of
from cnnlib.ops.pooling import check_pooling, running
from cnnlib.ops.windows import frame
from cnnlib.signatures import public

__all__ = ["max_pool2d", "max_pool2d_backward", "max_pool2d_plain"]


@public
def max_pool2d(x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest value in each window.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    kernel_size : int or (height, width)
        Size of the window.
    stride : int, (height, width) or None
        Pixels between windows; None stands for `kernel_size`: side by side.
    padding : int, (height, width) or (top, bottom, left, right)
        Pixels of minus infinity on each side, at most half of `kernel_size`.
    dilation : int or (height, width)
        Pixels between neighbouring taps.
    ceil_mode : bool
        True lets a last window hang over the end, by less than a stride, if it starts on the
        image or its first padding.

    Returns
    -------
    ndarray, (N, C, OH, OW)
        ``y[n,c,h,w] = max_ij x[n,c, h*sh + i*dh - top, w*sw + j*dw - left]`` over the
        pixels that exist. A window with a NaN gives NaN.

    Raises
    ------
    TypeError
        If `x` holds no real numbers, or an option is no integer.
    ValueError
        If no window fits, a side is padded by more than half of `kernel_size`, or a window
        sees no pixel at all.

    References
    ----------
    .. [1] K. Yamaguchi et al., "A neural network for speaker-independent isolated word
       recognition", ICSLP 1990 (max pooling in time).
    .. [2] D. Scherer, A. Mueller, S. Behnke, "Evaluation of pooling operations in
       convolutional architectures for object recognition", ICANN 2010, section 2.

    Examples
    --------
    A step to the right, and half of the output changes: pooling is not invariance.

    >>> max_pool2d([[[[0, 9, 0, 0]]]], (1, 2)), max_pool2d([[[[0, 0, 9, 0]]]], (1, 2))
    (array([[[[9., 0.]]]]), array([[[[0., 9.]]]]))
    """
    x, window = check_pooling("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode)
    return running(np.maximum, frame(x, window.padding, -np.inf), window)


@public
def max_pool2d_plain(x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """The definition of `max_pool2d`: lay out every window, take its largest value.

    Takes and returns what `max_pool2d` does.

    Examples
    --------
    >>> max_pool2d_plain([[[[1, 5, 2, 0], [3, 4, 9, 7]]]], 2)
    array([[[[5., 9.]]]])
    """
    function = "max_pool2d_plain"
    x, window = check_pooling(function, x, kernel_size, stride, padding, dilation, ceil_mode)
    return window.taps(frame(x, window.padding, -np.inf)).max((2, 3))


@public
def max_pool2d_backward(dy, x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Gradient of `max_pool2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, OH, OW)
        Gradient of some scalar with respect to the output.
    x, kernel_size, stride, padding, dilation, ceil_mode
        What `max_pool2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        Each window's gradient goes to its largest pixel, whole: to the first in reading
        order if several are equal, to the last NaN if there is one (as in torch).

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> max_pool2d_backward([[[[1, 10]]]], [[[[3, 7, 5, 5]]]], (1, 2))
    array([[[[ 0.,  1., 10.,  0.]]]])
    """
    function = "max_pool2d_backward"
    x, window = check_pooling(function, x, kernel_size, stride, padding, dilation, ceil_mode)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], *window.output), "(N, C, OH, OW)")
    framed = frame(x, window.padding, -np.inf)
    taps = window.taps(framed)
    inside = window.taps(frame(np.ones((1, 1, *window.size), bool), window.padding))
    y = running(np.maximum, framed, window)
    winner = np.full(y.shape, -1)
    for k, (i, j) in enumerate(np.ndindex(*window.kernel)):
        tap, real = taps[:, :, i, j], inside[:, :, i, j]
        winner[(tap == y) & real & (winner < 0)] = k
        winner[np.isnan(tap)] = k  # the last one wins
    winner = winner.reshape(*winner.shape[:2], 1, 1, *window.output)
    order = np.arange(np.prod(window.kernel)).reshape(*window.kernel, 1, 1)
    return window.add_back(np.where(winner == order, dy[:, :, None, None], dy.dtype.type(0)))
