"""Test accuracy against the number of parameters, against the number of examples, and without any sense in the labels.

Task: garments (Fashion-MNIST, 28 x 28 pixels, ten classes). Network: one hidden layer of ReLU units, dense, trained by
Adam on the cross-entropy, with no weight decay, no dropout, no early stop: nothing but the data holds the parameters in
check. Three questions, each at several seeds (of the weights, the examples drawn and the batches):

widths    1,600 examples, and hidden layers from 1 unit to 257, which is 0.5 to 128 parameters for each example.
examples  64 units, and 400 to 6,400 examples (the one with 1,600 is among the widths).
shuffled  257 units and the 1,600 examples, their labels dealt out anew at random.

Everything is trained for 3,000 steps at four seeds. By then networks of 64 units and more know all 1,600 examples by
heart. Of what has not come so far, one setting of each question (8 units, the most examples, the shuffled labels) is
trained once more from the same start for 6,000 steps, at three seeds.

    python experiments/parameters_against_data.py            # about twenty minutes on one core
    python experiments/parameters_against_data.py --go-on    # after a stop: only what the output file does not have yet

Result: data/results/parameters_against_data.json with training and test accuracy after the last step, and the loss log.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnlib import data, geometry

EXAMPLES, WIDTHS = 1_600, (1, 2, 4, 8, 16, 32, 64, 128, 257)
AMOUNTS, MIDDLE, STEPS = (400, 800, 1_600, 3_200, 6_400), 64, (3_000, 6_000)
AGAIN = 3  # seeds that are trained at the longer length too
UNFINISHED = (  # what has not learned all of its examples at the shorter length, of each question
    ("widths", 8, EXAMPLES, False),
    ("examples", MIDDLE, AMOUNTS[-1], False),
    ("shuffled", WIDTHS[-1], EXAMPLES, True),
)
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


def train(model, images, labels, steps, seed):
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
    return [float(f"{np.mean(part):.3g}") for part in np.array_split(losses, 10)]


def settings():
    """What is trained at each seed: (question, width, examples, shuffled)."""
    yield from (("widths", width, EXAMPLES, False) for width in WIDTHS)
    yield ("shuffled", WIDTHS[-1], EXAMPLES, True)
    yield from (("examples", MIDDLE, amount, False) for amount in AMOUNTS if amount != EXAMPLES)


def plan(seeds):
    """Everything to be trained: (steps, seed, question, width, examples, shuffled)."""
    short, long = STEPS
    yield from ((short, seed, *setting) for seed in range(seeds) for setting in settings())
    yield from ((long, seed, *setting) for seed in range(min(seeds, AGAIN)) for setting in UNFINISHED)


def run(seeds, before=()):
    """Yield the result after each network; `before` are runs of an earlier result, to go on from."""
    tests, runs = test_set(), list(before)
    done = {(row["steps"], row["seed"], row["question"], row["width"], row["examples"]) for row in runs}
    for steps, seed, question, width, examples, shuffled in plan(seeds):
        if (steps, seed, question, width, examples) in done:
            continue
        images, labels = draw(examples, seed, shuffled)
        torch.manual_seed(seed)
        model = network(width)
        log = train(model, images, labels, steps, seed)
        runs.append(
            {
                "seed": seed,
                "question": question,
                "width": width,
                "parameters": count(width),
                "examples": examples,
                "steps": steps,
                "train": accuracy(model, images, labels),
                "test": accuracy(model, *tests),
                "loss": log,
            }
        )
        print({key: value for key, value in runs[-1].items() if key != "loss"}, file=sys.stderr)
        yield {
            "task": "garments of Fashion-MNIST, 28 x 28",
            "test_examples": len(tests[0]),
            "batch": BATCH,
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
            "runs": runs,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "parameters_against_data.json")
    parser.add_argument("--go-on", action="store_true", help="keep the runs that the output file has")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    before = json.loads(options.output.read_text(encoding="utf-8"))["runs"] if options.go_on else ()
    for result in run(options.seeds, before):
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
