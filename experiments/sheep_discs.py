"""The small detector of discs that chapter 15 trains on the page: does what one seed shows hold for others, and longer?

    python experiments/sheep_discs.py             # what is stored; 4 minutes on one core
    python experiments/sheep_discs.py --seeds 1 --output /tmp/try.json

Network, discs, training and shares are the chapter's own: its cells are run as they stand. The chapter trains one seed
for 150 steps; here it is five seeds for 150, 300 and 600. The discs that are measured are the same for all.

A question that the chapter's cells do not ask: do the points look for the rim? `near_rim` is the weighted share of all
points that lie within one pixel of the disc's edge. As for the share on the disc, the controls are the rigid grid, one
constant offset for each tap, and the offsets of another position.

Result: data/results/sheep_discs.json.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from cnnlib import data, ops, sheep
from cnnlib.tables import Table

CHAPTER = Path(__file__).resolve().parent.parent / "chapters" / "15-the-sheep.ipynb"
CELLS = ("def looked_at(", "def detector(", "def by_radius(")
STEPS = (150, 300, 600)
REACH = 8  # the chapter's reaches are in units of so many pixels


def chapter():
    """The names that the chapter's own cells define, after they have run."""
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names = {"np": np, "ops": ops, "sheep": sheep, "Table": Table}
    for mark in CELLS:
        (source,) = (source for source in sources if mark in source)
        exec(compile(source, CHAPTER.name, "exec"), names)
    return names


def near_rim(points, radius, weights, within=1.0):
    """Weighted share of points (P, K, 2), seen from the centre of their disc, within so many pixels of its edge."""
    away = np.abs(np.hypot(points[..., 0], points[..., 1]) - radius[:, None])
    return float(((away <= within) @ weights).mean() / weights.sum())


def rims(names, parameters):
    """`near_rim` of the four kinds of points over all positions on discs, and the mean error of reaches in pixels."""
    images, on, reach, radius = names["discs"](np.random.default_rng(99), 60)
    answer, kept = names["detector"](parameters, images)
    points = ops.sampling_points(kept[3], 3, **names["wide"])
    disc, row, column = np.nonzero(on)
    around = points[disc, :, row, column] - np.stack([row, column], -1)[:, None]
    at = (REACH * reach[disc, :, row, column][:, [0, 2]] - radius[disc, None])[:, None]  # seen from the disc's centre
    weights = sheep.tap_magnitudes(parameters["bent"][0])
    kinds = {
        "rigid": np.broadcast_to(names["taps"], around.shape),
        "constant": np.broadcast_to(around.mean(0), around.shape),
        "learned": around,
        "shuffled": around[np.random.default_rng(0).permutation(len(around))],
    }
    off = np.abs(answer[:, 1:] - reach)[np.broadcast_to(on[:, None], reach.shape)].mean()
    return {name: near_rim(at + cloud, radius[disc], weights) for name, cloud in kinds.items()}, REACH * float(off)


def measured(names, seed, steps):
    """One row of the result."""
    parameters = names["trained"](seed, steps)
    rows = names["by_radius"](parameters)
    count = np.array([row["positions"] for row in rows])
    shares = {kind: count @ [row["share"][kind] for row in rows] / count.sum() for kind in rows[0]["share"]}
    rim, off = rims(names, parameters)
    return {
        "seed": seed,
        "steps": steps,
        "dilation": [round(float(row["dilation"]), 3) for row in rows],
        "share": {kind: round(float(share), 4) for kind, share in shares.items()},
        "by_radius": [{kind: round(float(share), 4) for kind, share in row["share"].items()} for row in rows],
        "near_rim": {kind: round(share, 4) for kind, share in rim.items()},
        "reach_error": round(off, 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds of each length")
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "sheep_discs.json")
    options = parser.parse_args()
    names = chapter()
    radii = [row["radius"] for row in names["found"]]
    result = {"radii": radii, "steps": STEPS, "numpy": np.__version__, "rows": []}
    for steps in STEPS:
        for seed in range(options.seeds):
            result["rows"].append(measured(names, seed, steps))
            print(result["rows"][-1], file=sys.stderr, flush=True)
            options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
