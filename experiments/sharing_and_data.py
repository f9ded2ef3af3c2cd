"""Does sharing weights help when data is scarce? Dense, local and shared layers with equal outputs.

    python experiments/sharing_and_data.py             # about twenty minutes on one core; continues a stopped run
    python experiments/sharing_and_data.py --seeds 1 --counts 100 --output /tmp/try.json

Task: classify the garments of Fashion-MNIST. Three kinds of images, the same for all networks: "aligned" as they
come, centred; "shifted" by up to 4 pixels each way, by other amounts in the test; "scrambled" by one fixed
permutation of the pixels, so that neighbours are no longer neighbours. A dense layer does not know what a neighbour
is: to it, scrambled images are the aligned ones with its inputs numbered differently, so it is left out there.

Networks: 28 x 28 pixels, 8 maps of 12 x 12, 16 maps of 5 x 5, ReLU after each, and one linear layer to ten scores.
The two layers before it are both dense, or both local (windows of 5 x 5 and 3 x 3, stride 2, weights of their own at
every position), or both shared (the same windows, one set of weights). A fourth network, "pooled", differs from
"shared" in one thing: its convolutions have stride 1 and max pooling of 2 x 2 follows. Its parameters are as many.

Training: Adam with a one-cycle learning rate, batches of 100; every set is learned for several lengths. The last is
twice the one before, so that one can see whether the comparison still depends on it; the first seed alone goes that
far. The learning rate of each network is the best of four on images that are used for nothing else. Training images
of a smaller set are among those of a larger one; every seed draws its own.

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

KINDS = ("dense", "local", "shared", "pooled")
IMAGES = ("aligned", "shifted", "scrambled")
STEPS = {100: (150, 300), 1000: (300, 600), 9000: (150, 1200, 2400)}  # by training images
RATES = (0.001, 0.003, 0.01, 0.03)
TUNED_ON, TUNED_FOR = 3000, 400  # images and steps
SIDE, REACH = 28, 4  # pixels; of shift, each way
BATCH, HELD_BACK = 100, 1000
LAYERS = ((1, 28, 8, 12, 5), (8, 12, 16, 5, 3))  # channels and side before, channels and side after, window


def layer(kind, channels, side, maps, positions, kernel):
    """(N, channels, side, side) to (N, maps, positions, positions), ReLU included."""
    if kind == "dense":
        dense = nn.Linear(channels * side**2, maps * positions**2)
        return nn.Sequential(nn.Flatten(), dense, nn.ReLU(), nn.Unflatten(1, (maps, positions, positions)))
    if kind == "local":
        return nn.Sequential(LocalConv2d(channels, maps, kernel, stride=2, input_size=side), nn.ReLU())
    if kind == "pooled":
        return nn.Sequential(nn.Conv2d(channels, maps, kernel), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(nn.Conv2d(channels, maps, kernel, stride=2), nn.ReLU())


def trunk(kind):
    """All before the scores: (N, 1, 28, 28) to (N, 400)."""
    return nn.Sequential(*(layer(kind, *shape) for shape in LAYERS), nn.Flatten())


def build(kind):
    """The whole network: (N, 1, 28, 28) to (N, 10) scores."""
    _, _, maps, positions, _ = LAYERS[-1]
    return nn.Sequential(trunk(kind), nn.Linear(maps * positions**2, 10))


def prepared(images, look, seed):
    """Images (N, 28, 28) as a tensor (N, 1, 28, 28), aligned, shifted or scrambled."""
    if look == "shifted":
        shifts = np.random.default_rng(seed).integers(-REACH, REACH + 1, (len(images), 2))
        framed = np.pad(images, ((0, 0), (REACH, REACH), (REACH, REACH)))
        images = np.stack(
            [
                image[REACH - down : REACH - down + SIDE, REACH - across : REACH - across + SIDE]
                for image, (down, across) in zip(framed, shifts, strict=True)
            ]
        )
    elif look == "scrambled":
        order = np.random.default_rng(4).permutation(SIDE**2)
        images = images.reshape(len(images), -1)[:, order].reshape(images.shape)
    return torch.from_numpy(np.ascontiguousarray(images))[:, None] - 0.5


def train(network, images, labels, rate, seed, steps):
    """Adam with a one-cycle rate on the cross-entropy; returns the mean loss in ten parts of the training."""
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
    """Share of the images whose highest score is that of their label."""
    predicted = torch.cat([network(batch).argmax(dim=1) for batch in images.split(500)])
    return round((predicted == labels).double().mean().item(), 4)


def one_run(kind, training, test, rate, seed, steps):
    """Train one network and judge it: its accuracy on the (images, labels) of both sets, and its loss log."""
    torch.manual_seed(seed)
    network = build(kind)
    log = train(network, *training, rate, seed, steps)
    return {"train": accuracy(network, *training), "test": accuracy(network, *test), "loss": log}


def lengths(count, seed):
    """For how many steps that many images are learned."""
    return STEPS[count] if seed == 0 else STEPS[count][:-1]


def cells():
    """Every network that is trained: images, kind."""
    return [(look, kind) for look in IMAGES for kind in KINDS if look != "scrambled" or kind in ("local", "shared")]


def tuned(fashion, held, free):
    """An entry for every network, with its parameters, the learning rate that did best, and no runs as yet."""
    for look, kind in cells():
        few = free[:TUNED_ON]
        training = prepared(fashion.x_train[few], look, 1), torch.from_numpy(fashion.y_train[few])
        judged = prepared(fashion.x_train[held], look, 2), torch.from_numpy(fashion.y_train[held])
        scores = {rate: one_run(kind, training, judged, rate, 99, TUNED_FOR)["test"] for rate in RATES}
        print(f"{look} {kind}: {scores}", file=sys.stderr, flush=True)
        before, whole = (sum(p.numel() for p in make(kind).parameters()) for make in (trunk, build))
        yield {
            "images": look, "kind": kind, "parameters": {"two layers": before, "whole": whole},
            "rate": max(scores, key=scores.get), "rates": {str(r): score for r, score in scores.items()}, "runs": [],
        }  # fmt: skip


def run(seeds, counts, result):
    """Add the runs that ``result`` lacks; yield it after each network of each seed."""
    fashion = data.fashion_mnist()
    order = np.random.default_rng(40).permutation(len(fashion.x_train))
    held, free = order[:HELD_BACK], order[HELD_BACK:]
    if not result:
        result |= {
            "task": "Fashion-MNIST", "batch": BATCH, "reach": REACH, "tuned_on": TUNED_ON, "tuned_for": TUNED_FOR,
            "steps": {str(count): list(STEPS[count]) for count in counts}, "torch": torch.__version__,
        }  # fmt: skip
        result["networks"] = list(tuned(fashion, held, free))
        yield result
    started, truth = time.time(), torch.from_numpy(fashion.y_test)
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).permutation(free)
        labels = torch.from_numpy(fashion.y_train[drawn])
        for network in result["networks"]:
            look, kind, runs = network["images"], network["kind"], network["runs"]
            if any(one["seed"] == seed for one in runs):
                continue
            images = prepared(fashion.x_train[drawn], look, 10 + seed)
            test = prepared(fashion.x_test, look, 3), truth
            for count in counts:
                for steps in lengths(count, seed):
                    training = images[:count], labels[:count]
                    scores = one_run(kind, training, test, network["rate"], seed, steps)
                    runs.append({"seed": seed, "count": count, "steps": steps, **scores})
                    where = f"seed {seed}, {look}, {kind}, {count}, {steps} steps: {scores['test']}"
                    print(f"{time.time() - started:5.0f} s, {where}", file=sys.stderr, flush=True)
            yield result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--counts", type=int, nargs="+", default=list(STEPS), choices=list(STEPS))
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sharing_and_data.json")
    parser.add_argument("--again", action="store_true", help="begin anew, whatever is stored")
    options = parser.parse_args()
    torch.set_num_threads(1)
    stored = options.output.exists() and not options.again
    before = json.loads(options.output.read_text(encoding="utf-8")) if stored else {}
    for result in run(options.seeds, options.counts, before):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
