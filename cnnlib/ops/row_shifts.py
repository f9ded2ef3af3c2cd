"""Convolution at stride 1 that copies less: KW shifts of the image instead of KH x KW.

A window that begins one row further down sees the same lines of the image, only later. So
the shifts along a row are laid out side by side, as `by_columns` does for every tap, and a
shift by whole rows is a slice of that. It takes KH products instead of one, and adds them:
worth it where few outputs are made of what was copied. In depthwise layers and grey images
the copying is nearly all there is to do.
"""

import numpy as np

from cnnlib.ops.windows import frame, taps_of

__all__ = ["by_row_shifts", "suits_row_shifts", "weights_by_row_shifts"]

_BAND = 2**19  # values copied at a time: two megabytes of float32, to stay near the cache
_SUM = 2**12  # values summed at a time: longer sums lose digits in float32


def suits_row_shifts(inputs, outputs, window):
    """Whether copying less outweighs adding up more, for this many channels in a group."""
    kh, kw = window.kernel
    large = window.output[0] * window.output[1] >= 256  # or it is all overhead
    return kh > 1 and outputs <= kw * inputs and large and window.stride == (1, 1)


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
        ``y = sum_i w[..., i, :] seen[i]``: for each kernel row i one product of its taps with
        the lines that begin ``i * dilation`` rows further down.
    """
    (n, o), (oh, ow) = (len(x), len(w)), window.output
    inputs, kh, kw = w.shape[1:]
    # (KH, G, O/G, C/G*KW): the rows of the kernel one by one
    kernels = w.reshape(groups, o // groups, inputs, kh, kw).transpose(3, 0, 1, 2, 4)
    kernels = np.ascontiguousarray(kernels).reshape(kh, groups, o // groups, inputs * kw)
    y = np.empty((n, groups, o // groups, oh * ow), x.dtype)
    for images, part, positions, seen in _bands(x, window, groups, _BAND):
        out = y[images, part, :, positions]
        np.matmul(kernels[0, part], seen(0), out=out)
        for i in range(1, kh):
            out += kernels[i, part] @ seen(i)
    return y.reshape(n, o, oh, ow)


def weights_by_row_shifts(dy, x, window, groups):
    """The gradient of `conv2d` with respect to its kernels, at stride 1, laid out likewise."""
    (n, o), (oh, ow), (kh, kw) = dy.shape[:2], window.output, window.kernel
    inputs = x.shape[1] // groups
    upstream = dy.reshape(n, groups, o // groups, oh * ow).swapaxes(2, 3)
    dw = np.zeros((kh, groups, inputs * kw, o // groups), dy.dtype)
    for images, part, positions, seen in _bands(x, window, groups, _BAND, _SUM):
        for i in range(kh):
            dw[i, part] += (seen(i) @ upstream[images, part, positions]).sum(0)
    dw = dw.reshape(kh, groups, inputs, kw, o // groups).transpose(1, 4, 2, 0, 3)
    return np.ascontiguousarray(dw).reshape(o, inputs, kh, kw)


def _bands(x, window, groups, budget, longest=None):
    """Cut the work so that what is copied stays small: some images, some groups, some rows.

    Yields which images, which groups, which output pixels (as slices), and `seen`: the taps
    of kernel row i at those pixels, ``seen(i)``, (images, groups, C/G*KW, pixels).
    """
    (kh, kw), (oh, ow), (dh, _) = window.kernel, window.output, window.dilation
    n, inputs, reach = len(x), x.shape[1] // groups, dh * (kh - 1)
    shifts = taps_of(frame(x, window.padding), (1, kw), (oh + reach, ow), dilation=window.dilation)
    shifts = shifts.reshape(n, groups, inputs, kw, oh + reach, ow)  # still a view
    line = inputs * kw * ow
    height = min(oh, max(1, budget // line, 2 * reach), max(1, (longest or oh * ow) // ow))
    some = max(1, budget // (line * (height + reach)))  # groups, or groups of several images
    for first in range(0, n, max(1, some // groups)):
        images = slice(first, first + max(1, some // groups))
        for start in range(0, groups, some):
            part = slice(start, start + some)
            for top in range(0, oh, height):
                rows = min(height, oh - top)
                copied = shifts[images, part, :, :, top : top + rows + reach]
                copied = copied.reshape(*copied.shape[:2], inputs * kw, -1)  # the copy
                yield (
                    images, part, slice(top * ow, (top + rows) * ow),
                    lambda i, c=copied, r=rows: c[..., i * dh * ow : (i * dh + r) * ow],
                )  # fmt: skip
