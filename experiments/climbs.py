"""Climb from several starts for the same unit: are the pictures that come out alike?

    python experiments/climbs.py                       # about four minutes on one core

Activation maximisation in SqueezeNet 1.1 (trained on ImageNet): for 25 channels of fire5, from three grey pictures
of 79 x 79 pixels that differ in a faint noise, follow the gradient of the middle unit's response with respect to the
pixels; 40 steps of at most 6 levels of 255, and 80.

Each pair of pictures is compared twice: by the cosine of what the climbs changed in the pixels, and by the cosine of
the 256 activations of fire5 at the middle, which is how the network itself sees them. The baseline is a pair of
climbs for two different units; and pairs of photographs, each at its middle.

Result: data/results/climbs.json, with the highest response of each unit on all photographs, at any position.
"""

import json
import sys

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data
from cnnlib.layers import SqueezeNet

SIDE, STEPS, LEVELS, NOISE, STAGE = 79, 40, 6, 4, "fire5"
UNITS = (130, *(int(unit) for unit in np.random.default_rng(0).choice(256, 24, replace=False)))
SEEDS = (0, 1, 2)


def starts(seeds, side=SIDE):
    """Grey pictures (N, 3, side, side) from 0 to 1 with a faint noise, one for each seed."""
    noise = [torch.randn(3, side, side, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    return (128 + NOISE * torch.stack(noise)) / 255


def middle(maps):
    """The responses in the middle of maps (N, C, H, W): (N, C)."""
    return maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2]


def climb(network, unit, pictures, steps=STEPS):
    """Pictures (N, 3, H, W) after `steps` steps up the response of one channel at the middle."""
    x = pictures.clone().requires_grad_()
    for _ in range(steps):
        response = middle(network(x, STAGE))[:, unit].sum()
        (slope,) = torch.autograd.grad(response, x)
        with torch.no_grad():
            x += LEVELS / 255 * slope / slope.abs().amax(dim=(1, 2, 3), keepdim=True)
            x.clamp_(0, 1)
    return x.detach()


def cosines(vectors):
    """The cosine of every two of (N, ...) vectors: (N, N)."""
    vectors = F.normalize(vectors.flatten(1).double(), dim=1)
    return vectors @ vectors.T


def compare(changes, activations, units):
    """Cosines of pairs from different starts, of the same unit and of different units, as percentiles."""
    unit, start = units.repeat_interleave(len(SEEDS)), torch.arange(len(SEEDS)).repeat(len(units))
    ordered = torch.ones(len(unit), len(unit), dtype=bool).triu(1) & (start[:, None] != start)
    same = unit[:, None] == unit
    found = {}
    for view, vectors in (("pixels", changes), ("network", activations)):
        table = cosines(vectors)
        found[view] = {name: percentiles(table[ordered & which]) for name, which in (("same", same), ("other", ~same))}
    return found


def percentiles(values):
    """Least, 5 %, median, 95 % and greatest."""
    return [round(float(v), 3) for v in np.quantile(np.asarray(values), [0, 0.05, 0.5, 0.95, 1])]


def on_photographs(network):
    """The highest response of every channel on any photograph (C,), and cosines of photographs at their middles."""
    highest, seen = None, []
    for name in data.photograph_names():
        image = torch.from_numpy(data.photograph(name, side=256).transpose(2, 0, 1)[None]).float()
        with torch.inference_mode():
            maps = network(image, STAGE)
        seen.append(middle(maps).relu()[0])
        most = maps.amax(dim=(0, 2, 3))
        highest = most if highest is None else torch.maximum(highest, most)
    table = cosines(torch.stack(seen))
    return highest, percentiles(table[torch.ones_like(table).triu(1).bool()])


def main():
    torch.set_num_threads(1)
    network, begin = SqueezeNet(), starts(SEEDS)
    highest, photographs = on_photographs(network)
    result = {"stage": STAGE, "units": UNITS, "starts": len(SEEDS), "photographs": photographs, "steps": {}}
    result["photographs_highest"] = [round(highest[unit].item(), 1) for unit in UNITS]
    now = dict.fromkeys(UNITS, begin)
    for steps in (STEPS, 2 * STEPS):
        responses, changes, activations = [], [], []
        for number, unit in enumerate(UNITS, 1):
            print(f"\r{steps} steps: unit {number} of {len(UNITS)} ", end="", file=sys.stderr, flush=True)
            now[unit] = climb(network, unit, now[unit], STEPS)
            with torch.inference_mode():
                seen = middle(network(now[unit], STAGE))
            responses.append([round(value, 1) for value in seen[:, unit].tolist()])
            changes.append(now[unit] - begin)
            activations.append(seen.relu())
        print(file=sys.stderr)
        both = compare(torch.cat(changes), torch.cat(activations), torch.tensor(UNITS))
        result["steps"][steps] = {"responses": responses, **both}
    path = data.folder() / "results" / "climbs.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
