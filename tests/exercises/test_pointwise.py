"""Exercises on pointwise convolution: wrong answers are refused, and named."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_pointwise, check_saving


def pointwise(image, weights, bias):
    """A right answer, in loops."""
    image, weights, bias = map(np.asarray, (image, weights, bias))
    out = np.zeros((len(weights), *image.shape[1:]))
    for o, r, c in np.ndindex(*out.shape):
        out[o, r, c] = bias[o] + sum(weights[o, k] * image[k, r, c] for k in range(len(image)))
    return out


def saving(cin, mid, cout, k):
    """A right answer: products counted for one position."""
    direct = sum(cin for _ in range(cout * k * k))
    reduced = sum(cin for _ in range(mid)) + sum(mid for _ in range(cout * k * k))
    return direct / reduced


def no_axis_moved(image, weights, bias):
    rows = image.reshape(-1, len(image)) @ weights.T + bias
    return rows.T.reshape(len(weights), *image.shape[1:])


def bias_along_columns(image, weights, bias):
    if image.shape[2] != len(bias):
        return pointwise(image, weights, bias)
    return pointwise(image, weights, 0 * bias) + bias


def right_sum_wrong_positions(*arguments):
    y = pointwise(*arguments)
    y[0, 0, 0], y[1, 1, 1] = y[0, 0, 0] + 1, y[1, 1, 1] - 1
    return y


def test_right_answers_pass():
    assert check_pointwise(pointwise)
    assert check_pointwise(lambda x, w, b: np.einsum("oc,chw->ohw", w, x) + b[:, None, None])
    assert check_saving(saving)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda *a: None, "returns nothing yet"),
        (lambda *a: 0 * pointwise(*a), "all zeros"),
        (lambda x, w, b: pointwise(x, w, 0 * b), "the bias is missing"),
        (lambda x, w, b: pointwise(x, w.reshape(w.shape[::-1]).T, b), r"read as \(C, O\)"),
        (lambda x, w, b: pointwise(x, w.T, b), "stops with IndexError"),
        (lambda *a: pointwise(*a).swapaxes(1, 2), r"should have \(2, 4, 5\): are the axes in that order"),
        (no_axis_moved, "reshape moves no axis"),
        (lambda x, w, b: (x.reshape(-1, len(x)) @ w.T).reshape(len(w), *x.shape[1:]), "reshape moves no axis"),
        (bias_along_columns, "the bias is added along the columns"),
        (lambda *a: pointwise(*a)[::-1], "the output channels run backwards"),
        (lambda *a: pointwise(*a).transpose(1, 2, 0), "the channels are the last axis"),
        (lambda x, w, b: pointwise(x, w / len(x), b), "the mean over the channels"),
        (lambda *a: np.exp(pointwise(*a)) / np.exp(pointwise(*a)).sum(0), "a softmax"),
        (lambda *a: np.maximum(pointwise(*a), 0), "a ReLU"),
        (lambda *a: np.roll(pointwise(*a), 1, axis=2), "in a wrong order|at .* it has"),
        (right_sum_wrong_positions, "the sum is right, but the values are at the wrong positions"),
    ],
)
def test_wrong_maps_are_refused_and_named(answer, hint):
    verdict = check_pointwise(answer)
    assert not verdict and re.search(hint, repr(verdict)), verdict


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda cin, mid, cout, k: cin / mid, "the 1 x 1 has to be paid"),
        (lambda cin, mid, cout, k: cin * k**2 / (cin * mid + mid * k**2), "the output channels .* are missing"),
        (lambda cin, mid, cout, k: cin * k * cout / (cin * mid + mid * k * cout), "the window is not squared"),
        (lambda *a: 1 / saving(*a), "the share of the work that remains"),
        (lambda cin, mid, cout, k: k**2 * cout / mid, "is not counted"),
        (lambda cin, mid, cout, k: k**2 * cout / (mid + k**2 * cout), "with all input channels"),
        (lambda *a: 100 * saving(*a), r"the result is \d{3}[\d.]* and should be \d\.\d+$"),
        (lambda *a: 0, "all zeros"),
    ],
)
def test_wrong_savings_are_refused_and_named(answer, hint):
    verdict = check_saving(answer)
    assert not verdict and re.search(hint, repr(verdict)), verdict
