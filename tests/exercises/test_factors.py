"""The checkers of chapter 11 refuse what is wrong, and name it."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_depthwise, check_rank_one


def nearest(kernel):
    """A right answer, by alternating least squares."""
    row = kernel[np.abs(kernel).sum(axis=1).argmax()].copy()
    for _ in range(20_000):
        column = kernel @ row / (row @ row)
        row = column @ kernel / (column @ column)
    return np.outer(column, row)


def mixed(image, depthwise, pointwise):
    """A right answer, in loops."""
    channels, multiplier, high, wide = depthwise.shape
    out = np.zeros((len(pointwise), image.shape[1] - high + 1, image.shape[2] - wide + 1))
    for r in range(out.shape[1]):
        for c in range(out.shape[2]):
            window = image[:, r : r + high, c : c + wide]
            middle = [(window[n] * depthwise[n, m]).sum() for n in range(channels) for m in range(multiplier)]
            out[:, r, c] = pointwise @ middle
    return out


def factors(kernel):
    left, sizes, right = np.linalg.svd(kernel, full_matrices=False)
    return left[:, 0], sizes[0], right[0]


def by_eigenvectors(kernel):
    values, vectors = np.linalg.eigh(kernel)
    first = np.abs(values).argmax()
    return values[first] * np.outer(vectors[:, first], vectors[:, first])


def unwritten(*arguments):
    raise NotImplementedError


def test_right_answers_pass():
    assert check_rank_one(nearest) and check_depthwise(mixed)
    verdict = check_rank_one(lambda kernel: np.outer(factors(kernel)[0] * factors(kernel)[1], factors(kernel)[2]))
    assert verdict and repr(verdict).startswith("Right: no kernel of rank 1 is nearer")


def from_svd(kernel, pick):
    u, s, vh = np.linalg.svd(kernel)
    return s[0] * np.outer(*pick(u, vh))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda k: k, "the kernel itself"),
        (lambda k: np.zeros_like(k), "all zeros"),
        (lambda k: nearest(k).T, "transposed"),
        (lambda k: np.outer(factors(k)[0], factors(k)[2]), "left out"),
        (lambda k: np.outer(factors(k)[0], factors(k)[2]) * factors(k)[1] ** 2, "used twice"),
        (lambda k: -nearest(k), "the sign is lost"),
        (lambda k: np.outer(k[:, 0], k[0]), "first column times the first row, which"),
        (lambda k: np.outer(k[:, 0], k[0]) / k[0, 0], "common entry"),
        (lambda k: np.outer(k.mean(axis=1), k.mean(axis=0)), "means of the rows"),
        (lambda k: np.outer(k.mean(axis=1), k.mean(axis=0)) / k.mean(), "over the mean of all"),
        (lambda k: k - nearest(k), ""),
        (by_eigenvectors, "only for symmetric kernels"),
        (lambda k: from_svd(k, lambda u, vh: (u[:, 0], vh[:, 0])), "take .0., not"),
        (lambda k: from_svd(k, lambda u, vh: (u[0], vh[0])), "take .:, 0., not"),
        (lambda k: nearest(k)[::-1], "upside down"),
    ],
)
def test_wrong_kernels_are_refused_and_named(answer, hint):
    verdict = check_rank_one(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict


def summed_first(image, depthwise, pointwise):
    return mixed(np.broadcast_to(image.sum(axis=0), image.shape), depthwise, pointwise)


def other_order(image, depthwise, pointwise):
    channels, multiplier = depthwise.shape[:2]
    columns = pointwise.reshape(-1, multiplier, channels).swapaxes(1, 2).reshape(pointwise.shape)
    return mixed(image, depthwise, columns)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (summed_first, "adds the channels up"),
        (lambda i, d, p: mixed(i, d[:, :, ::-1, ::-1], p), "flipped"),
        (lambda i, d, p: mixed(i, np.repeat(d[:1], len(d), axis=0), p), "each has its own"),
        (lambda i, d, p: mixed(i, d, np.eye(p.shape[1])), "second step is missing"),
        (lambda i, d, p: mixed(i, d, p.T) if p.shape[0] == p.shape[1] else mixed(i, d, p), "transposed: its rows"),
        (other_order, "another order"),
        (lambda *a: mixed(*a)[:, :-1], "shape"),
    ],
)
def test_wrong_layers_are_refused_and_named(answer, hint):
    verdict = check_depthwise(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict
