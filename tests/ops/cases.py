"""Random cases for the property tests: sizes that nobody chose by hand.

Sizes are drawn so that no case has to be thrown away: kernel, dilation and padding come
first, and the image is then at least as large as the window needs. That leaves in
paddings larger than the kernel, strides larger than the kernel, images of one pixel,
outputs of one pixel, and images smaller than the dilated kernel.

Hypothesis draws one string of bytes a case, and a case spends them as dice (three times
faster than a draw for each number). A failing case still shrinks, byte by byte, towards
the smallest of every choice.
"""

import numpy as np
import torch
from hypothesis import settings
from hypothesis import strategies as st

# The cases are tiny: threads would only wait for each other.
torch.set_num_threads(1)

# Every operation is tried on this many random cases in a full run.
thorough = settings(max_examples=2000, deadline=None)
# A law beside an operation that is tried so already.
brief = settings(max_examples=300, deadline=None)


class Dice:
    """Choices spent from a string of bytes, one byte each."""

    def __init__(self, raw):
        self.raw = iter(raw[4:])
        self.rng = np.random.default_rng(int.from_bytes(raw[:4], "big"))

    def pick(self, low, high):
        """An integer, both ends included."""
        return low + next(self.raw) % (high - low + 1)

    def choose(self, *choices):
        return choices[self.pick(0, len(choices) - 1)]

    def normal(self, *shape):
        """Numbers that no symmetry can hide behind."""
        return self.rng.standard_normal(shape)

    def axis(self, max_kernel=4, max_stride=4, max_dilation=3, max_padding=5, room=6):
        """``size, kernel, stride, (before, after), dilation`` of a window that fits."""
        kernel, dilation = self.pick(1, max_kernel), self.pick(1, max_dilation)
        sides = self.pick(0, max_padding), self.pick(0, max_padding)
        least = max(1, dilation * (kernel - 1) + 1 - sum(sides))
        return least + self.pick(0, room), kernel, self.pick(1, max_stride), sides, dilation

    def window(self, **limits):
        """The same for two axes: ``size, kernel, options``, each axis on its own."""
        rows, columns = self.axis(**limits), self.axis(**limits)
        size, kernel, stride, sides, dilation = zip(rows, columns, strict=True)
        return size, kernel, dict(stride=stride, padding=sides[0] + sides[1], dilation=dilation)


def cases(build):
    """A strategy from a function of `Dice`."""
    return st.binary(min_size=48, max_size=48).map(lambda raw: build(Dice(raw)))


def conv_case(dice):
    """``(x, w, b, options)`` of a convolution, in float64."""
    size, kernel, options = dice.window()
    groups, channels, outputs = dice.pick(1, 3), dice.pick(1, 3), dice.pick(1, 3)
    x = dice.normal(dice.pick(0, 2), groups * channels, *size)
    w = dice.normal(groups * outputs, channels, *kernel)
    return x, w, dice.normal(groups * outputs), dict(options, groups=groups)


def oracle(function, *arrays):
    """What torch gives in float64, with a random upstream gradient.

    Returns the result, the upstream gradient ``dy``, and the gradients of ``sum(dy * y)``
    with respect to the arrays. All ones in place of ``dy`` could not see a flipped axis.
    """
    leaves = [torch.from_numpy(np.array(a)).requires_grad_() for a in arrays]
    y = function(*leaves)
    dy = np.random.default_rng(y.numel()).standard_normal(tuple(y.shape))
    gradients = torch.autograd.grad(y, leaves, torch.from_numpy(dy))
    return y.detach().numpy(), dy, [g.numpy() for g in gradients]


def pad(x, sides):
    """torch's zero padding, in the book's order (top, bottom, left, right)."""
    top, bottom, left, right = sides
    return torch.nn.functional.pad(x, (left, right, top, bottom))


def close(actual, expected, tolerance=1e-11):
    """Same shape, and equal to float64 rounding of sums of this size."""
    assert actual.shape == expected.shape, f"{actual.shape} is not {expected.shape}"
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)
