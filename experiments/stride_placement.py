"""Stride early against late: seven small networks that differ in where they shrink the image.

    python experiments/stride_placement.py             # about half an hour on one core
    python experiments/stride_placement.py --seeds 1 --steps 50 --output /tmp/try.json

Task: name a garment of Fashion-MNIST and say where it is, on a grey photograph of 40 x 40 pixels.
The test uses other garments on other photographs.

Networks: four convolutions of 5 x 5 with ReLU, total stride 4 in every one of them, so all end in
10 x 10 positions 4 pixels apart. Six have the same parameters, number for number, and differ in
multiply-adds and in receptive field; the seventh spends the multiply-adds of the latest on more
channels. Two heads read the last map: its mean over positions gives the class, the centre of mass
of a softmax over positions gives the place. Everything but the seed of the weights and of the order
of the scenes is the same for all.

Result: data/results/stride_placement.json with the accuracy, the distance of the place in pixels,
and how often the answer stays when the picture moves by one pixel; per seed, with the loss log.
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
PLACEMENTS = {
    "4 first": {"strides": (4, 1, 1, 1), "channels": NARROW},
    "2, 2 first": {"strides": (2, 2, 1, 1), "channels": NARROW},
    "2 first, 2 last": {"strides": (2, 1, 1, 2), "channels": NARROW},
    "2, 2 last": {"strides": (1, 1, 2, 2), "channels": NARROW},
    "4 last": {"strides": (1, 1, 1, 4), "channels": NARROW},
    "blur, then 4 first": {"strides": (4, 1, 1, 1), "channels": NARROW, "blur": True},
    "4 first, wide": {"strides": (4, 1, 1, 1), "channels": WIDE},
}
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


class Finder(nn.Module):
    """Four convolutions and two heads: scenes (N, 1, 40, 40) -> classes (N, 10), places (N, 2)."""

    def __init__(self, strides, channels, blur=False):
        super().__init__()
        layers, before = [], 1
        for after, stride in zip(channels, strides, strict=True):
            dense = blur and stride > 1
            conv = nn.Conv2d(before, after, KERNEL, 1 if dense else stride, KERNEL // 2)
            layers += [conv, nn.BatchNorm2d(after), nn.ReLU()] + [BlurPool(stride)] * dense
            before = after
        self.trunk = nn.Sequential(*layers)
        self.name = nn.Linear(before, 10)
        self.place = nn.Conv2d(before, 1, 1)
        self.register_buffer("pixels", torch.arange(0.0, SIDE, TOTAL_STRIDE))

    def forward(self, scenes):
        features = self.trunk(scenes)  # (N, C, 10, 10)
        classes = self.name(features.mean(dim=(2, 3)))  # (N, 10)
        share = self.place(features).flatten(1).softmax(dim=1).view(-1, 10, 10)
        rows, columns = share.sum(dim=2) @ self.pixels, share.sum(dim=1) @ self.pixels
        return classes, torch.stack([rows, columns], dim=1)  # (N, 2) in pixels


def count(strides, channels, blur=False):
    """Parameters, multiply-adds for one scene, and receptive field of one network."""
    size, before, macs, layers = SIDE, 1, 0, []
    parameters = geometry.count_parameters(channels[-1], 10) + geometry.count_parameters(channels[-1], 1)
    for after, stride in zip(channels, strides, strict=True):
        steps = [(KERNEL, 1 if blur and stride > 1 else stride, KERNEL // 2, 1)]
        if blur and stride > 1:
            steps.append((7, stride, 3, after))
        for kernel, step, padding, groups in steps:
            layers.append({"kernel_size": kernel, "stride": step, "padding": padding})
            size = geometry.conv_output_size(size, kernel, stride=step, padding=padding)
            into = before if groups == 1 else after
            macs += geometry.count_macs(into, after, kernel, (size, size), groups=groups)
        parameters += geometry.count_parameters(before, after, KERNEL) + 2 * after  # batch norm
        before = after
    macs += geometry.count_macs(before, 10) + geometry.count_macs(before, 1, 1, (size, size))
    return {
        "parameters": parameters,
        "macs": macs,
        "grid": size,
        "receptive_field": geometry.receptive_field(layers).size,
    }


def train(network, scenes, labels, places, steps, seed, tick=lambda: None):
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
        distance = (found - places[picked]).square().sum(dim=1).add(1e-6).sqrt()
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
        tick()
    return log


@torch.inference_mode()
def evaluate(network, scenes, labels, places):
    """Scenes one pixel larger than the network's: compare the answers one pixel apart."""
    network.eval()
    answers = [
        [part(batch) for batch in scenes.split(250)]
        for part in (
            lambda batch: network(batch[..., :SIDE, :SIDE]),
            lambda batch: network(batch[..., 1:, :SIDE]),
            lambda batch: network(batch[..., :SIDE, 1:]),
        )
    ]
    (classes, found), *moved = [tuple(map(torch.cat, zip(*answer, strict=True))) for answer in answers]
    named = classes.argmax(dim=1)
    same = torch.stack([other.argmax(dim=1) == named for other, _ in moved])
    return {
        "accuracy": round((named == labels).double().mean().item(), 4),
        "pixels_off": round((found - places).norm(dim=1).double().mean().item(), 3),
        "same_after_one_pixel": round(same.double().mean().item(), 4),
    }


def tensors(count, *, seed, test):
    images, labels, places = scenes.garments_on_photographs(count, seed=seed, side=SIDE + test, test=test)
    return (
        torch.from_numpy(images - 0.5)[:, None],
        torch.from_numpy(labels),
        torch.from_numpy(places.astype(np.float32)),
    )


def run(seeds, steps, train_count=TRAIN, test_count=TEST):
    """Yield the result after each seed, so that a run may be stopped and keeps what it has."""
    train_set = tensors(train_count, seed=601, test=False)
    test_set = tensors(test_count, seed=602, test=True)
    results = {
        name: {
            **count(**options),
            **{k: list(v) if isinstance(v, tuple) else v for k, v in options.items()},
            "runs": [],
        }
        for name, options in PLACEMENTS.items()
    }
    total, done, started = seeds * sum(r["macs"] for r in results.values()) * steps, 0, time.time()
    for seed in range(seeds):
        for name, options in PLACEMENTS.items():
            torch.manual_seed(seed)
            network = Finder(**options)
            here, began = results[name], time.process_time()

            def tick(macs=here["macs"], seed=seed, name=name):
                nonlocal done
                done += macs
                part = done / total
                print(
                    f"\r{part:6.1%} of the work, {time.time() - started:5.0f} s, seed {seed}, {name:<20}",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )

            log = train(network, *train_set, steps, seed, tick)
            seconds = round(time.process_time() - began, 1)
            here["runs"].append({"seed": seed, **evaluate(network, *test_set), "cpu_seconds": seconds, "loss": log})
            shown = {k: v for k, v in here["runs"][-1].items() if k != "loss"}
            print(f"\r{name:<20} {shown}", file=sys.stderr)
        yield {
            "task": "garments on photographs",
            "side": SIDE,
            "kernel_size": KERNEL,
            "train_scenes": train_count,
            "test_scenes": test_count,
            "steps": steps,
            "batch": BATCH,
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
            "networks": results,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "stride_placement.json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for result in run(options.seeds, options.steps):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"\rwrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
