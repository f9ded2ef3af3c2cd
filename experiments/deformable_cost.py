"""Where the time of a deformable layer goes: counted and on the clock, the one after the other, on one thread.

    python experiments/deformable_cost.py              # about half a minute

One image of C channels, a 3 x 3 layer from C to C channels with padding 1, offsets from a branch with small random
weights. Each turn runs every call once, so that whatever else the machine does meets all; the CPU time of the process
is taken and divided by that of the plain convolution of the same library in the same turn. No seconds are kept.

Result: data/results/deformable_cost.json, one row a case and library: the counted ratio, and for every part (branch,
nine samples, matrix product, and the layer with its branch) the median of the ratio over turns, with the quartiles.
"""

import argparse
import json
import platform
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from cnnlib import data, layers, ops

CASES, TURNS = ((8, 64), (64, 28), (256, 14)), 25


def calls(channels, size, random):
    """{library: {part: call}}; "plain" is what the others are compared with."""
    x = random.normal(size=(1, channels, size, size)).astype(np.float32)
    kernel = (random.normal(size=(channels, channels, 3, 3)) / np.sqrt(9 * channels)).astype(np.float32)
    branch = (random.normal(size=(18, channels, 3, 3)) / np.sqrt(9 * channels)).astype(np.float32)
    offset = ops.conv2d(x, branch, padding=1)
    columns = random.normal(size=(9 * channels, size * size)).astype(np.float32)
    flat = kernel.reshape(channels, -1)
    at = np.moveaxis(np.indices((size, size)), 0, -1)[None]
    taps = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    points = at + taps[:, None, None] + offset[0].reshape(9, 2, size, size).transpose(0, 2, 3, 1)
    points = points[None].astype(np.float32)
    tx, tk, tb, to, tp = map(torch.from_numpy, (x, kernel, branch, offset, points))
    return {
        "NumPy": {
            "plain": lambda: ops.conv2d(x, kernel, padding=1),
            "branch": lambda: ops.conv2d(x, branch, padding=1),
            "samples": lambda: ops.bilinear_sample(x, points),
            "product": lambda: flat @ columns,
            "layer": lambda: ops.deform_conv2d(x, ops.conv2d(x, branch, padding=1), kernel, padding=1),
        },
        "torch": {
            "plain": lambda: functional.conv2d(tx, tk, padding=1),
            "branch": lambda: functional.conv2d(tx, tb, padding=1),
            "samples": lambda: layers.bilinear_sample(tx, tp),
            "layer": lambda: layers.deform_conv2d(tx, functional.conv2d(tx, tb, padding=1), tk, padding=1),
        },
    }


def ratios(parts, turns):
    """{part: its quartiles of (CPU time / that of "plain" in the same turn)}."""
    found = {part: [] for part in parts}
    for _ in range(turns + 1):
        times = {}
        for part, call in parts.items():
            began = time.process_time()
            call()
            times[part] = time.process_time() - began
        for part, taken in times.items():
            found[part].append(taken / times["plain"])
    return {
        part: [round(float(q), 2) for q in np.percentile(all_of[1:], (25, 50, 75))]  # the first turn warms up
        for part, all_of in found.items()
        if part != "plain"
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "deformable_cost.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    random, rows = np.random.default_rng(0), []
    with torch.inference_mode():
        for channels, size in CASES:
            for library, parts in calls(channels, size, random).items():
                case = {"channels": channels, "size": size, "library": library, "counted": round(1 + 22 / channels, 2)}
                rows.append(case | {"parts": ratios(parts, options.turns)})
    result = {
        "task": "CPU time of a deformable layer by that of a plain convolution",
        "turns": options.turns,
        "threads": 1,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "processor": platform.machine(),
        "rows": rows,
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
