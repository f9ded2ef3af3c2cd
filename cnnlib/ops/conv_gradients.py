"""The gradients of `conv2d`, written as convolutions.

With respect to the input: every output pixel sends its gradient back through the taps
it read. Seen from an input pixel that is again a convolution, of ``dy``, with the kernel
turned by 180 degrees; with a stride, one such convolution for each phase of the grid.
With respect to the kernel: each tap sums what it saw, times the upstream gradient; that
is the forward product the other way round.
"""

from itertools import product
from math import gcd
from typing import NamedTuple

import numpy as np

from cnnlib.ops.arrays import floats, shape_of
from cnnlib.ops.borders import MODES, check_mode, extended, give_back_border
from cnnlib.ops.conv import check_conv, correlate, padded_plain
from cnnlib.ops.row_shifts import suits_row_shifts, weights_by_row_shifts
from cnnlib.ops.windows import Windows, bands, frame
from cnnlib.signatures import public

__all__ = ["conv2d_backward", "conv2d_backward_plain"]


@public
def conv2d_backward(dy, x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"):
    """Gradients of `conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, w, b, stride, padding, dilation, groups, flip, padding_mode
        What `conv2d` took.

    Returns
    -------
    dx : ndarray, (N, C, H, W)
        ``dx[n,c,p,q] = sum_o,h,w,i,j dy[n,o,h,w] w[o,c,i,j]`` over all windows and taps
        that read the pixel (p, q): ``p = h*sh + i*dh - top``, ``q = w*sw + j*dw - left``;
        and over those that read a copy of it in the padding.
    dw : ndarray, (O, C/groups, KH, KW)
        ``dw[o,c,i,j] = sum_n,h,w dy[n,o,h,w] x[n,c, h*sh + i*dh - top, w*sw + j*dw - left]``.
    db : ndarray, (O,), or None when no `b` was given
        ``db[o] = sum_n,h,w dy[n,o,h,w]``.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`; and if `dy` has not the shape of its result.

    References
    ----------
    .. [1] Y. LeCun et al., "Gradient-based learning applied to document recognition",
       Proc. IEEE 86(11), 1998, section II (shared weights sum their gradients).
    .. [2] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep
       learning", 2016, section 4 (the gradient as a transposed convolution).

    Examples
    --------
    Five pixels, windows of two, stride two: nothing reads the last pixel, so nothing
    can be learned from it.

    >>> x = np.array([[[[1.0, 2, 3, 4, 5]]]])
    >>> w = np.array([[[[10.0, 1]]]])
    >>> dx, dw, db = conv2d_backward(np.ones((1, 1, 1, 2)), x, w, stride=2)
    >>> dx.ravel(), dw.ravel()
    (array([10.,  1., 10.,  1.,  0.]), array([4., 6.]))
    """
    function = "conv2d_backward"
    x, w, b, window, groups = check_conv(function, x, w, b, stride, padding, dilation, groups, flip)
    check_mode(function, padding_mode, window.size, window.padding)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    shape_of(function, "dy", dy, (len(x), len(w), *window.output), "(N, O, OH, OW)")
    x, inner = extended(x, window, padding_mode)
    dx, dw, db = convolve_backward(dy, x, w, b, inner, groups, flip)
    return give_back_border(dx, window, padding_mode), dw, db


@public
def conv2d_backward_plain(
    dy, x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"
):
    """The definition of `conv2d_backward`: the one product of `conv2d_plain`, gone back through.

    Takes and returns what `conv2d_backward` does; needs room for all windows twice.

    Examples
    --------
    The middle pixel is read by both windows, and sums what they send back:

    >>> dx, dw, _ = conv2d_backward_plain([[[[1, 100]]]], [[[[1, 2, 3]]]], [[[[10, 1]]]])
    >>> dx, dw
    (array([[[[  10., 1001.,  100.]]]]), array([[[[201., 302.]]]]))
    """
    function = "conv2d_backward_plain"
    x, w, b, window, groups = check_conv(function, x, w, b, stride, padding, dilation, groups, flip)
    check_mode(function, padding_mode, window.size, window.padding)
    dy, x, w = floats(function, dy=dy, x=x, w=w)
    n, o, (oh, ow) = len(x), len(w), window.output
    shape_of(function, "dy", dy, (n, o, oh, ow), "(N, O, OH, OW)")
    if flip:
        w = w[:, :, ::-1, ::-1]
    framed = padded_plain(x, window, padding_mode)
    taps = window.taps(framed)  # (N, C, KH, KW, OH, OW)
    columns = taps.reshape(n, groups, w[0].size, oh * ow)  # (N, G, C/G*KH*KW, OH*OW)
    upstream = dy.reshape(n, groups, o // groups, oh * ow)
    shares = w.reshape(groups, o // groups, -1).swapaxes(1, 2) @ upstream  # shaped like columns
    dw = (upstream @ columns.swapaxes(2, 3)).sum(0).reshape(w.shape)
    if flip:
        dw = dw[:, :, ::-1, ::-1]
    whole = window._replace(size=framed.shape[2:], padding=(0, 0, 0, 0))
    dx = _unpad_plain(whole.add_back(shares.reshape(taps.shape)), window, padding_mode)
    return dx, dw, None if b is None else dy.sum((0, 2, 3))


def _unpad_plain(dframed, window, mode):
    """Give every padded pixel's gradient to the pixel that NumPy's padding copied."""
    top, bottom, left, right = window.padding
    numbers = np.arange(1, window.size[0] * window.size[1] + 1).reshape(window.size)  # 0 is no pixel
    copied = np.pad(numbers, [(top, bottom), (left, right)], MODES[mode]).ravel()
    dx = np.zeros((*dframed.shape[:2], numbers.size + 1), dframed.dtype)
    np.add.at(dx, (..., copied), dframed.reshape(*dx.shape[:2], copied.size))
    return dx[..., 1:].reshape(*dx.shape[:2], *window.size)


def convolve_backward(dy, x, w, b, window, groups, flip=False):
    """`conv2d_backward` after its checks."""
    dx = gradient_x(dy, w[:, :, ::-1, ::-1] if flip else w, window, groups)
    dw = gradient_w(dy, x, window, groups)
    if flip:
        dw = np.ascontiguousarray(dw[:, :, ::-1, ::-1])
    return dx, dw, None if b is None else dy.sum((0, 2, 3))


def gradient_x(dy, w, window, groups):
    """The gradient with respect to the input, whichever way has less to lay out."""
    if (window.stride == (1, 1) or len(w) <= 2 * w.shape[1] * groups) and np.isfinite(w).all():
        return _by_phases(dy, w, window, groups)
    return _by_taps(dy, w, window, groups)  # meets no zeros of a frame: a NaN stays where it was read


def _by_taps(dy, w, window, groups):
    """One product gives every tap's share; add each back to the pixel it came from."""
    n, o, (oh, ow) = len(dy), len(w), window.output
    kernels = w.reshape(groups, o // groups, -1).swapaxes(1, 2)  # (G, C/G*KH*KW, O/G)
    shares = kernels @ dy.reshape(n, groups, o // groups, oh * ow)
    return window.add_back(shares.reshape(n, groups * w.shape[1], *window.kernel, oh, ow))


def _by_phases(dy, w, window, groups):
    """Pixels that lie alike on the stride's grid are read by the same taps.

    For each such phase the gradient is an ordinary convolution of `dy`, with stride 1,
    with those taps in reverse order. At stride 1 there is one phase, and all taps.
    """
    (o, cg), n = w.shape[:2], len(dy)
    # input channels become output channels: (G, O/G, C/G, ...) -> (G, C/G, O/G, ...)
    turned = w.reshape(groups, o // groups, cg, *window.kernel).swapaxes(1, 2)
    dx = np.zeros((n, groups * cg, *window.size), dy.dtype)
    for row, column in product(_phases(window, 0), _phases(window, 1)):
        kernels = turned[..., row.taps, column.taps][..., ::-1, ::-1]
        kernels = kernels.reshape(groups * cg, o // groups, *kernels.shape[3:])
        inner = Windows(
            size=window.output,
            kernel=kernels.shape[2:],
            stride=(1, 1),
            padding=row.padding + column.padding,
            dilation=(row.dilation, column.dilation),
            output=(row.count, column.count),
        )
        part = correlate(dy, kernels, inner, groups)
        if window.stride == (1, 1):
            return part
        dx[:, :, row.pixels, column.pixels] = part
    return dx


class _Phase(NamedTuple):
    """Along one axis, the pixels that lie alike on the grid of a stride."""

    pixels: slice  # which pixels
    taps: slice  # the taps that read them
    padding: tuple  # the frame that `dy` needs
    dilation: int  # windows between neighbouring ones of those taps
    count: int  # how many pixels there are


def _phases(window, axis):
    """The phases along one axis that any tap reads, as many as there are taps at the most.

    A tap i of window h reads the padded position ``h*stride + i*dilation``. For the
    position ``m*stride + phase`` that means taps ``i = first, first + step, ...``, read
    from windows ``h = m - lag, m - lag - jump, ...``.
    """
    size, output, kernel, stride, dilation = (
        getattr(window, name)[axis] for name in ("size", "output", "kernel", "stride", "dilation")
    )
    before = window.padding[2 * axis]
    common = gcd(stride, dilation)
    step, jump = stride // common, dilation // common
    phases = []
    for first in range(min(step, kernel)):
        lag, phase = divmod(first * dilation, stride)
        m0, m1 = -(-(before - phase) // stride), (before + size - 1 - phase) // stride
        if m1 < m0:
            continue  # of such positions there is none on the image
        reach = (len(range(first, kernel, step)) - 1) * jump
        start = lag + reach - m0  # frame before dy; negative: its first windows do not matter
        count = m1 - m0 + 1
        pixels = slice(m0 * stride + phase - before, size, stride)
        sides = start, count + reach - output - start
        phases.append(_Phase(pixels, slice(first, kernel, step), sides, jump, count))
    return phases


def gradient_w(dy, x, window, groups):
    """The gradient with respect to the kernels, the way that suits the shapes."""
    if suits_row_shifts(x.shape[1] // groups, dy.shape[1] // groups, window):
        return weights_by_row_shifts(dy, x, window, groups)
    return _weights_by_columns(dy, x, window, groups)


def _weights_by_columns(dy, x, window, groups):
    """The forward product, the other way round: windows times upstream gradient."""
    n, o, (oh, ow) = len(dy), dy.shape[1], window.output
    kernel = x.shape[1] // groups, *window.kernel
    taps = window.taps(frame(x, window.padding))
    dw = np.zeros((groups, np.prod(kernel), o // groups), x.dtype)
    for images, rows in bands(n, oh, groups * dw.shape[1] * ow):
        part = dy[images, :, rows]
        part = part.reshape(len(part), groups, o // groups, -1)
        columns = taps[images, ..., rows, :].reshape(*part.shape[:2], dw.shape[1], -1)
        dw += (columns @ part.swapaxes(2, 3)).sum(0)  # faster than dy @ columns^T
    return np.ascontiguousarray(dw.swapaxes(1, 2)).reshape(o, *kernel)
