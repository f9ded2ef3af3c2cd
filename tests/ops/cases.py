"""Random cases for the property tests: sizes that nobody chose by hand.

Sizes are drawn so that no case has to be thrown away: kernel, dilation and padding come
first, and the image is then at least as large as the window needs. That leaves in images
without padding and with more of it than the kernel is long, strides longer than the kernel,
images of one pixel, outputs of one pixel, and images smaller than the dilated kernel. Some
cases are large enough for every way that `conv2d` can go. `test_cases` counts all of that.

Hypothesis draws one string of bytes a case, and a case spends them as dice (three times
faster than a draw for each number). A failing case still shrinks, byte by byte, towards
the smallest of every choice.

The cases are the same in every run, so that a run tells what a change did. New ones, and
seven times as many:

    LONG=1 python -m pytest tests/ops
"""

import numpy as np
import torch
from hypothesis import strategies as st

from tests.properties import share

# The cases are tiny: threads would only wait for each other.
torch.set_num_threads(1)

# Every operation by itself.
thorough = share(1)
# One of two forms of an operation, which share its cases.
half = share(1 / 2)
# A layer for torch, which calls for the same operation on the same shapes.
several = share(1 / 3)
# A law beside an operation that is tried so already.
brief = share(1 / 6)

# What rounding may do to sums of a few hundred products, relative to the largest result.
TOLERANCE = {np.dtype(np.float32): 1e-5, np.dtype(np.float64): 1e-12}


class Dice:
    """Choices spent from a string of bytes, one byte each.

    With `vary`, arrays are float32 or float64, some cases are large, and biases may be absent;
    else all is small, in float64, and there.
    """

    def __init__(self, raw, vary=False):
        self.raw = iter(raw[4:])
        self.rng = np.random.default_rng(int.from_bytes(raw[:4], "big"))
        self.vary = vary
        self.dtype = np.float32 if self.rarely(3) else np.float64
        self.large = self.rarely(7)

    def pick(self, low, high):
        """An integer, both ends included."""
        return low + next(self.raw) % (high - low + 1)

    def choose(self, *choices):
        return choices[self.pick(0, len(choices) - 1)]

    def rarely(self, times):
        """True once in so many `times`, if the cases vary."""
        return self.pick(1, times) == times and self.vary

    def normal(self, *shape):
        """Numbers that no symmetry can hide behind."""
        return self.rng.standard_normal(shape).astype(self.dtype)

    def bias(self, *shape):
        """Likewise, or None."""
        b = self.normal(*shape)
        return None if self.rarely(4) else b

    def batch(self):
        """One image or two; none at all once in twenty."""
        return 0 if self.pick(1, 20) == 20 else self.pick(1, 2)

    def axis(self, padding, max_kernel=4, max_stride=5, max_dilation=4, room=6, larger=18):
        """``size, kernel, stride, (before, after), dilation`` of a window that fits."""
        kernel, dilation = self.pick(1, max_kernel), self.pick(1, max_dilation)
        kernel += self.pick(0, 3) if self.rarely(5) else 0
        span = dilation * (kernel - 1) + 1
        limit = {"none": 0, "some": kernel // 2, "much": span + 2}[padding]
        sides = self.pick(0, limit), self.pick(0, limit)
        size = max(1, span - sum(sides)) + self.pick(0, room) + (larger if self.large else 0)
        return size, kernel, self.pick(1, max_stride), sides, dilation

    def window(self, **limits):
        """The same for two axes: ``size, kernel, options``, each axis on its own."""
        padding = self.choose("none", "some", "much")
        rows, columns = self.axis(padding, **limits), self.axis(padding, **limits)
        size, kernel, stride, sides, dilation = zip(rows, columns, strict=True)
        if self.large and self.pick(0, 3):
            stride = 1, 1  # or there are few outputs after all
        return size, kernel, dict(stride=stride, padding=sides[0] + sides[1], dilation=dilation)


def cases(build, vary=False):
    """A strategy from a function of `Dice`."""
    return st.binary(min_size=64, max_size=64).map(lambda raw: build(Dice(raw, vary)))


def every_kind(build):
    """The same with both types of number, large cases, and biases left out now and then."""
    return cases(build, vary=True)


def conv_case(dice):
    """``(x, w, b, options)`` of a convolution."""
    size, kernel, options = dice.window()
    groups, channels, outputs = dice.pick(1, 3), dice.pick(1, 3), dice.pick(1, 3)
    if dice.rarely(40):  # what Winograd's method asks for
        size, kernel, groups, dice.dtype = (dice.pick(8, 13), dice.pick(8, 13)), (3, 3), 1, np.float32
        channels, outputs = dice.pick(48, 50), dice.pick(48, 50)
        options = dict(stride=1, padding=tuple(dice.pick(1, 2) for _ in range(4)), dilation=1)
    x = dice.normal(dice.batch(), groups * channels, *size)
    w = dice.normal(groups * outputs, channels, *kernel)
    return x, w, dice.bias(groups * outputs), dict(options, groups=groups)


def oracle(function, *arrays):
    """What torch gives in float64, with a random upstream gradient.

    Returns the result, the upstream gradient ``dy``, and the gradients of ``sum(dy * y)``
    with respect to the arrays, all rounded to the arrays' type; None stays None. All ones
    in place of ``dy`` could not see a flipped axis.
    """
    dtype = np.result_type(*(a for a in arrays if a is not None))
    leaves = [None if a is None else torch.from_numpy(np.array(a, np.float64)).requires_grad_() for a in arrays]
    y = function(*leaves)
    dy = np.random.default_rng(y.numel()).standard_normal(tuple(y.shape)).astype(dtype)
    there = [leaf for leaf in leaves if leaf is not None]
    gradients = iter(torch.autograd.grad(y, there, torch.from_numpy(dy.astype(np.float64))))
    gradients = [None if leaf is None else next(gradients).numpy().astype(dtype) for leaf in leaves]
    return y.detach().numpy().astype(dtype), dy, gradients


def pad(x, sides):
    """torch's zero padding, in the book's order (top, bottom, left, right)."""
    top, bottom, left, right = sides
    return torch.nn.functional.pad(x, (left, right, top, bottom))


def close(actual, expected, tolerance=None):
    """Same shape and type, and equal up to rounding.

    What rounding may do is measured by the largest expected number, or by 1, the size of the
    numbers that went in, where sums happen to cancel. None is equal to None.
    """
    if expected is None or actual is None:
        assert actual is expected, "one of the two is None"
        return
    assert actual.shape == expected.shape, f"{actual.shape} is not {expected.shape}"
    assert actual.dtype == expected.dtype, f"{actual.dtype} is not {expected.dtype}"
    tolerance = tolerance or TOLERANCE[expected.dtype]
    with np.errstate(invalid="ignore"):
        if np.abs(actual - expected).max(initial=0) <= tolerance:
            return  # all is well, found out ten times sooner
    largest = np.max(np.abs(expected), initial=1, where=np.isfinite(expected))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * largest)


def all_close(actual, expected):
    """Every one of several results."""
    for ours, theirs in zip(actual, expected, strict=True):
        close(ours, theirs)
