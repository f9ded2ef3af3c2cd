"""The checkers on layers that move and turn with their image: right answers pass, wrong ones are named."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_circular_convolution, check_turned_filters


def circular(image, kernel):
    """A right answer, in loops."""
    out = np.zeros_like(image)
    for r, c in np.ndindex(image.shape):
        for i, j in np.ndindex(kernel.shape):
            row, column = r + i - kernel.shape[0] // 2, c + j - kernel.shape[1] // 2
            out[r, c] += kernel[i, j] * image[row % image.shape[0], column % image.shape[1]]
    return out


def valid(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def turned(image, kernel):
    return np.max([valid(image, np.rot90(kernel, turns)) for turns in range(4)], axis=0)


def padded(image, kernel, mode):
    return valid(np.pad(image, [(n // 2, n // 2) for n in kernel.shape], mode=mode), kernel)


def wrong_positions(right):
    """The right sum, at the wrong positions."""

    def answer(image, kernel):
        out = right(image, kernel)
        total = out.sum()
        out[:] = np.arange(out.size).reshape(out.shape)
        out[-1, -1] += total - out.sum()
        return out

    return answer


def test_right_answers_pass():
    verdict = check_circular_convolution(circular)
    assert verdict and repr(verdict).startswith("Right: every window wraps around")
    assert check_circular_convolution(lambda image, kernel: padded(image, kernel, "wrap"))
    verdict = check_turned_filters(turned)
    assert verdict and repr(verdict).startswith("Right: turn the image")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda i, k: circular(i, k).T, "transposed"),
        (lambda i, k: np.zeros_like(i), "all zeros"),
        (lambda i, k: circular(i, k[::-1, ::-1]), "the kernel is flipped"),
        (lambda i, k: padded(i, k, "constant"), "zeros surround the image"),
        (lambda i, k: padded(i, k, "edge"), "the nearest pixel is repeated"),
        (lambda i, k: np.roll(circular(i, k), (-1, -1), (0, 1)), "the windows begin at their pixel"),
        (lambda i, k: np.roll(circular(i, k), 1, axis=1), "one column too late"),
        (valid, "only the windows that fit"),
        (wrong_positions(circular), "the sum is right, but the values are at the wrong positions"),
        (lambda i, k: circular(i, k)[:, ::-1], "mirrored"),
    ],
)
def test_wrong_circular_convolutions_are_refused_and_named(answer, hint):
    verdict = check_circular_convolution(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (valid, "only the kernel as it stands"),
        (lambda i, k: turned(i, k).T, "transposed"),
        (lambda i, k: np.zeros_like(turned(i, k)), "all zeros"),
        (lambda i, k: np.roll(turned(i, k), 1, axis=0), "one row too late"),
        (lambda i, k: np.maximum(valid(i, k), valid(i, np.rot90(k))), "one quarter turn"),
        (lambda i, k: np.maximum(valid(i, k), valid(i, np.rot90(k, 2))), "its half turn"),
        (
            lambda i, k: np.max([valid(i, m) for m in (k, k[::-1], k[:, ::-1], k[::-1, ::-1])], axis=0),
            "a mirror image is no turn",
        ),
        (lambda i, k: sum(valid(i, np.rot90(k, t)) for t in range(4)), "are added"),
        (lambda i, k: sum(valid(i, np.rot90(k, t)) for t in range(4)) / 4, "the mean of the four"),
        (lambda i, k: np.max([np.abs(valid(i, np.rot90(k, t))) for t in range(4)], axis=0), "largest magnitude"),
        (lambda i, k: np.argmax([valid(i, np.rot90(k, t)) for t in range(4)], axis=0), "the number of the largest"),
        (wrong_positions(turned), "the sum is right, but the values are at the wrong positions"),
    ],
)
def test_wrong_turned_filters_are_refused_and_named(answer, hint):
    verdict = check_turned_filters(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict
