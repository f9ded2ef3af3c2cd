"""Depthwise separable layers trained from the start, against full layers of the same width and of the same cost.

    python experiments/separable_blocks.py                          # what is stored; about eight CPU minutes
    python experiments/separable_blocks.py --steps 50 --seeds 1 --output /tmp/try.json

Task: ten kinds of garment, Fashion-MNIST, 28 x 28, 10,000 for training and 2,000 for the test.

Networks: a full 3 x 3 layer of `width` maps with stride 2, three blocks of 2 x `width` maps (strides 2, 1, 1), the mean
over positions, a linear layer. Batch normalisation and ReLU follow the first layer and every block. A block is one of

    full                3 x 3 over all channels
    separable           3 x 3 on every channel by itself, batch normalisation, ReLU, then 1 x 1
    separable, linear   the same with nothing in between: a full layer in which every input channel's
                        (outputs x 9) slice has rank 1
    column, row         3 x 1 over all channels, then 1 x 3 over all channels
    pointwise           1 x 1 alone: what is left when the 3 x 3 of `separable` is taken away

At width 16 the blocks differ in nothing else. Two more widths of `full` cost what `separable` costs at 16 and at 32.

The cut: each trained `full` network of width 16 has its blocks replaced by their nearest `separable, linear` ones, and
by their nearest ones whose 3 x 3 slices have rank 1. Tested as cut; with batch normalisation's means and variances
taken again from training images, weights untouched; and trained on for a quarter and half of the steps. The control for
"trained on" is a `separable, linear` network from random weights for the same few steps at the same rates; the control
for "cut" is noise on the full weights, as large as what was cut off.

Result: data/results/separable_blocks.json, one row a run, with the accuracy on the test images.
"""

import argparse
import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, geometry

BATCH, RATE, TUNE_RATE, OFFSET = 64, 1e-2, 3e-3, 0.3
NETWORKS = (("full", 16), ("separable", 16), ("separable, linear", 16), ("column, row", 16), ("pointwise", 16),
            ("full", 6), ("full", 12), ("separable", 32))  # fmt: skip
LONGER = (("separable", 32), ("full", 12), ("separable", 16), ("full", 6), ("full", 16))
PLAN, SEEDS = ((300, NETWORKS), (600, NETWORKS), (1200, LONGER)), 3
CUT_AFTER = (300, 600)  # steps
BLOCKS = (3, 4, 5)  # where a network has its blocks


def parts(kind, before, after, stride):
    """The convolutions of one block, in order."""
    if kind == "full":
        return [nn.Conv2d(before, after, 3, stride, 1, bias=False)]
    if kind == "column, row":
        return [
            nn.Conv2d(before, after, (3, 1), (stride, 1), (1, 0), bias=False),
            nn.Conv2d(after, after, (1, 3), (1, stride), (0, 1), bias=False),
        ]
    if kind == "pointwise":
        return [nn.Conv2d(before, after, 1, stride, bias=False)]
    alone = nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False)
    between = [nn.BatchNorm2d(before), nn.ReLU()] if kind == "separable" else []
    return [alone, *between, nn.Conv2d(before, after, 1, bias=False)]


def block(kind, before, after, stride):
    return nn.Sequential(*parts(kind, before, after, stride), nn.BatchNorm2d(after), nn.ReLU())


def network(kind, width):
    first = [nn.Conv2d(1, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    sizes = ((width, 2), (2 * width, 1), (2 * width, 1))
    blocks = [block(kind, before, 2 * width, stride) for before, stride in sizes]
    return nn.Sequential(*first, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * width, 10))


def macs(kind, width):
    """Multiply-adds for one image, from the sizes of the layers."""
    total = geometry.count_macs(1, width, 3, (14, 14)) + geometry.count_macs(2 * width, 10)
    for before, size in ((width, 14), (2 * width, 7), (2 * width, 7)):
        rows = columns = size
        for layer in parts(kind, before, 2 * width, size // 7):
            if isinstance(layer, nn.Conv2d):
                rows, columns = rows // layer.stride[0], columns // layer.stride[1]
                total += layer.weight.numel() * rows * columns
    return total


def train(net, images, labels, steps, seed, rate=RATE):
    """Adam with a one-cycle rate, in place."""
    optimizer = torch.optim.Adam(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    generator = torch.Generator().manual_seed(seed)
    net.train()
    for _ in range(steps):
        picked = torch.randint(len(images), (BATCH,), generator=generator)
        loss = F.cross_entropy(net(images[picked]), labels[picked])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return net


@torch.inference_mode()
def accuracy(net, images, labels):
    net.eval()
    named = torch.cat([net(batch).argmax(dim=1) for batch in images.split(500)])
    return round((named == labels).double().mean().item(), 4)


def nearest_separable(weight):
    """(depthwise (C, 1, 3, 3), pointwise (O, C, 1, 1), share of the energy kept) nearest to a weight (O, C, 3, 3)."""
    out, into = weight.shape[:2]
    left, sizes, right = torch.linalg.svd(weight.transpose(0, 1).reshape(into, out, 9), full_matrices=False)
    root = sizes[:, 0].sqrt()
    depthwise = (right[:, 0] * root[:, None]).reshape(into, 1, 3, 3)
    pointwise = (left[:, :, 0] * root[:, None]).T.reshape(out, into, 1, 1)
    return depthwise, pointwise, (sizes[:, 0] ** 2).sum() / (sizes**2).sum()


def nearest_slices(weight):
    """(the weight with every 3 x 3 slice cut to rank 1, share of the energy kept)."""
    left, sizes, right = torch.linalg.svd(weight)
    return sizes[..., :1, None] * left[..., :1] @ right[..., :1, :], (sizes[..., 0] ** 2).sum() / (sizes**2).sum()


@torch.no_grad()
def cut(net, how, generator):
    """A copy of a `full` network with its blocks cut, and the share of the energy that the cut keeps."""
    net, shares = copy.deepcopy(net), []
    for index in BLOCKS:
        full = net[index][0]
        if how == "slices of rank 1":
            full.weight[:], share = nearest_slices(full.weight)
        else:
            depthwise, pointwise, share = nearest_separable(full.weight)
            if how == "noise":
                lost = full.weight - depthwise[:, 0] * pointwise
                noise = torch.randn(lost.shape, generator=generator)
                full.weight += noise * lost.norm() / noise.norm()
            else:
                stride = full.stride[0]
                thin = block("separable, linear", full.in_channels, full.out_channels, stride)
                thin[0].weight[:], thin[1].weight[:] = depthwise, pointwise
                thin[2] = net[index][1]
                net[index] = thin
        shares.append(share.item())
    return net, round(float(np.mean(shares)), 4)


@torch.no_grad()
def refreshed(net, images):
    """A copy whose batch normalisation has the means and variances of training images."""
    net = copy.deepcopy(net).train()
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over the batches
    for batch in images[:2560].split(256):
        net(batch)
    return net


def run(plan, seeds, cut_after=CUT_AFTER, known=()):
    """Yield one row after another; a network that is `known`, as (name, width, steps, seed), is not trained again."""
    garments = data.fashion_mnist()
    images, tests = (torch.from_numpy(x)[:, None] - OFFSET for x in (garments.x_train, garments.x_test))
    labels, truth = torch.from_numpy(garments.y_train), torch.from_numpy(garments.y_test)
    for many, seed, (kind, width) in ((n, s, k) for n, networks in plan for s in range(seeds) for k in networks):
        if (kind, width, many, seed) in known:
            continue
        torch.manual_seed(seed)
        net = train(network(kind, width), images, labels, many, seed)
        row = {"name": kind, "width": width, "steps": many, "seed": seed}
        yield {**row, "state": "trained", "accuracy": accuracy(net, tests, truth)}
        if (kind, width) != NETWORKS[0] or many not in cut_after:
            continue
        for how in ("separable, linear", "slices of rank 1", "noise"):
            thin, share = cut(net, how, torch.Generator().manual_seed(seed))
            row = {"name": how, "width": width, "steps": many, "seed": seed, "energy": share}
            yield {**row, "state": "cut", "accuracy": accuracy(thin, tests, truth)}
            fresh = refreshed(thin, images)
            yield {**row, "state": "cut, statistics taken again", "accuracy": accuracy(fresh, tests, truth)}
        starts = {"cut, then trained on": cut(net, "separable, linear", None)[0]}
        torch.manual_seed(seed + 100)
        starts["from random weights"] = network("separable, linear", width)
        row = {"name": "separable, linear", "width": width, "steps": many, "seed": seed}
        for state, start in starts.items():
            for more in (many // 4, many // 2):
                tuned = train(copy.deepcopy(start), images, labels, more, seed + 50, TUNE_RATE)
                yield {**row, "state": state, "more_steps": more, "accuracy": accuracy(tuned, tests, truth)}


def result(rows):
    return {
        "task": "Fashion-MNIST, 28 x 28",
        "batch": BATCH,
        "steps": sorted({row["steps"] for row in rows}),
        "seeds": sorted({row["seed"] for row in rows}),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "networks": [
            {"name": kind, "width": width, "macs": macs(kind, width),
             "parameters": sum(p.numel() for p in network(kind, width).parameters())}
            for kind, width in NETWORKS
        ],
        "rows": rows,
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, help="train all networks for this many steps instead of the plan")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--fresh", action="store_true", help="train again what the output already holds")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "separable_blocks.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    plan, cut_after = (PLAN, CUT_AFTER) if options.steps is None else (((options.steps, NETWORKS),), (options.steps,))
    rows = []
    if options.output.exists() and not options.fresh:
        rows = json.loads(options.output.read_text(encoding="utf-8"))["rows"]
    known = {tuple(row[key] for key in ("name", "width", "steps", "seed")) for row in rows if row["state"] == "trained"}
    for row in run(plan, options.seeds, cut_after, known):
        rows.append(row)
        print(round(time.process_time(), 1), row, file=sys.stderr, flush=True)
        options.output.write_text(json.dumps(result(rows), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
