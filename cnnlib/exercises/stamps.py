"""Checkers for the exercise in which every pixel stamps a kernel: transposed convolution."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.exercises.verdict import check

__all__ = ["check_stamp"]


def check_stamp(function):
    """Check ``function(image, kernel, stride)``: 2-D, no padding, no flip (chapter 10)."""
    rng = np.random.default_rng(10)
    cases = []
    for size, taps, stride in (((2, 3), (3, 2), 1), ((3, 4), (3, 5), 2), ((4, 2), (2, 1), 3)):
        image = rng.integers(1, 10, size).astype(float) * rng.choice([-1.0, 1.0], size)
        cases.append((image, rng.integers(1, 10, taps) * rng.choice([-1.0, 1.0], taps), stride))
    return check(
        function, cases, _stamped, praise="every value agrees with cnnlib.ops.conv_transpose2d, at strides 1, 2 and 3."
    )


def _stamped(image, kernel, stride):
    def stamp(image, kernel, stride):
        return ops.conv_transpose2d(image[None, None], kernel[None, None], stride=stride)[0, 0]

    want = stamp(image, kernel, stride)
    mistakes = {
        "the kernel is flipped: its first entry belongs to the stamp's first row and column": stamp(
            image, kernel[::-1, ::-1], stride
        ),
        "later stamps overwrite earlier ones: where they overlap, they add up": _overwritten(image, kernel, stride),
        "the stride is not used: the stamps start at every pixel": stamp(image, kernel, 1),
        "the stamps start at row and column 1 instead of 0": np.pad(want, ((1, 0), (1, 0)))[:-1, :-1],
        "overlaps are divided by how many stamps there are: they add up": want
        / np.maximum(stamp(np.ones_like(image), np.ones_like(kernel), stride), 1),
        "the size is n times the stride: it is (n - 1) * stride + kernel": _sized(
            want, tuple(n * stride for n in image.shape)
        ),
    }
    if all(n >= k for n, k in zip(image.shape, kernel.shape, strict=True)):
        smaller = ops.conv2d(image[None, None], kernel[None, None], stride=stride)[0, 0]
        mistakes["this is the convolution: here every pixel writes a kernel into a larger array"] = smaller
    return want, mistakes


def _overwritten(image, kernel, stride):
    """The last stamp that reaches a pixel, alone."""
    out = np.zeros([geometry.conv_transpose_output_size(n, k, stride=stride)
                    for n, k in zip(image.shape, kernel.shape, strict=True)])  # fmt: skip
    for row, column in np.ndindex(image.shape):
        rows, columns = (slice(at * stride, at * stride + k) for at, k in zip((row, column), kernel.shape, strict=True))
        out[rows, columns] = image[row, column] * kernel
    return out


def _sized(array, size):
    """Cut, or continued with zeros, to another size."""
    out = np.zeros(size)
    rows, columns = (min(pair) for pair in zip(array.shape, size, strict=True))
    out[:rows, :columns] = array[:rows, :columns]
    return out
