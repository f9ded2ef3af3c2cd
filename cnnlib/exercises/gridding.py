"""Checker for the exercise on what a dilated stack reads."""

from cnnlib import geometry
from cnnlib.exercises.verdict import check

__all__ = ["check_touched"]

CASES = (((2, 2, 2), 3), ((1, 2, 3), 3), ((3,), 3), ((1, 4), 2), ((2, 5), 3), ((3, 1, 4), 2))


def check_touched(function):
    """Check ``function(dilations, kernel_size)``: pixels a unit reads along an axis, the first being 0 (chapter 9)."""
    praise = "every stack reads the pixels that cnnlib.geometry.touched finds, holes and all."
    return check(function, CASES, _touched, praise=praise)


def _touched(dilations, kernel_size):
    want = list(geometry.touched([geometry.Layer(kernel_size, dilation=dilation) for dilation in dilations]).offsets)
    middle = (kernel_size - 1) * sum(dilations) // 2
    return want, {
        "this is the whole field; a dilated stack may leave holes in it": list(range(want[-1] + 1)),
        "these are the taps of the last layer alone; each of them reads what the layers below read": _sums(
            dilations[-1:], kernel_size
        ),
        "these are the taps of the first layer alone; the layers above move them": _sums(dilations[:1], kernel_size),
        "the dilation is used as a number of holes; taps stand `dilation` apart": _sums(
            [dilation + 1 for dilation in dilations], kernel_size
        ),
        "taps of different layers are multiplied; a path adds them up": _products(dilations, kernel_size),
        "count from the first pixel that is read, not from the middle one": [at - middle for at in want],
        "pixels that several paths reach stand here more than once": _sums(dilations, kernel_size, kind=list),
        "these are the pixels' paths, not the pixels": _paths(dilations, kernel_size),
        "this says how many pixels are read, not which": len(want),
        "the dilations are not used": _sums([1] * len(dilations), kernel_size),
    }


def _sums(dilations, kernel_size, kind=set):
    """All sums of one tap from each layer, rising."""
    found = [0]
    for dilation in dilations:
        found = kind(at + tap * dilation for at in found for tap in range(kernel_size))
    return sorted(found)


def _products(dilations, kernel_size):
    found = {1}
    for dilation in dilations:
        found = {at * tap * dilation for at in found for tap in range(kernel_size)}
    return sorted(found)


def _paths(dilations, kernel_size):
    every = _sums(dilations, kernel_size, kind=list)
    return [every.count(at) for at in sorted(set(every))]
