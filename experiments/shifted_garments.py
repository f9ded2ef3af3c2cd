"""Garments that stand elsewhere than in training: which network still knows them, and which of its parts decides.

    python experiments/shifted_garments.py             # about twenty-five minutes on one core
    python experiments/shifted_garments.py --go-on     # after a stop: only what the output file does not have yet
    python experiments/shifted_garments.py --seeds 1 --cycles 1 1 --output /tmp/try.json

6,000 garments of Fashion-MNIST, averaged to 14 x 14, on a black canvas of 28 x 28.

Shift: trained with every garment in the middle, row and column 7, and tested with the test garments 0 to 7 pixels
further down and right, where they still are whole. The reference is three convolutions of stride 1 with circular
padding and a mean over all positions; in the other convolutional networks one part of it is exchanged: the padding,
the way to a smaller map, or the head. (The usual network, with max pooling, zero padding and a flattened map, has all
three exchanged.) "Augmented" networks are trained with every garment at a random position in every epoch.

Permutation: trained and tested with garments at random positions, once as they are and once with the pixels of every
picture put in one and the same shuffled order.

Each network is trained in cycles of 2, 2 and 4 epochs. In each the rate of Adam falls from its start to zero, so that
the networks after 2, 4 and 8 epochs are all finished ones: the second and third are trained twice as long as the one
before. What was augmented gets cycles three times as long, since it has to learn many positions.

Result: data/results/shifted_garments.json with accuracies after each cycle, the share of labels that are those at
shift 0, and the losses, per seed.
"""

import argparse
import itertools
import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data

SIDE, GARMENT, MIDDLE = 28, 14, 7
SHIFTS = range(MIDDLE + 1)
CHANNELS = (8, 16, 16)
TRAIN, BATCH, RATE, CYCLES, LONGER = 6_000, 50, 5e-3, (2, 2, 4), 3


class Blur(nn.Module):
    """1, 2, 1 in both directions, divided by 16, at every second position; the image wraps around."""

    def forward(self, maps):
        line = torch.tensor([1.0, 2.0, 1.0])
        kernel = (line[:, None] * line / 16).expand(maps.shape[1], 1, 3, 3)
        return F.conv2d(F.pad(maps, (1, 1, 1, 1), mode="circular"), kernel, stride=2, groups=maps.shape[1])


class Mean(nn.Module):
    """The mean over all positions, channel by channel."""

    def forward(self, maps):
        return maps.mean(dim=(2, 3))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE**2, 128), nn.ReLU(), nn.Linear(128, 10))


def convolutions(padding="circular", down="none", head="mean"):
    """Three 3 x 3 convolutions and a head.

    `down` is what happens after the first two: nothing, so that the next are dilated by 2 and 4 to see as far;
    "stride" 2 in these convolutions themselves; "max", a max pooling of 2 x 2; "blur", a blur before every second
    position is taken.
    """
    layers, before, side = [], 1, SIDE
    for depth, after in enumerate(CHANNELS):
        smaller, dilation = down != "none" and depth < 2, 2**depth if down == "none" else 1
        stride = 2 if smaller and down == "stride" else 1
        options = {"padding": dilation, "padding_mode": padding, "dilation": dilation, "stride": stride, "bias": False}
        layers += [nn.Conv2d(before, after, 3, **options), nn.BatchNorm2d(after), nn.ReLU()]
        if smaller and down != "stride":
            layers.append({"max": nn.MaxPool2d(2), "blur": Blur()}[down])
        before, side = after, side // 2 if smaller else side
    layers += [Mean()] if head == "mean" else [nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(before * (1 if head == "mean" else side**2), 10))


NETWORKS = {  # name: (options of the convolutions or None for the MLP, augmented)
    "MLP": (None, False),
    "MLP, augmented": (None, True),
    "reference": ({}, False),
    "zero padding": ({"padding": "zeros"}, False),
    "stride 2 twice": ({"down": "stride"}, False),
    "max pooling twice": ({"down": "max"}, False),
    "blur pooling twice": ({"down": "blur"}, False),
    "flattened map": ({"head": "flat"}, False),
    "usual CNN": ({"padding": "zeros", "down": "max", "head": "flat"}, False),
    "usual CNN, augmented": ({"padding": "zeros", "down": "max", "head": "flat"}, True),
}
PERMUTED = {"MLP": None, "CNN": {"down": "max"}}


def make(options):
    return mlp() if options is None else convolutions(**options)


def garments():
    """Train and test garments (N, 1, 14, 14), and their labels; black is 0."""
    fashion = data.fashion_mnist()
    halves = [
        torch.from_numpy(images.reshape(-1, 1, GARMENT, 2, GARMENT, 2).mean(axis=(3, 5)))
        for images in (fashion.x_train, fashion.x_test)
    ]
    return halves[0], torch.from_numpy(fashion.y_train), halves[1], torch.from_numpy(fashion.y_test)


def placed(images, rows, columns):
    """Each garment on its canvas, the corner at (row, column)."""
    canvas = torch.zeros(len(images), 1, SIDE, SIDE)
    for n, (row, column) in enumerate(zip(rows, columns, strict=True)):
        canvas[n, :, row : row + GARMENT, column : column + GARMENT] = images[n]
    return canvas


def at(images, position):
    return placed(images, [position] * len(images), [position] * len(images))


def anywhere(images, generator):
    return placed(images, *torch.randint(SIDE - GARMENT + 1, (2, len(images)), generator=generator).tolist())


def train(network, scenes, labels, cycles, seed):
    """Yield the mean losses of the epochs so far after each cycle; `scenes(generator)` gives an epoch's pictures."""
    generator, log = torch.Generator().manual_seed(seed), []
    for epochs in cycles:
        steps = epochs * (len(labels) // BATCH)
        optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        network.train()
        for _ in range(epochs):
            pictures, total = scenes(generator), 0.0
            for picked in torch.randperm(len(labels), generator=generator)[: len(labels) // BATCH * BATCH].split(BATCH):
                loss = F.cross_entropy(network(pictures[picked]), labels[picked])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                total += loss.item() * BATCH / len(labels)
            log.append(round(total, 4))
        yield log


@torch.inference_mode()
def predictions(network, pictures):
    network.eval()
    return torch.cat([network(batch).argmax(dim=1) for batch in pictures.split(500)])


def share(right):
    return round(right.double().mean().item(), 4)


def shifted(name, seed, cycles, train_set, test_set):
    """One network of the first experiment, one seed: its scores after each cycle."""
    options, augmented = NETWORKS[name]
    (images, labels), (test_images, test_labels) = train_set, test_set
    middle = at(images, MIDDLE)
    torch.manual_seed(seed)
    network, row = make(options), {"seed": seed, "epochs": [], "accuracy": [], "same": []}
    cycles = [LONGER * epochs for epochs in cycles] if augmented else cycles
    for log in train(network, lambda g: anywhere(images, g) if augmented else middle, labels, cycles, seed):
        found = [predictions(network, at(test_images, MIDDLE + move)) for move in SHIFTS]
        row["epochs"].append(len(log))
        row["accuracy"].append([share(given == test_labels) for given in found])
        row["same"].append([share(given == found[0]) for given in found])
    return row | {"loss": log}


def permuted(name, seed, cycles, train_set, test_set):
    """One network of the second experiment, one seed: its accuracy after each cycle, plain and permuted."""
    (images, labels), (test_images, test_labels) = train_set, test_set
    order = torch.randperm(SIDE**2, generator=torch.Generator().manual_seed(403))
    test_pictures = anywhere(test_images, torch.Generator().manual_seed(100))
    row = {"seed": seed}
    for kind in ("plain", "permuted"):

        def seen(pictures, kind=kind):
            return pictures if kind == "plain" else pictures.flatten(2)[..., order].view_as(pictures)

        torch.manual_seed(seed)
        network, row[kind], row["epochs"] = make(PERMUTED[name]), [], []
        longer = [LONGER * epochs for epochs in cycles]
        for log in train(network, lambda g, seen=seen: seen(anywhere(images, g)), labels, longer, seed):
            row[kind].append(share(predictions(network, seen(test_pictures)) == test_labels))
            row["epochs"].append(len(log))
    return row


def run(seeds, cycles, count=TRAIN, before=None):
    """Yield the result after each network; `before` is an earlier result of the same settings, to go on from."""
    images, labels, test_images, test_labels = garments()
    train_set, test_set = (images[:count], labels[:count]), (test_images, test_labels)
    settings = {"side": SIDE, "garment": GARMENT, "train": len(train_set[0]), "test": len(test_images)}
    settings |= {"batch": BATCH, "cycles": list(cycles), "shifts": list(SHIFTS), "torch": torch.__version__}
    shift = before["shift"] if before else {name: {"runs": []} for name in NETWORKS}
    permutation = before["permutation"] if before else {name: {"runs": []} for name in PERMUTED}
    started = time.time()
    for experiment, names, table in ((shifted, NETWORKS, shift), (permuted, PERMUTED, permutation)):
        for seed, name in itertools.product(range(seeds), names):
            if any(row["seed"] == seed for row in table[name]["runs"]):
                continue
            print(f"{time.time() - started:5.0f} s, seed {seed}, {experiment.__name__} {name}", file=sys.stderr)
            if experiment is shifted:
                table[name]["parameters"] = sum(p.numel() for p in make(NETWORKS[name][0]).parameters())
            table[name]["runs"].append(experiment(name, seed, cycles, train_set, test_set))
            yield settings | {"shift": shift, "permutation": permutation}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cycles", type=int, nargs="+", default=CYCLES)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "shifted_garments.json")
    parser.add_argument("--go-on", action="store_true", help="keep what the output file has")
    options = parser.parse_args()
    torch.set_num_threads(1)
    before = json.loads(options.output.read_text(encoding="utf-8")) if options.go_on else None
    for result in run(options.seeds, options.cycles, before=before):
        options.output.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
