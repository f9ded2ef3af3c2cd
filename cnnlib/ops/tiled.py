"""Tiled convolution: kernels that take turns, the dial between shared and unshared weights."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.conv import correlate
from cnnlib.ops.conv_gradients import gradient_w, gradient_x
from cnnlib.ops.unshared import local_conv2d_plain, locally, locally_backward
from cnnlib.ops.windows import Windows, frame, windows
from cnnlib.signatures import public

__all__ = ["tiled_conv2d", "tiled_conv2d_backward", "tiled_conv2d_plain"]


@public
def tiled_conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1):
    """Look through small windows, as `conv2d` does, with kernels that repeat with a period.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    w : array_like, (O, C, KH, KW, TH, TW)
        ``w[..., i, j]`` is the kernel at the output positions ``(i + m*TH, j + n*TW)``. The
        period (TH, TW) is read off the shape: (1, 1) shares one kernel, as `conv2d` does; a
        period of the whole output, or a longer one, shares nothing, as `local_conv2d` does.
    b : array_like, (O, TH, TW), optional
        A bias for each kernel.
    stride, padding, dilation
        As in `conv2d`.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``y[n,o,h,v] = b[o, h%TH, v%TW] + sum_cij w[o,c,i,j, h%TH, v%TW] x[n,c, h*sh + i*dh - top,
        v*sw + j*dw - left]``. It follows shifts of the image by ``TH*sh`` rows and ``TW*sw``
        columns, and no smaller ones.

    Raises
    ------
    TypeError
        If an array holds no real numbers, or an option is no integer.
    ValueError
        If no window fits, or shapes do not fit each other.

    References
    ----------
    .. [1] Q. Le et al., "Tiled convolutional neural networks", NIPS 2010.

    Examples
    --------
    Two kernels of one weight take turns; moved by one pixel, another kernel meets the 5,
    moved by two, the same:

    >>> w = np.array([1.0, 10]).reshape(1, 1, 1, 1, 1, 2)
    >>> for x in ([0, 5, 0, 0], [0, 0, 5, 0], [0, 0, 0, 5]):
    ...     print(tiled_conv2d([[[x]]], w).ravel())
    [ 0. 50.  0.  0.]
    [0. 0. 5. 0.]
    [ 0.  0.  0. 50.]
    """
    x, w, b, window, period = _check("tiled_conv2d", x, w, b, stride, padding, dilation)
    w, b = _used(w, b, period)
    if period == window.output:
        return locally(x, w, b, window)
    y = np.empty((len(x), len(w), *window.output), x.dtype)
    framed = frame(x, window.padding)
    for i, j in np.ndindex(*period):
        part = correlate(*_turn(framed, w, window, i, j), 1)
        y[:, :, i :: period[0], j :: period[1]] = part if b is None else part + b[:, i, j, None, None]
    return y


@public
def tiled_conv2d_plain(x, w, b=None, *, stride=1, padding=0, dilation=1):
    """The definition of `tiled_conv2d`: repeat the kernels over the whole output, share nothing.

    Takes and returns what `tiled_conv2d` does; needs room for a kernel at every position.

    Examples
    --------
    >>> tiled_conv2d_plain([[[[5, 5, 5]]]], np.array([1, 10]).reshape(1, 1, 1, 1, 1, 2))
    array([[[[ 5., 50.,  5.]]]])
    """
    x, w, b, window, period = _check("tiled_conv2d_plain", x, w, b, stride, padding, dilation)
    rows, columns = (np.arange(window.output[a]) % period[a] for a in (0, 1))
    w, b = (None if a is None else a[..., rows[:, None], columns] for a in (w, b))
    return local_conv2d_plain(x, w, b, stride=stride, padding=padding, dilation=dilation)


@public
def tiled_conv2d_backward(dy, x, w, b=None, *, stride=1, padding=0, dilation=1):
    """Gradients of `tiled_conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, w, b, stride, padding, dilation
        What `tiled_conv2d` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        As in `local_conv2d_backward`, with the kernels repeated.
    dw : ndarray, (O, C, KH, KW, TH, TW)
        That of `local_conv2d_backward`, summed over the positions that share a kernel; 0 for
        a kernel whose turn never comes.
    db : ndarray, (O, TH, TW), or None when no `b` was given
        The sum of `dy` over the same positions.

    Raises
    ------
    TypeError, ValueError
        As `tiled_conv2d`; and if `dy` does not have the shape of its result.

    Examples
    --------
    The first kernel sees the first and the third pixel, the second the one between:

    >>> w = np.array([1.0, 10]).reshape(1, 1, 1, 1, 1, 2)
    >>> dx, dw, _ = tiled_conv2d_backward([[[[1, 1, 1]]]], [[[[3, 5, 7]]]], w)
    >>> dx, dw.ravel()
    (array([[[[ 1., 10.,  1.]]]]), array([10.,  5.]))
    """
    function = "tiled_conv2d_backward"
    x, w, b, window, period = _check(function, x, w, b, stride, padding, dilation)
    whole, w, b = w.shape[4:], *_used(w, b, period)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    shape_of(function, "dy", dy, (len(x), len(w), *window.output), "(N, O, OH, OW)")
    if period == window.output:
        dx, dw, db = locally_backward(dy, x, w, b, window)
    else:
        framed, dw = frame(x, window.padding), np.empty_like(w, order="C")
        dframed = np.zeros(framed.shape, x.dtype)
        db = None if b is None else np.empty_like(w, shape=(len(w), *period))
        for i, j in np.ndindex(*period):
            part, kernels, inner = _turn(framed, w, window, i, j)
            upstream = np.ascontiguousarray(dy[:, :, i :: period[0], j :: period[1]])
            (sh, sw) = window.stride
            dframed[:, :, i * sh :, j * sw :] += gradient_x(upstream, kernels, inner, 1)
            dw[..., i, j] = gradient_w(upstream, part, inner, 1)
            if b is not None:
                db[:, i, j] = upstream.sum((0, 2, 3))
        dx = np.ascontiguousarray(frame(dframed, tuple(-side for side in window.padding)))
    return dx, _unused_too(dw, whole), None if b is None else _unused_too(db, whole)


def _turn(framed, w, window, i, j):
    """Of one kernel of the tile: the image from its first window on, its weights, its `Windows`."""
    part, (th, tw), (oh, ow) = framed[:, :, i * window.stride[0] :, j * window.stride[1] :], w.shape[4:], window.output
    inner = Windows(
        size=part.shape[2:],
        kernel=window.kernel,
        stride=(th * window.stride[0], tw * window.stride[1]),
        padding=(0, 0, 0, 0),
        dilation=window.dilation,
        output=(len(range(i, oh, th)), len(range(j, ow, tw))),
    )
    return part, np.ascontiguousarray(w[..., i, j]), inner


def _used(w, b, period):
    """The kernels whose turn comes, and their biases."""
    return (None if a is None else a[..., : period[0], : period[1]] for a in (w, b))


def _unused_too(gradient, period):
    """With zeros for the kernels whose turn never comes."""
    after = [(0, n - m) for n, m in zip(period, gradient.shape[-2:], strict=True)]
    return np.pad(gradient, [(0, 0)] * (gradient.ndim - 2) + after) if np.any(after) else gradient


def _check(function, x, w, b, stride, padding, dilation):
    """Check the arguments; return them with their `Windows` and the period, at most the whole output."""
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C H W")
    cure = "add axes of length 1 at the end, as in w[..., None, None]" if w.ndim == 4 else None
    axes(function, "w", w, "O C KH KW TH TW", cure)
    window = windows(function, x.shape[2:], w.shape[2:4], stride=stride, padding=padding, dilation=dilation)
    shape_of(function, "w", w, (len(w), x.shape[1], *w.shape[2:]), "(O, C, KH, KW, TH, TW)")
    if b is not None:
        shape_of(function, "b", b, (len(w), *w.shape[4:]), "(O, TH, TW)")
    period = tuple(min(both) for both in zip(w.shape[4:], window.output, strict=True))
    return x, w, b, window, period
