"""Checkers for the exercises on receptive fields: their size from the top down, and the paths in them."""

from cnnlib import geometry
from cnnlib.exercises.verdict import check

STACKS = (
    [(3, 1, 1), (3, 1, 1)],
    [(3, 2, 1), (2, 3, 1)],
    [(2, 1, 3), (4, 2, 1), (3, 1, 2)],
    [(5, 3, 1), (3, 1, 2), (2, 2, 1), (3, 1, 1)],
)


def check_field_from_the_top(function):
    """Check ``function(layers)``: pixels that a unit sees; (kernel, stride, dilation), first layer first."""
    cases = []
    for stack in STACKS:
        want = geometry.receptive_field(_layers(stack)).size
        mistakes = {
            "the layers are taken from the first up; this recursion starts at the last": _from_the_top(stack[::-1]),
            "the dilation is not used": _from_the_top([(k, s, 1) for k, s, _ in stack]),
            "the strides are not used": _from_the_top([(k, 1, d) for k, _, d in stack]),
            "the steps between n units are n - 1, not n": _from_the_top(stack, steps=0),
            "these are the pixels less one: count the first too": want - 1,
        }
        cases.append(((stack,), want, mistakes))
    return check(function, cases, praise="every stack has the size that cnnlib.geometry finds from the first layer up.")


def check_path_counts(function):
    """Check ``function(layers, unit, size)``: paths to the unit from each of `size` pixels."""
    cases = []
    for stack, unit, size in zip(STACKS, (2, 2, 0, 0), (12, 17, 16, 34), strict=True):
        want = _paths(stack, unit, size)
        mistakes = {
            "this says whether there is a path, not how many": [ways > 0 for ways in want],
            "the layers are taken from the first up; follow the unit from the last layer down": _paths(
                stack[::-1], unit, size
            ),
            "the strides are not used": _paths([(k, 1, d) for k, _, d in stack], unit, size),
            "the dilation is not used": _paths([(k, s, 1) for k, s, _ in stack], unit, size),
            "these are the paths of unit 0": _paths(stack, 0, size),
        }
        cases.append(((stack, unit, size), want, mistakes))
    return check(function, cases, praise="every pixel has as many paths as cnnlib.geometry counts.")


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
