"""Windows as columns, columns as an image, and the statistics of a channel, in loops."""

import numpy as np

from .products import each, shared


def _entries(n, c, size, kernel, padding):
    """For each pixel that a window reads: where it stands among the columns, and where in the image."""
    rows, columns = size[0] + 2 * padding - kernel + 1, size[1] + 2 * padding - kernel + 1
    for a, b, p, q, i, j in each(n, c, kernel, kernel, rows, columns):
        row, column = i + p - padding, j + q - padding
        if 0 <= row < size[0] and 0 <= column < size[1]:
            yield (a, (b * kernel + p) * kernel + q, i * columns + j), (a, b, row, column)


def _unfold(x, kernel_size, padding):
    n, c, *size = x.shape
    positions = (size[0] + 2 * padding - kernel_size + 1) * (size[1] + 2 * padding - kernel_size + 1)
    entries = _entries(n, c, size, kernel_size, padding)
    return (n, c * kernel_size**2, positions), ((column, pixel, 1) for column, pixel in entries)


def _fold(x, output_size, kernel_size, padding):
    n, c = len(x), x.shape[1] // kernel_size**2
    entries = _entries(n, c, output_size, kernel_size, padding)
    return (n, c, *output_size), ((pixel, column, 1) for column, pixel in entries)


unfold, unfold_backward = shared(_unfold)
fold, fold_backward = shared(_fold)


def _moments(x, c):
    """Mean and 1 / sqrt(variance + eps) of a channel, and where its values are."""
    indices = [(n, c, i, j) for n, i, j in each(len(x), *x.shape[2:])]
    mean = sum(float(x[index]) for index in indices) / len(indices)
    variance = sum((float(x[index]) - mean) ** 2 for index in indices) / len(indices)
    return mean, (variance + 1e-5) ** -0.5, indices


def batch_norm(x, w, b):
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        mean, scale, indices = _moments(x, c)
        for index in indices:
            y[index] = w[c] * (x[index] - mean) * scale + b[c]
    return y


def batch_norm_backward(dy, x, w, b):
    dx, dw, db = (np.zeros_like(a) for a in (x, w, b))
    for c in range(x.shape[1]):
        mean, scale, indices = _moments(x, c)
        for index in indices:
            db[c] += dy[index]
            dw[c] += dy[index] * (x[index] - mean) * scale
        for index in indices:
            z = (x[index] - mean) * scale
            dx[index] = w[c] * scale * (dy[index] - (db[c] + z * dw[c]) / len(indices))
    return dx, dw, db
