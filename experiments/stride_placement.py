"""Stride early against late: ten small networks that differ in where they shrink the image.

    python experiments/stride_placement.py             # what is stored; 20 to 60 minutes on one core
    python experiments/stride_placement.py --steps 50 --seeds 1 --output /tmp/try.json

Task: name a garment of Fashion-MNIST and say where it is, on a grey photograph of 40 x 40 pixels.
The test uses other garments on other photographs.

Networks: four convolutions of 5 x 5 with ReLU, total stride 4 in every one of them, so all end in
10 x 10 positions 4 pixels apart. Five differ only in where the strides are. Four more shrink by 4 at
the first layer as well, and are the controls for *why* an early stride hurts: the picture blurred
before a first layer of stride 4 (no aliasing, but the layer still looks at one position in 16), and a
first layer of stride 1 whose responses are then pooled: by a blur (a low-pass), by the maximum of 7 x 7,
by the maximum of 4 x 4 without overlap (no low-pass at all). All nine have the same parameters, number for
number; the tenth spends the multiply-adds of the latest on more channels. Two heads read the last
map: its mean over positions gives the class, the centre of mass of a softmax over positions gives the
position. Everything but the seed of the weights and of the order of the scenes is the same for all.

Result: data/results/stride_placement.json with the accuracy, the distance of the position in pixels,
and how often the class stays when the picture moves by one pixel; per run, with seed, steps and loss
log; and what a guesser reaches. A run that the file already holds is not run again (--fresh does).

What was cut: three of the networks have no run of 1,600 steps, and "2, 2 first" has one seed of it. Runs that are
marked as those of another processor were made by this code before its other networks were added; where they were made
again, another processor's rounding changed the accuracy by up to 2.1 points.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, geometry, scenes

SIDE, KERNEL, TOTAL_STRIDE = 40, 5, 4
NARROW, WIDE = (8, 16, 16, 32), (22, 44, 44, 88)
EARLY = {"strides": (4, 1, 1, 1), "channels": NARROW}
PLACEMENTS = {
    "4 first": EARLY,
    "2, 2 first": {"strides": (2, 2, 1, 1), "channels": NARROW},
    "2 first, 2 last": {"strides": (2, 1, 1, 2), "channels": NARROW},
    "2, 2 last": {"strides": (1, 1, 2, 2), "channels": NARROW},
    "4 last": {"strides": (1, 1, 1, 4), "channels": NARROW},
    "picture blurred, 4 first": {**EARLY, "blurred": True},
    "1 first, blur 7 /4": {**EARLY, "pool": ("blur", 7)},
    "1 first, max 7 /4": {**EARLY, "pool": ("max", 7)},
    "1 first, max 4 /4": {**EARLY, "pool": ("max", 4)},
    "4 first, wide": {**EARLY, "channels": WIDE},
}
SHRINK_FIRST = ("4 first", "picture blurred, 4 first", "1 first, blur 7 /4", "1 first, max 4 /4", "1 first, max 7 /4")
PLAN = (  # (steps, seeds, networks)
    (400, 3, tuple(PLACEMENTS)),
    (1600, 3, SHRINK_FIRST),
    (1600, 3, ("4 last",)),
    (1600, 1, ("2, 2 first",)),
    (3200, 1, ("4 first", "1 first, max 4 /4")),
)
BATCH, TRAIN, TEST = 64, 24_000, 2_000


class BlurPool(nn.Module):
    """Low-pass each channel with the binomial (1, 6, 15, 20, 15, 6, 1), keep every `stride`-th."""

    def __init__(self, stride):
        super().__init__()
        self.stride = stride
        line = torch.tensor([1.0, 6, 15, 20, 15, 6, 1]) / 64
        self.register_buffer("weight", torch.outer(line, line)[None, None])

    def forward(self, x):
        weight = self.weight.expand(x.shape[1], -1, -1, -1)
        return F.conv2d(F.pad(x, (3, 3, 3, 3), mode="replicate"), weight, stride=self.stride, groups=x.shape[1])


def pooling(kind, size, stride):
    """Module that shrinks a map by `stride`: "blur" (7 x 7 binomial) or "max" over size x size."""
    return BlurPool(stride) if kind == "blur" else nn.MaxPool2d(size, stride, padding=pool_padding(size, stride))


def pool_padding(size, stride):
    """Padding that makes a window of `size` at `stride` give side / stride positions."""
    return (size - stride + 1) // 2


class Finder(nn.Module):
    """Four convolutions and two heads: scenes (N, 1, 40, 40) -> classes (N, 10), positions (N, 2)."""

    def __init__(self, strides, channels, blurred=False, pool=None):
        super().__init__()
        layers, before = [BlurPool(1)] * blurred, 1
        for after, stride in zip(channels, strides, strict=True):
            pooled = pool is not None and stride > 1
            conv = nn.Conv2d(before, after, KERNEL, 1 if pooled else stride, KERNEL // 2)
            layers += [conv, nn.BatchNorm2d(after), nn.ReLU()]
            if pooled:
                layers.append(pooling(*pool, stride))
            before = after
        self.trunk = nn.Sequential(*layers)
        self.name = nn.Linear(before, 10)
        self.position = nn.Conv2d(before, 1, 1)
        self.register_buffer("pixels", torch.arange(0.0, SIDE, TOTAL_STRIDE))

    def forward(self, scenes):
        features = self.trunk(scenes)  # (N, C, 10, 10)
        classes = self.name(features.mean(dim=(2, 3)))  # (N, 10)
        share = self.position(features).flatten(1).softmax(dim=1).view(-1, 10, 10)
        rows, columns = share.sum(dim=2) @ self.pixels, share.sum(dim=1) @ self.pixels
        return classes, torch.stack([rows, columns], dim=1)  # (N, 2) in pixels


def count(strides, channels, blurred=False, pool=None):
    """Parameters, multiply-adds for one scene (a maximum has none), and receptive field of one network."""
    windows = [("blur", 1, 7, 1, 3)] * blurred  # (kind, channels into each output, kernel, stride, padding)
    maps, before = [1] * blurred, 1
    parameters = geometry.count_parameters(channels[-1], 10) + geometry.count_parameters(channels[-1], 1)
    for after, stride in zip(channels, strides, strict=True):
        pooled = pool is not None and stride > 1
        windows.append(("conv", before, KERNEL, 1 if pooled else stride, KERNEL // 2))
        if pooled:
            windows.append((pool[0], 1, pool[1], stride, pool_padding(pool[1], stride)))
        maps += [after] * (1 + pooled)
        parameters += geometry.count_parameters(before, after, KERNEL) + 2 * after  # batch norm
        before = after
    size, macs, layers = SIDE, 0, []
    for (kind, into, kernel, stride, padding), after in zip(windows, maps, strict=True):
        layers.append({"kernel_size": kernel, "stride": stride, "padding": padding})
        size = geometry.conv_output_size(size, kernel, stride=stride, padding=padding)
        macs += 0 if kind == "max" else into * after * kernel**2 * size**2
    macs += geometry.count_macs(before, 10) + geometry.count_macs(before, 1, 1, (size, size))
    return {
        "parameters": parameters,
        "macs": macs,
        "grid": size,
        "receptive_field": geometry.receptive_field(layers).size,
    }


def train(network, scenes, labels, positions, steps, seed):
    """Adam with a one-cycle rate; the sum of cross-entropy and of 0.1 x distance in pixels."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=steps)
    generator = torch.Generator().manual_seed(seed)
    order = torch.cat(
        [torch.randperm(len(scenes), generator=generator) for _ in range(-(-steps * BATCH // len(scenes)))]
    )
    log, window = [], []
    network.train()
    for step in range(steps):
        picked = order[step * BATCH : (step + 1) * BATCH]
        classes, found = network(scenes[picked])
        distance = (found - positions[picked]).square().sum(dim=1).add(1e-6).sqrt()
        loss = F.cross_entropy(classes, labels[picked]) + 0.1 * distance.mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        window.append(loss.item())
        if len(window) == max(1, steps // 10):
            log.append(round(float(np.mean(window)), 4))
            window.clear()
    return log


@torch.inference_mode()
def evaluate(network, scenes, labels, positions):
    """Scenes one pixel larger than the network's: compare the outputs one pixel apart."""
    network.eval()
    outputs = [
        [part(batch) for batch in scenes.split(250)]
        for part in (
            lambda batch: network(batch[..., :SIDE, :SIDE]),
            lambda batch: network(batch[..., 1:, :SIDE]),
            lambda batch: network(batch[..., :SIDE, 1:]),
        )
    ]
    (classes, found), *moved = [tuple(map(torch.cat, zip(*output, strict=True))) for output in outputs]
    named = classes.argmax(dim=1)
    same = torch.stack([other.argmax(dim=1) == named for other, _ in moved])
    return {
        "accuracy": round((named == labels).double().mean().item(), 4),
        "pixels_off": round((found - positions).norm(dim=1).double().mean().item(), 3),
        "same_after_one_pixel": round(same.double().mean().item(), 4),
    }


def tensors(count, *, seed, test):
    images, labels, positions = scenes.garments_on_photographs(count, seed=seed, side=SIDE + test, test=test)
    return (
        torch.from_numpy(images - 0.5)[:, None],
        torch.from_numpy(labels),
        torch.from_numpy(positions.astype(np.float32)),
    )


def guesser(labels, positions):
    """What is reached without looking: the most frequent class, and the middle of the scene."""
    middle = torch.tensor([(SIDE - 1) / 2] * 2)
    return {
        "accuracy": round(labels.bincount().max().item() / len(labels), 4),
        "pixels_off": round((positions - middle).norm(dim=1).double().mean().item(), 3),
    }


def run(plan, stored=None, train_count=TRAIN, test_count=TEST):
    """Yield the result after each run, so that it may be stopped and keeps what it has."""
    train_set = tensors(train_count, seed=601, test=False)
    test_set = tensors(test_count, seed=602, test=True)
    runs = {name: network["runs"] for name, network in (stored or {"networks": {}})["networks"].items()}
    result = {
        "task": "garments on photographs",
        "side": SIDE,
        "kernel_size": KERNEL,
        "train_scenes": train_count,
        "test_scenes": test_count,
        "batch": BATCH,
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "guesser": guesser(*test_set[1:]),
        "networks": {
            name: {**count(**options), **options, "runs": runs.get(name, [])} for name, options in PLACEMENTS.items()
        },
    }
    todo = [(steps, seed, name) for steps, seeds, names in plan for seed in range(seeds) for name in names]
    for steps, seed, name in todo:
        done = result["networks"][name]["runs"]
        if any((run["steps"], run["seed"]) == (steps, seed) for run in done):
            continue
        torch.manual_seed(seed)
        network, began = Finder(**PLACEMENTS[name]), time.process_time()
        log = train(network, *train_set, steps, seed)
        seconds = round(time.process_time() - began, 1)
        scores = evaluate(network, *test_set)
        done.append({"steps": steps, "seed": seed, **scores, "cpu_seconds": seconds, "loss": log})
        done.sort(key=lambda run: (run["steps"], run["seed"]))
        print(f"{steps:>5} steps, seed {seed}, {name:<25} {scores}, {seconds} s", file=sys.stderr, flush=True)
        yield result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, help="train all networks for this many steps instead of the plan")
    parser.add_argument("--seeds", type=int, default=1, help="with --steps")
    parser.add_argument("--fresh", action="store_true", help="run again what the output already holds")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "stride_placement.json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    plan = PLAN if options.steps is None else ((options.steps, options.seeds, tuple(PLACEMENTS)),)
    known = options.output.exists() and not options.fresh
    for result in run(plan, json.loads(options.output.read_text(encoding="utf-8")) if known else None):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
