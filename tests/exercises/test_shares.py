"""The checker on points and an object takes a right answer and names each of the wrong ones."""

import math

import numpy as np
import pytest

from cnnlib.exercises import check_share


def nearest(x):
    return math.floor(x + 0.5)


def counted(points, weights, mask, *, index=nearest, outside=lambda mask, r, c: False, weigh=lambda w: w, total=None):
    """A right answer in loops; each option is one thing that can be got wrong."""
    shares = []
    for cloud in points:
        on = inside_weight = 0
        for (row, column), weight in zip(cloud, weights, strict=True):
            r, c = index(row), index(column)
            inside = 0 <= r < mask.shape[0] and 0 <= c < mask.shape[1]
            inside_weight += weigh(weight) * inside
            on += weigh(weight) * bool(mask[r, c] if inside else outside(mask, r, c))
        everything = sum(weigh(w) for w in weights)
        shares.append(on / {None: everything, "none": 1, "inside": inside_weight}[total])
    return np.array(shares)


def at_the_border(mask, r, c):
    return mask[min(max(r, 0), mask.shape[0] - 1), min(max(c, 0), mask.shape[1] - 1)]


def from_the_end(mask, r, c):
    return r < mask.shape[0] and c < mask.shape[1] and mask[r, c]


WRONG = {
    "row and column are exchanged": lambda points, weights, mask: counted(points[..., ::-1], weights, mask),
    "in the mask": lambda points, weights, mask: counted(points, weights, mask.T),
    "at the border pixel": lambda *a: counted(*a, outside=at_the_border),
    "from the end of the mask": lambda *a: counted(*a, outside=from_the_end),
    "rounded down": lambda *a: counted(*a, index=math.floor),
    "towards zero": lambda *a: counted(*a, index=int),
    "weights are not used": lambda *a: counted(*a, weigh=lambda w: 1.0),
    "sum of weights": lambda *a: counted(*a, total="none"),
    "left out of the total": lambda *a: counted(*a, total="inside"),
    "beside the object": lambda *a: 1 - counted(*a),
}


def test_a_right_answer_is_taken():
    assert check_share(counted).right
    assert check_share(lambda *a: counted(*a, index=round)).right  # no point is equally near to two pixels


@pytest.mark.parametrize(("said", "function"), WRONG.items(), ids=WRONG)
def test_each_wrong_answer_is_named(said, function):
    verdict = check_share(function)
    assert not verdict.right and said in str(verdict), str(verdict)
