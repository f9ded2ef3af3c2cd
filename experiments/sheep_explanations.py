"""What moves the offsets of the detectors of `sheep_sampling.py`, and what the networks use.

    python experiments/sheep_explanations.py             # what is stored; 3 minutes, after sheep_sampling.py
    python experiments/sheep_explanations.py --weights FOLDER --output /tmp/try.json

For every deformable network: how much of the offsets' variance the position explains, how much the image at a position;
whether they move along with a picture; how points are laid out on flat areas, edges and textures, in scenes and in
ten photographs, with the orientation of another position as control; and what happens to accuracy when other offsets
are put in. For every network, plain ones too: which share of the gradient of the sheep's score lies on the sheep; as a
control, the same before training, when a network has learned nothing about sheep. All others were trained for 1,000
steps. A network that the output already holds is not asked again.

Result: data/results/sheep_explanations.json.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from sheep_measures import STORED, all_offsets, constant_offsets, networks, positions, rounded
from sheep_sampling import NETWORKS, labels, pixels
from torch import nn

from cnnlib import data
from cnnlib.layers import SheepFinder
from cnnlib.sheep import effective_dilation, find_sheep, irregularity, sheep_scenes, spread, structure
from cnnlib.sheep.points import CELL, DILATION, TAPS


def length_of(field):
    """The mean length of offsets (N, 18, ...) in cells."""
    return np.linalg.norm(field.reshape(len(field), 9, 2, -1), axis=2).mean()


def what_explains(offsets, images, weights):
    """For each layer: what the position alone and the image at a position explain; a moved and a brighter picture."""
    few, (down, right) = images[:50], (8, 12)
    bright = find_sheep(np.clip(few * 1.2, 0, 255).astype(np.uint8), weights).offsets
    moved = find_sheep(np.roll(few, (down, right), (1, 2)), weights).offsets
    rows, inner = [], (..., slice(8, -6), slice(9, -6))  # what no picture's border reaches
    for field, brighter, other in zip(offsets, bright, moved, strict=True):
        first = field[:50]
        back = np.roll(first, (down // CELL, right // CELL), (2, 3))
        total, mean = field.var(axis=(0, 2, 3)).sum(), field.mean(axis=(0, 2, 3))
        rows.append(
            {
                "length": rounded(length_of(field), 3),
                "between_images": rounded(length_of(field - np.roll(field, 1, axis=0)), 3),
                "by_place": rounded(field.mean(axis=0).var(axis=(1, 2)).sum() / total),
                "by_image": rounded(field.var(axis=0).mean(axis=(1, 2)).sum() / total),
                "constant": rounded((mean**2).sum() / (field**2).mean(axis=(0, 2, 3)).sum()),
                "brighter": rounded(length_of(first - brighter) / length_of(first)),
                "moved_along": rounded(length_of((back - other)[inner]) / length_of(first[inner])),
                "moved_in_place": rounded(length_of((first - other)[inner]) / length_of(first[inner])),
            }
        )
    return rows


def by_surface(offsets, images, rng):
    """Last layer: dilation, spread, along over across the edge, and irregularity on flat, edge and texture cells."""
    found = [structure(image.mean(axis=-1) / 255) for image in images]
    energy, coherence = (np.concatenate([s[part][::CELL, ::CELL].ravel() for s in found]) for part in (0, 1))
    along = np.concatenate([s.along[::CELL, ::CELL].reshape(-1, 2) for s in found])
    field = np.concatenate([o.reshape(9, 2, -1).transpose(2, 0, 1) for o in offsets])
    points = DILATION * TAPS + field
    low, high = np.quantile(energy, (0.3, 0.7))
    kinds = {
        "flat": energy < low,
        "edge": (energy > high) & (coherence > 0.6),
        "texture": (energy > high) & (coherence < 0.3),
    }
    across, other, result = along[:, ::-1] * [1, -1], rng.permutation(len(along)), {}
    for name, which in kinds.items():
        ratio = [
            spread(points[which], direction=a[which]).mean() / spread(points[which], direction=b[which]).mean()
            for a, b in ((along, across), (along[other], across[other]))
        ]
        result[name] = {
            "cells": int(which.sum()),
            "effective_dilation": rounded(effective_dilation(points[which]).mean(), 3),
            "spread": rounded(spread(points[which]).mean(), 3),
            "along_over_across": rounded(ratio[0], 3),
            "orientation_shuffled": rounded(ratio[1], 3),
            "irregularity": rounded(irregularity(points[which]).mean(), 3),
        }
    return result


def photographs():
    """The ten test photographs at 192 pixels, their sides cut to multiples of 8."""
    for name in [name for name in data.photograph_names() if name != "sheep"][3::7]:
        image = np.rint(255 * data.photograph(name, side=192)).astype(np.uint8)
        yield image[: image.shape[0] // 8 * 8, : image.shape[1] // 8 * 8]


def untrained(name, seed, scenes):
    """A new network whose normalisations have seen a hundred scenes, or responses would fade from layer to layer."""
    torch.manual_seed(seed)
    network = SheepFinder(**NETWORKS[name])
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = None  # the mean over all that it has seen
    with torch.no_grad():
        network(pixels(scenes.images[:100]))
    return network.eval()


def trained(name, weights):
    """The network with these weights."""
    network = SheepFinder(**NETWORKS[name]).eval()
    network.load_state_dict({key: torch.from_numpy(value) for key, value in weights.items()}, strict=False)
    return network


def gradient_share(network, scenes, count=200):
    """Share of the sheep score's gradient on the sheep, at the stem's output, at a random sheep cell of each scene."""
    rng, kinds = np.random.default_rng(11), labels(scenes)[0]
    cells, result = scenes.instances[:, ::CELL, ::CELL], []
    for number in [n for n in range(len(kinds)) if (kinds[n] == 1).any()][:count]:
        row, column = rng.permutation(np.argwhere(kinds[number] == 1))[0]
        features = network.features(pixels(scenes.images[number][None])).detach().requires_grad_()
        scores = network.predict(features)[0, :3, row, column]
        (scores[1] - (scores[0] + scores[2]) / 2).backward()
        size = features.grad.abs().sum(dim=1)[0].numpy()
        result.append(size[cells[number] == cells[number, row, column]].sum() / size.sum())
    return rounded(np.mean(result))


def replaced(scenes, weights, offsets, mean, count=200):
    """Intersection over union of sheep when other offsets are put in: none, constant ones, those of another scene."""
    images, kinds = (
        scenes.images[:count],
        labels(scenes._replace(instances=scenes.instances[:count], kinds=scenes.kinds[:count]))[0],
    )
    own = [field[:count] for field in offsets]
    choices = {
        "learned": own,
        "rigid": [np.zeros(1)] * 3,
        "constant": list(mean[:, :, None, None]),
        "another scene's": [np.roll(field, 1, axis=0) for field in own],
    }
    result = {}
    for name, given in choices.items():
        sheep = find_sheep(images, weights, given).scores.argmax(axis=1) == 1
        result[name] = rounded((sheep & (kinds == 1)).sum() / (sheep | (kinds == 1)).sum())
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", type=Path, default=Path("_build/sheep"), help="folder of the trained weights")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sheep_explanations.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    scenes, pictures = sheep_scenes(400, seed=1502, test=True), list(photographs())
    result = {"test_scenes": len(scenes.images), "photographs": len(pictures), "rows": []}
    if options.output.exists():
        result["rows"] = json.loads(options.output.read_text(encoding="utf-8"))["rows"]
    done = {(row["name"], row["steps"], row["seed"]) for row in result["rows"]}
    fresh = [({"name": name, "steps": 0, "seed": s}, None) for name in NETWORKS for s in range(3)]
    for row, weights in (*fresh, *networks(options.weights)):
        if row["seed"] >= options.seeds or row["steps"] not in (0, STORED[0]) or tuple(row.values()) in done:
            continue
        name = row["name"]
        network = untrained(name, row["seed"], scenes) if weights is None else trained(name, weights)
        row["gradient_share"] = gradient_share(network, scenes)
        if weights is not None and name == "deformable":
            rng, offsets = np.random.default_rng(6), all_offsets(scenes.images, weights)
            row["explained"] = what_explains(offsets, scenes.images, weights)
            fields = [find_sheep(picture[None], weights).offsets[2][0] for picture in pictures]
            row["surfaces"] = {
                "scenes": by_surface(offsets[2], scenes.images, rng),
                "photographs": by_surface(fields, pictures, rng),
            }
            row["replaced"] = replaced(scenes, weights, offsets, constant_offsets(offsets, positions(scenes)))
        result["rows"].append(row)
        print({key: row[key] for key in ("name", "steps", "seed", "gradient_share")}, file=sys.stderr, flush=True)
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
