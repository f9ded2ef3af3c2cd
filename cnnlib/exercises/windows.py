"""Checkers for the exercises on windows that move: stride, and who reads what."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.exercises.verdict import check

__all__ = ["check_read_counts", "check_strided_convolution"]


def check_strided_convolution(function):
    """Check ``function(image, kernel, stride)``: 2-D, no padding, no flip (chapter 6)."""
    rng = np.random.default_rng(6)
    cases = []
    for size, taps, stride in (((5, 7), (3, 2), 1), ((8, 11), (3, 4), 2), ((9, 12), (2, 3), 4)):
        image = rng.integers(-9, 10, size).astype(float)
        cases.append((image, rng.integers(-9, 10, taps).astype(float), stride))
    return check(function, cases, _strided, praise="every value agrees with cnnlib.ops.conv2d, at strides 1, 2 and 4.")


def _strided(image, kernel, stride):
    def conv(image, kernel, stride):
        return ops.conv2d(image[None, None], kernel[None, None], stride=stride)[0, 0]

    want = conv(image, kernel, stride)
    return want, {
        "the kernel is flipped, as mathematicians do it and frameworks do not": conv(image, kernel[::-1, ::-1], stride),
        "the stride is not used: every window is there": conv(image, kernel, 1),
        "the image is thinned out first; only windows move in steps, and the pixels under each are neighbours": conv(
            image[::stride, ::stride], kernel, 1
        ),
        "the windows start at row and column 1 instead of 0": conv(image[1:, 1:], kernel, stride),
        "the last window is missing: the count is floor((size - kernel) / stride) + 1": want[:-1, :-1],
    }


def check_read_counts(function):
    """Check ``function(size, kernel_size, stride)``: windows that read each pixel (chapter 6)."""
    cases = [(7, 3, 2), (10, 3, 2), (23, 11, 4), (9, 2, 3)]
    return check(
        function, cases, _read_counts, praise="every pixel of every case is counted rightly, the unread ones too."
    )


def _read_counts(size, kernel_size, stride):
    windows = geometry.conv_output_size(size, kernel_size, stride=stride)
    want = _reads(size, kernel_size, stride, windows)
    return want, {
        "the stride is not used: windows start at every pixel": _reads(size, kernel_size, 1, size - kernel_size + 1),
        "the last window is missing: count the first position too": _reads(size, kernel_size, stride, windows - 1),
        "a window hangs over the end: none may start beyond size - kernel_size": _reads(
            size, kernel_size, stride, windows + 1
        ),
        "these are the windows' first pixels; count all that a window covers": _reads(size, 1, stride, windows),
        "this says whether a pixel is read, not by how many windows": want > 0,
    }


def _reads(size, kernel_size, stride, windows):
    counts = np.zeros(size)
    for window in range(windows):
        counts[window * stride : window * stride + kernel_size] += 1
    return counts
