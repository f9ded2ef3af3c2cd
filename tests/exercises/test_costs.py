"""Exercises on what a layer costs: wrong answers are refused, and named."""

import re

import numpy as np
import pytest

from cnnlib.exercises import check_layer_parameters


def count(sides, channels, kernel_size, units, filters):
    """A right answer, in loops."""
    rows = np.zeros((3, len(sides)))
    for k, side in enumerate(sides):
        for _ in range(units):
            rows[0, k] += side * side * channels + 1
        for _ in range(filters):
            rows[1, k] += side * side * (kernel_size * kernel_size * channels + 1)
            rows[2, k] += kernel_size * kernel_size * channels + 1
    return rows


def test_a_right_answer_passes():
    assert check_layer_parameters(count)
    assert check_layer_parameters(lambda *a: count(*a).astype(int).tolist())


def unbiased(sides, channels, kernel_size, units, filters):
    return count(sides, channels, kernel_size, units, filters) - [
        [units] * len(sides),
        [filters * side**2 for side in sides],
        [filters] * len(sides),
    ]


def bias_of_a_map(sides, channels, kernel_size, units, filters):
    dense, local, shared = count(sides, channels, kernel_size, units, filters)
    return [dense, local - [filters * (side**2 - 1) for side in sides], shared]


def without_padding(sides, channels, kernel_size, units, filters):
    dense, local, shared = count(sides, channels, kernel_size, units, filters)
    windows = [len(range(side - kernel_size + 1)) ** 2 for side in sides]
    return [dense, np.multiply(shared, windows), shared]


def right_sum_wrong_positions(*arguments):
    rows = count(*arguments)
    rows[0, 0], rows[1, 1] = rows[0, 0] + 1, rows[1, 1] - 1
    return rows


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda *a: None, "returns nothing yet"),
        (lambda *a: np.zeros((3, len(a[0]))), "all zeros"),
        (lambda *a: count(*a).T, "transposed"),
        (lambda *a: count(*a)[:, ::-1], "the columns run backwards"),
        (lambda *a: np.roll(count(*a), 1, axis=1), "one column too late"),
        (lambda *a: count(*a)[:2], r"shape \(2, 4\) and should have \(3, 4\)"),
        (right_sum_wrong_positions, "the sum is right, but the values are at the wrong positions"),
        (unbiased, "the biases are missing"),
        (lambda s, c, k, u, f: count(s, 1, k, u, f), "the channels are not counted"),
        (
            lambda s, c, k, u, f: np.vstack([count(s, c, k, u, f)[:1], count(s, 1, k, u, f)[1:]]),
            "the windows read a single channel",
        ),
        (bias_of_a_map, "each local filter has one bias"),
        (lambda s, c, k, u, f: count([n**0.5 for n in s], c, k, u, f), "the side is not squared"),
        (lambda s, c, k, u, f: count(s, c, k**0.5, u, f), "the window is not squared"),
        (without_padding, "padding keeps the maps as large as the image"),
        (lambda *a: count(*a)[[0, 2, 1]], "the last two rows are exchanged"),
        (lambda *a: count(*a)[[0, 1, 1]], "the shared filters are counted at every position"),
        (lambda *a: count(*a)[[0, 2, 2]], "these are counted once"),
        (lambda s, c, k, u, f: np.vstack([count(s, c, k, u, f)[:1], count(s, c, k, u, u)[1:]]), "filters, not units"),
        (lambda *a: count(*a) * 4, "every value is 4 times"),
    ],
)
def test_wrong_answers_are_refused_and_named(answer, hint):
    verdict = check_layer_parameters(answer)
    assert not verdict and re.search(hint, verdict.sentence), verdict
