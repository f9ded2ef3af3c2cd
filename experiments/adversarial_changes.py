"""How many photographs take another label from a change of at most two levels, and is it the size of the change?

    python experiments/adversarial_changes.py          # about ten minutes on one core

Every photograph (centre square, 227 x 227 or less) whose label is not "ram" goes through SqueezeNet 1.1. Then its
pixels are moved by whole levels of 255, never by more than two, to raise the log-probability of "ram": each step adds
the sign of the gradient (Goodfellow et al. 2015, repeated); 6 steps, and 12. The control is a change of exactly two
levels in every value with random signs, three draws: as large as an attack can get, but blind.

Result: data/results/adversarial_changes.json
"""

import json
import sys

import numpy as np
import torch

from cnnlib import data, squeezenet
from cnnlib.layers import SqueezeNet

MOST, STEPS, TARGET, DRAWS = 2, 6, 348, 3  # ImageNet's class 348 is "ram"


def square(name):
    """The middle of a photograph in whole levels, (1, 3, side, side) of float32 from 0 to 255."""
    image = squeezenet.centre_square(data.photograph(name))
    return torch.from_numpy(np.round(255 * image).transpose(2, 0, 1)[None].astype(np.float32))


def attack(network, levels, steps, target=TARGET, most=MOST, change=None):
    """The change (1, 3, side, side) of at most `most` levels after `steps` steps towards a class."""
    change = torch.zeros_like(levels) if change is None else change
    for _ in range(steps):
        change.requires_grad_()
        wanted = network((levels + change) / 255).log_softmax(dim=1)[0, target]
        (slope,) = torch.autograd.grad(wanted, change)
        change = (change.detach() + slope.sign()).clamp(-most, most)
        change = (levels + change).clamp(0, 255) - levels
    return change.detach()


def label(network, levels):
    """The likeliest class, and the probability of "ram"."""
    with torch.inference_mode():
        shares = network(levels / 255).double().softmax(dim=1)[0]
    return shares.argmax().item(), shares[TARGET].item()


def main():
    torch.set_num_threads(1)
    network, generator, rows = SqueezeNet(), torch.Generator().manual_seed(0), []
    names = data.photograph_names()
    for number, name in enumerate(names, 1):
        print(f"\r{number} of {len(names)} photographs ", end="", file=sys.stderr, flush=True)
        levels = square(name)
        before, _ = label(network, levels)
        if before == TARGET:
            continue
        row = {"photograph": name, "before": before, "after": []}
        change = None
        for _ in range(2):
            change = attack(network, levels, STEPS, change=change)
            now, share = label(network, levels + change)
            row["after"].append([now, round(share, 4)])
        row["random"] = []
        for _ in range(DRAWS):
            signs = torch.randint(0, 2, levels.shape, generator=generator) * 2.0 - 1
            row["random"].append(label(network, (levels + MOST * signs).clamp(0, 255))[0])
        rows.append(row)
    print(file=sys.stderr)
    result = {"target": TARGET, "most": MOST, "steps": [STEPS, 2 * STEPS], "rows": rows}
    path = data.folder() / "results" / "adversarial_changes.json"
    path.write_text(json.dumps(result) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
