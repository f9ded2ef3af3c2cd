"""The checker of chapter 9: right answers pass, wrong ones are refused and named."""

import itertools
import re

import numpy as np
import pytest

from cnnlib.exercises import check_touched


def read(dilations, kernel_size):
    """A right answer, path by path."""
    taps = itertools.product(range(kernel_size), repeat=len(dilations))
    return sorted({sum(tap * dilation for tap, dilation in zip(path, dilations, strict=True)) for path in taps})


def centred(dilations, kernel_size):
    return [at - (kernel_size - 1) * sum(dilations) // 2 for at in read(dilations, kernel_size)]


def repeated(dilations, kernel_size):
    taps = itertools.product(range(kernel_size), repeat=len(dilations))
    return sorted(sum(tap * dilation for tap, dilation in zip(path, dilations, strict=True)) for path in taps)


def products(dilations, kernel_size):
    found = [1]
    for dilation in dilations:
        found = [at * tap * dilation for at in found for tap in range(kernel_size)]
    return sorted(set(found))


def unwritten(dilations, kernel_size):
    raise NotImplementedError


def test_right_answers_pass():
    assert check_touched(read)
    assert check_touched(lambda *a: np.array(read(*a), float))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (unwritten, "still to be written"),
        (lambda d, k: list(range((k - 1) * sum(d) + 1)), "the whole field"),
        (lambda d, k: [tap * d[-1] for tap in range(k)], "the last layer alone"),
        (lambda d, k: [tap * d[0] for tap in range(k)], "the last layer alone|the first layer alone"),
        (lambda d, k: read([each + 1 for each in d], k), "a number of holes"),
        (products, "are multiplied; a path adds"),
        (centred, "from the first pixel that is read"),
        (repeated, "more than once"),
        (lambda d, k: [repeated(d, k).count(at) for at in read(d, k)], "paths, not the pixels"),
        (lambda d, k: len(read(d, k)), "how many pixels are read"),
        (lambda d, k: read([1] * len(d), k), "the dilations are not used"),
        (lambda d, k: read(d, k)[::-1], "runs backwards"),
        (lambda d, k: [0] * len(read(d, k)), "zero"),
        (lambda d, k: read(d, k + 1), "shape"),
    ],
)
def test_wrong_answers_are_refused_and_named(answer, hint):
    verdict = check_touched(answer)
    assert not verdict
    assert re.search(hint, verdict.sentence), verdict
