"""Average pooling: the mean of each window."""

import numpy as np

from cnnlib.arguments import flag, padding4
from cnnlib.ops.arrays import floats, shape_of
from cnnlib.ops.pooling import check_pooling, pixels_seen, running
from cnnlib.ops.windows import frame
from cnnlib.signatures import public

__all__ = ["avg_pool2d", "avg_pool2d_backward", "avg_pool2d_plain"]


@public
def avg_pool2d(x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Average each window.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    kernel_size, stride, ceil_mode
        As in `max_pool2d`.
    padding : int, (height, width) or (top, bottom, left, right)
        Zeros on each side, at most half of `kernel_size`.
    count_include_pad : bool
        True divides by the padding too, which darkens the border; False by the pixels
        that exist. What hangs over the end in `ceil_mode` is never counted.

    Returns
    -------
    ndarray, (N, C, OH, OW)
        ``y[n,c,h,w] = sum_ij x[n,c, h*sh + i - top, w*sw + j - left] / count[h,w]``.

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d`.

    References
    ----------
    .. [1] Y. LeCun et al., "Gradient-based learning applied to document recognition",
       Proc. IEEE 86(11), 1998, section II.B (sub-sampling by averaging).

    Examples
    --------
    >>> x = np.ones((1, 1, 1, 3))
    >>> avg_pool2d(x, (1, 2), padding=(0, 1))
    array([[[[0.5, 1. ]]]])
    >>> avg_pool2d(x, (1, 2), padding=(0, 1), count_include_pad=False)
    array([[[[1., 1.]]]])
    """
    x, window = check_pooling("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    y = running(np.add, frame(x, window.padding), window)
    y /= _counts("avg_pool2d", window, padding, count_include_pad).astype(x.dtype)
    return y


@public
def avg_pool2d_plain(x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The definition of `avg_pool2d`: lay out every window, add it up, divide by what counts.

    Takes and returns what `avg_pool2d` does.

    Examples
    --------
    >>> avg_pool2d_plain([[[[4, 8, 0], [0, 0, 12]]]], 2, stride=1)
    array([[[[3., 5.]]]])
    """
    function = "avg_pool2d_plain"
    x, window = check_pooling(function, x, kernel_size, stride, padding, 1, ceil_mode)
    sides = padding4(function, padding)
    hangs = np.subtract(window.padding, sides)  # what ceil_mode added; it never counts
    border = float(flag(function, "count_include_pad", count_include_pad))
    counts = frame(np.ones((1, 1, *window.size), x.dtype), sides, border)
    taps = window.taps(frame(x, window.padding))
    return taps.sum((2, 3)) / window.taps(frame(counts, hangs)).sum((2, 3))


@public
def avg_pool2d_backward(dy, x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Gradient of `avg_pool2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, OH, OW)
        Gradient of some scalar with respect to the output.
    x, kernel_size, stride, padding, ceil_mode, count_include_pad
        What `avg_pool2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        Each window gives every pixel in it ``dy / count``.

    Raises
    ------
    TypeError, ValueError
        As `avg_pool2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> avg_pool2d_backward([[[[6, 60]]]], [[[[1, 2, 3, 4]]]], (1, 3), stride=1)
    array([[[[ 2., 22., 22., 20.]]]])
    """
    function = "avg_pool2d_backward"
    x, window = check_pooling(function, x, kernel_size, stride, padding, 1, ceil_mode)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], *window.output), "(N, C, OH, OW)")
    share = dy / _counts(function, window, padding, count_include_pad).astype(dy.dtype)
    taps = np.broadcast_to(share[:, :, None, None], (*x.shape[:2], *window.kernel, *window.output))
    return window.add_back(taps)


def _counts(function, window, padding, count_include_pad):
    """What every window is divided by, (OH, OW)."""
    counted = flag(function, "count_include_pad", count_include_pad)
    # the padding that was asked for, without what ceil_mode added
    margin = padding4(function, padding) if counted else (0, 0, 0, 0)
    rows, columns = pixels_seen(window, margin)
    return rows[:, None] * columns
