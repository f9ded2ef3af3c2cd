"""Do learned offsets follow a sheep, and does it help? The same small detector with and without them.

    python experiments/sheep_sampling.py             # the plan; an hour on one quiet core
    python experiments/sheep_sampling.py --steps 20 --seeds 1 --scenes 200 --output /tmp/try.json

Task: in scenes of 96 x 96 pixels (`cnnlib.sheep.sheep_scenes`) say of every cell of 4 x 4 pixels whether it is
background, sheep or wool in another shape, and how far its object reaches up, down, left and right. The test has
other grass, other photographs and other blobs, but the same sheep, of which there is only one.

Networks (`cnnlib.layers.SheepFinder`): "deformable"; "plain", the same without offsets; "plain, wide" with as many
parameters as the deformable one. More of them are plain and see further, in case the deformable one's advantage is its
field alone. "plain, dilations 1, 3, 9" has the parameters of "plain" and the largest field that three layers of 3 x 3
can fill without holes, 13 cells to each side; on the largest fixed sheep, 99% of the deformable network's points lie
within that distance. "plain, dilations 2, 4, 8" keeps to every second cell, as "plain" does. "plain, six layers" has
twice as many layers of dilation 2, and more parameters than the deformable network; "plain, six layers of dilation 1"
has these layers and the field of "plain".

All seeds, steps and scenes are the same for all. "plain" is also trained for 4,000 steps, which takes no longer than
1,000 deformable ones, and the deformable one and the six layers for 2,000.

A run that the output already holds is not run again.

Where the networks look is measured by `experiments/sheep_measures.py` from the weights that this script keeps.
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

from cnnlib import data, geometry
from cnnlib.layers import DeformConv2d, SheepFinder
from cnnlib.sheep import sheep_scenes

NETWORKS = {
    "deformable": {},
    "plain": {"deformable": False},
    "plain, wide": {"deformable": False, "width": 42},
    "plain, dilations 1, 3, 9": {"deformable": False, "dilations": (1, 3, 9)},
    "plain, dilations 2, 4, 8": {"deformable": False, "dilations": (2, 4, 8)},
    "plain, six layers": {"deformable": False, "dilations": (2,) * 6},
    "plain, six layers of dilation 1": {"deformable": False, "dilations": (1,) * 6},
}
PLAN = (
    *((name, 1000, seed) for seed in range(3) for name in tuple(NETWORKS)[:3]),
    *(("plain", 4000, seed) for seed in range(3)),
    *(("deformable", 2000, seed) for seed in range(3)),
    *((name, 1000, seed) for seed in range(3) for name in tuple(NETWORKS)[3:]),
    *(("plain, six layers", 2000, seed) for seed in range(3)),
)
TRAIN, TEST, BATCH, CELL = 3000, 400, 16, 4


class Gathered(DeformConv2d):
    """The same layer for one group and one common padding; torch's grid_sample reads the points, a third faster."""

    def forward(self, x):
        n, _, height, width = x.shape
        points = self.sampling_points(x)  # (N, 9, H, W, 2)
        grid = points.flip(-1) * points.new_tensor([2 / (width - 1), 2 / (height - 1)]) - 1
        seen = F.grid_sample(x, grid.reshape(n, 9 * height, width, 2), align_corners=True)
        seen = seen.reshape(n, -1, height * width)  # channel by channel, and in each tap by tap
        return (self.weight.flatten(1) @ seen).reshape(n, -1, height, width)


def finder(name):
    """A new network, read by `Gathered` where it is deformable."""
    network = SheepFinder(**NETWORKS[name])
    for layer in network.last:
        if isinstance(layer, DeformConv2d):
            layer.__class__ = Gathered
    return network


def field(options):
    """What an output of a plain network sees along one axis: pixels, cells, and how many of these cells it reads."""
    network = SheepFinder(**options)
    pixels, cells = (geometry.receptive_field(part).size[0] for part in ([*network.stem, *network.last], network.last))
    return {"pixels": pixels, "cells": cells, "cells_read": len(geometry.touched(network.last).offsets[0])}


def labels(scenes):
    """What each cell shows (N, 24, 24) int64, and how far its object reaches / 32 pixels (N, 4, 24, 24) float32."""
    instances = scenes.instances
    cells = instances[:, ::CELL, ::CELL]
    kinds = np.take_along_axis(scenes.kinds, cells.reshape(len(cells), -1), axis=1).reshape(cells.shape)
    reaches = np.zeros((len(cells), 4, *cells.shape[1:]), np.float32)
    for reach, cell, whole in zip(reaches, cells, instances, strict=True):
        for number in range(1, whole.max() + 1):
            row, column = np.nonzero(cell == number)
            if len(row):
                rows, columns = (np.flatnonzero((whole == number).any(axis)) for axis in (1, 0))
                up, left = row * CELL - rows[0], column * CELL - columns[0]
                down, right = rows[-1] - row * CELL, columns[-1] - column * CELL
                reach[:, row, column] = np.stack([up, down, left, right]) / 32
    return kinds.astype(np.int64), reaches


def mirrored(scenes, chosen):
    """The scenes of that sort turned left to right."""
    images, instances = scenes.images.copy(), scenes.instances.copy()
    images[chosen], instances[chosen] = images[chosen][:, :, ::-1], instances[chosen][:, :, ::-1]
    return scenes._replace(images=images, instances=instances)


def pixels(images):
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def loss_of(output, kinds, reaches):
    """Weighted cross-entropy of the three kinds, and twice the smooth L1 distance of the four reaches on objects."""
    kinds, reaches = torch.from_numpy(kinds), torch.from_numpy(reaches)
    loss = F.cross_entropy(output[:, :3], kinds, weight=torch.tensor([0.5, 1.5, 1.5]))
    on = (kinds > 0)[:, None].float()
    away = F.smooth_l1_loss(output[:, 3:], reaches, reduction="none", beta=0.1) * on
    return loss + 2 * away.sum() / on.sum().clamp(min=1) / 4


def train(network, scenes, steps, seed):
    """AdamW with a cosine rate; scenes are drawn and mirrored at random."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-4)
    rng = np.random.default_rng(100 + seed)
    log, window = [], []
    network.train()
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 1e-3 * min(1, (step + 1) / 50) * (1 + np.cos(np.pi * step / steps))
        picked = rng.integers(len(scenes.images), size=BATCH)
        batch = mirrored(type(scenes)(*(part[picked] for part in scenes)), rng.random(BATCH) < 0.5)
        loss = loss_of(network(pixels(batch.images)), *labels(batch))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        window.append(loss.item())
        if len(window) == max(1, steps // 10):
            log.append(round(float(np.mean(window)), 4))
            window.clear()
    return log


@torch.inference_mode()
def evaluate(network, scenes):
    """Intersection over union of each kind over all cells, and the error of the reaches on sheep in pixels."""
    network.eval()
    kinds, reaches = labels(scenes)
    output = torch.cat([network(batch) for batch in pixels(scenes.images).split(50)]).numpy()
    found, sheep = output[:, :3].argmax(axis=1), kinds == 1
    both = [((found == kind) & (kinds == kind)).sum() / ((found == kind) | (kinds == kind)).sum() for kind in range(3)]
    away = 32 * np.abs(output[:, 3:] - reaches).mean(axis=1)[sheep].mean()
    return {
        "iou": {name: round(float(iou), 4) for name, iou in zip(("background", "sheep", "wool"), both, strict=True)},
        "reach_error": round(float(away), 3),
    }


def keep(network, path):
    """Store a network's parameters and running statistics."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {name: value.numpy() for name, value in network.state_dict().items() if "num_batches" not in name}
    np.savez(path, **state)


def run(plan, output, weights, train_count=TRAIN, test_count=TEST):
    """Train what the output does not hold yet, and write it after each run."""
    result = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {"rows": []}
    done = {(row["name"], row["steps"], row["seed"]) for row in result["rows"]}
    training, testing = (
        sheep_scenes(train_count, seed=1501),
        sheep_scenes(test_count, seed=1502, test=True),
    )
    print(f"{train_count} and {test_count} scenes", file=sys.stderr, flush=True)
    for name, steps, seed in plan:
        if (name, steps, seed) in done:
            continue
        torch.manual_seed(seed)
        network, began = finder(name), time.process_time()
        log = train(network, training, steps, seed)
        seconds = time.process_time() - began
        scores = evaluate(network, testing)
        keep(network, weights / f"{name.replace(', ', '_')}_{steps}_{seed}.npz")
        row = {"name": name, "steps": steps, "seed": seed, **scores, "cpu_seconds": round(seconds, 1), "loss": log}
        result["rows"].append(row)
        print(f"{steps:>5} steps, seed {seed}, {name:<31} {scores}, {seconds:.0f} s", file=sys.stderr, flush=True)
        about = {
            "task": "sheep and woolly blobs",
            "train_scenes": train_count,
            "test_scenes": test_count,
            "batch": BATCH,
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
            "parameters": {
                name: sum(p.numel() for p in SheepFinder(**options).parameters()) for name, options in NETWORKS.items()
            },
            "fields": {name: field(options) for name, options in NETWORKS.items() if options},
        }
        output.write_text(json.dumps(about | {"rows": result["rows"]}, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, help="train all networks for this many steps instead of the plan")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds of each")
    parser.add_argument("--scenes", type=int, default=TRAIN, help="scenes to train on")
    parser.add_argument("--weights", type=Path, default=Path("_build/sheep"), help="folder for the trained weights")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sheep_sampling.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    plan = PLAN if options.steps is None else [(name, options.steps, s) for name in NETWORKS for s in range(3)]
    plan = [case for case in plan if case[2] < options.seeds]
    run(plan, options.output, options.weights, options.scenes, min(TEST, options.scenes))


if __name__ == "__main__":
    main()
