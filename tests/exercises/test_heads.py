"""The checker of chapter 16 refuses what is wrong, and names it."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_class_scores


def scores(features, weights, bias):
    """A right answer, in loops."""
    found = np.zeros(len(weights))
    for k, (weight, b) in enumerate(zip(weights, bias, strict=True)):
        for row in range(features.shape[1]):
            for column in range(features.shape[2]):
                found[k] += max(0.0, weight @ features[:, row, column] + b)
    return found / features[0].size


def each(features, weights, bias):
    return np.einsum("kc,chw->khw", weights, features) + np.reshape(bias, (-1, 1, 1))


def softmax(values):
    shares = np.exp(values - values.max())
    return shares / shares.sum()


def test_a_right_answer_passes():
    assert repr(check_class_scores(scores)).startswith("Right: every score agrees with a 1 x 1 convolution")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda f, w, b: each(f, w, b).mean(axis=(1, 2)), "ReLU is missing"),
        (lambda f, w, b: w @ f.mean(axis=(1, 2)) + b, "ReLU is missing"),
        (lambda f, w, b: np.maximum(0, w @ f.mean(axis=(1, 2)) + b), "after the mean"),
        (lambda f, w, b: np.maximum(0, each(f, w, b)).max(axis=(1, 2)), "largest response"),
        (lambda f, w, b: scores(f, w, b) * f[0].size, "divide by how many"),
        (lambda f, w, b: scores(f, w, 0 * b), "bias is left out"),
        (lambda f, w, b: scores(f, w, 0 * b) + b, "added once"),
        (lambda f, w, b: softmax(scores(f, w, b)), "probabilities"),
        (lambda f, w, b: scores(f, w, b)[::-1], ""),
        (lambda f, w, b: scores(f.swapaxes(1, 2), w, b)[:-1], "shape"),
    ],
)
def test_wrong_answers_are_refused_and_named(answer, hint):
    verdict = check_class_scores(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict
