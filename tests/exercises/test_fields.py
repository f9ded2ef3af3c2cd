"""The checkers of chapter 5: right answers pass, wrong ones are refused and named."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_field_from_the_top, check_path_counts


def size(layers):
    """A right answer, from the first layer up: another way than the exercise's."""
    seen, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        seen += (kernel_size - 1) * dilation * jump
        jump *= stride
    return seen


def paths(layers, unit, size):
    """A right answer, path by path."""
    counts = np.zeros(size)

    def follow(at, depth):
        if not depth:
            counts[at] += 1
            return
        kernel_size, stride, dilation = layers[depth - 1]
        for tap in range(kernel_size):
            follow(at * stride + tap * dilation, depth - 1)

    follow(unit, len(layers))
    return counts


def unwritten(*arguments):
    raise NotImplementedError


def wrong_positions(*arguments):
    """The right sum, at the wrong positions."""
    counts = np.zeros(arguments[-1])
    counts[0] = paths(*arguments).sum()
    return counts


def test_right_answers_pass():
    assert check_field_from_the_top(size)
    assert check_path_counts(paths)
    assert check_path_counts(lambda *a: paths(*a).astype(int).tolist())


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda layers: None, "returns nothing yet"),
        (lambda layers: 0, "zero"),
        (lambda layers: 1 + sum(k - 1 for k, _, _ in layers), "the strides are not used"),
        (lambda layers: size([(k, 1, d) for k, _, d in layers]), "the strides are not used"),
        (lambda layers: size([(k, s, 1) for k, s, _ in layers]), "the dilation is not used"),
        (lambda layers: size(layers[::-1]), "from the first up"),
        (lambda layers: size(layers) - 1, "count the first too"),
        (lambda layers: size([(k + 1, s, d) for k, s, d in layers]), "n - 1, not n"),
        (lambda layers: 51, "the result is 51 and should be 5$"),
    ],
)
def test_wrong_sizes_are_refused_and_named(answer, hint):
    verdict = check_field_from_the_top(answer)
    assert not verdict
    assert re.search(hint, verdict.sentence), verdict


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda *a: np.zeros(a[2]), "all zeros"),
        (lambda *a: np.roll(paths(*a), 1), "one position too late"),
        (lambda *a: np.roll(paths(*a), -1), "one position too early"),
        (lambda *a: paths(*a)[::-1], "runs backwards"),
        (lambda *a: paths(*a)[None], r"shape \(1, 12\)"),
        (lambda *a: paths(*a) > 0, "whether there is a path"),
        (lambda *a: 2 * paths(*a), "every value is 2 times"),
        (lambda layers, unit, n: paths(layers, 0, n), "the paths of unit 0"),
        (lambda layers, unit, n: paths([(k, 1, d) for k, _, d in layers], unit, n), "the strides are not used"),
        (lambda layers, unit, n: paths([(k, s, 1) for k, s, _ in layers], unit, n), "the dilation is not used"),
        (lambda layers, unit, n: paths(layers[::-1], unit, 40)[:n], "from the first up"),
        (wrong_positions, "the sum is right, but the values are at the wrong positions"),
    ],
)
def test_wrong_paths_are_refused_and_named(answer, hint):
    verdict = check_path_counts(answer)
    assert not verdict
    assert re.search(hint, verdict.sentence), verdict
