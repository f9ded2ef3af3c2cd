"""Operations without weights, in loops: pooling, blurring, rectifying, resizing."""

from itertools import product
from math import ceil, floor

from .products import each, shared


def _max_pool2d(x, kernel_size):
    n, c, height, width = x.shape
    size, k = (n, c, height // kernel_size, width // kernel_size), kernel_size
    best = (
        ((a, b, i, j), max(((a, b, i * k + p, j * k + q) for p, q in each(k, k)), key=lambda at: x[at]), 1)
        for a, b, i, j in each(*size)
    )
    return size, best


def _avg_pool2d(x, kernel_size):
    n, c, height, width = x.shape
    size, k = (n, c, height // kernel_size, width // kernel_size), kernel_size
    return size, (((a, b, i, j), (a, b, i * k + p, j * k + q), 1 / k**2) for a, b, i, j, p, q in each(*size, k, k))


def _global_max_pool2d(x):
    (n, c), size = x.shape[:2], x.shape[2:]
    return (n, c), (((a, b), max(((a, b, *at) for at in each(*size)), key=lambda at: x[at]), 1) for a, b in each(n, c))


def _global_avg_pool2d(x):
    n, c, height, width = x.shape
    return (n, c), ((at[:2], at, 1 / (height * width)) for at in each(*x.shape))


def _blur_pool2d(x):
    n, c, height, width = x.shape
    size, taps = (n, c, ceil(height / 2), ceil(width / 2)), (0.25, 0.5, 0.25)

    def inside(at, length):  # reflected at the first and at the last pixel
        return length - 1 - abs(length - 1 - abs(at))

    return size, (
        ((a, b, i, j), (a, b, inside(2 * i + p - 1, height), inside(2 * j + q - 1, width)), taps[p] * taps[q])
        for a, b, i, j, p, q in each(*size, 3, 3)
    )


def _relu(x):
    return x.shape, ((at, at, 1) for at in each(*x.shape) if x[at] > 0)


def _resize_nearest2d(x, scale_factor):
    n, c, height, width = x.shape
    size = n, c, height * scale_factor, width * scale_factor
    return size, (((a, b, i, j), (a, b, i // scale_factor, j // scale_factor), 1) for a, b, i, j in each(*size))


def _resize_bilinear2d(x, scale_factor):
    n, c, height, width = x.shape
    size = n, c, height * scale_factor, width * scale_factor

    def near(at, length):  # the two pixels beside a point, and their shares
        at = min(max((at + 0.5) / scale_factor - 0.5, 0), length - 1)
        first = floor(at)
        return (first, 1 - at + first), (min(first + 1, length - 1), at - first)

    return size, (
        ((a, b, i, j), (a, b, row, column), down * right)
        for a, b, i, j in each(*size)
        for (row, down), (column, right) in product(near(i, height), near(j, width))
    )


max_pool2d, max_pool2d_backward = shared(_max_pool2d)
avg_pool2d, avg_pool2d_backward = shared(_avg_pool2d)
global_max_pool2d, global_max_pool2d_backward = shared(_global_max_pool2d)
global_avg_pool2d, global_avg_pool2d_backward = shared(_global_avg_pool2d)
blur_pool2d, blur_pool2d_backward = shared(_blur_pool2d)
relu, relu_backward = shared(_relu)
resize_nearest2d, resize_nearest2d_backward = shared(_resize_nearest2d)
resize_bilinear2d, resize_bilinear2d_backward = shared(_resize_bilinear2d)
