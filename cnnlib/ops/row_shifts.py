"""Convolution where copying is the cost: few outputs for each input, as in depthwise layers.

Laying out all KH x KW windows would copy every pixel as often, for hardly any products.
So only the KW shifts along the rows are copied. A shift by whole rows needs no copy: in an
image kept as one long line it is a slice that begins later.
"""

from itertools import product

import numpy as np

from cnnlib.ops.windows import view

__all__ = ["by_row_shifts", "suits_row_shifts", "weights_by_row_shifts"]

_BAND = 2**17  # numbers copied at a time: half a megabyte of float32, to stay in cache
_SUM = 2**12  # numbers summed at a time: longer sums lose digits in float32


def suits_row_shifts(inputs, outputs, window):
    """Whether copying less outweighs adding up more, for so many channels in a group."""
    kh, kw = window.kernel
    few = outputs <= 16 and kh * outputs + kw * inputs < kh * kw * inputs
    large = window.output[0] * window.output[1] >= 256  # or it is all overhead
    return few and large and window.stride == (1, 1) and min(window.padding) >= 0


def by_row_shifts(x, w, window, groups):
    """`conv2d` without its checks, at stride 1: copy the column shifts, slice the row shifts.

    Parameters
    ----------
    x, w : ndarray
        As in `conv2d`.
    window : Windows
    groups : int

    Returns
    -------
    ndarray, (N, O, OH, OW)
        For each kernel row i a product of its KW taps with all shifted lines, all rows at
        once; then ``y = sum_i product[i]``, each begun i dilated rows later.
    """
    (n, o), (oh, ow) = (len(x), len(w)), window.output
    inputs, kh, kw = w.shape[1:]
    outputs, (lines, width) = o // groups, _lines(x, window, groups)
    # (G, KH*O/G, C/G*KW): the rows of the kernel side by side
    kernels = w.reshape(groups, outputs, inputs, kh, kw).transpose(0, 3, 1, 2, 4)
    kernels = kernels.reshape(groups, kh * outputs, inputs * kw)
    y = np.empty((n, groups, outputs, oh, ow), x.dtype)
    for image, part in _bands(n, groups, inputs * kw * lines.shape[-1]):
        shifted = lines[image, part].reshape(-1, inputs * kw, lines.shape[-1])  # the copy
        rows = (kernels[part] @ shifted).reshape(-1, kh, outputs, lines.shape[-1])
        total = rows[:, 0, :, : oh * width]
        for i in range(1, kh):
            start = i * window.dilation[0] * width
            total += rows[:, i, :, start : start + oh * width]
        y[image, part] = total.reshape(-1, outputs, oh, width)[..., :ow]
    return y.reshape(n, o, oh, ow)


def weights_by_row_shifts(dy, x, window, groups):
    """The gradient of `conv2d` with respect to its kernels, at stride 1, laid out likewise."""
    (n, o), (oh, ow), (kh, kw) = dy.shape[:2], window.output, window.kernel
    outputs, inputs = o // groups, x.shape[1] // groups
    lines, width = _lines(x, window, groups)
    spread = np.zeros((n, groups, outputs, oh, width), dy.dtype)  # dy in lines as long as x's
    spread[..., :ow] = dy.reshape(n, groups, outputs, oh, ow)
    spread = spread.reshape(n, groups, outputs, oh * width).swapaxes(2, 3)
    dw = np.zeros((groups, kh, inputs * kw, outputs), dy.dtype)
    for image, part in _bands(n, groups, inputs * kw * lines.shape[-1]):
        shifted = lines[image, part].reshape(-1, inputs * kw, lines.shape[-1])
        for i, first in product(range(kh), range(0, oh * width, _SUM)):
            some = slice(first, min(first + _SUM, oh * width))
            start = i * window.dilation[0] * width
            seen = shifted[..., start + some.start : start + some.stop]
            dw[part, i] += seen @ spread[image, part, some]
    dw = dw.reshape(groups, kh, inputs, kw, outputs).transpose(0, 4, 2, 1, 3)
    return np.ascontiguousarray(dw).reshape(o, inputs, kh, kw)


def _lines(x, window, groups):
    """View of the framed images as long lines, once per column shift: (N, G, C/G, KW, length).

    Returns it with the width of the frame. The last few numbers of a line run on into the
    next image row, and fall into columns that the result leaves out.
    """
    n, c, h, w = x.shape
    top, bottom, left, right = window.padding
    height, width = top + h + bottom, left + w + right
    length, reach = height * width, window.dilation[1] * (window.kernel[1] - 1)
    flat = np.zeros((n, c, length + reach), x.dtype)
    image = flat[:, :, :length].reshape(n, c, height, width)
    image[:, :, top : top + h, left : left + w] = x
    a, b, step = flat.strides
    shape = n, groups, c // groups, window.kernel[1], length
    strides = a, b * (c // groups), b, window.dilation[1] * step, step
    return view(flat, shape, strides), width


def _bands(images, groups, numbers):
    """Some groups of one image at a time."""
    some = max(1, _BAND // numbers)
    for image in range(images):
        for first in range(0, groups, some):
            yield image, slice(first, first + some)
