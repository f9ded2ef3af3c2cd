"""Multiply-adds against the clock: full layers and separable ones, the one after the other, on one thread.

    python experiments/separable_speed.py              # about a minute; run it on a quiet machine

Cases: a full 3 x 3 layer against a depthwise and a 1 x 1 convolution with as many inputs and outputs, both with padding
1, for three numbers of channels; and a k x k kernel of rank 1 on one grey image against its column and its row. Each
pair is run in turns, so that whatever else the machine does meets both, and the CPU time of the process is taken.

Result: data/results/separable_speed.json, one row a case and library: how many times fewer multiply-adds the thin form
has, and how many times less CPU time it took, in the median over the turns with the quartiles. No seconds are kept.
"""

import argparse
import json
import platform
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, ops

TURNS, SIDE, GREY = 25, 32, 512
CHANNELS = ((16, 32), (64, 128), (128, 256))
KERNELS = (3, 11)


def layers(before, after, random):
    """{library: (full, thin)} for 4 images of 32 x 32, and both counts of multiply-adds."""
    x = random.normal(size=(4, before, SIDE, SIDE)).astype(np.float32)
    shapes = ((after, before, 3, 3), (before, 1, 3, 3), (after, before, 1, 1))
    w, d, p = (random.normal(size=shape).astype(np.float32) / 10 for shape in shapes)
    tx, tw, td, tp = map(torch.from_numpy, (x, w, d, p))
    runs = {
        "torch": (
            lambda: F.conv2d(tx, tw, padding=1),
            lambda: F.conv2d(F.conv2d(tx, td, padding=1, groups=before), tp),
        ),
        "NumPy": (
            lambda: ops.conv2d(x, w, padding=1),
            lambda: ops.depthwise_separable_conv2d(x, d, p, padding=1),
        ),
    }
    return runs, (9 * before * after, 9 * before + before * after)


def lines(k, random):
    """The same for a k x k kernel of rank 1 on one grey image."""
    x = random.normal(size=(1, 1, GREY, GREY)).astype(np.float32)
    column, row = random.normal(size=(2, k)).astype(np.float32)
    w = np.outer(column, row)[None, None]
    tx, tw, tc, tr = map(torch.from_numpy, (x, w, column[None, None, :, None], row[None, None, None]))
    runs = {
        "torch": (lambda: F.conv2d(tx, tw), lambda: F.conv2d(F.conv2d(tx, tc), tr)),
        "NumPy": (lambda: ops.conv2d(x, w), lambda: ops.separable_conv2d(x, column, row)),
    }
    size = GREY - k + 1
    return runs, (k * k * size * size, k * size * GREY + k * size * size)


def ratio(full, thin, turns):
    """Quartiles of (CPU time of the full form / that of the thin one), over turns."""
    found = []
    for _ in range(turns + 1):
        times = []
        for run in (full, thin):
            began = time.process_time()
            run()
            times.append(time.process_time() - began)
        found.append(times[0] / times[1])
    return [round(float(q), 2) for q in np.percentile(found[1:], (25, 50, 75))]  # the first turn warms up


def run(turns):
    random = np.random.default_rng(0)
    cases = [(f"{a} to {b} channels", layers(a, b, random)) for a, b in CHANNELS]
    cases += [(f"{k} x {k}, one channel", lines(k, random)) for k in KERNELS]
    for name, (runs, (full, thin)) in cases:
        for library, pair in runs.items():
            low, middle, high = ratio(*pair, turns)
            yield {"name": name, "library": library, "fewer_macs": round(full / thin, 2),
                   "less_time": middle, "quartiles": [low, high]}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--output", type=Path, default=data.folder() / "results" / "separable_speed.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    result = {
        "task": "CPU time of full and separable layers",
        "turns": options.turns,
        "threads": 1,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "processor": platform.machine(),
        "rows": list(run(options.turns)),
    }
    options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
