"""conv2d: the shapes of known networks, and one of them in the ways that textbooks write it."""

import numpy as np
from torch.nn import functional as F

from cnnlib import ops

from . import scipys
from .case import Case, normal

SHAPES = [  # name, (N, C, H), (O, K), options, targets forward, targets with the gradients
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
    ("3x3 s100000, 8->8, 16 (a stride beyond the image)", (1, 8, 16), (8, 3), dict(stride=100_000), None, None),
    ("small 3x3, 4->4, 10", (1, 4, 10), (4, 3), dict(padding=1), None, None),
]  # fmt: skip
DENSE = {name for name, *_ in SHAPES[:9]}  # where the product outweighs the copying


def shapes(image, kernel, options):
    (n, c, h), (o, k) = image, kernel
    return (n, c, h, h), (o, c // options.get("groups", 1), k, k)


def product(options):
    """The bare product on ready-made columns, which no arrangement by columns can beat."""

    def calls(x, w):
        groups, (oh, ow) = options.get("groups", 1), ops.conv2d(x, w, **options).shape[2:]
        columns = np.ones((len(x), groups, w[0].size, oh * ow), np.float32)
        kernels = w.reshape(groups, len(w) // groups, -1)
        return {"product": lambda: kernels @ columns}

    return calls


def case(name, image, kernel, options, targets, gradient_targets):
    grey = image[1] == 1
    return Case(
        "conv2d", name, normal(*shapes(image, kernel, options)), lambda x, w: F.conv2d(x, w, **options), options,
        targets, gradient_targets, yardsticks=product(options), loops=name.startswith("small"), dense=name in DENSE,
        scipy=(scipys.correlate2d if options else scipys.correlate2d_inside) if grey else None,
    )  # fmt: skip


def ways(x, w):
    """3x3 and padding 1, in the ways that textbooks write it."""
    (n, c, h, v), o = x.shape, len(w)
    framed = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
    windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(2, 3))
    rows = np.arange(h)[:, None] + np.arange(3).repeat(3)[:, None, None]
    columns = np.arange(v) + np.tile(np.arange(3), 3)[:, None, None]

    def gather():
        taps = framed[:, :, rows, columns].reshape(n, c * 9, h * v)  # windows by index arrays
        return (w.reshape(o, -1) @ taps).reshape(n, o, h, v)

    def positions():
        y = np.empty((n, o, h, v), x.dtype)
        for i in range(h):
            for j in range(v):
                y[:, :, i, j] = (w * framed[:, None, :, i : i + 3, j : j + 3]).sum((2, 3, 4))
        return y

    return {
        "conv2d_plain": lambda: ops.conv2d_plain(x, w, padding=1),
        "einsum": lambda: np.einsum("nchwij,ocij->nohw", windows, w, optimize=True),
        "index arrays": gather,
        "loop over positions": positions,
    }


TEXTBOOK = Case(
    "conv2d", "3x3, 64->64, 56, as textbooks write it", normal(*shapes((1, 64, 56), (64, 3), {})),
    lambda x, w: F.conv2d(x, w, padding=1), dict(padding=1), others=ways, gradients=False,
)  # fmt: skip


def bordered(mode):
    """3x3 with a border of the image's own pixels; torch pads first."""

    def form(x, w):
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode), w)

    arrays = normal(*shapes((1, 32, 56), (32, 3), {}))
    return Case("conv2d", f"3x3 {mode}, 32->32, 56", arrays, form, dict(padding="same", padding_mode=mode))


BORDERED = [bordered(mode) for mode in ("circular", "reflect", "replicate")]
CASES = [*(case(*shape) for shape in SHAPES), *BORDERED, TEXTBOOK]
