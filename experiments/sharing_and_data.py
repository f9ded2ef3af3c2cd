"""Does sharing weights help when data is few? Dense, local and shared layers with equal outputs.

    python experiments/sharing_and_data.py             # about ten minutes on one core
    python experiments/sharing_and_data.py --seeds 1 --counts 100 --output /tmp/try.json

Task: name a garment of Fashion-MNIST. Three kinds of pictures, the same for all networks:
"aligned" as they come, centred; "shifted" by up to 4 pixels each way, other shifts in the test;
"scrambled" by one fixed permutation of the pixels, so that neighbours are no longer neighbours. A dense
layer does not know what a neighbour is, so it is left out there.

Networks, of depth 1 or 2: 28 x 28 pixels, then 8 maps of 12 x 12, then (depth 2) 16 maps of 5 x 5, ReLU after
each, and one linear layer to ten scores. The layers before it are all dense, or all have windows (5 x 5 and
3 x 3, stride 2) with weights of their own at every place, or the same windows with shared weights. Biases are
per place or per map accordingly. The learning rate of each network is the best of four on images that are used
for nothing else. Training images of a smaller set are among those of a larger one; every seed draws its own.

Result: data/results/sharing_and_data.json with the accuracy on training and test images and the loss log.
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

from cnnlib import data
from cnnlib.layers import LocalConv2d

KINDS = ("dense", "local", "shared")
PICTURES = ("aligned", "shifted", "scrambled")
DEPTHS = (1, 2)
COUNTS = (100, 1000, 9000)
RATES = (0.001, 0.003, 0.01, 0.03)
SIDE, REACH = 28, 4  # pixels; of shift, each way
STEPS, BATCH, HELD_BACK = 300, 50, 1000
LAYERS = ((1, 28, 8, 12, 5), (8, 12, 16, 5, 3))  # channels and size before, channels and size after, window


def layer(kind, channels, size, maps, places, kernel):
    """(N, channels, size, size) to (N, maps, places, places)."""
    if kind == "dense":
        dense = nn.Linear(channels * size**2, maps * places**2)
        return nn.Sequential(nn.Flatten(), dense, nn.Unflatten(1, (maps, places, places)))
    if kind == "local":
        return LocalConv2d(channels, maps, kernel, stride=2, input_size=size)
    return nn.Conv2d(channels, maps, kernel, stride=2)


def trunk(kind, depth):
    """All before the scores: (N, 1, 28, 28) to (N, features)."""
    parts = [part for shape in LAYERS[:depth] for part in (layer(kind, *shape), nn.ReLU())]
    return nn.Sequential(*parts, nn.Flatten())


def build(kind, depth):
    _, _, maps, places, _ = LAYERS[depth - 1]
    return nn.Sequential(trunk(kind, depth), nn.Linear(maps * places**2, 10))


def pictures(images, kind, seed):
    """Images (N, 28, 28) as a tensor (N, 1, 28, 28) of one of the three kinds."""
    if kind == "shifted":
        shifts = np.random.default_rng(seed).integers(-REACH, REACH + 1, (len(images), 2))
        framed = np.pad(images, ((0, 0), (REACH, REACH), (REACH, REACH)))
        images = np.stack(
            [
                image[REACH - down : REACH - down + SIDE, REACH - across : REACH - across + SIDE]
                for image, (down, across) in zip(framed, shifts, strict=True)
            ]
        )
    elif kind == "scrambled":
        order = np.random.default_rng(4).permutation(SIDE**2)
        images = images.reshape(len(images), -1)[:, order].reshape(images.shape)
    return torch.from_numpy(np.ascontiguousarray(images))[:, None] - 0.5


def train(network, images, labels, rate, seed, steps=STEPS):
    """Adam with a one-cycle rate on the cross-entropy; returns the loss in ten parts of the time."""
    optimizer = torch.optim.Adam(network.parameters(), lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, total_steps=steps)
    generator = torch.Generator().manual_seed(seed)
    batch = min(BATCH, len(images))
    log, window = [], []
    for _ in range(steps):
        picked = torch.randperm(len(images), generator=generator)[:batch]
        loss = F.cross_entropy(network(images[picked]), labels[picked])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        window.append(loss.item())
        if len(window) == max(1, steps // 10):
            log.append(round(float(np.mean(window)), 4))
            window.clear()
    return log


@torch.inference_mode()
def accuracy(network, images, labels):
    named = torch.cat([network(batch).argmax(dim=1) for batch in images.split(500)])
    return round((named == labels).double().mean().item(), 4)


def one_run(kind, depth, images, labels, others, truth, rate, seed):
    torch.manual_seed(seed)
    network = build(kind, depth)
    log = train(network, images, labels, rate, seed)
    return {
        "seed": seed,
        "train": accuracy(network, images, labels),
        "test": accuracy(network, others, truth),
        "loss": log,
    }


def cells():
    """Every network that is trained: depth, pictures, kind."""
    return [
        (d, look, kind) for d in DEPTHS for look in PICTURES for kind in KINDS if (look, kind) != ("scrambled", "dense")
    ]


def run(seeds, counts):
    """Yield the result after each seed, so that a run may be stopped and keeps what it has."""
    fashion = data.fashion_mnist()
    order = np.random.default_rng(40).permutation(len(fashion.x_train))
    held, free = order[:HELD_BACK], order[HELD_BACK:]
    result = {
        "task": "naming garments",
        "steps": STEPS,
        "batch": BATCH,
        "reach": REACH,
        "rates_tried": list(RATES),
        "torch": torch.__version__,
        "counts": list(counts),
        "networks": [],
    }
    networks = result["networks"]
    for depth, look, kind in cells():
        tuning = pictures(fashion.x_train[free[:1000]], look, 1), torch.from_numpy(fashion.y_train[free[:1000]])
        judged = pictures(fashion.x_train[held], look, 2), torch.from_numpy(fashion.y_train[held])
        scores = {rate: one_run(kind, depth, *tuning, *judged, rate, 99)["test"] for rate in RATES}
        parameters = sum(p.numel() for p in trunk(kind, depth).parameters())
        best = max(scores, key=scores.get)
        cell = {"depth": depth, "pictures": look, "kind": kind, "parameters": parameters, "rate": best}
        networks.append({**cell, "runs": {str(count): [] for count in counts}})
        print(f"{depth} {look} {kind}: {scores}", file=sys.stderr, flush=True)
    total, done, started = seeds * len(networks) * len(counts), 0, time.time()
    truth = torch.from_numpy(fashion.y_test)
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).permutation(free)
        labels = torch.from_numpy(fashion.y_train[drawn])
        for network in networks:
            depth, look, kind, rate = (network[key] for key in ("depth", "pictures", "kind", "rate"))
            images, others = pictures(fashion.x_train[drawn], look, 10 + seed), pictures(fashion.x_test, look, 3)
            for count in counts:
                runs = network["runs"][str(count)]
                runs.append(one_run(kind, depth, images[:count], labels[:count], others, truth, rate, seed))
                done += 1
                where = f"seed {seed}, depth {depth}, {look}, {kind}, {count}: {runs[-1]['test']}"
                print(f"{done / total:6.1%}, {time.time() - started:5.0f} s, {where}", file=sys.stderr, flush=True)
        yield result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sharing_and_data.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for result in run(options.seeds, options.counts):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
