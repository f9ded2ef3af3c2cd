"""check_stamp: a checker is only as good as the wrong answers that it refuses, and names."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_stamp


def stamp(image, kernel, stride):
    """A right answer, value by value."""
    (n, m), (k, c) = image.shape, kernel.shape
    out = np.zeros(((n - 1) * stride + k, (m - 1) * stride + c))
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            for i in range(k):
                for j in range(c):
                    from_row, from_column = row - i, column - j
                    if from_row % stride == from_column % stride == 0:
                        at = from_row // stride, from_column // stride
                        if 0 <= at[0] < n and 0 <= at[1] < m:
                            out[row, column] += image[at] * kernel[i, j]
    return out


def overwriting(image, kernel, stride):
    out = np.zeros_like(stamp(image, kernel, stride))
    for (row, column), value in np.ndenumerate(image):
        top, left = row * stride, column * stride
        out[top : top + kernel.shape[0], left : left + kernel.shape[1]] = value * kernel
    return out


def times_the_stride(image, kernel, stride):
    """The stamps that still fit into n * s pixels, cut at its end."""
    out = np.zeros((image.shape[0] * stride, image.shape[1] * stride))
    for (row, column), value in np.ndenumerate(image):
        for (i, j), weight in np.ndenumerate(kernel):
            if row * stride + i < out.shape[0] and column * stride + j < out.shape[1]:
                out[row * stride + i, column * stride + j] += value * weight
    return out


def from_one(image, kernel, stride):
    out = np.zeros_like(stamp(image, kernel, stride))
    out[1:, 1:] = stamp(image, kernel, stride)[:-1, :-1]
    return out


def normalised(image, kernel, stride):
    counts = stamp(np.ones_like(image), np.ones_like(kernel), stride)
    return stamp(image, kernel, stride) / np.where(counts == 0, 1, counts)


def convolution(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, 9), kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum((2, 3))


def test_a_right_answer_passes():
    verdict = check_stamp(stamp)
    assert verdict and repr(verdict).startswith("Right: every value agrees")
    assert stamp(np.array([[1.0, 2], [3, 4]]), np.arange(1.0, 10).reshape(3, 3), 2)[0].tolist() == [1, 2, 5, 4, 6]


@pytest.mark.parametrize(
    "answer, hint",
    [
        (lambda i, k, s: stamp(i, k[::-1, ::-1], s), "the kernel is flipped"),
        (overwriting, "later stamps overwrite earlier ones"),
        (times_the_stride, "the size is n times the stride|should have"),
        (lambda i, k, s: stamp(i, k, 1), "for an array of 3 x 4, an array of 3 x 5, 2, the stride is not used"),
        (lambda *a: stamp(*a).T, "transposed"),
        (lambda i, k, s: stamp(i.T, k.T, s), "transposed"),
        (convolution, r"shape \(\d+, \d+\) and should have"),
        (from_one, "start at row and column 1"),
        (normalised, "they add up"),
        (lambda *a: np.zeros_like(stamp(*a)), "all zeros"),
        (lambda *a: None, "returns nothing yet"),
    ],
)
def test_wrong_answers_are_refused_and_named(answer, hint):
    verdict = check_stamp(answer)
    assert not verdict and repr(verdict).startswith("Not yet: ")
    assert re.search(hint, verdict.sentence), verdict


def test_n_times_the_stride_and_the_plain_convolution_are_named_where_they_first_differ():
    """A function that is right at stride 1 by luck of its size is found at the next case."""
    for answer, hint in ((times_the_stride, "the size is n times the stride"), (valid, "this is the convolution")):
        rng = np.random.default_rng(0)
        from cnnlib.exercises.stamps import _stamped

        arguments = rng.standard_normal((4, 5)), rng.standard_normal((3, 4)), 2
        _, mistakes = _stamped(*arguments)
        found = [text for text, wrong in mistakes.items() if wrong.shape == answer(*arguments).shape
                 and np.allclose(wrong, answer(*arguments))]  # fmt: skip
        assert len(found) == 1 and found[0].startswith(hint)


def valid(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum((2, 3))
