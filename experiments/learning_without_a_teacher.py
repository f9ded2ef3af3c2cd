"""Front ends under one linear head: what must be learned to classify garments, and who teaches it?

    python experiments/learning_without_a_teacher.py          # about twenty minutes on one core
    python experiments/learning_without_a_teacher.py --seeds 1 --train 2000 --output /tmp/try.json

Task: the ten classes of Fashion-MNIST, 5,000 training and 2,000 test images. Every front end turns an image into
features without seeing its label, except those that gradient descent trains; on these features the same linear head
is fitted by ridge regression, its strength chosen on a fifth of the training images.

Front ends that learn: 24 planes of S-cells of 5 x 5 with C-cells of 7 x 7, stride 4, behind them, and a Neocognitron
of two such stages. Each learns without a teacher (only the strongest cell of its neighbourhood learns what it sees)
or by gradient descent with the labels. The S-cells see contrast, brighter and darker than around, as in Fukushima's
network of 2003. Last, the wiring of today: convolution, ReLU and max pooling of the same sizes, weights of both signs.

Controls: the pixels; the contrast stage alone, averaged over 2 x 2 pixels; the contrast stage with the C-cells and no
S-cells; a fixed bank of 24 Gabor filters with the same C-cells, on pixels; each of the three networks that never
learned. Everything that learns is judged at several lengths, each twice the one before, and the second stage that
learned alone at other selectivities too.

Result: data/results/learning_without_a_teacher.json with the accuracies by seed and how alike the filters of two seeds
are; data/weights/learning_without_a_teacher.npz with the filters.
"""

import argparse
import json
import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, layers

PLANES, SECOND = 24, 32
SELECTIVITY, STRICTER, OTHERS = 1.5, 4.0, (0.5, 3.0)  # recognising; learning alone; second stage, for comparison
RATE, AREA, SHOWN = 16.0, 5, (2000, 4000)  # of learning without a teacher; images shown to each stage
BATCH, EPOCHS = 50, (4, 8)  # of gradient descent
HEAD_START = 30.0  # the S-cells' first weights are so weak that gradient descent would hardly get going
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)


class Contrast(nn.Module):
    """How much brighter, and how much darker, each pixel is than its surroundings: (N, 2, H, W)."""

    def __init__(self):
        super().__init__()
        narrow, wide = (torch.from_numpy(_gaussian(sigma)).float() for sigma in (0.8, 1.6))
        self.register_buffer("weight", 4 * (narrow - wide)[None, None])

    def forward(self, x):
        difference = F.conv2d(x, self.weight, padding=3)
        return torch.cat([difference.relu(), (-difference).relu()], 1)


def _gaussian(sigma, size=7):
    line = np.exp(-((np.arange(size) - size // 2) ** 2) / (2 * sigma**2))
    return np.outer(line, line) / line.sum() ** 2


class GaborBank(nn.Module):
    """Six orientations, and at each the even and the odd filter and their negatives: (N, 24, H, W)."""

    def __init__(self):
        super().__init__()
        at = np.arange(5) - 2
        envelope = np.exp(-(at**2 + at[:, None] ** 2) / (2 * 1.4**2))
        bank = []
        for turn in np.radians(range(0, 180, 30)):
            wave = 2 * np.pi / 4 * (at * np.cos(turn) + at[:, None] * np.sin(turn))  # 4 pixels long
            even = envelope * np.cos(wave)
            even -= envelope * even.sum() / envelope.sum()
            bank += [sign * kernel for kernel in (even, envelope * np.sin(wave)) for sign in (1, -1)]
        bank = np.array(bank)
        bank /= np.sqrt((bank**2).sum((1, 2), keepdims=True))
        self.register_buffer("weight", torch.from_numpy(bank).float()[:, None])

    def forward(self, x):
        return F.conv2d(x, self.weight, padding=2).relu()


def one_stage():
    """Contrast, S-cells and C-cells: 24 planes of 7 x 7."""
    return nn.Sequential(
        Contrast(),
        layers.SCells(2, PLANES, 5, padding=2, selectivity=SELECTIVITY),
        layers.CCells(PLANES, 7, 4, (1, 2, 1, 2)),
    )


def two_stages():
    """Contrast, S, C, S, C: 32 planes of 7 x 7."""
    return nn.Sequential(
        Contrast(),
        layers.SCells(2, PLANES, 5, padding=2, selectivity=SELECTIVITY),
        layers.CCells(PLANES, 5, 2, 2),
        layers.SCells(PLANES, SECOND, 5, padding=2, selectivity=SELECTIVITY),
        layers.CCells(SECOND, 5, 2, 2),
    )


def today():
    """The same two stages as convolution, ReLU and max pooling: 32 maps of 7 x 7."""
    return nn.Sequential(
        nn.Conv2d(1, PLANES, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(5, 2, 2),
        nn.Conv2d(PLANES, SECOND, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(5, 2, 2),
    )


def learn_alone(network, index, images):
    """Show images one by one to the S-cells at ``index``; the winners learn what they see. Returns uses per plane."""
    below, cells = network[:index], network[index]
    used = [0] * cells.out_channels
    usual, cells.selectivity = cells.selectivity, STRICTER
    for image in images:
        with torch.no_grad():
            seen = below(image[None])
        for plane, _, _ in cells.reinforce(seen, rate=RATE, area=AREA):
            used[plane] += 1
    cells.selectivity = usual
    return used


def learn_from_labels(network, images, labels, seed, epochs=EPOCHS):
    """Gradient descent through the network; weights of cells stay at least 0. Yields the losses at each length."""
    cells = [part for part in network if isinstance(part, layers.SCells)]
    with torch.no_grad():
        for part in cells:
            part.excitation *= HEAD_START
        head = nn.Linear(network(images[:1]).numel(), 10)
    optimizer = torch.optim.Adam([*network.parameters(), *head.parameters()], lr=0.01 if cells else 0.002)
    generator, log = torch.Generator().manual_seed(seed), []
    for epoch in range(1, max(epochs) + 1):
        losses = []
        for picked in torch.randperm(len(images), generator=generator).split(BATCH):
            loss = F.cross_entropy(head(network(images[picked]).flatten(1)), labels[picked])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                for weight in (weight for part in cells for weight in part.parameters()):
                    weight.clamp_(min=0)
            losses.append(loss.item())
        log.append(round(float(np.mean(losses)), 4))
        if epoch in epochs:
            yield list(log)


@torch.inference_mode()
def features(network, images):
    """The outputs of the front end, (N, K) in float64."""
    return torch.cat([network(batch).flatten(1) for batch in images.split(500)]).double().numpy()


def ridge(x, labels, strength):
    """A linear head by ridge regression on one-hot labels: (mean, weights)."""
    mean = x.mean(0)
    centred, target = x - mean, np.eye(10)[labels] - 0.1
    gram = centred.T @ centred
    gram[np.diag_indices_from(gram)] += strength * np.trace(gram) / len(gram)
    return mean, np.linalg.solve(gram, centred.T @ target)


def accuracy(head, x, labels):
    mean, weights = head
    return float((((x - mean) @ weights).argmax(1) == labels).mean())


def score(network, train, test):
    """Test accuracy of the linear head; its strength is chosen on the last fifth of the training images."""
    (images, labels), (test_images, test_labels) = train, test
    x, y = features(network, images), labels.numpy()
    part = len(x) * 4 // 5
    tried = [accuracy(ridge(x[:part], y[:part], s), x[part:], y[part:]) for s in STRENGTHS]
    strength = STRENGTHS[int(np.argmax(tried))]
    head = ridge(x, y, strength)
    found = accuracy(head, features(network, test_images), test_labels.numpy())
    return {"accuracy": round(found, 4), "strength": strength, "features": x.shape[1]}


def likeness(first, second):
    """Mean correlation of the filters (O, ...) of two seeds: at the same index, with the best match, and
    with the best match after each filter's weights were shuffled, which is what chance makes of it.
    """
    a, b = (np.reshape(filters, (len(filters), -1)).astype(float) for filters in (first, second))
    shuffled = np.random.default_rng(0).permuted(b, axis=1)
    between, chance = _correlation(a, b), _correlation(a, shuffled)
    return {
        "same_index": round(float(np.diag(between).mean()), 3),
        "best_match": round(float(between.max(1).mean()), 3),
        "best_match_shuffled": round(float(chance.max(1).mean()), 3),
    }


def _correlation(a, b):
    a, b = (rows - rows.mean(1, keepdims=True) for rows in (a, b))
    a, b = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12) for rows in (a, b))
    return a @ b.T


def front_ends_without_learning():
    """Name and front end, for everything that has no seed."""
    pooled = layers.CCells(PLANES, 7, 4, (1, 2, 1, 2))
    return {
        "pixels": nn.Identity(),
        "contrast, C-cells": nn.Sequential(Contrast(), layers.CCells(2, 7, 4, (1, 2, 1, 2))),
        "contrast, 2 x 2 average": nn.Sequential(Contrast(), nn.AvgPool2d(2)),
        "Gabor bank": nn.Sequential(GaborBank(), pooled),
    }


def alone(seed, images, add):
    """One stage and two stages that learn without a teacher; the second learns when the first has finished."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    one, shown = one_stage(), 0
    for length in (count for count in SHOWN if count <= len(images)):
        uses = learn_alone(one, 1, images[order[shown:length]])
        add("no teacher, one stage", seed, one, shown=length, uses=uses)
        torch.manual_seed(seed)
        two, shown = two_stages(), length
        two[1].load_state_dict(one[1].state_dict())
        uses = learn_alone(two, 3, images[order[:length]])
        add("no teacher, two stages", seed, two, shown=length, uses=uses)
    for two[3].selectivity in OTHERS:
        add("no teacher, other selectivity", seed, two, shown=shown, selectivity=two[3].selectivity)
    return one[1].excitation


def run(seeds, train_count, tick):
    """All front ends at all seeds; yields the result and the weights so far."""
    fashion = data.fashion_mnist()
    train = torch.from_numpy(fashion.x_train[:train_count])[:, None], torch.from_numpy(fashion.y_train[:train_count])
    test = torch.from_numpy(fashion.x_test)[:, None], torch.from_numpy(fashion.y_test)
    found, weights = {}, {}

    def add(name, seed, network, **more):
        entry = {"seed": seed, **score(network, train, test), **more}
        found.setdefault(name, []).append(entry)
        tick(f"{name:<32} seed {seed}  {entry['accuracy']:.4f}")

    for name, network in front_ends_without_learning().items():
        add(name, None, network)
    for seed in range(seeds):
        weights[f"alone_{seed}"] = alone(seed, train[0], add)
        for make, name in (
            (one_stage, "one stage"),
            (two_stages, "two stages"),
            (today, "convolution, ReLU, max pooling"),
        ):
            torch.manual_seed(seed)
            network = make()
            add(f"never learned, {name}", seed, network)
            for loss in learn_from_labels(network, *train, seed):
                add(f"gradient descent, {name}", seed, network, epochs=len(loss), loss=loss)
            if make is one_stage:
                weights[f"taught_{seed}"] = network[1].excitation
            if make is today:
                weights[f"today_{seed}"] = network[0].weight
        yield found, {name: weight.detach().numpy().astype(np.float32) for name, weight in weights.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--train", type=int, default=5000)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "learning_without_a_teacher.json")
    parser.add_argument("--weights", type=Path, default=data.folder() / "weights" / "learning_without_a_teacher.npz")
    options = parser.parse_args()
    torch.set_num_threads(1)
    started = time.time()

    def tick(text):
        print(f"{time.time() - started:6.0f} s  {text}", file=sys.stderr, flush=True)

    for found, weights in run(options.seeds, options.train, tick):
        alike = {
            name: [likeness(weights[f"{name}_{a}"], weights[f"{name}_{b}"]) for a, b in pairs]
            for name in ("alone", "taught", "today")
            if (pairs := list(combinations(range(len(weights) // 3), 2)))
        }
        result = {
            "task": "Fashion-MNIST", "train": options.train, "test": 2000, "planes": PLANES, "torch": torch.__version__,
            "selectivity": SELECTIVITY, "stricter": STRICTER, "shown": SHOWN, "epochs": EPOCHS,
            "front_ends": found, "filters_of_two_seeds": alike,
        }  # fmt: skip
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        np.savez_compressed(options.weights, **weights)
    print(f"wrote {options.output} and {options.weights}", file=sys.stderr)


if __name__ == "__main__":
    main()
