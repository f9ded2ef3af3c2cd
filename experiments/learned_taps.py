"""Can nine taps find their positions by gradient descent, and do those positions tell what the teacher does?

    python experiments/learned_taps.py             # what is stored; about five minutes on one core
    python experiments/learned_taps.py --seeds 0 --steps 20 --output /tmp/try.json

Teacher: a random 3 x 3 kernel (normal, standard deviation 1/2) with dilation 2 or 3, on pieces of photographs.
Student: a 3 x 3 convolution whose nine offsets from dilation 1 are parameters, the same at every position and for every
picture: no branch. (That is active convolution, Jeon and Kim 2017; deformable convolution computes its offsets.) It is
trained on the mean squared error by Adam with a cosine rate, on grey pieces of 40 photographs, at two lengths, the
second twice the first.

One factor is changed at a time: whether the kernel's weights are the teacher's or learned too; dilation 2 or 3; where
the offsets start (on whole pixels; half a pixel away in random directions; half or a tenth of a pixel outwards or
inwards, where a tap of the middle row or column keeps its random direction across it); whether the pictures are
blurred. Two
controls learn weights only: at the positions of dilation 1 (what can weights do alone?) and at the teacher's.

Measured on eight photographs that were not trained on: the share of the teacher's variance that stays unexplained; the
same on white noise, without further training: neighbouring pixels of noise have nothing in common, so a value that is
read at the wrong position cannot stand in for the right one. And of the positions: how many taps stand within a quarter
of a pixel of their own true position, and how many of the nine true positions have any tap so near, in case taps
changed roles.

Result: data/results/learned_taps.json. A run that it already holds is not run again.
"""

import argparse
import json
import sys
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from cnnlib import data

KNOWN = {"dilation": 2, "weights": "known"}
SETTINGS = {
    "dilation 2, weights known": KNOWN,
    "dilation 2, weights learned": {"dilation": 2},
    "dilation 3, weights known": {"dilation": 3, "weights": "known"},
    "dilation 3, weights learned": {"dilation": 3},
    "dilation 3, weights known, blurred": {"dilation": 3, "weights": "known", "blur": 2},
    "dilation 2, weights known, start half a pixel away": {**KNOWN, "start": 0.5},
    "dilation 2, weights learned, start half a pixel away": {"dilation": 2, "start": 0.5},
    "dilation 2, weights known, start half a pixel outwards": {**KNOWN, "start": 0.5, "along": 1},
    "dilation 2, weights learned, start half a pixel outwards": {"dilation": 2, "start": 0.5, "along": 1},
    "dilation 2, weights known, start half a pixel inwards": {**KNOWN, "start": 0.5, "along": -1},
    "dilation 2, weights known, start a tenth of a pixel outwards": {**KNOWN, "start": 0.1, "along": 1},
    "dilation 2, weights known, start a tenth of a pixel inwards": {**KNOWN, "start": 0.1, "along": -1},
    "dilation 2, positions of dilation 1": {"dilation": 2, "positions": "fixed"},
    "dilation 3, positions of dilation 1": {"dilation": 3, "positions": "fixed"},
    "dilation 2, positions of the teacher": {"dilation": 2, "positions": "true"},
}
STEPS, BATCH, SIDE, MARGIN, RATE, NEAR = 800, 8, 24, 5, 0.05, 0.25
TAPS = torch.tensor([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]).float()


def blurred(images, sigma):
    """A Gaussian of that standard deviation in pixels; 0 leaves the images as they are."""
    if not sigma:
        return images
    at = torch.arange(-3 * sigma, 3 * sigma + 1).float()
    line = torch.exp(-0.5 * (at / sigma) ** 2)
    line = line / line.sum()
    images = functional.conv2d(images, line.reshape(1, 1, -1, 1))
    return functional.conv2d(images, line.reshape(1, 1, 1, -1))


def pieces(pictures, rng, count, sigma):
    """Random squares of SIDE pixels with MARGIN around them, of mean zero, (count, 1, S, S)."""
    side = SIDE + 2 * MARGIN + 6 * sigma
    found = []
    for _ in range(count):
        picture = pictures[rng.integers(len(pictures))]
        row, column = (int(rng.integers(0, length - side + 1)) for length in picture.shape)
        found.append(picture[row : row + side, column : column + side])
    images = blurred(torch.from_numpy(np.stack(found)).float()[:, None], sigma)
    return images - images.mean((2, 3), keepdim=True)


def taught(images, kernel, dilation):
    """The teacher's response on the middle SIDE pixels."""
    lost = MARGIN - dilation
    return functional.conv2d(images, kernel, dilation=dilation)[:, :, lost : lost + SIDE, lost : lost + SIDE]


def spread(kernel, offsets):
    """The nine taps, each shared out to its four pixels: an ordinary kernel of 2 * MARGIN + 1 pixels.

    Offsets that are the same everywhere make a plain convolution; a test compares with `layers.deform_conv2d`.
    """
    side = 2 * MARGIN + 1
    points = (TAPS + offsets + MARGIN).clamp(0, side - 1.001)
    before = points.detach().floor()
    down, right = (points - before).T
    shares = torch.stack([(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right], -1)
    first = (before @ torch.tensor([float(side), 1.0])).long()
    index = first[:, None] + torch.tensor([0, 1, side, side + 1])
    flat = torch.zeros(side * side).index_add(0, index.flatten(), (kernel.reshape(9, 1) * shares).flatten())
    return flat.reshape(1, 1, side, side)


def read(images, kernel, offsets):
    """The student's response there; `offsets` (9, 2) are added to the positions of dilation 1."""
    return functional.conv2d(images, spread(kernel, offsets))


def train(setting, pictures, seed, steps):
    """The teacher's kernel, the student's kernel and offsets after that many steps."""
    dilation, sigma = setting["dilation"], setting.get("blur", 0)
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    teacher = torch.randn(1, 1, 3, 3, generator=generator) / 2
    guess, away = torch.randn(1, 1, 3, 3, generator=generator) / 5, torch.randint(0, 2, (9, 2), generator=generator)
    kernel = teacher.clone() if setting.get("weights") == "known" else guess
    directions = 2.0 * away - 1
    if "along" in setting:
        directions = torch.where(TAPS == 0, directions, setting["along"] * TAPS)
    offsets = setting.get("start", 0) * directions
    if setting.get("positions") == "true":
        offsets = TAPS * (dilation - 1)
    learned = [] if setting.get("weights") == "known" else [kernel.requires_grad_()]
    learned += [] if "positions" in setting else [offsets.requires_grad_()]
    adam = torch.optim.Adam(learned, RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    for _ in range(steps):
        images = pieces(pictures, rng, BATCH, sigma)
        error = ((read(images, kernel, offsets) - taught(images, teacher, dilation)) ** 2).mean()
        adam.zero_grad()
        error.backward()
        adam.step()
        falling.step()
    return teacher, kernel.detach(), offsets.detach()


def unexplained(images, teacher, dilation, kernel, offsets):
    """The mean squared error as a share of the variance of the teacher's response."""
    right = taught(images, teacher, dilation)
    return ((read(images, kernel, offsets) - right) ** 2).mean().item() / right.var().item()


def measured(setting, pictures, others, seed, steps):
    """One row: what one run ends with."""
    dilation = setting["dilation"]
    teacher, kernel, offsets = train(setting, pictures, seed, steps)
    rng, generator = np.random.default_rng(10), torch.Generator().manual_seed(11)
    unseen = pieces(others, rng, 64, setting.get("blur", 0))
    noise = torch.randn(64, 1, SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, generator=generator)
    student = (teacher, dilation, kernel, offsets)
    distances = torch.cdist(TAPS + offsets, TAPS * dilation)
    return {
        "seed": seed,
        "steps": steps,
        "photographs": unexplained(unseen, *student),
        "noise": unexplained(noise, *student),
        "own_position": int((distances.diagonal() < NEAR).sum()),
        "any_position": int((distances.min(0).values < NEAR).sum()),
        "distance": distances.diagonal().mean().item(),
        "offsets": (offsets.double().numpy().round(3) + 0).tolist(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--steps", type=int, default=STEPS, help="of the shorter length; the other is twice as long")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "learned_taps.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pictures = [data.photograph(name, side=160, grey=True) for name in data.photograph_names()[:48]]
    held = json.loads(options.output.read_text(encoding="utf-8"))["rows"] if options.output.exists() else []
    held = {(row["name"], row["seed"], row["steps"]): row for row in held}
    rows = []
    for name, seed, steps in product(SETTINGS, options.seeds, (options.steps, 2 * options.steps)):
        row = held.get((name, seed, steps))
        if row is None:
            row = {"name": name, **measured(SETTINGS[name], pictures[:40], pictures[40:], seed, steps)}
            print({key: value for key, value in row.items() if key != "offsets"}, file=sys.stderr, flush=True)
        rows.append(row)
    result = {
        "task": "nine offsets as parameters, a teacher with dilation",
        "steps": [options.steps, 2 * options.steps], "batch": BATCH, "side": SIDE, "rate": RATE, "near": NEAR,
        "seeds": options.seeds, "torch": torch.__version__, "threads": 1, "rows": rows,
    }  # fmt: skip
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
