# ruff: noqa: E501 - one case a line
"""What is measured: each row has a name, its calls, and the targets at one and two threads.

The first call is cnnlib's; a target is its time over the time of the call "torch".
"""

from typing import NamedTuple

import numpy as np
import torch

from cnnlib import layers, ops

F = torch.nn.functional


class Row(NamedTuple):
    """One line of the table; `make` builds the calls when their turn comes."""

    group: str
    name: str
    targets: tuple | None
    make: object


def numbers(*shapes):
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def tensors(*arrays):
    return [torch.from_numpy(a) for a in arrays]


# ------------------------------------------------------------------ convolution
CONVOLUTIONS = [  # name, (N, C, H), (O, K), options, forward targets, with gradients
    ("11x11 s4, 3->96, 227 (AlexNet)", (1, 3, 227), (96, 11), dict(stride=4), (1.3, 1.5), (0.62, 0.76)),
    ("3x3, 64->64, 56", (1, 64, 56), (64, 3), dict(padding=1), (1.2, 1.4), (1.17, 1.0)),
    ("3x3, batch 8, 32->64, 28", (8, 32, 28), (64, 3), dict(padding=1), (1.3, 1.7), (1.63, 2.06)),
    ("3x3, 128->256, 32", (1, 128, 32), (256, 3), dict(padding=1), (1.1, 1.2), (0.98, 0.76)),
    ("3x3 dilation 4, 64->64, 56", (1, 64, 56), (64, 3), dict(padding=4, dilation=4), (1.4, 1.5), (1.33, 1.58)),
    ("7x7 s2, 3->64, 224", (1, 3, 224), (64, 7), dict(stride=2, padding=3), (1.5, 1.9), None),
    ("3x3, 64->64, 224 (VGG)", (1, 64, 224), (64, 3), dict(padding=1), (1.4, 1.0), None),
    ("3x3, 3->64, 224", (1, 3, 224), (64, 3), dict(padding=1), (0.2, 0.1), None),
    ("3x3 s2, 128->256, 32", (1, 128, 32), (256, 3), dict(stride=2, padding=1), (1.0, 1.1), None),
    ("pointwise 256->64, 32", (1, 256, 32), (64, 1), {}, (0.6, 0.75), (0.55, 0.78)),
    ("depthwise 3x3, 128, 32", (1, 128, 32), (128, 3), dict(padding=1, groups=128), (2.0, 2.5), (2.2, 3.0)),
    ("depthwise 5x5, 64, 56", (1, 64, 56), (64, 5), dict(padding=2, groups=64), (3.0, 3.5), None),
    ("one grey 256x256 image, 5x5", (1, 1, 256), (1, 5), dict(padding=2), (0.5, 0.7), None),
    ("tiny 8x8, 3x3 (call overhead)", (1, 1, 8), (1, 3), {}, (3, 3), None),
]  # fmt: skip
DENSE = 9  # the rows above up to here are dense: the product outweighs the copying


def conv_arrays(shape, kernel, options):
    (n, c, h), (o, k) = shape, kernel
    return numbers((n, c, h, h), (o, c // options.get("groups", 1), k, k))


def forward(shape, kernel, options):
    x, w = conv_arrays(shape, kernel, options)
    tx, tw = tensors(x, w)
    calls = {
        "cnnlib": lambda: ops.conv2d(x, w, **options),
        "torch": lambda: F.conv2d(tx, tw, **options),
    }
    y = calls["cnnlib"]()
    groups = options.get("groups", 1)
    columns = np.ones((len(x), groups, w[0].size, y[0, 0].size), np.float32)
    kernels = w.reshape(groups, len(w) // groups, -1)
    calls["product"] = lambda: kernels @ columns
    if shape[1] == 1 and options.get("padding"):
        from_scipy(calls, x[0, 0], w[0, 0])
    return calls


def from_scipy(calls, image, kernel):
    try:
        from scipy import ndimage, signal
    except ImportError:
        return
    calls["scipy.ndimage"] = lambda: ndimage.correlate(image, kernel, mode="constant")
    calls["scipy.signal"] = lambda: signal.correlate2d(image, kernel, mode="same")


def forward_and_backward(shape, kernel, options):
    x, w = conv_arrays(shape, kernel, options)
    tx, tw = (t.requires_grad_() for t in tensors(x, w))
    (dy,) = numbers(ops.conv2d(x, w, **options).shape)
    (tdy,) = tensors(dy)

    def ours():
        return ops.conv2d(x, w, **options), ops.conv2d_backward(dy, x, w, **options)

    return {
        "cnnlib": ours,
        "torch": lambda: torch.autograd.grad(F.conv2d(tx, tw, **options), (tx, tw), tdy),
    }


# --------------------------------------------------------- the same, other ways
def ways():
    """One convolution in the ways that textbooks write it."""
    x, w = numbers((1, 64, 56, 56), (64, 64, 3, 3))
    tx, tw = tensors(x, w)
    framed = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
    windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(2, 3))
    rows, columns = np.mgrid[:56, :56].reshape(2, 1, -1) + np.mgrid[:3, :3].reshape(2, -1, 1)

    def gather():
        taps = framed[:, :, rows, columns].reshape(64 * 9, -1)  # windows by index arrays
        return w.reshape(64, -1) @ taps

    def loops():
        y = np.empty_like(x)
        for i in range(56):
            for j in range(56):
                window = framed[0, :, i : i + 3, j : j + 3]
                y[0, :, i, j] = (w * window).sum((1, 2, 3))
        return y

    return {
        "cnnlib": lambda: ops.conv2d(x, w, padding=1),
        "torch": lambda: F.conv2d(tx, tw, padding=1),
        "conv2d_plain": lambda: ops.conv2d_plain(x, w, padding=1),
        "einsum": lambda: np.einsum("nchwij,ocij->nohw", windows, w, optimize=True),
        "index arrays": gather,
        "loops": loops,
    }


# ------------------------------------------------------------- other operations
def transposed(shape, kernel, options):
    (n, c, h), (o, k) = shape, kernel
    x, w = numbers((n, c, h, h), (c, o, k, k))
    tx, tw = tensors(x, w)
    return {
        "cnnlib": lambda: ops.conv_transpose2d(x, w, **options),
        "torch": lambda: F.conv_transpose2d(tx, tw, **options),
    }


TRANSPOSED = [
    ("k4 s2, 128->64, 28", (1, 128, 28), (64, 4), dict(stride=2, padding=1)),
    ("k3 s2, 128->64, 28", (1, 128, 28), (64, 3), dict(stride=2, padding=1, output_padding=1)),
    ("k2 s2, 128->64, 28", (1, 128, 28), (64, 2), dict(stride=2)),
    ("k3 s1, 64->64, 56", (1, 64, 56), (64, 3), dict(padding=1)),
    ("k16 s8, 21->21, 28 (FCN)", (1, 21, 28), (21, 16), dict(stride=8, padding=4)),
]


def unshared():
    x, w = numbers((1, 32, 28, 28), (32, 32, 3, 3, 28, 28))
    tx, tw = tensors(x, w)
    stacked = tw.reshape(32, 288, 784).permute(2, 0, 1).contiguous()  # laid out beforehand

    def product():
        columns = F.unfold(tx, 3, padding=1)  # (1, 288, 784)
        return torch.bmm(stacked, columns.permute(2, 1, 0))

    return {"cnnlib": lambda: ops.local_conv2d(x, w, padding=1), "torch": product}


def sampling():
    """Nine places for each pixel, as a deformable convolution needs them."""
    (x,) = numbers((1, 64, 56, 56))
    points = np.stack(np.mgrid[:56, :56], -1)[None, None] + numbers((1, 9, 56, 56, 2))[0]
    points = points.astype(np.float32)
    (tx,) = tensors(x)
    grid = torch.from_numpy(((2 * points + 1) / 56 - 1)[..., ::-1].copy()).reshape(1, 9 * 56, 56, 2)
    return {
        "cnnlib": lambda: ops.bilinear_sample(x, points),
        "torch": lambda: F.grid_sample(tx, grid, align_corners=False),
    }


def grid_sample_form(x, offset, w, dtype=torch.float32):
    """Deformable convolution as torch users write it: grid_sample, then one product."""
    (n, c, h, v), o = x.shape, len(w)
    rows, columns = torch.arange(h, dtype=dtype)[:, None], torch.arange(v, dtype=dtype)
    moves = offset.reshape(n, 9, 2, h, v)
    tap = torch.arange(9)
    down = moves[:, :, 0] + rows + (tap // 3 - 1)[:, None, None]
    right = moves[:, :, 1] + columns + (tap % 3 - 1)[:, None, None]
    grid = torch.stack([(2 * right + 1) / v - 1, (2 * down + 1) / h - 1], -1)
    seen = F.grid_sample(x, grid.reshape(n, 9 * h, v, 2), align_corners=False)
    return (w.reshape(o, c * 9) @ seen.reshape(n, c * 9, h * v)).reshape(n, o, h, v)


def deformable(channels, size):
    shape = (1, channels, size, size)
    x, offset, w = numbers(shape, (1, 18, size, size), (channels, channels, 3, 3))
    tx, toffset, tw = tensors(x, offset, w)
    return {
        "cnnlib": lambda: ops.deform_conv2d(x, offset, w, padding=1),
        "torch": lambda: grid_sample_form(tx, toffset, tw),
        "cnnlib.layers": lambda: layers.deform_conv2d(tx, toffset, tw, padding=1),
        "conv2d": lambda: ops.conv2d(x, w, padding=1),
        "torch conv2d": lambda: F.conv2d(tx, tw, padding=1),
    }


def deformable_backward(channels, size):
    shape = (1, channels, size, size)
    x, offset, w, dy = numbers(shape, (1, 18, size, size), (channels, channels, 3, 3), shape)
    leaves = [t.requires_grad_() for t in tensors(x, offset, w)]
    (tdy,) = tensors(dy)
    return {
        "cnnlib": lambda: (
            ops.deform_conv2d(x, offset, w, padding=1),
            ops.deform_conv2d_backward(dy, x, offset, w, padding=1),
        ),
        "torch": lambda: torch.autograd.grad(grid_sample_form(*leaves), leaves, tdy),
    }


def simple(name, shapes, function, **options):
    """A row whose two sides take the same arrays and nearly the same options."""

    def make():
        arrays = numbers(*shapes)
        given = tensors(*arrays)
        return {
            "cnnlib": lambda: getattr(ops, name)(*arrays, **options),
            "torch": lambda: function(*given),
        }

    return make


BIG = (1, 64, 112, 112)
REST = [
    ("max_pool2d 2x2, 64, 112", simple("max_pool2d", [BIG], lambda x: F.max_pool2d(x, 2), kernel_size=2)),
    ("max_pool2d 3x3 s2, 64, 112", simple("max_pool2d", [BIG], lambda x: F.max_pool2d(x, 3, 2, 1), kernel_size=3, stride=2, padding=1)),
    ("avg_pool2d 2x2, 64, 112", simple("avg_pool2d", [BIG], lambda x: F.avg_pool2d(x, 2), kernel_size=2)),
    ("global_avg_pool2d, 64, 112", simple("global_avg_pool2d", [BIG], lambda x: x.mean((2, 3)))),
    ("blur_pool2d 3 s2, 64, 112", simple("blur_pool2d", [BIG], layers.BlurPool2d())),
    ("relu, 64, 112", simple("relu", [BIG], torch.relu)),
    ("linear 4096->1000, batch 32", simple("linear", [(32, 4096), (1000, 4096)], F.linear)),
    ("resize_nearest2d x2, 64, 56", simple("resize_nearest2d", [(1, 64, 56, 56)], lambda x: F.interpolate(x, scale_factor=2), scale_factor=2)),
    ("resize_bilinear2d x2, 64, 56", simple("resize_bilinear2d", [(1, 64, 56, 56)], lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"), scale_factor=2)),
    ("conv1d 9, 32->32, 4096", simple("conv1d", [(1, 32, 4096), (32, 32, 9)], lambda x, w: F.conv1d(x, w, padding=4), padding=4)),
    ("separable_conv2d 11x11, grey 256", simple("separable_conv2d", [(1, 1, 256, 256), (11,), (11,)], lambda x, v, h: F.conv2d(F.conv2d(x, v[None, None, :, None], padding=(5, 0)), h[None, None, None], padding=(0, 5)), padding=5)),
    ("depthwise separable 3x3, 128->256, 32", simple("depthwise_separable_conv2d", [(1, 128, 32, 32), (128, 1, 3, 3), (256, 128, 1, 1)], lambda x, d, p: F.conv2d(F.conv2d(x, d, padding=1, groups=128), p), padding=1)),
]  # fmt: skip


def table():
    """All rows, in the order in which they are measured and printed."""
    rows = []
    for name, shape, kernel, options, targets, _ in CONVOLUTIONS:
        rows.append(Row("conv2d", name, targets, lambda a=(shape, kernel, options): forward(*a)))
    for name, shape, kernel, options in TRANSPOSED:
        make = lambda a=(shape, kernel, options): transposed(*a)  # noqa: E731
        rows.append(Row("conv_transpose2d", name, (1.5, 2.1), make))
    rows += [
        Row("local_conv2d", "3x3, 32->32, 28", (0.4, 0.4), unshared),
        Row("bilinear_sample", "9 points a pixel, 64, 56", (1.0, 1.0), sampling),
        Row("deform_conv2d", "3x3, 64->64, 56", (0.65, 0.5), lambda: deformable(64, 56)),
        Row("deform_conv2d", "3x3, 256->256, 28", (0.65, 0.5), lambda: deformable(256, 28)),
    ]
    for name, shape, kernel, options, _, targets in CONVOLUTIONS:
        if targets:
            make = lambda a=(shape, kernel, options): forward_and_backward(*a)  # noqa: E731
            rows.append(Row("conv2d and gradients", name, targets, make))
    rows.append(Row("deform_conv2d and gradients", "3x3, 64->64, 56", None, lambda: deformable_backward(64, 56)))
    rows += [Row("other operations", name, None, make) for name, make in REST]
    rows.append(Row("conv2d in other ways", "3x3, 64->64, 56", None, ways))
    return rows
