"""Locally connected ("unshared") convolution: a kernel of its own at every position."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.windows import frame, windows
from cnnlib.signatures import public

__all__ = ["local_conv2d", "local_conv2d_backward", "local_conv2d_plain"]


@public
def local_conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1):
    """Look through small windows, as `conv2d` does, with other weights in each window.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    w : array_like, (O, C, KH, KW, OH, OW)
        ``w[..., h, v]`` is the kernel at output position (h, v).
    b : array_like, (O, OH, OW), optional
        A bias for every output; not shared either.
    stride, padding, dilation
        As in `conv2d`.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``y[n,o,h,v] = b[o,h,v] + sum_cij w[o,c,i,j,h,v] x[n,c, h*sh + i*dh - top, v*sw + j*dw - left]``.

    Raises
    ------
    TypeError
        If an array holds no real numbers, or an option is no integer.
    ValueError
        If no window fits, or shapes do not fit each other; the message gives the shape
        of `w` that would be right.

    References
    ----------
    .. [1] Y. Taigman et al., "DeepFace: closing the gap to human-level performance in
       face verification", CVPR 2014, section 3.1 (layers L4 to L6).

    Examples
    --------
    Move the input, and the output is not the moved output: the position matters.

    >>> w = np.array([1.0, 10, 100, 1000]).reshape(1, 1, 1, 1, 1, 4)
    >>> local_conv2d([[[[0, 5, 0, 0]]]], w), local_conv2d([[[[0, 0, 5, 0]]]], w)
    (array([[[[ 0., 50.,  0.,  0.]]]]), array([[[[  0.,   0., 500.,   0.]]]]))
    """
    x, w, b, window = _check("local_conv2d", x, w, b, stride, padding, dilation)
    return locally(x, w, b, window)


def locally(x, w, b, window):
    """`local_conv2d` after its checks."""
    (o, c, kh, kw, oh, ow), n = w.shape, len(x)
    columns = window.taps(frame(x, window.padding)).reshape(n, c * kh * kw, oh * ow)
    weights = w.reshape(o, c * kh * kw, oh * ow)
    y = np.einsum("okl,nkl->nol", weights, columns).reshape(n, o, oh, ow)
    if b is not None:
        y += b
    return y


@public
def local_conv2d_plain(x, w, b=None, *, stride=1, padding=0, dilation=1):
    """The definition of `local_conv2d`: one product per tap, at all positions at once.

    Takes and returns what `local_conv2d` does.

    Examples
    --------
    >>> local_conv2d_plain([[[[5, 5]]]], np.array([1, 10]).reshape(1, 1, 1, 1, 1, 2))
    array([[[[ 5., 50.]]]])
    """
    x, w, b, window = _check("local_conv2d_plain", x, w, b, stride, padding, dilation)
    taps = window.taps(frame(x, window.padding))  # (N, C, KH, KW, OH, OW)
    y = (w * taps[:, None]).sum((2, 3, 4))
    return y if b is None else y + b


@public
def local_conv2d_backward(dy, x, w, b=None, *, stride=1, padding=0, dilation=1):
    """Gradients of `local_conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, w, b, stride, padding, dilation
        What `local_conv2d` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        ``dx[n,c,p,q] = sum_o,h,v,i,j dy[n,o,h,v] w[o,c,i,j,h,v]`` over the windows and
        taps that read (p, q).
    dw : ndarray, (O, C, KH, KW, OH, OW)
        ``dw[o,c,i,j,h,v] = sum_n dy[n,o,h,v] x[n,c, h*sh + i*dh - top, ...]``: no sum
        over positions, so every weight learns from one position only.
    db : ndarray, (O, OH, OW), or None when no `b` was given
        ``db[o,h,v] = sum_n dy[n,o,h,v]``.

    Raises
    ------
    TypeError, ValueError
        As `local_conv2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dw, db = local_conv2d_backward(
    ...     [[[[1, 2]]]], [[[[3, 4]]]], np.full((1, 1, 1, 1, 1, 2), 10))
    >>> dx, dw.ravel()
    (array([[[[10., 20.]]]]), array([3., 8.]))
    """
    function = "local_conv2d_backward"
    x, w, b, window = _check(function, x, w, b, stride, padding, dilation)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    shape_of(function, "dy", dy, (len(x), len(w), *window.output), "(N, O, OH, OW)")
    return locally_backward(dy, x, w, b, window)


def locally_backward(dy, x, w, b, window):
    """`local_conv2d_backward` after its checks."""
    (o, c, kh, kw, oh, ow), n = w.shape, len(x)
    flat = dy.reshape(n, o, oh * ow)
    columns = window.taps(frame(x, window.padding)).reshape(n, c * kh * kw, oh * ow)
    shares = np.einsum("okl,nol->nkl", w.reshape(o, c * kh * kw, oh * ow), flat)
    dx = window.add_back(shares.reshape(n, c, kh, kw, oh, ow))
    dw = np.einsum("nol,nkl->okl", flat, columns).reshape(w.shape)
    return dx, dw, None if b is None else dy.sum(0)


def _check(function, x, w, b, stride, padding, dilation):
    """Check the arguments; return them with their `Windows`."""
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C H W")
    cure, options = None, dict(stride=stride, padding=padding, dilation=dilation)
    if w.ndim == 4 and w.size:
        shape = (*w.shape, *windows(function, x.shape[2:], w.shape[2:], **options).output)
        cure = f"repeat it at every position, as np.broadcast_to(w[..., None, None], {shape}) does"
    axes(function, "w", w, "O C KH KW OH OW", cure)
    window = windows(function, x.shape[2:], w.shape[2:4], **options)
    right = (len(w), x.shape[1], *window.kernel, *window.output)
    shape_of(function, "w", w, right, "(O, C, KH, KW, OH, OW)")
    if b is not None:
        shape_of(function, "b", b, (len(w), *window.output), "(O, OH, OW)")
    return x, w, b, window
