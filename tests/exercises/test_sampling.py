"""The checkers on reading between pixels take a right answer and name each of the wrong ones."""

import math
import re

import numpy as np
import pytest

from cnnlib.exercises import check_bilinear_slopes, check_shift_step


def pixel(image, r, c):
    return image[r, c] if 0 <= r < image.shape[0] and 0 <= c < image.shape[1] else 0.0


def slopes(image, row, column, *, first=math.floor, mix=lambda near, far, share: (1 - share) * near + share * far):
    """A right answer, written out."""
    r, c = first(row), first(column)
    a, b, d, e = (pixel(image, r + i, c + j) for i in (0, 1) for j in (0, 1))
    return np.array([mix(d - a, e - b, column - c), mix(b - a, e - d, row - r)])


def exchanged(image, row, column):
    """Each slope mixed by its own fraction instead of the other's."""
    r, c = math.floor(row), math.floor(column)
    f, g = row - r, column - c
    (a, b), (d, e) = ([pixel(image, r + i, c + j) for j in (0, 1)] for i in (0, 1))
    return (1 - f) * (d - a) + f * (e - b), (1 - g) * (b - a) + g * (e - d)


def to_the_left(image, row, column):
    """On a crease the slope of the other side: a hair above and to the left."""
    return slopes(image, row - 1e-9 * (row % 1 == 0), column - 1e-9 * (column % 1 == 0))


def repeated(image, row, column):
    return slopes(np.pad(image, 2, mode="edge"), row + 2, column + 2)


def step(window, slopes, target, rate):
    """A right answer, in loops."""
    total = np.zeros(2)
    for index in np.ndindex(window.shape):
        total += 2 * (window[index] - target[index]) * slopes[index]
    return -rate * total / window.size


def central(image, row, column):
    r, c = round(row), round(column)
    return (
        np.array([pixel(image, r + 1, c) - pixel(image, r - 1, c), pixel(image, r, c + 1) - pixel(image, r, c - 1)]) / 2
    )


WRONG_SLOPES = {
    "exchanged": lambda *a: slopes(*a)[::-1],
    "signs are wrong": lambda *a: -slopes(*a),
    "only the left pair": lambda *a: slopes(*a, mix=lambda near, far, share: near),
    "wrong way round": lambda *a: slopes(*a, mix=lambda near, far, share: share * near + (1 - share) * far),
    r"int\(\) rounds towards zero": lambda *a: slopes(*a, first=int),
    "two fractions are exchanged": exchanged,
    "towards the upper left": to_the_left,
    "beyond the border are repeated": repeated,
}


def test_right_answers_are_taken():
    assert check_bilinear_slopes(slopes).right and check_shift_step(step).right


@pytest.mark.parametrize(("said", "function"), WRONG_SLOPES.items())
def test_wrong_slopes_are_named(said, function):
    verdict = check_bilinear_slopes(function)
    assert not verdict.right
    assert re.search(said, str(verdict)), str(verdict)


def test_differences_of_pixels_and_values_are_refused():
    assert not check_bilinear_slopes(central).right
    assert not check_bilinear_slopes(lambda image, row, column: np.zeros(2)).right


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("goes uphill", lambda y, w: -y),
        ("added up", lambda y, w: y * w.size),
        ("factor 2", lambda y, w: y / 2),
        ("exchanged", lambda y, w: y[::-1]),
    ],
)
def test_wrong_steps_are_named(said, change):
    verdict = check_shift_step(lambda w, s, t, rate: change(step(w, s, t, rate), w))
    assert not verdict.right and said in str(verdict), str(verdict)
