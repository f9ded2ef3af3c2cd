"""Checkers for the exercises on receptive fields: their size from the top down, and the paths in them."""

from cnnlib import geometry
from cnnlib.exercises.verdict import check

__all__ = ["check_field_from_the_top", "check_path_counts"]

STACKS = (
    [(3, 1, 1), (3, 1, 1)],
    [(3, 2, 1), (2, 3, 1)],
    [(2, 1, 3), (4, 2, 1), (3, 1, 2)],
    [(5, 3, 1), (3, 1, 2), (2, 2, 1), (3, 1, 1)],
)


def check_field_from_the_top(function):
    """Check ``function(layers)``: pixels that a unit sees; (kernel, stride, dilation), first layer first."""
    praise = "every stack has the size that cnnlib.geometry finds from the first layer up."
    return check(function, [(stack,) for stack in STACKS], _field, praise=praise)


def _field(stack):
    want = geometry.receptive_field(_layers(stack)).size
    return want, {
        "the layers are taken from the first up; this recursion starts at the last": _from_the_top(stack[::-1]),
        "the dilation is not used": _from_the_top([(k, s, 1) for k, s, _ in stack]),
        "the strides are not used": _from_the_top([(k, 1, d) for k, _, d in stack]),
        "the steps between n units are n - 1, not n": _from_the_top(stack, steps=0),
        "these are the pixels less one: count the first too": want - 1,
    }


def check_path_counts(function):
    """Check ``function(layers, unit, size)``: paths to the unit from each of `size` pixels."""
    cases = zip(STACKS, (2, 2, 0, 0), (12, 17, 16, 34), strict=True)
    return check(function, cases, _path_counts, praise="every pixel has as many paths as cnnlib.geometry counts.")


def _path_counts(stack, unit, size):
    want = _paths(stack, unit, size)
    return want, {
        "this says whether there is a path, not how many": [ways > 0 for ways in want],
        "the layers are taken from the first up; follow the unit from the last layer down": _paths(
            stack[::-1], unit, size
        ),
        "the strides are not used": _paths([(k, 1, d) for k, _, d in stack], unit, size),
        "the dilation is not used": _paths([(k, s, 1) for k, s, _ in stack], unit, size),
        "these are the paths of unit 0": _paths(stack, 0, size),
    }


def _layers(stack):
    return [geometry.Layer(k, stride=s, dilation=d) for k, s, d in stack]


def _from_the_top(stack, steps=1):
    """The recursion of the exercise, right with `steps` 1."""
    size = 1
    for kernel_size, stride, dilation in stack[::-1]:
        size = (size - steps) * stride + dilation * (kernel_size - 1) + 1
    return size


def _paths(stack, unit, size):
    """Paths in an image that is long enough, cut to `size` pixels."""
    return geometry.count_paths(_layers(stack), unit, size=200)[:size]
