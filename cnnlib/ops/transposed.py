"""Transposed convolution: the adjoint of `conv2d`, used as a layer of its own."""

import numpy as np

from cnnlib.arguments import integer, padding4, pair
from cnnlib.geometry.transposed import scattered
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.conv import correlate
from cnnlib.ops.conv_gradients import gradient_w, gradient_x
from cnnlib.ops.windows import Windows, taken
from cnnlib.signatures import public

__all__ = ["conv_transpose2d", "conv_transpose2d_backward", "conv_transpose2d_plain"]


@public
def conv_transpose2d(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Let every input pixel write a kernel, scaled by its value, into the output.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Small images, or maps of features. N may be 0.
    w : array_like, (C, O/groups, KH, KW)
        Kernels, input channels first, as in torch: the `w` of the `conv2d` whose adjoint
        this is.
    b : array_like, (O,), optional
        Added to each output channel.
    stride : int or (height, width)
        Output pixels between the positions of neighbouring kernels, at least 1.
    padding : int, (height, width) or (top, bottom, left, right)
        Output pixels that are cut off on each side (the padding of that `conv2d`).
    output_padding : int or (height, width)
        Extra pixels at the bottom and right that no cut removes: a convolution with a
        stride maps several sizes to one, and this says which to go back to. Less than
        the stride or less than the dilation, as in torch.
    dilation : int or (height, width)
        Output pixels between neighbouring taps.
    groups : int
        Output channels of group g are written by the input channels of group g.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``y[n,o,p,q] = b[o] + sum_c,h,w,i,j x[n,c,h,w] w[c,o,i,j]`` over all
        ``p = h*sh + i*dh - top`` and ``q = w*sw + j*dw - left``;
        ``OH = (H - 1)*sh - top - bottom + dh*(KH - 1) + 1 + output_padding``.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`; and if `output_padding` is too large, or nothing is left of the output.

    References
    ----------
    .. [1] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep
       learning", 2016, section 4, relationships 13 and 14.
    .. [2] A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts",
       Distill, 2016.

    Examples
    --------
    A constant goes in, and a checkerboard comes out: three taps, two apart, overlap in
    every second pixel.

    >>> conv_transpose2d([[[[1, 1, 1, 1]]]], [[[[1, 1, 1]]]], stride=2)
    array([[[[1., 1., 2., 1., 2., 1., 2., 1., 1.]]]])
    """
    x, w, b, window, groups = _check("conv_transpose2d", x, w, b, stride, padding, output_padding, dilation, groups)
    y = gradient_x(x, w, window, groups)
    if b is not None:
        y += b[:, None, None]
    return y


@public
def conv_transpose2d_plain(x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """The definition of `conv_transpose2d`: pixel by pixel, stamp the kernels and add up.

    Takes and returns what `conv_transpose2d` does.

    Examples
    --------
    >>> conv_transpose2d_plain([[[[1, 2]]]], [[[[1, 10, 100]]]], stride=2)
    array([[[[  1.,  10., 102.,  20., 200.]]]])
    """
    x, w, b, window, groups = _check(
        "conv_transpose2d_plain", x, w, b, stride, padding, output_padding, dilation, groups
    )
    (n, c, *_), (kh, kw), (sh, sw), (dh, dw) = x.shape, window.kernel, window.stride, window.dilation
    (height, width), (top, bottom, left, right) = window.size, window.padding
    framed = np.zeros((n, groups, w.shape[1], top + height + bottom, left + width + right), x.dtype)
    values, kernels = x.reshape(n, groups, c // groups, *x.shape[2:]), w.reshape(groups, c // groups, *w.shape[1:])
    for h, v in np.ndindex(*x.shape[2:]):
        rows = slice(h * sh, h * sh + dh * (kh - 1) + 1, dh)
        columns = slice(v * sw, v * sw + dw * (kw - 1) + 1, dw)
        framed[..., rows, columns] += np.einsum("ngc,gcoij->ngoij", values[..., h, v], kernels)
    y = framed[..., top : top + height, left : left + width].reshape(n, groups * w.shape[1], height, width)
    return y if b is None else y + b[:, None, None]


@public
def conv_transpose2d_backward(dy, x, w, b=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    """Gradients of `conv_transpose2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, w, b, stride, padding, output_padding, dilation, groups
        What `conv_transpose2d` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        ``conv2d(dy, w)`` with the same options: the adjoint of the adjoint.
    dw : ndarray, (C, O/groups, KH, KW)
        As in `conv2d_backward`, with `x` and `dy` exchanged.
    db : ndarray, (O,), or None when no `b` was given
        ``db[o] = sum_n,p,q dy[n,o,p,q]``.

    Raises
    ------
    TypeError, ValueError
        As `conv_transpose2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dw, db = conv_transpose2d_backward(
    ...     [[[[1, 2, 3, 4]]]], [[[[10, 100]]]], [[[[1, -1]]]], stride=2)
    >>> dx, dw
    (array([[[[-1., -1.]]]]), array([[[[310., 420.]]]]))
    """
    function = "conv_transpose2d_backward"
    x, w, b, window, groups = _check(function, x, w, b, stride, padding, output_padding, dilation, groups)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    outputs = w.shape[1] * groups
    shape_of(function, "dy", dy, (len(x), outputs, *window.size), "(N, O, OH, OW)")
    dx = correlate(dy, w, window, groups)
    dw = gradient_w(x, dy, window, groups)
    return dx, dw, None if b is None else dy.sum((0, 2, 3))


def _check(function, x, w, b, stride, padding, output_padding, dilation, groups):
    """Check the arguments; return them with the `Windows` of the convolution whose adjoint this is."""
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C H W")
    axes(function, "w", w, "C O/groups KH KW")
    groups = integer(function, "groups", groups, 1)
    channels = x.shape[1]
    if len(w) != channels:
        raise ValueError(
            f"{function}: w has shape {w.shape}, so it reads {len(w)} channels, and x has "
            f"C={channels}; use a w of shape {(channels, *w.shape[1:])} = (C, O/groups, KH, KW)"
        )
    if channels % groups:
        raise ValueError(f"{function}: groups={groups} does not divide C={channels}; use a divisor")
    if b is not None:
        shape_of(function, "b", b, (w.shape[1] * groups,), "(O,)")
    stride = pair(function, "stride", stride, 1)
    dilation = pair(function, "dilation", dilation, 1)
    extra = pair(function, "output_padding", output_padding)
    sides = padding4(function, padding)
    size = scattered(function, x.shape[2:], w.shape[2:], stride, sides, extra, dilation)
    return x, w, b, Windows(size, w.shape[2:], *taken(size, sides, stride, dilation), x.shape[2:]), groups
