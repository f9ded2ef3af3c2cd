"""Checkers for the exercises on reading between pixels."""

import math

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_bilinear_slopes", "check_shift_step"]


def check_bilinear_slopes(function):
    """Check ``function(image, row, column)``: derivatives of the bilinear value, (by row, by column) (chapter 13)."""
    rng = np.random.default_rng(14)
    image = rng.integers(-9, 10, (5, 7)).astype(float)
    points = [(1.25, 2.6), (0.7, 4.1), (-0.3, 3.4), (2.0, 1.0), (3.9, -0.8), (4.4, 2.3)]
    return check(
        function,
        [(image, row, column) for row, column in points],
        _slopes,
        praise="both slopes are right inside, outside the image and, downwards and to the right, on a pixel.",
    )


def _slopes(image, row, column):
    point = np.array([[[row, column]]])
    want = ops.bilinear_sample_backward(np.ones((1, 1, 1)), image[None, None], point)[1][0, 0]
    value = ops.bilinear_sample(image[None, None], point).item()
    top, left = math.floor(row), math.floor(column)
    down, right = row - top, column - left
    (a, b), (c, d) = _four(image, top, left)
    cut_down, cut_right = row - math.trunc(row), column - math.trunc(column)
    mistakes = {
        "the two slopes are exchanged: by row comes first": want[::-1],
        "the signs are wrong: the slope is the pixel after less the pixel before": -want,
        "by row only the left pair counts here, and by column only the upper one: mix both pairs": [c - a, b - a],
        "the mix is the wrong way round: the pair that is near counts more": [
            right * (c - a) + (1 - right) * (d - b),
            down * (b - a) + (1 - down) * (d - c),
        ],
        "the two fractions are exchanged: the slope by row mixes its pairs by the fraction along the columns": [
            (1 - down) * (c - a) + down * (d - b),
            (1 - right) * (b - a) + right * (d - c),
        ],
        "these are differences over two pixels around the point; the surface is made of the four pixels alone": (
            _central(image, row, column)
        ),
        "int() rounds towards zero: below zero the pixel before is floor(row)": (
            _mixed(_four(image, math.trunc(row), math.trunc(column)), cut_down, cut_right)
        ),
        "the pixels beyond the border are repeated here; outside the image all pixels count as zero": (
            _mixed(_four(image, top, left, mode="edge"), down, right)
        ),
        "this is the value that is read, not how fast it changes": [value, value],
    }
    if down == right == 0:
        mistakes["these are the slopes towards the upper left; on a pixel take those towards the lower right"] = _mixed(
            _four(image, top - 1, left - 1), 1, 1
        )
    return want, mistakes


def _mixed(four, down, right):
    (a, b), (c, d) = four
    return [(1 - right) * (c - a) + right * (d - b), (1 - down) * (b - a) + down * (d - c)]


def _four(image, top, left, **padded):
    framed = np.pad(image, 2, **padded)
    return framed[top + 2 : top + 4, left + 2 : left + 4]


def _central(image, row, column):
    def value(r, c):
        return ops.bilinear_sample(image[None, None], [[[r, c]]]).item()

    return [
        (value(row + 1, column) - value(row - 1, column)) / 2,
        (value(row, column + 1) - value(row, column - 1)) / 2,
    ]


def check_shift_step(function):
    """Check ``function(window, slopes, target, rate)``: the step of a shift, (2,), down the mean squared error.

    ``window`` and ``target`` are (rows, columns), ``slopes`` (rows, columns, 2) is the derivative of each value of the
    window by the shift (chapter 13).
    """
    rng = np.random.default_rng(41)
    cases = []
    for size, rate in (((3, 4), 0.5), ((5, 2), 0.1)):
        window, target = (rng.integers(-9, 10, size).astype(float) for _ in range(2))
        cases.append((window, rng.integers(-9, 10, (*size, 2)).astype(float), target, rate))
    return check(function, cases, _step, praise="the step goes down the gradient of the mean squared error.")


def _step(window, slopes, target, rate):
    missing = (window - target)[..., None]
    want = -rate * 2 * (missing * slopes).mean(axis=(0, 1))
    return want, {
        "the step goes uphill: descent subtracts the gradient": -want,
        "the squares are added up; their mean was asked for": want * window.size,
        "the factor 2 of the derivative of a square is missing": want / 2,
        "the rate is not used": want / rate,
        "the error is missing: a slope counts by how wrong its value is": -rate * 2 * slopes.mean(axis=(0, 1)),
        "rows and columns are exchanged": want[::-1],
    }
