"""Max and average pooling: one window, no weights."""

import numpy as np

from cnnlib.arguments import padding4, pair
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.windows import Windows, frame, windows

__all__ = ["avg_pool2d", "avg_pool2d_backward", "max_pool2d", "max_pool2d_backward"]


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
        True lets a last window hang over the end, if it starts on the image or its first
        padding.

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
    A step to the right, and half of the answer changes: pooling is not invariance.

    >>> max_pool2d([[[[0, 9, 0, 0]]]], (1, 2)), max_pool2d([[[[0, 0, 9, 0]]]], (1, 2))
    (array([[[[9., 0.]]]]), array([[[[0., 9.]]]]))
    """
    x, window = _check("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode)
    y, seen = _running(np.maximum, frame(x, window.padding, -np.inf), window), _seen(window)
    if not all(counts.all() for counts in seen):
        raise ValueError(
            f"max_pool2d: some window sees no pixel of {window.size[0]}x{window.size[1]} "
            f"(kernel_size={window.kernel}, dilation={window.dilation}); use less dilation"
        )
    return y


def max_pool2d_backward(
    dy, x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False
):
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
    x, window = _check(function, x, kernel_size, stride, padding, dilation, ceil_mode)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], *window.output), "(N, C, OH, OW)")
    framed = frame(x, window.padding, -np.inf)
    taps = window.taps(framed)
    inside = window.taps(frame(np.ones((1, 1, *window.size), bool), window.padding))
    y = _running(np.maximum, framed, window)
    winner = np.full(y.shape, -1)
    for k, (i, j) in enumerate(np.ndindex(*window.kernel)):
        tap, real = taps[:, :, i, j], inside[:, :, i, j]
        winner[(tap == y) & real & (winner < 0)] = k
        winner[np.isnan(tap)] = k  # the last one wins
    winner = winner.reshape(*winner.shape[:2], 1, 1, *window.output)
    order = np.arange(np.prod(window.kernel)).reshape(*window.kernel, 1, 1)
    return window.add_back(np.where(winner == order, dy[:, :, None, None], dy.dtype.type(0)))


def avg_pool2d(
    x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
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
    x, window = _check("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    y = _running(np.add, frame(x, window.padding), window)
    y /= _counts("avg_pool2d", window, padding, count_include_pad).astype(x.dtype)
    return y


def avg_pool2d_backward(
    dy, x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
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
    x, window = _check(function, x, kernel_size, stride, padding, 1, ceil_mode)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], *window.output), "(N, C, OH, OW)")
    share = dy / _counts(function, window, padding, count_include_pad).astype(dy.dtype)
    taps = np.broadcast_to(share[:, :, None, None], (*x.shape[:2], *window.kernel, *window.output))
    return window.add_back(taps)


def _running(combine, framed, window):
    """Combine the taps of each window: along the columns, then along the rows."""
    for axis in (1, 0):
        kernel, stride, dilation, output = (
            getattr(window, name)[axis] for name in ("kernel", "stride", "dilation", "output")
        )
        parts = (
            framed[(..., slice(k * dilation, k * dilation + (output - 1) * stride + 1, stride))
                   + (slice(None),) * (1 - axis)]
            for k in range(kernel)
        )  # fmt: skip
        total = next(parts).copy()
        for part in parts:
            combine(total, part, out=total)
        framed = total
    return framed


def _seen(window):
    """Along each axis, how many pixels of the image every window reads."""
    counts = []
    for axis in (0, 1):
        starts = np.arange(window.output[axis]) * window.stride[axis] - window.padding[2 * axis]
        taps = starts[:, None] + np.arange(window.kernel[axis]) * window.dilation[axis]
        counts.append(((taps >= 0) & (taps < window.size[axis])).sum(1))
    return counts


def _counts(function, window, padding, count_include_pad):
    """What every window is divided by, (OH, OW)."""
    if not count_include_pad:
        rows, columns = _seen(window)
        return rows[:, None] * columns
    top, bottom, left, right = padding4(function, padding)  # without what ceil_mode added
    size = window.size[0] + top + bottom, window.size[1] + left + right
    rows, columns = _seen(window._replace(size=size, padding=(0, 0, 0, 0)))
    return rows[:, None] * columns


def _check(function, x, kernel_size, stride, padding, dilation, ceil_mode):
    """Check the arguments; the frame is made wide enough for what hangs over."""
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    kernel = pair(function, "kernel_size", kernel_size, 1)
    stride = kernel if stride is None else stride
    window = windows(
        function, x.shape[2:], kernel, stride=stride, padding=padding, dilation=dilation
    )
    sides, output = list(window.padding), list(window.output)
    for axis in (0, 1):
        span = window.dilation[axis] * (kernel[axis] - 1) + 1
        before, after = sides[2 * axis : 2 * axis + 2]
        if max(before, after) > kernel[axis] // 2:
            raise ValueError(
                f"{function}: padding={before}+{after} is more than half of kernel_size="
                f"{kernel[axis]}; use at most {kernel[axis] // 2} on a side"
            )
        if ceil_mode:
            step = window.stride[axis]
            last = -(-(window.size[axis] + before + after - span) // step)
            if last * step >= window.size[axis] + before:
                last -= 1  # it would start beyond the image
            output[axis] = last + 1
            hangs = last * step + span - (window.size[axis] + before + after)
            sides[2 * axis + 1] += max(0, hangs)
    return x, Windows(
        window.size, kernel, window.stride, tuple(sides), window.dilation, tuple(output)
    )
