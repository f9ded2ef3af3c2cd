"""Where the detectors of `sheep_sampling.py` look, each figure beside its controls.

    python experiments/sheep_measures.py             # what is stored; 2 minutes, after sheep_sampling.py
    python experiments/sheep_measures.py --weights FOLDER --output /tmp/try.json

For every deformable network, on 400 test scenes: the weighted share of sampling points on the very sheep that the
position is on, for each layer and composed, with (1) the rigid grid, (2) the constant mean offset, (3) the learned
offsets, (4) the points of another sheep position, moved here, and (5) the same from a sheep of similar height; by
height of the sheep, by part of it in one fixed scene, on grass beside it and on wool; and how far the points spread.

Result: data/results/sheep_measures.json; `sheep_explanations.py` asks the same networks further questions. The
deformable network of seed 0 is also stored as data/weights/sheep_finder.npz (float16), and its offsets in the four
fixed scenes, for the explorer, in data/sheep_offsets.npz (sixteenths of a cell).
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np

from cnnlib import data
from cnnlib.sheep import (
    composed_points,
    effective_dilation,
    find_sheep,
    share_on_object,
    sheep_on_grass,
    sheep_parts,
    sheep_scenes,
    spread,
    tap_magnitudes,
)
from cnnlib.sheep.points import CELL
from cnnlib.sheep.scenes import HEIGHTS, PARTS

BINS = (14, 24, 38, 56, 81)  # heights in pixels
STORED = 1000, 0  # steps and seed of the network that the book keeps
SAMPLED = 3000  # positions whose 729 points are followed


def rounded(value, digits=4):
    return np.round(np.asarray(value, float), digits).tolist()


def positions(scenes, kind=1):
    """Scene, row, column and instance of every cell of a kind, (P, 4)."""
    cells = scenes.instances[:, ::CELL, ::CELL]
    of_kind = np.take_along_axis(scenes.kinds, cells.reshape(len(cells), -1), axis=1).reshape(cells.shape) == kind
    where = np.argwhere(of_kind)
    return np.column_stack([where, cells[tuple(where.T)]])


def beside(scenes, reach=3):
    """The same of every background cell within 12 pixels of a sheep; the instance is that of the nearest."""
    found, sheep, free = [], positions(scenes), positions(scenes, 0)
    for number in range(len(scenes.images)):
        on, off = sheep[sheep[:, 0] == number], free[free[:, 0] == number]
        if len(on) and len(off):
            away = np.hypot(*(off[:, None, 1:3] - on[None, :, 1:3]).transpose(2, 0, 1))
            near = away.min(axis=1) <= reach
            found.append(np.column_stack([off[near, :3], on[away.argmin(axis=1)[near], 3]]))
    return np.concatenate(found)


def shares(points, weights, where, instances):
    """Share of each position's points (P, K, 2), in cells, on its own instance."""
    result = np.empty(len(where))
    for scene, instance in np.unique(where[:, [0, 3]], axis=0):
        here = (where[:, 0] == scene) & (where[:, 3] == instance)
        result[here] = share_on_object(CELL * points[here], weights, instances[scene] == instance)
    return result


def clouds(layers, offsets, magnitudes, where, mean=None):
    """Points relative to their positions (P, 9**L, 2) and weights: learned, or with one constant offset a layer."""
    at = where[:, 1:3].astype(float)
    if offsets is None:
        points, weights = composed_points([[0, 0]], mean[layers], magnitudes[layers])
        return np.broadcast_to(points, (len(at), *points.shape[1:])), weights
    points = np.empty((len(at), 9 ** len(magnitudes[layers]), 2), np.float32)
    for scene in np.unique(where[:, 0]):
        here = where[:, 0] == scene
        points[here], weights = composed_points(
            at[here], [field[scene] for field in offsets[layers]], magnitudes[layers]
        )
    return points - at[:, None], weights


def four_columns(layers, offsets, magnitudes, mean, where, heights, instances, rng):
    """Shares by column, each (P,); and the learned points relative to their positions, with their weights."""
    learned, weights = clouds(layers, offsets, magnitudes, where)
    size = np.digitize(heights, BINS)
    other, similar = rng.permutation(len(where)), np.arange(len(where))
    for number in np.unique(size):
        similar[size == number] = rng.permutation(similar[size == number])
    at = where[:, None, 1:3]
    kinds = {
        "rigid": clouds(layers, None, magnitudes, where, np.zeros_like(mean))[0],
        "constant": clouds(layers, None, magnitudes, where, mean)[0],
        "learned": learned,
        "shuffled": learned[other],
        "similar": learned[similar],
    }
    return {name: shares(at + cloud, weights, where, instances) for name, cloud in kinds.items()}, learned, weights


def summary(columns, points, weights, heights):
    """Means over all positions and by height, with the spread of the points."""
    size = np.digitize(heights, BINS) - 1
    wide = spread(points, weights) * CELL
    result = {
        "share": {name: rounded(values.mean()) for name, values in columns.items()},
        "by_height": {
            name: rounded([values[size == number].mean() for number in range(4)]) for name, values in columns.items()
        },
        "rising": rounded((columns["learned"] > columns["rigid"]).mean()),
        "nearly_all_on": {name: rounded((columns[name] >= 0.99).mean()) for name in ("rigid", "learned")},
        "spread": rounded([wide[size == number].mean() for number in range(4)], 2),
        "spread_and_height": rounded(np.corrcoef(wide, np.log(heights))[0, 1]),
    }
    if points.shape[1] == 9:
        dilation = effective_dilation(points)
        result["effective_dilation"] = rounded([dilation[size == number].mean() for number in range(4)], 3)
        result["dilation_and_height"] = rounded(np.corrcoef(dilation, np.log(heights))[0, 1])
    return result


def shares_by_part(weights, magnitudes, mean):
    """Composed and last-layer shares by part of the sheep in the largest fixed scene; "middle" is deep in the body."""
    image, mask = sheep_on_grass(HEIGHTS[-1])
    parts = sheep_parts(HEIGHTS[-1])[::CELL, ::CELL]
    offsets = find_sheep(image[None], weights).offsets
    where = np.argwhere(parts > 0)
    outside = np.argwhere(~mask)
    away = np.hypot(*(CELL * where[:, None] - outside[None]).transpose(2, 0, 1)).min(axis=1)
    where = np.column_stack([np.zeros(len(where), int), where, np.ones(len(where), int)])
    heights, rng = np.full(len(where), HEIGHTS[-1]), np.random.default_rng(7)
    chosen = {name: parts[where[:, 1], where[:, 2]] == number for number, name in enumerate(PARTS) if number}
    chosen["middle"] = chosen["body"] & (away >= 14)
    result = {"cells": {name: int(which.sum()) for name, which in chosen.items()}}
    for name, layers in (("composed", slice(0, 3)), ("last", slice(2, 3))):
        columns, *_ = four_columns(layers, offsets, magnitudes, mean, where, heights, mask[None].astype(int), rng)
        result[name] = {
            part: {key: rounded(v[which].mean()) for key, v in columns.items()} for part, which in chosen.items()
        }
    return result


def networks(folder):
    """Name, steps, seed and weights of every network that `sheep_sampling.py` left there."""
    for path in sorted(folder.glob("*.npz")):
        name, steps, seed = re.fullmatch(r"(.+)_(\d+)_(\d+)", path.stem).groups()
        yield {"name": name.replace("_", ", "), "steps": int(steps), "seed": int(seed)}, dict(np.load(path))


def all_offsets(images, weights):
    """The offsets of every layer in many scenes, a few scenes at a time."""
    found = [find_sheep(part, weights).offsets for part in np.array_split(images, max(1, len(images) // 50))]
    return [np.concatenate(layer) for layer in zip(*found, strict=True)]


def constant_offsets(offsets, where):
    """The mean offsets over all positions on sheep, (3, 18)."""
    return np.stack([field[where[:, 0], :, where[:, 1], where[:, 2]].mean(axis=0) for field in offsets])


def measure(weights, scenes):
    """All shares of one deformable network, its constant mean offsets and its magnitudes."""
    rng = np.random.default_rng(5)
    offsets = all_offsets(scenes.images, weights)
    magnitudes = np.stack([tap_magnitudes(weights[f"last.{number}.weight"]) for number in range(3)])
    where = positions(scenes)
    heights = scenes.heights[where[:, 0], where[:, 3]]
    mean = constant_offsets(offsets, where)
    few = rng.permutation(len(where))[:SAMPLED]
    views = {f"layer {number + 1}": (slice(number, number + 1), np.arange(len(where))) for number in range(3)}
    views["composed"] = (slice(0, 3), few)
    row = {"positions": len(where)}
    for name, (layers, chosen) in views.items():
        here, tall = where[chosen], heights[chosen]
        row[name] = summary(*four_columns(layers, offsets, magnitudes, mean, here, tall, scenes.instances, rng), tall)
        rigid, weights_of = composed_points([[0, 0]], np.zeros_like(mean)[layers], magnitudes[layers])
        row[name]["rigid_spread"] = rounded(CELL * spread(rigid, weights_of)[0], 2)
    near, wool = (rng.permutation(found)[:SAMPLED] for found in (beside(scenes), positions(scenes, 2)))
    for kind, here in (("beside", near), ("wool", wool)):
        tall = scenes.heights[here[:, 0], here[:, 3]]
        columns, *_ = four_columns(slice(0, 3), offsets, magnitudes, mean, here, tall, scenes.instances, rng)
        row[kind] = {name: rounded(values.mean()) for name, values in columns.items()}
    row["parts"] = shares_by_part(weights, magnitudes, mean)
    return row, mean


def store(small, mean, folder):
    """Keep the network in float16, and its offsets in the four fixed scenes in sixteenths of a cell."""
    np.savez_compressed(folder / "weights" / "sheep_finder.npz", **small)
    weights = {name: value.astype(np.float32) for name, value in small.items()}
    magnitudes = np.stack([tap_magnitudes(weights[f"last.{number}.weight"]) for number in range(3)])
    arrays, clipped = {"magnitudes": magnitudes.astype(np.float32)}, 0
    for height in HEIGHTS:
        fine = np.rint(16 * np.concatenate(find_sheep(sheep_on_grass(height)[0][None], weights).offsets))
        clipped += int((np.abs(fine) > 127).sum())
        arrays[f"offsets_{height}"] = np.clip(fine, -127, 127).astype(np.int8)
    arrays["mean_offsets"] = np.rint(16 * mean).astype(np.int8)
    np.savez_compressed(folder / "sheep_offsets.npz", **arrays)
    return clipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", type=Path, default=Path("_build/sheep"), help="folder of the trained weights")
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sheep_measures.json")
    options = parser.parse_args()
    scenes = sheep_scenes(400, seed=1502, test=True)
    result = {"test_scenes": len(scenes.images), "heights": BINS, "sampled": SAMPLED, "rows": []}
    for row, weights in networks(options.weights):
        if row["name"] != "deformable" or row["seed"] >= options.seeds:
            continue
        found, mean = measure(weights, scenes)
        if (row["steps"], row["seed"]) == STORED:
            small = {key: value.astype(np.float16) for key, value in weights.items()}
            result["clipped"] = store(small, mean, data.folder())
            again, _ = measure({key: value.astype(np.float32) for key, value in small.items()}, scenes)
            result["float16"] = {view: again[view]["share"] for view in ("layer 1", "layer 2", "layer 3", "composed")}
        result["rows"].append(row | found)
        print(row, found["composed"]["share"], file=sys.stderr, flush=True)
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
