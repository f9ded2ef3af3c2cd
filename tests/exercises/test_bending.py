"""The checker on deformable convolution takes a right answer and names each of the wrong ones."""

import math

import numpy as np
import pytest

from cnnlib.exercises import check_deform


def bent(
    image, offsets, kernel, *, position=lambda r, c, i, j, dy, dx: (r + i + dy, c + j + dx), before=math.floor,
    near=lambda f: (1 - f, f), outside=lambda image, r, c: 0.0, pair=lambda offsets, r, c, i, j: offsets[r, c, i, j],
):  # fmt: skip
    """A right answer in loops; each option is one thing that can be got wrong."""
    y = np.zeros(offsets.shape[:2])
    for r, c, i, j in np.ndindex(offsets.shape[:4]):
        row, column = position(r, c, i, j, *pair(offsets, r, c, i, j))
        top, left = before(row), before(column)
        for k, share in enumerate(near(row - top)):
            for m, other in enumerate(near(column - left)):
                a, b = top + k, left + m
                inside = 0 <= a < image.shape[0] and 0 <= b < image.shape[1]
                value = image[a, b] if inside else outside(image, a, b)
                y[r, c] += kernel[i, j] * share * other * value
    return y


def edge(image, r, c):
    return image[min(max(r, 0), image.shape[0] - 1), min(max(c, 0), image.shape[1] - 1)]


def in_blocks(offsets, r, c, i, j):
    flat = offsets[r, c].ravel()
    return flat[3 * i + j], flat[9 + 3 * i + j]


WRONG = {
    "pairs are exchanged": lambda *a: bent(*a, pair=lambda o, r, c, i, j: o[r, c, i, j][::-1]),
    "taken for the position": lambda *a: bent(*a, position=lambda r, c, i, j, dy, dx: (dy, dx)),
    "window's corner": lambda *a: bent(*a, position=lambda r, c, i, j, dy, dx: (r + dy, c + dx)),
    "subtracted": lambda *a: bent(*a, position=lambda r, c, i, j, dy, dx: (r + i - dy, c + j - dx)),
    "rounded to the nearest": lambda *a: bent(*a, before=round, near=lambda f: (1, 0)),
    "rounded down": lambda *a: bent(*a, near=lambda f: (1, 0)),
    "towards zero": lambda *a: bent(*a, before=int),
    "mirrored": lambda *a: bent(*a, near=lambda f: (f, 1 - f)),
    "last pixel is repeated": lambda *a: bent(*a, outside=edge),
    "used everywhere": lambda *a: bent(*a, pair=lambda o, r, c, i, j: o[0, 0, i, j]),
    "moves the whole window": lambda *a: bent(*a, pair=lambda o, r, c, i, j: o[r, c, 0, 0]),
    "flipped": lambda image, offsets, kernel: bent(image, offsets, kernel[::-1, ::-1]),
    "in blocks": lambda *a: bent(*a, pair=in_blocks),
    "plain convolution": lambda image, offsets, kernel: bent(image, 0 * offsets, kernel),
}


def test_a_right_answer_is_taken():
    assert check_deform(bent).right


@pytest.mark.parametrize(("said", "function"), WRONG.items(), ids=WRONG)
def test_each_wrong_answer_is_named(said, function):
    verdict = check_deform(function)
    assert not verdict.right and said in str(verdict), str(verdict)
