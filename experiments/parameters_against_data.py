"""Test accuracy against the number of parameters, against the number of examples, and without any sense in the labels.

Task: garments (Fashion-MNIST, 28 x 28 pixels, ten classes). Network: one hidden layer of ReLU units, dense, trained by
Adam on the cross-entropy, with no weight decay, no dropout, no early stop: nothing but the data holds the parameters in
check. Three questions, each at several seeds (of the weights, the examples drawn and the batches):

widths    1,600 examples, and hidden layers from 1 unit to 257, which is 0.5 to 128 parameters for each example.
examples  64 units, and 400 to 6,400 examples (the one with 1,600 is among the widths).
shuffled  257 units and the 1,600 examples, their labels dealt out anew at random.

Result: data/results/parameters_against_data.json with training and test accuracy after the last step, and the loss log.
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

EXAMPLES, WIDTHS = 1_600, (1, 2, 4, 8, 16, 32, 64, 128, 257)
AMOUNTS, MIDDLE = (400, 800, 1_600, 3_200, 6_400), 64
BATCH, PIXELS, CLASSES = 100, 28 * 28, 10


def count(width):
    """Parameters of a network with `width` hidden units."""
    return geometry.count_parameters(PIXELS, width) + geometry.count_parameters(width, CLASSES)


def network(width):
    return nn.Sequential(nn.Linear(PIXELS, width), nn.ReLU(), nn.Linear(width, CLASSES))


def draw(examples, seed, shuffled=False):
    """As many training images, equally many of each class; the labels dealt out anew if `shuffled`."""
    garments, random = data.fashion_mnist(), np.random.default_rng(seed)
    picked = np.concatenate(
        [random.permutation(np.flatnonzero(garments.y_train == c))[: examples // CLASSES] for c in range(CLASSES)]
    )
    labels = garments.y_train[picked]
    if shuffled:
        labels = random.permutation(labels)
    return torch.from_numpy(garments.x_train[picked].reshape(-1, PIXELS)), torch.from_numpy(labels)


def test_set():
    garments = data.fashion_mnist()
    return torch.from_numpy(garments.x_test.reshape(-1, PIXELS)), torch.from_numpy(garments.y_test)


@torch.inference_mode()
def accuracy(model, images, labels):
    return round((model(images).argmax(dim=1) == labels).double().mean().item(), 4)


def train(model, images, labels, steps, seed, tick=lambda: None):
    """Adam; the rate falls in a line to zero. Returns the mean loss of each tenth of the steps."""
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    generator = torch.Generator().manual_seed(seed)
    order = torch.cat(
        [torch.randperm(len(images), generator=generator) for _ in range(-(-steps * BATCH // len(images)))]
    )
    losses = []
    for step in range(steps):
        picked = order[step * BATCH : (step + 1) * BATCH]
        loss = F.cross_entropy(model(images[picked]), labels[picked])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        tick()
    return [float(f"{np.mean(part):.3g}") for part in np.array_split(losses, 10)]


def settings():
    """What is trained: (question, width, examples, shuffled)."""
    yield from (("widths", width, EXAMPLES, False) for width in WIDTHS)
    yield ("shuffled", WIDTHS[-1], EXAMPLES, True)
    yield from (("examples", MIDDLE, amount, False) for amount in AMOUNTS if amount != EXAMPLES)


def run(seeds, steps):
    """Yield the result after each seed, so that a run may be stopped and keeps what it has."""
    tests, runs = test_set(), []
    total = seeds * steps * sum(count(width) for _, width, _, _ in settings())
    done, started = 0, time.time()
    for seed in range(seeds):
        for question, width, examples, shuffled in settings():
            images, labels = draw(examples, seed, shuffled)
            torch.manual_seed(seed)
            model, parameters = network(width), count(width)

            def tick(cost=parameters, question=question, width=width, examples=examples, seed=seed):
                nonlocal done
                done += cost
                where = f"seed {seed}, {question}, {width} units, {examples} examples"
                print(
                    f"\r{done / total:6.1%} of the work, {time.time() - started:5.0f} s, {where:<50}",
                    end="",
                    file=sys.stderr,
                )

            log = train(model, images, labels, steps, seed, tick)
            runs.append(
                {
                    "seed": seed,
                    "question": question,
                    "width": width,
                    "parameters": parameters,
                    "examples": examples,
                    "train": accuracy(model, images, labels),
                    "test": accuracy(model, *tests),
                    "loss": log,
                }
            )
            print(f"\r{ {k: v for k, v in runs[-1].items() if k != 'loss'} }", file=sys.stderr)
        yield {
            "task": "garments of Fashion-MNIST, 28 x 28",
            "test_examples": len(tests[0]),
            "steps": steps,
            "batch": BATCH,
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
            "runs": list(runs),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "parameters_against_data.json")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for result in run(options.seeds, options.steps):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
