"""How far away may the start be? Shifts found by gradient descent, and the gradient where there is nothing to find.

    python experiments/finding_a_shift.py             # what is stored; about ten minutes on one core
    python experiments/finding_a_shift.py --windows 2 --output /tmp/try.json

Search: windows of 32 x 32 pixels in three photographs (longer side 256, grey), each with a start some pixels away from
the true shift in a random direction; `cnnlib.registration.find_shift`, read bilinearly, 150 and 300 steps of Adam.
Found means: at the end within a quarter of a pixel. One factor is changed at a time: the distance, the number of steps,
and whether both image and target are blurred first. Windows and directions are the same for all.

Pull: pieces of 24 x 24 of one photograph and, as the target, of another one. There is nothing to find, so without a
pull the gradient by the shift has mean 0. It is taken with the shift on whole pixels and at fractions of one; on whole
pixels also as the mean of the slopes on both sides, the control for what is one-sided about it. White noise
instead of photographs is the control for what photographs have to do with it.

Layers: the first gradient of the offset biases of 60 new deformable layers (1 to 8 channels, 3 x 3) that are to match
another convolution: their branch is zero, so every tap stands on a pixel. Control: the same with all biases at the
fractions of a pixel used above.

Result: data/results/finding_a_shift.json.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from cnnlib import data, layers, ops, registration

PHOTOGRAPHS = ("sheep", "lemur", "lincoln_memorial")
WINDOW, MARGIN, DISTANCES, BLURS, STEPS, RATE, NEAR = 32, 20, (2, 4, 8), (0, 4, 8), (150, 300), 0.5, 0.25
PIECE, PAIRS, FRACTIONS, LAYERS = 24, 300, (0.0, 0.25, 0.5, 0.75), 60


def blurred(image, sigma):
    """A Gaussian of that standard deviation in pixels, edges repeated; 0 leaves the image as it is."""
    if not sigma:
        return image
    reach = 3 * sigma
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    return ops.separable_conv2d(np.pad(image, reach, mode="edge")[None, None], kernel, kernel)[0, 0]


def searches(windows, seed):
    """One row for each setting: how many of the searches ended within a quarter of a pixel."""
    rng, cases = np.random.default_rng(seed), []
    for name in PHOTOGRAPHS:
        image = data.photograph(name, side=256, grey=True).astype(float)
        for _ in range(windows):
            corner = [int(rng.integers(MARGIN, side - MARGIN - WINDOW)) for side in image.shape]
            turn = rng.uniform(0, 2 * np.pi)
            cases.append((name, image, corner, np.array([np.sin(turn), np.cos(turn)])))
    for blur in BLURS:
        images = {name: blurred(image, blur) for name, image, *_ in cases}
        for steps in STEPS:
            for distance in DISTANCES:
                found = dict.fromkeys(PHOTOGRAPHS, 0)
                for name, _, (row, column), way in cases:
                    target = images[name][row : row + WINDOW, column : column + WINDOW]
                    start = distance * way
                    went = registration.find_shift(
                        images[name], target, corner=(row, column), start=start, steps=steps, rate=RATE
                    )
                    found[name] += int(np.linalg.norm(went.shifts[-1]) < NEAR)
                print(f"\rblur {blur}, {steps} steps, from {distance}: {found}", file=sys.stderr)
                yield {"blur": blur, "steps": steps, "distance": distance, "tried": windows, "found": found}


def piece(pictures, rng, side):
    """A random square, not at the very edge, with two pixels around it."""
    picture = pictures[rng.integers(len(pictures))]
    row, column = (int(rng.integers(2, length - side - 2)) for length in picture.shape)
    return picture[row - 2 : row + side + 2, column - 2 : column + side + 2]


def pulls(pictures, seed):
    """Mean gradient by the shift for unrelated pairs, and how often it asks for a move down and to the right."""
    rng, rows = np.random.default_rng(seed), {}
    for _ in range(PAIRS):
        image, target = piece(pictures, rng, PIECE), piece(pictures, rng, PIECE)[2:-2, 2:-2]
        for fraction in FRACTIONS:
            rows.setdefault(str(fraction), []).append(gradient(image, target, fraction))
        both = gradient(image, target, 0.0) + gradient(image, target, -1e-6)
        rows.setdefault("0, both sides", []).append(both / 2)
    return {
        name: {
            "mean": np.mean(found, axis=0).tolist(),
            "error": (np.std(found, axis=0) / np.sqrt(len(found))).tolist(),
            "negative": np.mean(np.array(found) < 0, axis=0).tolist(),
        }
        for name, found in rows.items()
    }


def gradient(image, target, fraction):
    return registration.window_error(image, target, (fraction, fraction), corner=(2, 2))[1]


def first_gradients(pictures, offset):
    """The first gradient of the offset biases, all of which start at `offset`, mean over taps: (LAYERS, 2)."""
    rng, found = np.random.default_rng(0), []
    for seed in range(LAYERS):
        torch.manual_seed(seed)
        layer, teacher = layers.DeformConv2d(1, 8, 3, padding=1), torch.nn.Conv2d(1, 8, 3, padding=1)
        torch.nn.init.constant_(layer.offset_branch.bias, offset)
        image = torch.from_numpy(np.ascontiguousarray(piece(pictures, rng, 36))).float()[None, None]
        error = ((layer(image) - teacher(image).detach())[:, :, 3:-3, 3:-3] ** 2).mean()
        error.backward()
        found.append(layer.offset_branch.bias.grad.reshape(9, 2).mean(0).numpy())
    return np.array(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--windows", type=int, default=12, help="windows in each photograph")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "finding_a_shift.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pictures = [data.photograph(name, side=160, grey=True).astype(float) for name in data.photograph_names()[:20]]
    noise = [np.random.default_rng(1).normal(size=(120, 160)) for _ in range(20)]
    result = {
        "window": WINDOW, "rate": RATE, "pairs": PAIRS, "layers": LAYERS, "seed": options.seed,
        "pull": {"photographs": pulls(pictures, options.seed), "white noise": pulls(noise, options.seed)},
        "layer": {
            str(fraction): (first_gradients(pictures, fraction) < 0).mean(axis=0).tolist() for fraction in FRACTIONS
        },
        "rows": list(searches(options.windows, options.seed)),
    }  # fmt: skip
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
