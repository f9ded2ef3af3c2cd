"""Fifteen ways to compute a feature map, timed side by side: how many times the full convolution each of them takes.

    python experiments/variant_times.py            # what is stored; about six minutes on one core

The variants are those of `cnnlib.explore.ConvolutionBench`, 3 x 3 with one image at a time, between maps of two sizes.
Each is computed by torch and by `cnnlib.ops`, on one thread. They take turns: one call of each, then the next round, so
that whatever else the machine does falls on all of them alike. Five rounds are a block; a block's time is the median
of the processor time of its rounds, and only its ratio to the full convolution of the same block is kept. A block is a
row, so that a reader sees how far the ratios are to be trusted.

Controls, none of which makes a multiply-add: "ReLU" reads and writes the input once; "maximum" is the pooling of the
Inception module alone; "weights read once" adds up the weights of the unshared layer, which can't be done without
reading them. And with 8 images in one call each kernel of the unshared layer could be used 8 times after it was read.

Result: data/results/variant_times.json.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, layers, ops
from cnnlib.explore.convolution_bench.variants import PERIOD, VARIANTS, steps

SHARED = {"kernel_size": 3, "stride": 2, "dilation": 2, "groups": 4, "multiplier": 1, "reduction": 4}
SETTINGS = (  # in_channels, out_channels, size, images, variants
    (64, 64, 56, 1, tuple(VARIANTS)),
    (128, 256, 16, 1, tuple(VARIANTS)),
    (64, 64, 56, 8, ("full", "unshared")),
)
CONTROLS = ("ReLU", "maximum", "weights read once")
ROUNDS = 5


def weights_of(variant, state, random):
    """Normal weights of each learned step, scaled to keep the variance, in the layout that both libraries take."""
    found = []
    for step in steps(variant, state):
        if not step.learned:
            continue
        shape = [step.out_channels, step.in_channels // step.groups, *step.kernel_size]
        if variant == "transposed":
            shape[:2] = shape[1::-1]
        if step.kernels > 1:
            shape += [step.kernels] * 2
        scale = (step.in_channels // step.groups * step.kernel_size[0] * step.kernel_size[1]) ** -0.5
        found.append(random.standard_normal(shape, np.float32) * np.float32(scale))
    return found


def inception(conv, pool, join, x, w):
    """The four branches of the module, whatever library computes them."""
    middle = conv(conv(x, w[1]), w[2], padding=w[2].shape[-1] // 2)
    wide = conv(conv(x, w[3]), w[4], padding=w[4].shape[-1] // 2)
    return join([conv(x, w[0]), middle, wide, conv(pool(x, 3, stride=1, padding=1), w[5])])


def numpy_call(variant, state, x, w):
    """The variant in `cnnlib.ops` on x, as a function without arguments."""
    conv, half = ops.conv2d, state.kernel_size // 2
    wide = {"padding": half}
    return {
        "full": lambda: conv(x, w[0], **wide),
        "unshared": lambda: ops.local_conv2d(x, w[0], **wide),
        "tiled": lambda: ops.tiled_conv2d(x, w[0], **wide),
        "dilated": lambda: conv(x, w[0], padding=half * state.dilation, dilation=state.dilation),
        "strided": lambda: conv(x, w[0], stride=state.stride, **wide),
        "transposed": lambda: ops.conv_transpose2d(
            x, w[0], stride=state.stride, output_padding=state.stride - 1, **wide
        ),
        "grouped": lambda: conv(x, w[0], groups=state.groups, **wide),
        "depthwise": lambda: conv(x, w[0], groups=x.shape[1], **wide),
        "depthwise_separable": lambda: ops.depthwise_separable_conv2d(x, *w, **wide),
        "spatially_separable": lambda: ops.separable_conv2d(x, w[0][..., 0], w[1][:, :, 0], **wide),
        "pointwise": lambda: conv(x, w[0]),
        "bottleneck": lambda: conv(conv(conv(x, w[0]), w[1], **wide), w[2]),
        "inception": lambda: inception(conv, ops.max_pool2d, lambda maps: np.concatenate(maps, 1), x, w),
        "deformable": lambda: ops.deform_conv2d(x, conv(x, w[0], **wide), w[1], **wide),
        "modulated": lambda: _modulated(
            conv(x, w[0], **wide),
            lambda offset, mask: ops.deform_conv2d(x, offset, w[1], mask=1 / (1 + np.exp(-mask)), **wide),
        ),
        "ReLU": lambda: np.maximum(x, 0),
        "maximum": lambda: ops.max_pool2d(x, 3, stride=1, padding=1),
        "weights read once": lambda: w[0].sum(),
    }[variant]


def torch_call(variant, state, x, w):
    """The variant in torch on the same values, as a function without arguments."""
    x, w = torch.from_numpy(x), [torch.from_numpy(a) for a in w]
    conv, half = F.conv2d, state.kernel_size // 2
    wide = {"padding": half}
    return {
        "full": lambda: conv(x, w[0], **wide),
        "unshared": lambda: _unshared(x, w[0], half),
        "tiled": lambda: _tiled(x, w[0], half),
        "dilated": lambda: conv(x, w[0], padding=half * state.dilation, dilation=state.dilation),
        "strided": lambda: conv(x, w[0], stride=state.stride, **wide),
        "transposed": lambda: F.conv_transpose2d(x, w[0], stride=state.stride, output_padding=state.stride - 1, **wide),
        "grouped": lambda: conv(x, w[0], groups=state.groups, **wide),
        "depthwise": lambda: conv(x, w[0], groups=x.shape[1], **wide),
        "depthwise_separable": lambda: conv(conv(x, w[0], groups=x.shape[1], **wide), w[1]),
        "spatially_separable": lambda: conv(conv(x, w[0], padding=(half, 0)), w[1], padding=(0, half)),
        "pointwise": lambda: conv(x, w[0]),
        "bottleneck": lambda: conv(conv(conv(x, w[0]), w[1], **wide), w[2]),
        "inception": lambda: inception(conv, F.max_pool2d, lambda maps: torch.cat(maps, 1), x, w),
        "deformable": lambda: layers.deform_conv2d(x, conv(x, w[0], **wide), w[1], **wide),
        "modulated": lambda: _modulated(
            conv(x, w[0], **wide),
            lambda offset, mask: layers.deform_conv2d(x, offset, w[1], mask=mask.sigmoid(), **wide),
        ),
        "ReLU": lambda: x.relu(),
        "maximum": lambda: F.max_pool2d(x, 3, stride=1, padding=1),
        "weights read once": lambda: w[0].sum(),
    }[variant]


def _modulated(branch, deform):
    taps = branch.shape[1] // 3
    return deform(branch[:, : 2 * taps], branch[:, 2 * taps :])


def _unshared(x, w, half):
    """As `layers.LocalConv2d` computes it."""
    windows = F.pad(x, (half,) * 4).unfold(2, w.shape[2], 1).unfold(3, w.shape[3], 1)
    return torch.einsum("nchwij,ocijhw->nohw", windows, w)


def _tiled(x, w, half):
    """One strided convolution for each kernel of the tile."""
    framed = F.pad(x, (half,) * 4)
    y = x.new_empty(len(x), len(w), *x.shape[2:])
    for i in range(PERIOD):
        for j in range(PERIOD):
            part = F.conv2d(framed[:, :, i:, j:], w[..., i, j], stride=PERIOD)
            y[:, :, i::PERIOD, j::PERIOD] = part[
                :, :, : -(-(y.shape[2] - i) // PERIOD), : -(-(y.shape[3] - j) // PERIOD)
            ]
    return y


def calls(ins, outs, size, images, variants, random):
    """Variant to its two functions without arguments, torch's and NumPy's, which give the same map."""
    state = SimpleNamespace(in_channels=ins, out_channels=outs, size=size, **SHARED)
    x = random.standard_normal((images, ins, size, size), np.float32)
    found, given = {}, {}
    for variant in variants:
        if variant == "weights read once":
            w = given["unshared"]
        else:
            w = [] if variant in CONTROLS else weights_of(variant, state, random)
        given[variant] = w
        found[variant] = (torch_call(variant, state, x, w), numpy_call(variant, state, x, w))
    return found


@torch.inference_mode()
def blocks(found, count, rounds=ROUNDS):
    """Yield for each block the ratios of processor time to that of the full convolution: {variant: (torch, numpy)}."""
    for pair in found.values():  # once to warm up
        for compute in pair:
            compute()
    for _ in range(count):
        taken = {variant: ([], []) for variant in found}
        for _ in range(rounds):
            for variant, pair in found.items():
                for compute, times in zip(pair, taken[variant], strict=True):
                    began = time.process_time()
                    compute()
                    times.append(time.process_time() - began)
        medians = {variant: np.median(times, axis=1) for variant, times in taken.items()}
        yield {variant: tuple(both / medians["full"]) for variant, both in medians.items()}


def run(settings, count, rounds=ROUNDS):
    """The whole result, a row for each variant, setting and block."""
    rows = []
    for ins, outs, size, images, variants in settings:
        found = calls(ins, outs, size, images, (*variants, *CONTROLS), np.random.default_rng(12))
        where = {"in_channels": ins, "out_channels": outs, "size": size, "images": images}
        for block, ratios in enumerate(blocks(found, count, rounds)):
            print(f"{ins} to {outs}, {size} x {size}, {images} images, block {block}", file=sys.stderr, flush=True)
            for variant, (by_torch, by_numpy) in ratios.items():
                measured = {"torch": float(f"{by_torch:.3g}"), "numpy": float(f"{by_numpy:.3g}")}
                rows.append({"variant": variant, **where, "block": block, **measured})
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "task": "processor time as a multiple of the full convolution's, medians of interleaved rounds",
        **SHARED,
        "rounds": rounds,
        "blocks": count,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "blas": f"{blas['name']} {blas['version']}",
        "processor": processor(),
        "threads": torch.get_num_threads(),
        "rows": rows,
    }


def processor():
    """The processor's own name where Linux tells it, else its architecture."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "variant_times.json")
    options = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != "1" or os.environ.get("OPENBLAS_NUM_THREADS", "1") != "1":
        parser.error("one thread for both libraries: set OMP_NUM_THREADS=1 before Python starts")
    torch.set_num_threads(1)
    result = run(SETTINGS, options.blocks)
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
