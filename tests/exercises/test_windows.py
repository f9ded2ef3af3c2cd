"""cnnlib.exercises: a checker is only as good as the wrong answers that it refuses, and names."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.exercises import check_read_counts, check_strided_convolution, diagnose, windows
from tests.properties import share


def convolve(image, kernel, stride):
    """A right answer, in loops."""
    rows = (image.shape[0] - kernel.shape[0]) // stride + 1
    columns = (image.shape[1] - kernel.shape[1]) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            patch = image[r * stride : r * stride + kernel.shape[0], c * stride : c * stride + kernel.shape[1]]
            out[r, c] = (patch * kernel).sum()
    return out


def read_counts(size, kernel_size, stride):
    return np.array(
        [
            sum(start <= pixel < start + kernel_size for start in range(0, size - kernel_size + 1, stride))
            for pixel in range(size)
        ]
    )


def change_input(image, kernel, stride):
    out = convolve(image, kernel, stride)
    image[:] = 0
    return out


def wrong_positions(image, kernel, stride):
    """The right sum, at the wrong positions."""
    out = convolve(image, kernel, stride)
    total = out.sum()
    out[:] = np.arange(out.size).reshape(out.shape)
    out[-1, -1] += total - out.sum()
    return out


def only_stride_1(image, kernel, stride):
    return convolve(image, kernel, 1)


def raises(image, kernel, stride):
    raise IndexError("index 9 is out of bounds")


def unwritten(*arguments):
    raise NotImplementedError


def test_right_answers_pass():
    verdict = check_strided_convolution(convolve)
    assert verdict and repr(verdict).startswith("Right: every value agrees")
    verdict = check_read_counts(read_counts)
    assert verdict and repr(verdict).startswith("Right: every pixel")
    assert check_read_counts(lambda *a: read_counts(*a).tolist())  # a list will do


@pytest.mark.parametrize(
    "answer, hint",
    [
        (lambda *a: None, "returns nothing yet"),
        (lambda *a: ..., "returns nothing yet"),
        (unwritten, "still to be written"),
        (
            raises,
            "for an array of 5 x 7, an array of 3 x 2, 1, the function stops with IndexError: index 9",
        ),
        (lambda *a: "55", "should be an array of numbers, and is a str"),
        (lambda *a: "fifty-five", "should be an array of numbers, and is a str"),
        (lambda *a: np.zeros_like(convolve(*a)), "all zeros"),
        (lambda *a: convolve(*a).T, "transposed"),
        (lambda i, k, s: convolve(i.T, k.T, s), "transposed"),
        (lambda *a: convolve(*a)[::-1], "upside down"),
        (lambda *a: convolve(*a)[:, ::-1], "mirrored"),
        (lambda *a: np.roll(convolve(*a), 1, axis=0), "one row too late"),
        (lambda *a: np.roll(convolve(*a), -1, axis=1), "one column too early"),
        (
            lambda *a: np.roll(convolve(*a), (1, 1), axis=(0, 1)),
            "one row too late and one column too late",
        ),
        (lambda i, k, s: convolve(i, k[::-1, ::-1], s), "the kernel is flipped"),
        (lambda i, k, s: convolve(i[::s, ::s], k, 1), "the image is thinned out first"),
        (lambda i, k, s: convolve(i[1:, 1:], k, s), "start at row and column 1"),
        (only_stride_1, "for an array of 8 x 11, an array of 3 x 4, 2, the stride is not used"),
        (lambda *a: convolve(*a)[:-1, :-1], "the last window is missing"),
        (lambda *a: convolve(*a)[:-1], "off by one"),
        (lambda *a: convolve(*a).sum(), r"shape \(\) and should have \(3, 6\)"),
        (lambda *a: -convolve(*a), "every value is -1 times"),
        (lambda *a: convolve(*a) / 6, "every value is 0.166667 times"),
        (lambda *a: np.random.default_rng(0).permuted(convolve(*a)), "in a wrong order"),
        (wrong_positions, "the sum is right, but the values are at the wrong positions; at"),
        (lambda *a: convolve(*a) + 1, r"at \[0, 0\] it has"),
        (lambda *a: np.where(convolve(*a) > 0, np.nan, 1), "NaN or infinite"),
        (change_input, "the function changes its input"),
        (convolve(np.ones((3, 3)), np.ones((2, 2)), 1), "give the function itself"),
    ],
)
def test_wrong_convolutions_are_refused_and_named(answer, hint):
    verdict = check_strided_convolution(answer)
    assert not verdict and repr(verdict).startswith("Not yet: ")
    assert re.search(hint, verdict.sentence), verdict


@pytest.mark.parametrize(
    "answer, hint",
    [
        (lambda w, f, s: np.zeros(w), "all zeros"),
        (lambda w, f, s: np.roll(read_counts(w, f, s), 1), "one position too late"),
        (lambda w, f, s: read_counts(w, f, s)[::-1], "backwards"),
        (lambda w, f, s: read_counts(w, f, 1), "the stride is not used"),
        (lambda w, f, s: read_counts(w, f, s) > 0, "whether a pixel is read"),
        (lambda w, f, s: read_counts(w, f, s)[:-1], "off by one"),
        (lambda w, f, s: read_counts(w, f, s)[None], r"shape \(1, 7\)"),
        (lambda w, f, s: np.ones(w), "whether a pixel is read"),
        (lambda w, f, s: windows._reads(w, f, s, (w - f) // s), "the last window is missing"),
        (lambda w, f, s: windows._reads(w, f, s, (w - f) // s + 2), "hangs over the end"),
        (
            lambda w, f, s: windows._reads(w, 1, s, (w - f) // s + 1),
            "first pixels; count all",
        ),
        (lambda w, f, s: read_counts(w + 1, f, s)[:w], "for 10, 3, 2, a window hangs"),
    ],
)
def test_wrong_read_counts_are_refused_and_named(answer, hint):
    verdict = check_read_counts(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict


# Laws of diagnose --------------------------------------------------------------------------------

arrays = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32 - 1)).map(
    lambda s: np.random.default_rng(s[2]).integers(-3, 4, s[:2]).astype(float)
)


@share(2 / 3)
@given(arrays, arrays)
def test_diagnose_accepts_exactly_the_right_array(got, want):
    same = got.shape == want.shape and np.array_equal(got, want)
    assert (diagnose(got, want) is None) == same
    assert diagnose(want.copy(), want) is None
    assert diagnose(want + 1e-9, want) is None


@share(1 / 3)
@given(arrays, st.data())
def test_diagnose_refuses_one_changed_entry(want, draw):
    index = draw.draw(st.integers(0, want.size - 1))
    got = want.copy()
    got.flat[index] += 0.01
    assert diagnose(got, want) is not None


@pytest.mark.parametrize(
    "change, hint",
    [
        (np.transpose, "transposed"),
        (lambda a: a[::-1], "upside down"),
        (lambda a: a[:, ::-1], "mirrored"),
        (lambda a: a[::-1, ::-1], "half a turn"),
    ],
)
def test_a_square_array_turned_about_is_named(change, hint):
    want = np.arange(9.0).reshape(3, 3) ** 2
    assert hint in diagnose(change(want), want)


def test_a_mistake_that_is_no_mistake_here_does_not_refuse_a_right_answer():
    square = np.ones((2, 2))
    assert diagnose(square, square, {"the kernel is flipped": square}) is None
