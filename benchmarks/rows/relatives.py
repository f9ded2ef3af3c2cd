# ruff: noqa: E501 - one case a line
"""The relatives of conv2d: transposed, unshared, one-dimensional, and those that factor."""

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import ops

from . import scipys
from .case import Case, normal

# name, (N, C, H), (O, K), options; the targets are the same for each
TRANSPOSED = [
    ("k4 s2, 128->64, 28", (1, 128, 28), (64, 4), dict(stride=2, padding=1)),
    ("k3 s2, 128->64, 28", (1, 128, 28), (64, 3), dict(stride=2, padding=1, output_padding=1)),
    ("k2 s2, 128->64, 28", (1, 128, 28), (64, 2), dict(stride=2)),
    ("k3 s1, 64->64, 56", (1, 64, 56), (64, 3), dict(padding=1)),
    ("k16 s8, 21->21, 28 (FCN)", (1, 21, 28), (21, 16), dict(stride=8, padding=4)),
]
FAR = ("k3 s100000, 8->8, 1 (a stride beyond the image)", (1, 8, 1), (8, 3), dict(stride=100_000))
SMALL_TRANSPOSED = ("small k3 s2, 4->4, 5", (1, 4, 5), (4, 3), dict(stride=2, padding=1))


def transposed(name, image, kernel, options, targets=(1.5, 2.1)):
    (n, c, h), (o, k) = image, kernel
    arrays, form = normal((n, c, h, h), (c, o, k, k)), lambda x, w: F.conv_transpose2d(x, w, **options)
    return Case("conv_transpose2d", name, arrays, form, options, targets, loops=name.startswith("small"))


def unshared(name, channels, size, targets=None):
    """3x3, padding 1: torch unfolds and multiplies by a matrix for each position, laid out beforehand."""
    taps, positions = channels * 9, size * size

    def stacked(x, w):
        matrices = torch.from_numpy(w).reshape(channels, taps, positions).permute(2, 0, 1).contiguous()
        return torch.from_numpy(x), matrices

    def form(x, matrices):
        columns = F.unfold(x, 3, padding=1)  # (1, taps, positions)
        y = torch.bmm(matrices, columns.permute(2, 1, 0))  # (positions, channels, 1)
        return y.permute(2, 1, 0).reshape(1, channels, size, size)

    def back(dx, dmatrices):
        return dx, dmatrices.transpose(1, 2, 0).reshape(channels, channels, 3, 3, size, size)

    arrays = normal((1, channels, size, size), (channels, channels, 3, 3, size, size))
    return Case(
        "local_conv2d", name, arrays, form, dict(padding=1), targets,
        tensors=stacked, back=back, loops=name.startswith("small"),
    )  # fmt: skip


def tiled(name, channels, size, period):
    """3x3, padding 1: torch convolves with every kernel, and keeps each one's turns."""

    def form(x, w):
        y = torch.empty(len(x), channels, size, size)
        for i in range(period):
            for j in range(period):
                y[:, :, i::period, j::period] = F.conv2d(x, w[..., i, j], padding=1)[:, :, i::period, j::period]
        return y

    arrays = normal((1, channels, size, size), (channels, channels, 3, 3, period, period))
    return Case("tiled_conv2d", name, arrays, form, dict(padding=1), loops=name.startswith("small"))


def one_dimensional(name, channels, length, **more):
    """9 taps, padding 4."""
    arrays = normal((1, channels, length), (channels, channels, 9))
    return Case("conv1d", name, arrays, lambda x, w: F.conv1d(x, w, padding=4), dict(padding=4), **more)


def numpy_correlate(x, w):
    return {"numpy.correlate": lambda: np.correlate(x[0, 0], w[0, 0], mode="same")[None, None]}


def separable(name, size, taps, **more):
    def form(x, vertical, horizontal):
        middle = F.conv2d(x, vertical[None, None, :, None], padding=(taps // 2, 0))
        return F.conv2d(middle, horizontal[None, None, None], padding=(0, taps // 2))

    arrays = normal((1, 1, size, size), (taps,), (taps,))
    return Case("separable_conv2d", name, arrays, form, dict(padding=taps // 2), scipy=scipys.two_correlate1d, **more)


def depthwise_separable(name, channels, outputs, size):
    """3x3, padding 1."""
    arrays = normal((1, channels, size, size), (channels, 1, 3, 3), (outputs, channels, 1, 1))
    return Case(
        "depthwise_separable_conv2d", name, arrays,
        lambda x, d, p: F.conv2d(F.conv2d(x, d, padding=1, groups=channels), p),
        dict(padding=1), loops=name.startswith("small"),
    )  # fmt: skip


def torch_terms(kernel):
    columns, sizes, rows = torch.linalg.svd(kernel, full_matrices=False)
    rank = (sizes > sizes[0] * max(kernel.shape) * torch.finfo(kernel.dtype).eps).sum()
    return rank, sizes, (columns * sizes.sqrt()).T, rows * sizes.sqrt()[:, None]


def terms_without_signs(rank, sizes, vertical, horizontal):
    """A column and its row may both change sign: their products may not."""
    return rank, sizes, vertical[:, :, None] * horizontal[:, None]


def upsampled(kind, channels, size, small=False):
    """3x3, or 4x4 where kernels are stamped, from torch's own parts."""
    k = 4 if kind == "transposed" else 3
    shape = (4 * channels if kind == "sub-pixel" else channels, channels, k, k)

    def form(x, w):
        if kind == "transposed":
            return F.conv_transpose2d(x, w, stride=2, padding=1)
        if kind == "sub-pixel":
            return F.pixel_shuffle(F.conv2d(x, w, padding=1), 2)
        return F.conv2d(F.interpolate(x, scale_factor=2, mode=kind.split()[0]), w, padding=1)

    name = f"{'small ' * small}{kind}, {channels}->{channels}, {size}"
    return Case("upsample2x", name, normal((1, channels, size, size), shape), form, dict(kind=kind), loops=small)


def columns(name, channels, size):
    """3x3, padding 1: an image to columns, and columns to an image."""
    options, small = dict(kernel_size=3, padding=1), name.startswith("small")
    image, matrix = normal((1, channels, size, size)), normal((1, channels * 9, size * size))
    yield Case("unfold", name, image, lambda x: F.unfold(x, 3, padding=1), options, loops=small)
    output = dict(output_size=(size, size), **options)
    yield Case("fold", name, matrix, lambda x: F.fold(x, (size, size), 3, padding=1), output, loops=small)


CASES = [
    *(transposed(*row) for row in TRANSPOSED),
    transposed(*SMALL_TRANSPOSED, targets=None),
    transposed(*FAR, targets=None),
    unshared("3x3, 32->32, 28", 32, 28, (0.4, 0.4)),
    unshared("small 3x3, 4->4, 8", 4, 8),
    tiled("3x3, period 2, 32->32, 56", 32, 56, 2),
    tiled("small 3x3, period 2, 4->4, 8", 4, 8, 2),
    *(upsampled(kind, 64, 28) for kind in ops.UPSAMPLINGS),
    upsampled("nearest + conv", 4, 5, small=True),
    *columns("3x3, 64, 56", 64, 56),
    *columns("small 3x3, 4, 8", 4, 8),
    one_dimensional("9 taps, 32->32, 4096", 32, 4096),
    one_dimensional("9 taps, one signal of 4096", 1, 4096, others=numpy_correlate, scipy=scipys.correlate1d),
    one_dimensional("small 9 taps, 2->2, 200", 2, 200, loops=True),
    separable("11x11, grey 256", 256, 11),
    separable("small 5x5, grey 16", 16, 5, loops=True),
    depthwise_separable("3x3, 128->256, 32", 128, 256, 32),
    depthwise_separable("small 3x3, 4->8, 10", 4, 8, 10),
    Case("separable_terms", "small 11x11 kernel", normal((11, 11)), torch_terms, scipy=scipys.svd, equal=terms_without_signs, loops=True),
]  # fmt: skip
