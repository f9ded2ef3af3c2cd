"""Reading between the pixels, in loops: sampling, rounded sampling, deformable convolution."""

from math import floor

import numpy as np

from .products import each, shared


def _corners(row, column, size):
    """The pixels around a point that exist: ``(i, j), share, slope by row, slope by column``."""
    for i in (floor(row), floor(row) + 1):
        for j in (floor(column), floor(column) + 1):
            if 0 <= i < size[0] and 0 <= j < size[1]:
                down, right = 1 - abs(row - i), 1 - abs(column - j)
                yield (i, j), down * right, (1 if i > row else -1) * right, (1 if j > column else -1) * down


def bilinear_sample(x, points):
    y = np.zeros((*x.shape[:2], points.shape[1]), x.dtype)
    for n, c, p in each(*y.shape):
        for at, share, *_ in _corners(*points[n, p].tolist(), x.shape[2:]):
            y[n, c, p] += share * x[n, c, *at]
    return y


def bilinear_sample_backward(dy, x, points):
    dx, dpoints = np.zeros_like(x), np.zeros_like(points)
    for n, c, p in each(*dy.shape):
        for at, share, by_row, by_column in _corners(*points[n, p].tolist(), x.shape[2:]):
            dx[n, c, *at] += share * dy[n, c, p]
            dpoints[n, p, 0] += by_row * x[n, c, *at] * dy[n, c, p]
            dpoints[n, p, 1] += by_column * x[n, c, *at] * dy[n, c, p]
    return dx, dpoints


def _rounded(x, points):
    size = *x.shape[:2], points.shape[1]
    terms = (
        ((n, c, p), (n, c, row, column), 1)
        for n, c, p in each(*size)
        if 0 <= (row := round(points[n, p, 0].item())) < x.shape[2]
        and 0 <= (column := round(points[n, p, 1].item())) < x.shape[3]
    )
    return size, terms


_rounded_sample, _rounded_sample_backward = shared(_rounded)


def rounded_sample(x, points):
    return _rounded_sample(x, points=points)


def rounded_sample_backward(dy, x, points):
    return _rounded_sample_backward(dy, x, points=points), np.zeros_like(points)


def _reads(x, offset, w, padding):
    """Each product of a deformable convolution, with the indices of all that takes part in it."""
    (o, read, kh, kw), (n, _, rows, columns) = w.shape, offset.shape
    groups, moved = x.shape[1] // read, x.shape[1] * 2 * kh * kw // offset.shape[1]  # channels that move together
    for a, k, i, j, b, p, q in each(n, o, rows, columns, read, kh, kw):
        c = k * groups // o * read + b
        tap = (c // moved) * kh * kw + p * kw + q
        down, right = offset[a, 2 * tap, i, j].item(), offset[a, 2 * tap + 1, i, j].item()
        for at, *shares in _corners(i + p - padding + down, j + q - padding + right, x.shape[2:]):
            yield (a, k, i, j), (a, c, *at), (k, b, p, q), (a, tap, i, j), (a, 2 * tap, i, j), shares


def sampling_points(offset, *, kernel_size, padding):
    n, channels, rows, columns = offset.shape
    y = np.zeros((n, channels // 2, rows, columns, 2), offset.dtype)
    for a, tap, i, j in each(*y.shape[:4]):
        row, column = divmod(tap, kernel_size)
        y[a, tap, i, j] = (
            i - padding + row + offset[a, 2 * tap, i, j],
            j - padding + column + offset[a, 2 * tap + 1, i, j],
        )
    return y


def deform_conv2d(x, offset, w, *, mask, padding):
    y = np.zeros((len(x), len(w), *offset.shape[2:]), x.dtype)
    for out, read, weight, tap, _, (share, *_) in _reads(x, offset, w, padding):
        y[out] += w[weight] * mask[tap] * share * x[read]
    return y


def deform_conv2d_backward(dy, x, offset, w, *, mask, padding):
    dx, doffset, dw, dmask = (np.zeros_like(array) for array in (x, offset, w, mask))
    for out, read, weight, tap, down, (share, by_row, by_column) in _reads(x, offset, w, padding):
        right = down[0], down[1] + 1, *down[2:]
        dx[read] += dy[out] * w[weight] * mask[tap] * share
        dw[weight] += dy[out] * mask[tap] * share * x[read]
        dmask[tap] += dy[out] * w[weight] * share * x[read]
        doffset[down] += dy[out] * w[weight] * mask[tap] * by_row * x[read]
        doffset[right] += dy[out] * w[weight] * mask[tap] * by_column * x[read]
    return dx, doffset, dw, None, dmask
