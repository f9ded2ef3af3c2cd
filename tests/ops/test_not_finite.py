"""NaN and infinity pass through every operation as torch passes them, forward and backward.

Where infinity meets a zero or its opposite, NumPy warns and torch does not; the numbers agree.
"""

import numpy as np
import pytest
import torch

from cnnlib import ops

F = torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")

BAD = (np.nan, np.inf, -np.inf)


def numbers(*shape, dtype="d"):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def spoilt(a, index, bad):
    a = a.copy()
    a[index] = bad
    return a


def alike(ours, theirs):
    """NaN, infinity and their signs at the same positions; the rest equal to rounding."""
    tolerance = 1e-4 if ours.dtype == np.float32 else 1e-9
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)


def compare(ours, backward, theirs, arrays, dy):
    """Result and gradients, for an upstream gradient that may be spoilt itself.

    torch in float64: its float32 kernels for convolution skip the zeros of the padding, and so
    give a number where its own float64 gives zero times NaN.
    """
    leaves = [torch.from_numpy(a.astype("d")).requires_grad_() for a in arrays]
    y = theirs(*leaves)
    alike(ours(*arrays), y.detach().numpy())
    found = backward(dy, *arrays)
    found = [a for a in found if a is not None] if isinstance(found, tuple) else [found]
    for mine, other in zip(found, torch.autograd.grad(y, leaves, torch.from_numpy(dy.astype("d"))), strict=True):
        alike(mine, other.numpy())


# --------------------------------------------------------------- convolution
#: image, kernels, options: the ways that conv2d and its gradients may take
CONVOLUTIONS = [
    ((1, 1, 20, 20), (1, 1, 3, 3), dict(padding=1)),  # row shifts
    ((1, 1, 20, 20), (1, 1, 5, 3), dict(padding=(2, 1))),
    ((2, 3, 9, 8), (4, 3, 5, 3), dict(padding=(2, 1))),
    ((2, 4, 9, 11), (6, 2, 3, 2), dict(stride=(2, 3), padding=(2, 1), groups=2)),
    ((1, 4, 18, 18), (4, 1, 3, 3), dict(padding=2, dilation=2, groups=4)),
    ((1, 1, 9, 9), (8, 1, 3, 3), dict(stride=2, padding=1)),
    ((1, 64, 8, 8), (64, 64, 3, 3), dict(padding=1)),  # Winograd's sizes
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize("shape, weights, options", CONVOLUTIONS)
@pytest.mark.parametrize("which", ["x", "far x", "w", "dy"])
def test_conv2d(which, shape, weights, options, dtype, bad):
    x, w = numbers(*shape, dtype=dtype), numbers(*weights, dtype=dtype)
    dy = numbers(*ops.conv2d(x, w, **options).shape, dtype=dtype)
    if which == "x":
        x = spoilt(x, (0, 0, 0, 0), bad)
    elif which == "far x":
        x = spoilt(x, (-1, -1, -2, -1), bad)
    elif which == "w":
        w = spoilt(w, (0, 0, 0, 1), bad)
    else:
        dy = spoilt(dy, (0, -1, 1, -1), bad)
    compare(
        lambda x, w: ops.conv2d(x, w, **options),
        lambda dy, x, w: ops.conv2d_backward(dy, x, w, **options),
        lambda x, w: F.conv2d(x, w, **options),
        [x, w], dy,
    )  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("which", ["x", "w", "dy"])
def test_conv_transpose2d(which, stride, bad):
    x, w, options = numbers(2, 4, 5, 6), numbers(4, 3, 3, 2), dict(stride=stride, padding=1, groups=2)
    dy = numbers(*ops.conv_transpose2d(x, w, **options).shape)
    if which == "x":
        x = spoilt(x, (0, 0, 2, 3), bad)
    elif which == "w":
        w = spoilt(w, (0, 0, 0, 1), bad)
    else:
        dy = spoilt(dy, (0, -1, 1, -1), bad)
    compare(
        lambda x, w: ops.conv_transpose2d(x, w, **options),
        lambda dy, x, w: ops.conv_transpose2d_backward(dy, x, w, **options),
        lambda x, w: F.conv_transpose2d(x, w, **options),
        [x, w], dy,
    )  # fmt: skip


# ----------------------------------------------------------- blur and resize
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("stride, kernel", [(1, 3), (2, 3), (3, 2), (2, 5), (2, 1)])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_blur(mode, stride, kernel, bad):
    row = torch.ones(1, dtype=torch.float64)
    for _ in range(kernel - 1):
        row = (F.pad(row, (0, 1)) + F.pad(row, (1, 0))) / 2
    before, after = (kernel - 1) // 2, kernel // 2

    def theirs(x):
        x = F.pad(x, (before, after, before, after), "constant" if mode == "zeros" else mode)
        w = torch.outer(row, row).expand(x.shape[1], 1, kernel, kernel)
        return F.conv2d(x, w, stride=stride, groups=x.shape[1])

    options = dict(kernel_size=kernel, stride=stride, padding_mode=mode)
    clean = numbers(1, 2, 7, 6)
    dy = numbers(*ops.blur_pool2d(clean, **options).shape)
    for x, upstream in (
        *((spoilt(clean, (0, 1, *index), bad), dy) for index in [(0, 0), (3, 2), (6, 5)]),
        *((clean, spoilt(dy, (0, 1, *index), bad)) for index in [(0, 0), (1, 1), (-1, -1)]),
    ):
        compare(
            lambda x: ops.blur_pool2d(x, **options),
            lambda dy, x: ops.blur_pool2d_backward(dy, x, **options),
            theirs, [x], upstream,
        )  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("dtype", "fd")
@pytest.mark.parametrize(
    "size, align",
    [  # steps that binary fractions hold: else torch's fused sums decide whether a coordinate is whole
        ((3, 4), False), ((3, 4), True), ((6, 8), False), ((3, 16), False), ((12, 2), False),
        ((24, 1), False), ((5, 7), True), ((2, 2), True), ((1, 1), True), ((9, 4), True),
    ],
)  # fmt: skip
def test_resize_bilinear(size, align, dtype, bad):
    """At every pixel in turn: an axis that keeps its length hands a NaN on to one pixel."""
    clean, dy = numbers(1, 1, 3, 4, dtype=dtype), numbers(1, 1, *size, dtype=dtype)
    options = dict(size=size, align_corners=align)
    for x, upstream in (
        *((spoilt(clean, (0, 0, *index), bad), dy) for index in np.ndindex(3, 4)),
        *((clean, spoilt(dy, (0, 0, *index), bad)) for index in np.ndindex(size)),
    ):
        compare(
            lambda x: ops.resize_bilinear2d(x, **options),
            lambda dy, x: ops.resize_bilinear2d_backward(dy, x, **options),
            lambda x: F.interpolate(x, mode="bilinear", **options),
            [x], upstream,
        )  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_resize_nearest(bad):
    options = dict(size=(5, 3))
    compare(
        lambda x: ops.resize_nearest2d(x, **options),
        lambda dy, x: ops.resize_nearest2d_backward(dy, x, **options),
        lambda x: F.interpolate(x, **options),
        [spoilt(numbers(1, 2, 3, 4), (0, 0, 1, 2), bad)],
        spoilt(numbers(1, 2, 5, 3), (0, 1, 2, 1), bad),
    )
