"""One-dimensional convolution: an image of one row."""

from cnnlib.arguments import flag, integer, pair
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.borders import check_mode, extended, give_back_border
from cnnlib.ops.conv import check_channels, convolve
from cnnlib.ops.conv_gradients import convolve_backward
from cnnlib.ops.windows import windows
from cnnlib.signatures import public

__all__ = ["conv1d", "conv1d_backward"]

_AXES = ("height", "length")


@public
def conv1d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"):
    """Slide a bank of kernels along a batch of signals (cross-correlation, as in torch).

    Parameters
    ----------
    x : array_like, (N, C, L)
        Signals.
    w : array_like, (O, C/groups, K)
        Kernels.
    b : array_like, (O,), optional
        Added to each output channel.
    stride, dilation, groups : int
        As in `conv2d`, along the one axis.
    padding : int, (left, right), "same" or "valid"
        Added on each side, as in `conv2d`.
    flip : bool
        True reverses the kernel first: convolution as mathematics defines it.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the padding holds, as in `conv2d`.

    Returns
    -------
    ndarray, (N, O, OL)
        ``y[n,o,l] = b[o] + sum_ci w[o,c,i] x[n,c, l*stride + i*dilation - left]``.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`.

    References
    ----------
    .. [1] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 9.1,
       equations 9.3 (convolution) and 9.6 (cross-correlation).

    Examples
    --------
    The same signal and weights in four conventions; none is wrong, and no two agree:

    >>> x, w = [[[0, 0, 1, 2, 3, 0, 0]]], [[[1, -1]]]
    >>> conv1d(x, w).ravel()
    array([ 0., -1., -1., -1.,  3.,  0.])
    >>> conv1d(x, w, flip=True).ravel()
    array([ 0.,  1.,  1.,  1., -3.,  0.])
    >>> conv1d(x, w, padding=(1, 0)).ravel()
    array([ 0.,  0., -1., -1., -1.,  3.,  0.])
    >>> conv1d(x, w, padding=1, flip=True).ravel()
    array([ 0.,  0.,  1.,  1.,  1., -3.,  0.,  0.])
    """
    x, w, b, window, groups = _rows("conv1d", x, w, b, stride, padding, dilation, groups, flip)
    check_mode("conv1d", padding_mode, window.size, window.padding, _AXES)
    x, window = extended(x, window, padding_mode)
    return convolve(x, w, b, window, groups, flip)[:, :, 0]


@public
def conv1d_backward(dy, x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"):
    """Gradients of `conv1d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OL)
        Gradient of some scalar with respect to the output.
    x, w, b, stride, padding, dilation, groups, flip, padding_mode
        What `conv1d` took.

    Returns
    -------
    dx, dw, db : ndarray
        Shaped like x, w and b, by the formulas of `conv2d_backward`; db is None when no
        `b` was given.

    Raises
    ------
    TypeError, ValueError
        As `conv2d_backward`.

    Examples
    --------
    The two ends of a signal are read by fewer windows than its middle:

    >>> dx, dw, db = conv1d_backward([[[1, 1, 1]]], [[[0, 0, 0, 0, 0]]], [[[1, 1, 1]]])
    >>> dx
    array([[[1., 2., 3., 2., 1.]]])
    """
    function = "conv1d_backward"
    x, w, b, window, groups = _rows(function, x, w, b, stride, padding, dilation, groups, flip)
    check_mode(function, padding_mode, window.size, window.padding, _AXES)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    shape_of(function, "dy", dy, (len(x), len(w), window.output[1]), "(N, O, OL)")
    x, inner = extended(x, window, padding_mode)
    dx, dw, db = convolve_backward(dy[:, :, None], x, w, b, inner, groups, flip)
    return give_back_border(dx, window, padding_mode)[:, :, 0], dw[:, :, 0], db


def _rows(function, x, w, b, stride, padding, dilation, groups, flip):
    """Check the arguments of a 1-D convolution; return them as images of one row."""
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C L")
    flag(function, "flip", flip)
    groups = check_channels(function, x, w, b, groups, "O C/groups K")
    window = windows(
        function,
        (1, x.shape[2]),
        (1, w.shape[2]),
        stride=(1, integer(function, "stride", stride, 1)),
        padding=padding if type(padding) is str else (0, 0, *pair(function, "padding", padding, 0, "(left, right)")),
        dilation=(1, integer(function, "dilation", dilation, 1)),
        names=_AXES,
    )
    return x[:, :, None], w[:, :, None], b, window, groups
