"""Random cases for the property tests: sizes that nobody chose by hand.

Sizes are drawn so that no case has to be thrown away: kernel, dilation and padding come
first, and the image is then at least as large as the window needs. That leaves in
paddings larger than the kernel, strides larger than the kernel, images of one pixel,
outputs of one pixel, and images smaller than the dilated kernel.
"""

import numpy as np
import torch
from hypothesis import settings
from hypothesis import strategies as st

#: Every operation is tried on this many random cases in a full run.
thorough = settings(max_examples=2000, deadline=None)

seeds = st.integers(0, 2**32 - 1)


@st.composite
def window_cases(draw, max_kernel=4, max_stride=4, max_dilation=3, max_padding=5, room=6):
    """``(size, options)`` of a window that fits, each axis and side drawn on its own."""
    size, kernel, stride, dilation, padding = [], [], [], [], []
    for _ in range(2):
        k = draw(st.integers(1, max_kernel))
        d = draw(st.integers(1, max_dilation))
        sides = draw(st.tuples(st.integers(0, max_padding), st.integers(0, max_padding)))
        least = max(1, d * (k - 1) + 1 - sum(sides))
        size.append(least + draw(st.integers(0, room)))
        stride.append(draw(st.integers(1, max_stride)))
        kernel.append(k)
        dilation.append(d)
        padding += sides
    return tuple(size), tuple(kernel), tuple(stride), tuple(padding), tuple(dilation)


@st.composite
def conv_cases(draw, max_groups=3, **limits):
    """``(x, w, b, options)`` of a convolution, in float64."""
    size, kernel, stride, padding, dilation = draw(window_cases(**limits))
    groups = draw(st.integers(1, max_groups))
    batch, channels, outputs = draw(st.tuples(*[st.integers(low, 3) for low in (0, 1, 1)]))
    rng = np.random.default_rng(draw(seeds))
    x = rng.standard_normal((batch, groups * channels, *size))
    w = rng.standard_normal((groups * outputs, channels, *kernel))
    b = rng.standard_normal(groups * outputs)
    return x, w, b, dict(stride=stride, padding=padding, dilation=dilation, groups=groups)


def oracle(function, *arrays, upstream=None):
    """What torch gives in float64: the result, and the gradients of ``sum(upstream * result)``.

    `upstream` is drawn at random when not given: all ones could not see a flipped axis.
    """
    leaves = [torch.from_numpy(np.array(a)).requires_grad_() for a in arrays]
    y = function(*leaves)
    if upstream is None:
        upstream = np.random.default_rng(y.numel()).standard_normal(tuple(y.shape))
    gradients = torch.autograd.grad(y, leaves, torch.from_numpy(upstream), allow_unused=True)
    gradients = [g if g is None else g.numpy() for g in gradients]
    return y.detach().numpy(), upstream, gradients


def pad(x, sides):
    """torch's zero padding, in the book's order (top, bottom, left, right)."""
    top, bottom, left, right = sides
    return torch.nn.functional.pad(x, (left, right, top, bottom))
