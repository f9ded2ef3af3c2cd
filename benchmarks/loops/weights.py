"""Operations with weights, in loops: convolutions of all kinds, and the dense layer."""

from .fixed import resize_nearest2d, resize_nearest2d_backward
from .products import each, weighted


def _conv2d(x, w, stride=1, padding=0, groups=1):
    (n, _, height, width), (o, c, kh, kw) = x.shape, w.shape
    size = (n, o, (height + 2 * padding - kh) // stride + 1, (width + 2 * padding - kw) // stride + 1)
    terms = (
        ((a, k, i, j), (a, k * groups // o * c + b, row, column), (k, b, p, q))
        for a, k, i, j, b, p, q in each(*size, c, kh, kw)
        if 0 <= (row := i * stride + p - padding) < height and 0 <= (column := j * stride + q - padding) < width
    )
    return size, terms


def _conv1d(x, w, padding=0):
    (n, c, length), (o, _, taps) = x.shape, w.shape
    size = n, o, length + 2 * padding - taps + 1
    terms = (
        ((a, k, i), (a, b, i + p - padding), (k, b, p))
        for a, k, i, b, p in each(*size, c, taps)
        if 0 <= i + p - padding < length
    )
    return size, terms


def _conv_transpose2d(x, w, stride=1, padding=0):
    (n, c, height, width), (_, o, kh, kw) = x.shape, w.shape
    rows, columns = (height - 1) * stride - 2 * padding + kh, (width - 1) * stride - 2 * padding + kw
    terms = (
        ((a, k, row, column), (a, b, i, j), (b, k, p, q))
        for a, b, i, j, k, p, q in each(n, c, height, width, o, kh, kw)
        if 0 <= (row := i * stride + p - padding) < rows and 0 <= (column := j * stride + q - padding) < columns
    )
    return (n, o, rows, columns), terms


def _local_conv2d(x, w, padding=0):
    (n, _, height, width), (o, c, kh, kw, rows, columns) = x.shape, w.shape
    terms = (
        ((a, k, i, j), (a, b, row, column), (k, b, p, q, i, j))
        for a, k, i, j, b, p, q in each(n, o, rows, columns, c, kh, kw)
        if 0 <= (row := i + p - padding) < height and 0 <= (column := j + q - padding) < width
    )
    return (n, o, rows, columns), terms


def _tiled_conv2d(x, w, padding=0):
    (n, _, height, width), (o, c, kh, kw, th, tw) = x.shape, w.shape
    rows, columns = height + 2 * padding - kh + 1, width + 2 * padding - kw + 1
    terms = (
        ((a, k, i, j), (a, b, row, column), (k, b, p, q, i % th, j % tw))
        for a, k, i, j, b, p, q in each(n, o, rows, columns, c, kh, kw)
        if 0 <= (row := i + p - padding) < height and 0 <= (column := j + q - padding) < width
    )
    return (n, o, rows, columns), terms


def _linear(x, w):
    (n, c), o = x.shape, len(w)
    return (n, o), (((a, k), (a, b), (k, b)) for a, k, b in each(n, o, c))


conv2d, conv2d_backward = weighted(_conv2d)
conv1d, conv1d_backward = weighted(_conv1d)
conv_transpose2d, conv_transpose2d_backward = weighted(_conv_transpose2d)
local_conv2d, local_conv2d_backward = weighted(_local_conv2d)
tiled_conv2d, tiled_conv2d_backward = weighted(_tiled_conv2d)
linear, linear_backward = weighted(_linear)


def depthwise_separable_conv2d(x, depthwise, pointwise, padding=0):
    return conv2d(conv2d(x, depthwise, padding=padding, groups=x.shape[1]), pointwise)


def depthwise_separable_conv2d_backward(dy, x, depthwise, pointwise, padding=0):
    options = dict(padding=padding, groups=x.shape[1])
    dmiddle, dpointwise = conv2d_backward(dy, conv2d(x, depthwise, **options), pointwise)
    return *conv2d_backward(dmiddle, x, depthwise, **options), dpointwise


def upsample2x(x, w, kind):
    """Of the kinds, the one that is made of two others here."""
    assert kind == "nearest + conv"
    return conv2d(resize_nearest2d(x, scale_factor=2), w, padding=w.shape[2] // 2)


def upsample2x_backward(dy, x, w, kind):
    assert kind == "nearest + conv"
    dlarge, dw = conv2d_backward(dy, resize_nearest2d(x, scale_factor=2), w, padding=w.shape[2] // 2)
    return resize_nearest2d_backward(dlarge, x, scale_factor=2), dw


def _along(axis):
    """One filter for all channels, along the rows or the columns."""

    def products(x, w, padding):
        size = list(x.shape)
        size[axis] += 2 * padding - len(w) + 1
        terms = (
            (tuple(out), (*out[:axis], read, *out[axis + 1 :]), k)
            for *out, k in each(*size, len(w))
            if 0 <= (read := out[axis] + k - padding) < x.shape[axis]
        )
        return size, terms

    return weighted(products)


_down, _down_backward = _along(2)
_right, _right_backward = _along(3)


def separable_conv2d(x, vertical, horizontal, padding):
    return _right(_down(x, vertical, padding=padding), horizontal, padding=padding)


def separable_conv2d_backward(dy, x, vertical, horizontal, padding):
    dmiddle, dhorizontal = _right_backward(dy, _down(x, vertical, padding=padding), horizontal, padding=padding)
    return *_down_backward(dmiddle, x, vertical, padding=padding), dhorizontal
