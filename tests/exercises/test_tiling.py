"""check_tiled: right answers pass, and each usual mistake is refused and named."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_tiled


def tiled(line, kernels, choose=lambda i, period: i % period):
    """A right answer, in loops; or one whose kernels are chosen otherwise."""
    period, taps = kernels.shape
    return np.array([line[i : i + taps] @ kernels[choose(i, period)] for i in range(len(line) - taps + 1)])


def test_right_answers_pass():
    assert repr(check_tiled(tiled)).startswith("Right: every value agrees")
    assert check_tiled(lambda *a: tiled(*a).tolist())


@pytest.mark.parametrize(
    "answer, hint",
    [
        (lambda *a: None, "returns nothing yet"),
        (lambda x, k: tiled(x, k, lambda i, p: (i + k.shape[1] - 1) % p), "by the window's last pixel"),
        (lambda x, k: tiled(x, k, lambda i, p: (i + k.shape[1] // 2) % p), "by the window's (middle|last) pixel"),
        (lambda x, k: tiled(x, k, lambda i, p: min(i // p, p - 1)), "in blocks, i // P"),
        (lambda x, k: tiled(x, k, lambda i, p: i * p // (len(x) - k.shape[1] + 1)), "block of the line"),
        (lambda x, k: tiled(x, k, lambda i, p: (i + 1) % p), "(start with the second kernel|middle pixel)"),
        (lambda x, k: tiled(x, k[::-1]), "start with the second kernel|chosen by"),  # of two; else the next
        (lambda x, k: tiled(x, k, lambda i, p: -i % p), "turns run backwards"),
        (lambda x, k: tiled(x, k[:, ::-1]), "kernels are flipped"),
        (lambda x, k: tiled(x, k.mean(0, keepdims=True)), "the mean of all"),
        (lambda x, k: tiled(x, k[:1]), "first kernel is used everywhere"),
        (lambda x, k: tiled(x, k.sum(0, keepdims=True)), "sum over all kernels"),
        (lambda x, k: tiled(x, k.T), "period and the taps are exchanged"),
        (lambda x, k: tiled(x, k)[:-1], "last window is missing"),
        (lambda x, k: tiled(x, k)[:: len(k)], "move on by P"),
        (lambda x, k: np.zeros(len(x) - k.shape[1] + 1), "all zeros"),
        (lambda x, k: np.roll(tiled(x, k), 1), "one position too late"),
        (lambda x, k: tiled(x, k) + 1, "it has"),
    ],
)
def test_wrong_answers_are_refused_and_named(answer, hint):
    verdict = check_tiled(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict
