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
    places = (size[0] + 2 * padding - kernel_size + 1) * (size[1] + 2 * padding - kernel_size + 1)
    entries = _entries(n, c, size, kernel_size, padding)
    return (n, c * kernel_size**2, places), ((column, pixel, 1) for column, pixel in entries)


def _fold(x, output_size, kernel_size, padding):
    n, c = len(x), x.shape[1] // kernel_size**2
    entries = _entries(n, c, output_size, kernel_size, padding)
    return (n, c, *output_size), ((pixel, column, 1) for column, pixel in entries)


unfold, unfold_backward = shared(_unfold)
fold, fold_backward = shared(_fold)


def _moments(x, c):
    """Mean and 1 / sqrt(variance + eps) of a channel, and where its values are."""
    places = [(n, c, i, j) for n, i, j in each(len(x), *x.shape[2:])]
    mean = sum(float(x[place]) for place in places) / len(places)
    variance = sum((float(x[place]) - mean) ** 2 for place in places) / len(places)
    return mean, (variance + 1e-5) ** -0.5, places


def batch_norm(x, w, b):
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        mean, scale, places = _moments(x, c)
        for place in places:
            y[place] = w[c] * (x[place] - mean) * scale + b[c]
    return y


def batch_norm_backward(dy, x, w, b):
    dx, dw, db = (np.zeros_like(a) for a in (x, w, b))
    for c in range(x.shape[1]):
        mean, scale, places = _moments(x, c)
        for place in places:
            db[c] += dy[place]
            dw[c] += dy[place] * (x[place] - mean) * scale
        for place in places:
            z = (x[place] - mean) * scale
            dx[place] = w[c] * scale * (dy[place] - (db[c] + z * dw[c]) / len(places))
    return dx, dw, db
