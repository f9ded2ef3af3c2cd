"""Four ways to double a map and mix its channels: what a decoder is built from."""

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.conv import conv2d
from cnnlib.ops.conv_gradients import conv2d_backward
from cnnlib.ops.resize import (
    resize_bilinear2d,
    resize_bilinear2d_backward,
    resize_nearest2d,
    resize_nearest2d_backward,
)
from cnnlib.ops.transposed import conv_transpose2d, conv_transpose2d_backward
from cnnlib.signatures import public
from cnnlib.values import choice

__all__ = ["UPSAMPLINGS", "taps", "upsample2x", "upsample2x_backward"]

UPSAMPLINGS = ("transposed", "sub-pixel", "nearest + conv", "bilinear + conv")
_RESIZE = {
    "nearest + conv": (resize_nearest2d, resize_nearest2d_backward),
    "bilinear + conv": (resize_bilinear2d, resize_bilinear2d_backward),
}


@public
def upsample2x(x, w, b=None, *, kind="transposed"):
    """Double height and width, and mix the channels.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Small images, or maps of features. N may be 0.
    w : array_like
        The kernels, K x K: (C, O, K, K) with K >= 2 for the transposed kind, (4*O, C, K, K)
        with odd K for the sub-pixel kind, (O, C, K, K) with odd K for the two others.
    b : array_like, (O,), or (4*O,) for the sub-pixel kind, optional
        Added to each output channel.
    kind : {"transposed", "sub-pixel", "nearest + conv", "bilinear + conv"}
        Transposed: `conv_transpose2d` with stride 2, ``padding=(K - 1) // 2`` and
        ``output_padding=K % 2``. Sub-pixel: a `conv2d` to 4*O maps, of which map
        ``4*o + 2*i + j`` holds the pixels (2m + i, 2n + j) of output o. The two others: a resize
        by 2, then a `conv2d`. All convolutions are padded by K // 2 zeros.

    Returns
    -------
    ndarray, (N, O, 2*H, 2*W)

    Raises
    ------
    TypeError, ValueError
        If `kind` is unknown, K does not suit it, or shapes do not fit each other.

    References
    ----------
    .. [1] W. Shi et al., "Real-time single image and video super-resolution using an
       efficient sub-pixel convolutional neural network", CVPR 2016.
    .. [2] A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts",
       Distill, 2016 (resize-convolution).

    Examples
    --------
    The same constant and the same kernel, by stamps and after a resize; away from the border the
    stamps make four values of one:

    >>> x, w = [[[[1, 1, 1]] * 3]], [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]
    >>> for kind in ("transposed", "nearest + conv"):
    ...     print(upsample2x(x, w, kind=kind)[0, 0, 2:4, 2:4].tolist())
    [[5.0, 10.0], [10.0, 20.0]]
    [[45.0, 45.0], [45.0, 45.0]]
    """
    x, w, b, k = _check("upsample2x", x, w, b, kind)
    if kind == "transposed":
        return conv_transpose2d(x, w, b, stride=2, padding=(k - 1) // 2, output_padding=k % 2)
    if kind == "sub-pixel":
        return _shuffled(conv2d(x, w, b, padding=k // 2))
    return conv2d(_RESIZE[kind][0](x, scale_factor=2), w, b, padding=k // 2)


@public
def upsample2x_backward(dy, x, w, b=None, *, kind="transposed"):
    """Gradients of `upsample2x` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, 2*H, 2*W)
        Gradient of some scalar with respect to the output.
    x, w, b, kind
        What `upsample2x` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
    dw : ndarray, of the shape of `w`
    db : ndarray, of the shape of `b`, or None when no `b` was given

    Raises
    ------
    TypeError, ValueError
        As `upsample2x`; and if `dy` does not have the shape of its result.

    Examples
    --------
    A kernel of one tap after a resize: the gradient of a pixel is the sum over its four copies.

    >>> dx, dw, _ = upsample2x_backward([[[[1, 2], [3, 4]]]], [[[[7]]]], [[[[5]]]], kind="nearest + conv")
    >>> dx.item(), dw.item()
    (50.0, 70.0)
    """
    function = "upsample2x_backward"
    x, w, b, k = _check(function, x, w, b, kind)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    outputs = w.shape[1] if kind == "transposed" else len(w) // (4 if kind == "sub-pixel" else 1)
    shape_of(function, "dy", dy, (len(x), outputs, 2 * x.shape[2], 2 * x.shape[3]), "(N, O, 2*H, 2*W)")
    if kind == "transposed":
        return conv_transpose2d_backward(dy, x, w, b, stride=2, padding=(k - 1) // 2, output_padding=k % 2)
    if kind == "sub-pixel":
        return conv2d_backward(_gathered(dy), x, w, b, padding=k // 2)
    resize, resize_backward = _RESIZE[kind]
    dlarge, dw, db = conv2d_backward(dy, resize(x, scale_factor=2), w, b, padding=k // 2)
    return resize_backward(dlarge, x, scale_factor=2), dw, db


def taps(function, name, size, kind):
    """Return the kernel's size if this kind can double a map exactly with it."""
    if kind == "transposed" and size < 2:
        raise ValueError(f"{function}: {name}={size} leaves pixels that no stamp reaches; use at least 2")
    if kind != "transposed" and size % 2 == 0:
        raise ValueError(f"{function}: {name}={size} is even, and has no middle for kind={kind!r}; use an odd one")
    return size


def _shuffled(x):
    """(N, 4*O, H, W) to (N, O, 2*H, 2*W): four maps become one, interleaved."""
    n, c, h, v = x.shape
    return x.reshape(n, c // 4, 2, 2, h, v).transpose(0, 1, 4, 2, 5, 3).reshape(n, c // 4, 2 * h, 2 * v)


def _gathered(y):
    """The inverse of `_shuffled`, which permutes entries, and so its adjoint too."""
    n, o, h, v = y.shape
    return y.reshape(n, o, h // 2, 2, v // 2, 2).transpose(0, 1, 3, 5, 2, 4).reshape(n, 4 * o, h // 2, v // 2)


def _check(function, x, w, b, kind):
    """Check what the operations inside would not; return the arrays and the kernel's size."""
    choice(function, "kind", kind, UPSAMPLINGS)
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C H W")
    axes(function, "w", w, "C O K K" if kind == "transposed" else "O C K K")
    k, channels = w.shape[-1], x.shape[1]
    if kind == "transposed":
        shape_of(function, "w", w, (channels, w.shape[1], k, k), "(C, O, K, K)")
        outputs = w.shape[1]
    else:
        name = "(4*O, C, K, K)" if kind == "sub-pixel" else "(O, C, K, K)"
        shape_of(function, "w", w, (len(w), channels, k, k), name)
        outputs = len(w)
        if kind == "sub-pixel" and outputs % 4:
            raise ValueError(f"{function}: w has {outputs} kernels, and kind='sub-pixel' needs four for each output; "
                             f"use {4 * (outputs // 4 + 1)}")  # fmt: skip
    taps(function, "K", k, kind)
    if b is not None:
        shape_of(function, "b", b, (outputs,), "(4*O,)" if kind == "sub-pixel" else "(O,)")
    return x, w, b, k
