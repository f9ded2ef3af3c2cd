"""Question 5, from depthwise separable convolution on: what is true of each claim.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import numpy as np

from cnnlib import networks, ops
from cnnlib.geometry import count_parameters

from .checks_q5 import weights
from .pictures import stored


def c134():
    full, depthwise, pointwise = weights((128, 256, 3)), 9 * 128, weights((128, 256, 1))
    return {
        "full": full,
        "depthwise": depthwise,
        "pointwise": pointwise,
        "times fewer": round(full / (depthwise + pointwise), 2),
        "with biases": round(count_parameters(128, 256, 3) / (10 * 128 + count_parameters(128, 256, 1)), 2),
    }


def c135():
    share = (9 * 128 + weights((128, 256, 1))) / weights((128, 256, 3))
    return {"counted": round(share, 4), "1 / 256 + 1 / 9": round(1 / 256 + 1 / 9, 4)}


def c136():
    return {
        f"times fewer, {outputs} outputs": round(weights((128, outputs, 3)) / (9 * 128 + weights((128, outputs, 1))), 2)
        for outputs in (256, 4096)
    }


def c137():
    rows = stored("separable_speed")["rows"]
    row = next(r for r in rows if (r["name"], r["library"]) == ("128 to 256 channels", "torch"))
    return {
        "times fewer multiply-adds": round(row["fewer_macs"], 1),
        "times less CPU time, stored": round(row["less_time"], 1),
    }


def c138():
    network = networks.mobilenet()
    macs = {row.name: row.macs for row in network.trace()}
    pointwise = sum(count for name, count in macs.items() if "pointwise" in name)
    return {
        "million multiply-adds": round(network.macs / 10**6, 1),
        "with full 3 × 3 layers": round((macs["conv1"] + 9 * pointwise + macs["classes"]) / 10**6, 1),
        "million parameters": round(network.parameters / 10**6, 2),
    }


def c139():
    rng = np.random.default_rng(1)
    x, depthwise, pointwise = (
        rng.normal(size=(1, 4, 9, 9)),
        rng.normal(size=(4, 1, 3, 3)),
        rng.normal(size=(6, 4, 1, 1)),
    )
    whole = pointwise * depthwise[:, 0]  # (6, 4, 3, 3)
    gap = np.abs(ops.depthwise_separable_conv2d(x, depthwise, pointwise) - ops.conv2d(x, whole)).max()
    rows = [row for row in stored("separable_blocks")["rows"] if row["width"] == 16 and row["steps"] == 1200]
    scores = {
        f"accuracy after training, {name}": round(
            np.mean([r["accuracy"] for r in rows if r["name"] == name and r["state"] == "trained"]), 3
        )
        for name in ("full", "separable")
    }
    return {
        "largest difference from one convolution": round(gap, 9),
        "rank of the filters that read one channel": int(np.linalg.matrix_rank(whole[:, 0].reshape(6, 9))),
    } | scores


def c140():
    rng = np.random.default_rng(12)
    x, w = rng.normal(size=(1, 128, 6, 7)), rng.normal(size=(64, 128, 1, 1))
    dense = ops.linear(x[0].reshape(128, -1).T, w[:, :, 0, 0]).T.reshape(1, 64, 6, 7)
    return {
        "weights": weights((128, 64, 1)),
        "with biases": count_parameters(128, 64, 1),
        "largest difference from a dense layer at each pixel": round(np.abs(ops.conv2d(x, w) - dense).max(), 9),
    }


def c141():
    rng = np.random.default_rng(12)
    x, order, found = rng.normal(size=(1, 8, 6, 7)), rng.permutation(42), {}

    def shuffle(maps):
        return maps.reshape(*maps.shape[:2], 42)[..., order].reshape(maps.shape)

    for k in (1, 3):
        w = rng.normal(size=(4, 8, k, k))
        y = ops.conv2d(x, w, padding=k // 2)
        change = np.linalg.norm(ops.conv2d(shuffle(x), w, padding=k // 2) - shuffle(y)) / np.linalg.norm(y)
        found[f"change by shuffling the pixels, {k} × {k}"] = round(change, 2)
    return found


def c142():
    savings = {
        f"{k} × {k} to {outputs} channels": weights((256, outputs, k)) / weights((256, 64, 1), (64, outputs, k))
        for k, outputs in ((5, 64), (5, 128), (5, 256), (3, 64))
    }
    return {name: round(saving, 2) for name, saving in savings.items()}


def c144():
    network = networks.mobilenet()
    rows = {row.name: row.macs for row in network.trace()}
    bare = {row.name: row.macs // row.size**2 for row in network.trace()}  # weights, without biases and normalisation
    return {
        f"% of {what} in 1 × 1 layers": round(
            100 * sum(n for name, n in counts.items() if "pointwise" in name) / sum(counts.values()), 2
        )
        for what, counts in (("the multiply-adds", rows), ("the weights", bare))
    }


def c145():
    rng = np.random.default_rng(0)
    x, depthwise, pointwise = (
        rng.normal(size=(1, 8, 6, 7)),
        rng.normal(size=(8, 1, 3, 3)),
        rng.normal(size=(8, 8, 1, 1)),
    )
    silent = x.copy()
    silent[:, 2] = 0
    first, second = (ops.conv2d(maps, depthwise, padding=1, groups=8) for maps in (x, silent))
    return {
        "outputs of 8 that a channel changes, depthwise": int((first != second).any(axis=(0, 2, 3)).sum()),
        "then 1 × 1": int((ops.conv2d(first, pointwise) != ops.conv2d(second, pointwise)).any(axis=(0, 2, 3)).sum()),
    }


def c146():
    rows = {row.name: row.channels for row in networks.googlenet().trace()}
    branches = [rows[name] for name in ("3b_1x1", "3b_3x3", "3b_5x5", "3b_pool_proj")]
    return {"channels of the branches": branches, "together": rows["3b"]}


def c147():
    return {"3 × 3 and 5 × 5 on 256 channels, 64 maps each": weights((256, 64, 3), (256, 64, 5))}


def c148():
    return {
        "the printed sum": 256 * 64 + 64 * 9 + 256 * 64 + 64 * 25,
        "with 64 maps each": weights((256, 64, 1), (64, 64, 3), (256, 64, 1), (64, 64, 5)),
    }


def c149():
    plain, reduced = (
        weights((256, 192, 3), (256, 96, 5)),
        weights((256, 128, 1), (128, 192, 3), (256, 32, 1), (32, 96, 5)),
    )
    alike = weights((256, 64, 3), (256, 64, 5)), weights((256, 64, 1), (64, 64, 3), (256, 64, 1), (64, 64, 5))
    return {
        "64 maps each, without and with": list(alike),
        "times fewer": round(alike[0] / alike[1], 2),
        "the branches of module 3b, without and with": [plain, reduced],
        "times fewer in 3b": round(plain / reduced, 2),
    }


def c150():
    parameters = [networks.alexnet().parameters, networks.googlenet().parameters]
    return {"AlexNet and GoogLeNet": parameters, "times fewer": round(parameters[0] / parameters[1], 1)}
