"""A filter for each channel, then a mixture of the channels: depthwise and pointwise convolution."""

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.conv import check_conv, convolve
from cnnlib.ops.conv_gradients import convolve_backward
from cnnlib.ops.windows import Windows
from cnnlib.signatures import public

__all__ = ["depthwise_separable_conv2d", "depthwise_separable_conv2d_backward"]


@public
def depthwise_separable_conv2d(x, depthwise, pointwise, b=None, *, stride=1, padding=0, dilation=1):
    """Filter every channel by itself, then mix the channels at each pixel.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    depthwise : array_like, (C*M, 1, KH, KW)
        M kernels for each channel, those of one channel side by side (M = 1 as a rule).
    pointwise : array_like, (O, C*M, 1, 1)
        The mixing matrix, in the shape of a convolution.
    b : array_like, (O,), optional
        Added to each output channel.
    stride, padding, dilation
        Of the depthwise step, as in `conv2d`.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``conv2d(conv2d(x, depthwise, groups=C), pointwise, b)``, nothing in between.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`; and if the two kernels do not fit each other.

    References
    ----------
    .. [1] A. Howard et al., "MobileNets", arXiv:1704.04861, 2017, section 3.1; its
       count of 1/O + 1/K**2 of the products is equation 5's ratio.

    Examples
    --------
    It is a full convolution whose kernels are multiples of each other, channel by channel:

    >>> import numpy as np
    >>> depthwise = np.arange(1.0, 9).reshape(2, 1, 2, 2)
    >>> pointwise = np.array([[1.0, 10], [2, 0]]).reshape(2, 2, 1, 1)
    >>> depthwise_separable_conv2d(np.ones((1, 2, 2, 2)), depthwise, pointwise).ravel()
    array([270.,  20.])
    """
    b, first, second = _depth_and_point(
        "depthwise_separable_conv2d", x, depthwise, pointwise, b, stride, padding, dilation
    )
    return convolve(convolve(*first[:2], None, *first[2:]), second[0], b, *second[1:])


@public
def depthwise_separable_conv2d_backward(dy, x, depthwise, pointwise, b=None, *, stride=1, padding=0, dilation=1):
    """Gradients of `depthwise_separable_conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, depthwise, pointwise, b, stride, padding, dilation
        What `depthwise_separable_conv2d` took.

    Returns
    -------
    dx, ddepthwise, dpointwise, db : ndarray
        Shaped like the inputs; db is None when no `b` was given.

    Raises
    ------
    TypeError, ValueError
        As `depthwise_separable_conv2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dd, dp, db = depthwise_separable_conv2d_backward(
    ...     [[[[1]]]], [[[[5]]]], [[[[3]]]], [[[[2]]]])
    >>> dx.item(), dd.item(), dp.item()
    (6.0, 10.0, 15.0)
    """
    function = "depthwise_separable_conv2d_backward"
    b, (x, d, one, groups), (p, two, _) = _depth_and_point(
        function, x, depthwise, pointwise, b, stride, padding, dilation
    )
    dy, x, d, p = floats(function, dy=dy, x=x, d=d, p=p)
    shape_of(function, "dy", dy, (len(x), len(p), *two.output), "(N, O, OH, OW)")
    middle = convolve(x, d, None, one, groups)
    dmiddle, dp, db = convolve_backward(dy, middle, p, b, two, 1)
    dx, dd, _ = convolve_backward(dmiddle, x, d, None, one, groups)
    return dx, dd, dp, db


def _depth_and_point(function, x, depthwise, pointwise, b, stride, padding, dilation):
    """Check; return b and the arguments of the two convolutions."""
    x, d, p, b = floats(function, x=x, depthwise=depthwise, pointwise=pointwise, b=b)
    axes(function, "x", x, "N C H W")
    axes(function, "depthwise", d, "C*M 1 KH KW")
    axes(function, "pointwise", p, "O C*M 1 1")
    channels, middle, outputs = x.shape[1], len(d), len(p)
    if d.shape[1] != 1 or middle % channels:
        right = (max(1, middle // channels) * channels, 1, *d.shape[2:])
        raise ValueError(
            f"{function}: depthwise has shape {d.shape}, and x has C={channels}; "
            f"use a shape such as {right} = (C*M, 1, KH, KW)"
        )
    shape_of(function, "pointwise", p, (outputs, middle, 1, 1), "(O, C*M, 1, 1)")
    if b is not None:
        shape_of(function, "b", b, (outputs,), "(O,)")
    *_, one, groups = check_conv(function, x, d, None, stride, padding, dilation, channels)
    two = Windows(one.output, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), one.output)
    return b, (x, d, one, groups), (p, two, 1)
