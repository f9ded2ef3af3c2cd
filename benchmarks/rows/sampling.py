"""Reading between the pixels: sampling, rounded sampling, deformable convolution."""

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import layers, ops

from . import scipys
from .case import Case, normal, numbers, tensors


def off_the_kinks(moves):
    """The same moves, but none near a pixel's centre or edge.

    There the last bit of a coordinate decides which of two slopes is its gradient, or which of two pixels is nearest.
    """
    half = np.floor(2 * moves)
    return ((half + np.clip(2 * moves - half, 0.1, 0.9)) / 2).astype(np.float32)


def sampling(operation, name, channels, size, mode, targets=None, **more):
    """Nine points for each pixel, as a deformable convolution needs them."""

    def arrays():
        x, moves = numbers((1, channels, size, size), (1, 9 * size * size, 2))
        pixels = np.stack(np.mgrid[:size, :size], -1).reshape(-1, 2)
        return x, np.tile(pixels, (9, 1)).astype(np.float32) + off_the_kinks(moves)

    def with_grid(x, points):
        """Points as `grid_sample` takes them: (x, y), -1 and 1 at the image's outer edges."""
        grid = ((2 * points + 1) / size - 1)[..., ::-1].reshape(1, 9 * size, size, 2)
        return tensors(x, np.ascontiguousarray(grid))

    def form(x, grid):
        return F.grid_sample(x, grid, mode=mode, align_corners=False).reshape(1, channels, -1)

    def back(dx, dgrid):
        return dx, dgrid.reshape(1, -1, 2)[..., ::-1] * (2 / size)

    return Case(operation, name, arrays, form, targets=targets, tensors=with_grid, back=back, **more)


def grid_sample_form(x, offset, w, mask=None):
    """Deformable convolution, 3x3 with padding 1, as torch users write it: grid_sample, then one product."""
    (n, c, h, v), (o, read), parts = x.shape, w.shape[:2], offset.shape[1] // 18
    tap, moves = torch.arange(9), offset.reshape(n * parts, 9, 2, h, v)
    down = moves[:, :, 0] + torch.arange(h, dtype=x.dtype)[:, None] + (tap // 3 - 1)[:, None, None]
    right = moves[:, :, 1] + torch.arange(v, dtype=x.dtype) + (tap % 3 - 1)[:, None, None]
    grid = torch.stack([(2 * right + 1) / v - 1, (2 * down + 1) / h - 1], -1).reshape(n * parts, 9 * h, v, 2)
    seen = F.grid_sample(x.reshape(n * parts, c // parts, h, v), grid, align_corners=False)
    if mask is not None:
        seen = seen.reshape(n, parts, c // parts, 9, h, v) * mask.reshape(n, parts, 1, 9, h, v)
    seen = seen.reshape(n, c // read, read * 9, h * v)
    return (w.reshape(c // read, -1, read * 9) @ seen).reshape(n, o, h, v)


def layers_form(x, offset, w, mask=None):
    return layers.deform_conv2d(x, offset, w, padding=1, mask=mask)


def deformable(name, channels, size, targets=None, *, mask=False, groups=1, parts=1):
    """3x3, padding 1; `parts` groups of channels have offsets of their own."""

    def arrays():
        x, offset, w, weights = numbers(
            (1, channels, size, size),
            (1, parts * 18, size, size),
            (channels, channels // groups, 3, 3),
            (1, parts * 9, size, size),
        )
        return x, off_the_kinks(offset), w, *([1 / (1 + np.exp(-weights))] if mask else [])

    def undeformed(x, offset, w, *_):
        tx, tw = tensors(x, w)
        return {
            "conv2d": lambda: ops.conv2d(x, w, padding=1, groups=groups),
            "torch conv2d": lambda: F.conv2d(tx, tw, padding=1, groups=groups),
        }

    return Case(
        "deform_conv2d", name, arrays, grid_sample_form, dict(padding=1), targets,
        keywords=("mask",) if mask else (), layers=layers_form, yardsticks=undeformed, loops=name.startswith("small"),
    )  # fmt: skip


def points(name, size):
    """3x3, padding 1: the taps' positions on the grid, and the offsets added."""

    def form(offset):
        n, _, h, v = offset.shape
        tap, moves = torch.arange(9), offset.reshape(n, 9, 2, h, v)
        down = moves[:, :, 0] + torch.arange(h, dtype=offset.dtype)[:, None] + (tap // 3 - 1)[:, None, None]
        right = moves[:, :, 1] + torch.arange(v, dtype=offset.dtype) + (tap % 3 - 1)[:, None, None]
        return torch.stack([down, right], -1)

    options = dict(kernel_size=3, padding=1)
    return Case("sampling_points", name, normal((1, 18, size, size)), form, options, loops=name.startswith("small"))


BILINEAR, NEAREST = scipys.map_coordinates(1), scipys.map_coordinates(0)
CASES = [
    sampling("bilinear_sample", "9 points per pixel, 64, 56", 64, 56, "bilinear", (1.0, 1.0), scipy=BILINEAR),
    sampling("bilinear_sample", "small 9 points per pixel, 2, 10", 2, 10, "bilinear", scipy=BILINEAR, loops=True),
    sampling("rounded_sample", "9 points per pixel, 64, 56", 64, 56, "nearest", scipy=NEAREST),
    sampling("rounded_sample", "small 9 points per pixel, 2, 10", 2, 10, "nearest", scipy=NEAREST, loops=True),
    deformable("3x3, 64->64, 56", 64, 56, (0.65, 0.5)),
    deformable("3x3, 256->256, 28", 256, 28, (0.65, 0.5)),
    deformable("3x3, 64->64, 56, mask (version 2)", 64, 56, mask=True),
    deformable("3x3, 64->64, 56, 2 groups, 4 of offsets", 64, 56, groups=2, parts=4),
    deformable("3x3, 64->64, 56, the same with mask", 64, 56, mask=True, groups=2, parts=4),
    deformable("small 3x3, 4->4, 7, with all of that", 4, 7, mask=True, groups=2, parts=4),
    points("3x3, 56", 56),
    points("small 3x3, 7", 7),
]
