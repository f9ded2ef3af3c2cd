"""Garments that stand elsewhere than in training: which network still knows them, and what it knows of neighbours.

    python experiments/shifted_garments.py             # about five minutes on one core
    python experiments/shifted_garments.py --go-on     # after a stop: only the seeds that are missing
    python experiments/shifted_garments.py --seeds 1 --epochs 1 --output /tmp/try.json

Garments of Fashion-MNIST, averaged to 14 x 14, on a black canvas of 28 x 28.

Shift: trained with every garment in the middle, row and column 7, and tested with the test garments 0 to 7 pixels
further down and right, where they still are whole. Two of the networks are trained once more with every garment at
a random place ("augmented").

Permutation: trained and tested with garments at random places, once as they are and once with the pixels of every
picture put in one and the same shuffled order.

Result: data/results/shifted_garments.json with accuracies, and the share of answers that are those at shift 0, per
seed.
"""

import argparse
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
BATCH = 50


def conv(before, after, dilation=1, padding_mode="zeros"):
    return [
        nn.Conv2d(before, after, 3, padding=dilation, dilation=dilation, padding_mode=padding_mode, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    ]


class GlobalMean(nn.Module):
    def forward(self, maps):
        return maps.mean(dim=(2, 3))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE**2, 128), nn.ReLU(), nn.Linear(128, 10))


def flat():
    return nn.Sequential(
        *conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 7 * 7, 10)
    )


def pooled():
    """Max poolings of stride 2, then the mean over places."""
    body = *conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), nn.MaxPool2d(2), *conv(32, 32)
    return nn.Sequential(*body, GlobalMean(), nn.Linear(32, 10))


def dense_grid():
    """Stride 1 and circular padding throughout, dilated to see as far; then the mean over places."""
    body = [layer for dilation in (1, 2, 3) for layer in conv(12 if dilation > 1 else 1, 12, dilation, "circular")]
    return nn.Sequential(*body, *conv(12, 32, 2, "circular"), GlobalMean(), nn.Linear(32, 10))


NETWORKS = {
    "MLP": (mlp, False),
    "MLP, augmented": (mlp, True),
    "CNN + flatten": (flat, False),
    "CNN + flatten, augmented": (flat, True),
    "CNN with strides + global pooling": (pooled, False),
    "CNN, stride 1 + global pooling": (dense_grid, False),
}


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


def at(images, place):
    return placed(images, [place] * len(images), [place] * len(images))


def anywhere(images, generator):
    return placed(images, *torch.randint(SIDE - GARMENT + 1, (2, len(images)), generator=generator).tolist())


def train(network, scenes, labels, epochs, seed):
    """Adam with a one-cycle rate on cross-entropy; `scenes(generator)` gives the pictures of an epoch."""
    generator = torch.Generator().manual_seed(seed)
    steps = epochs * (len(labels) // BATCH)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=5e-3, total_steps=steps)
    log = []
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
    return log


@torch.inference_mode()
def answers(network, pictures):
    network.eval()
    return torch.cat([network(batch).argmax(dim=1) for batch in pictures.split(500)])


def share(right):
    return round(right.double().mean().item(), 4)


def run(seeds, epochs, count=None, before=None):
    """Yield the result after each seed; `before` is an earlier result of the same settings, to go on from."""
    train_images, train_labels, test_images, test_labels = garments()
    train_images, train_labels = train_images[:count], train_labels[:count]
    middle, started = at(train_images, MIDDLE), time.time()

    def say(text):
        print(f"\r{time.time() - started:5.0f} s, {text:<60}", end="", file=sys.stderr, flush=True)

    shift = before["shift"] if before else {name: {"runs": []} for name in NETWORKS}
    permutation = before["permutation"] if before else {name: {"runs": []} for name in ("MLP", "CNN")}
    done = len(permutation["CNN"]["runs"])
    order = torch.randperm(SIDE**2, generator=torch.Generator().manual_seed(403))
    for seed in range(done, seeds):
        for name, (make, augmented) in NETWORKS.items():
            say(f"seed {seed}, {name}")
            torch.manual_seed(seed)
            network = make()
            shift[name]["parameters"] = sum(p.numel() for p in network.parameters())
            scenes = (lambda generator: anywhere(train_images, generator)) if augmented else (lambda generator: middle)
            log = train(network, scenes, train_labels, epochs, seed)
            found = [answers(network, at(test_images, MIDDLE + move)) for move in SHIFTS]
            shift[name]["runs"].append(
                {
                    "seed": seed,
                    "accuracy": [share(given == test_labels) for given in found],
                    "same": [share(given == found[0]) for given in found],
                    "loss": log,
                }
            )
        spread = anywhere(test_images, torch.Generator().manual_seed(100))
        for name, make in (("MLP", mlp), ("CNN", pooled)):
            row = {"seed": seed}
            for kind in ("plain", "permuted"):
                say(f"seed {seed}, {name}, {kind}")

                def shuffled(pictures, kind=kind):
                    return pictures if kind == "plain" else pictures.flatten(2)[..., order].view_as(pictures)

                torch.manual_seed(seed)
                network = make()
                train(network, lambda g, f=shuffled: f(anywhere(train_images, g)), train_labels, epochs, seed)
                row[kind] = share(answers(network, shuffled(spread)) == test_labels)
            permutation[name]["runs"].append(row)
        yield {
            "side": SIDE,
            "garment": GARMENT,
            "train": len(train_labels),
            "test": len(test_labels),
            "epochs": epochs,
            "batch": BATCH,
            "shifts": list(SHIFTS),
            "torch": torch.__version__,
            "shift": shift,
            "permutation": permutation,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "shifted_garments.json")
    parser.add_argument("--go-on", action="store_true", help="keep the seeds that the output file has")
    options = parser.parse_args()
    torch.set_num_threads(1)
    before = json.loads(options.output.read_text(encoding="utf-8")) if options.go_on else None
    for result in run(options.seeds, options.epochs, before=before):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"\rwrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
