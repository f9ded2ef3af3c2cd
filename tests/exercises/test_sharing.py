"""The exercises on shared weights: the right answers pass, and wrong ones are refused by name."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_shared_gradient, check_shared_matrix


def matrix(weights, size, stride):
    """A right answer, entry by entry."""
    rows = (size - len(weights)) // stride + 1
    out = np.zeros((rows, size))
    for row in range(rows):
        for tap, weight in enumerate(weights):
            out[row, row * stride + tap] = weight
    return out


def gradient(dy, x):
    return np.array([sum(dy[i] * x[i + t] for i in range(len(dy))) for t in range(len(x) - len(dy) + 1)])


def unwritten(*arguments):
    raise NotImplementedError


def right_sum_wrong_positions(answer):
    def wrong(*arguments):
        out = answer(*arguments)
        total = out.sum()
        out = np.arange(out.size, dtype=float).reshape(out.shape)
        out.flat[-1] += total - out.sum()
        return out

    return wrong


def change_input(weights, size, stride):
    out = matrix(weights, size, stride)
    weights[:] = 0
    return out


def own_weights(weights, size, stride):
    out = matrix(weights, size, stride)
    for row in out:
        row[row != 0] *= 1 + np.flatnonzero(row)[0]
    return out


def circular(weights, size, stride):
    line = np.pad(weights, (0, size - len(weights)))
    return np.stack([np.roll(line, row * stride) for row in range(size // stride)])


def test_right_answers_pass():
    assert check_shared_matrix(matrix)
    assert check_shared_gradient(gradient)
    assert check_shared_gradient(lambda dy, x: np.correlate(x, dy, "valid"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (unwritten, "still to be written"),
        (lambda w, n, s: None, "returns nothing yet"),
        (lambda w, n, s: matrix(w, n, s).T, "transposed: rows and columns are exchanged"),
        (lambda w, n, s: matrix(w[::-1], n, s), "the weights run backwards along the row"),
        (lambda w, n, s: np.zeros_like(matrix(w, n, s)), "all zeros"),
        (lambda w, n, s: np.roll(matrix(w, n, s), 1, axis=1), "the right values are at the wrong positions"),
        (lambda w, n, s: np.roll(matrix(w, n, s), 1, axis=0), "the right values are at the wrong positions"),
        (lambda w, n, s: matrix(w, n, 1), "the stride is not used"),
        (lambda w, n, s: matrix(w, n, 1)[: len(matrix(w, n, s))], "it must be `stride` columns"),
        (lambda w, n, s: matrix(w, n, s)[:-1], "the last row is missing"),
        (circular, "comes back at the start"),
        (lambda w, n, s: np.repeat(matrix(w, n, s)[:1], len(matrix(w, n, s)), axis=0), "the window must move"),
        (own_weights, "the weights are not the same in every row"),
        (right_sum_wrong_positions(matrix), "the sum is right"),
        (lambda w, n, s: 2 * matrix(w, n, s), "every value is 2 times"),
        (change_input, "changes its input"),
        (lambda w, n, s: matrix(w, n + 1, s), "has shape"),
    ],
)
def test_wrong_matrices_are_refused(answer, words):
    verdict = check_shared_matrix(answer)
    assert not verdict
    assert re.search(words, verdict.sentence), verdict.sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (unwritten, "still to be written"),
        (lambda dy, x: gradient(dy, x)[::-1], "runs backwards"),
        (lambda dy, x: np.roll(gradient(dy, x), 1), "one position too late"),
        (lambda dy, x: np.zeros(len(x) - len(dy) + 1), "all zeros"),
        (lambda dy, x: gradient(dy, x) / len(dy), "this is the mean over the positions"),
        (lambda dy, x: dy[0] * x[: len(x) - len(dy) + 1], "the first position's share alone"),
        (lambda dy, x: dy[-1] * x[len(dy) - 1 :], "the last position's share alone"),
        (lambda dy, x: gradient(np.ones_like(dy), x), "leaves out dy"),
        (lambda dy, x: gradient(dy[::-1], x), "in the wrong order"),
        (
            lambda dy, x: dy[:, None] * np.lib.stride_tricks.sliding_window_view(x, len(x) - len(dy) + 1),
            "not yet summed",
        ),
        (lambda dy, x: np.convolve(dy, np.ones(len(x) - len(dy) + 1)), "the gradient of x, not of the weights"),
        (right_sum_wrong_positions(gradient), "the sum is right"),
        (lambda dy, x: gradient(dy, x)[:-1], "has shape"),
    ],
)
def test_wrong_gradients_are_refused(answer, words):
    verdict = check_shared_gradient(answer)
    assert not verdict
    assert words in verdict.sentence
