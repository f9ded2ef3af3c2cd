"""Question 5, variants of convolution: what is true of each claim, by calculation or from a stored result.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import numpy as np

from cnnlib import data, geometry, ops, spectrum
from cnnlib.geometry import Layer, count_parameters

from .pictures import stored


def weights(*layers):
    """Weights of layers (inputs, outputs, kernel size), without biases."""
    return sum(count_parameters(*layer, bias=False) for layer in layers)


def c116():
    side = geometry.conv_output_size(1000, 3)
    return {"unshared over shared weights": count_parameters(1, 1, 3, positions=side, bias=False) // 9}


def c117():
    rows = stored("averaging_heads")["rows"]
    return {
        f"{name}, accuracy": round(np.mean([r["test"] for r in rows if r["network"] == name and r["steps"] == 800]), 3)
        for name in ("shared + shared", "shared + local", "wide shared")
    }


def c118():
    kernel = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    response = ops.conv2d_backward(np.ones((1, 1, 1, 1)), np.zeros((1, 1, 5, 5)), kernel, dilation=2)[0][0, 0]
    return {"taps (row, column)": np.argwhere(response)[[0, 1, 2, 3, -1]].tolist(), "weights": kernel.size}


def c119():
    found = {}
    for dilation in (2, 4):
        side = geometry.span(3, dilation)
        found[f"dilation {dilation}: side, and share of its pixels that is read"] = [side, round(9 / side**2, 2)]
    stacks = {name: geometry.touched([Layer(3, dilation=d) for d in name]) for name in ((2, 2, 2), (1, 2, 3))}
    return found | {f"stack {name}: pixels read, of": [stack.count, stack.field] for name, stack in stacks.items()}


def c120():
    dilations = (1, 2, 4, 8, 16)
    return [geometry.receptive_field([Layer(3, dilation=d) for d in dilations[: n + 1]]).size for n in range(5)]


def c121():
    row = next(row for row in stored("dense_squeezenet")["rows"] if row["undone"] == 2)
    return {
        "positions of SqueezeNet's last map with two strides taken out, times": round(
            np.prod(row["shape"]) / np.prod(row["published_shape"]), 1
        )
    }


def c122():
    x, w = np.zeros((1, 1, 9, 9)), np.ones((1, 1, 3, 3))
    return {
        "9 pixels, convolution, padding 1": ops.conv2d(x, w, padding=1).shape[-1],
        "9 pixels, transposed, padding 1": ops.conv_transpose2d(x, w, padding=1).shape[-1],
        "transposed, stride 2": ops.conv_transpose2d(x, w, padding=1, stride=2).shape[-1],
    }


def c123():
    rng, options = np.random.default_rng(10), {"stride": (2, 3), "padding": 1}
    x, w = rng.normal(size=(1, 3, 10, 15)), rng.normal(size=(5, 3, 3, 4))
    y = ops.conv2d(x, w, **options)
    z = rng.normal(size=y.shape)
    gap = (y * z).sum() - (x * ops.conv_transpose2d(z, w, output_padding=(1, 1), **options)).sum()
    photo = data.photograph("sheep", side=160, grey=True).astype(float)[None, None]
    far = []
    for seed in range(20):  # kernels of 3 × 3 from a normal distribution
        kernel = np.random.default_rng(seed).normal(size=(1, 1, 3, 3))
        back = ops.conv_transpose2d(ops.conv2d(photo, kernel, padding=1), kernel, padding=1)
        far.append(np.linalg.norm(back - photo) / np.linalg.norm(photo))
    return {
        "⟨Cx, z⟩ − ⟨x, Cᵀz⟩": abs(round(gap, 9)),
        "distance of CᵀCx from x, seeds 0 to 19": [round(min(far), 1), round(max(far), 1)],
    }


def c124():
    ways = (1, 3, 0), (2, 2, 0), (2, 4, 1)
    return {
        f"stride {s}, kernel {k}, padding {p}": geometry.conv_transpose_output_size(2, k, stride=s, padding=p)
        for s, k, p in ways
    }


def c125():
    photo = data.photograph("sheep", side=160, grey=True).astype(float)[None, None]
    tent = np.array([0.25, 0.75, 0.75, 0.25])
    ours = ops.conv_transpose2d(photo, np.outer(tent, tent)[None, None], stride=2, padding=1)
    gap = np.abs(ours - ops.resize_bilinear2d(photo, scale_factor=2))[..., 2:-2, 2:-2].max()
    rows = [row for row in stored("decoders")["rows"] if row["data"] == "garments" and row["steps"] == 800]

    def mean(name, measure):
        return np.mean([row[measure] for row in rows if row["name"] == name])

    names = "transposed 4", "bilinear + conv"
    return (
        {"a kernel that interpolates, largest difference inside": round(gap, 9)}
        | {f"dB on test garments, {name}": round(mean(name, "psnr"), 1) for name in names}
        | {f"pattern on a flat code, %, {name}": round(100 * mean(name, "flat"), 1) for name in names}
    )


def c126():
    cases = [(n, k, s) for n in range(1, 65) for k in range(1, min(n, 7) + 1) for s in range(1, 5)]
    back = 0
    for n, k, s in cases:
        m = geometry.conv_output_size(n, k, stride=s)
        back += geometry.conv_transpose_output_size(m, k, stride=s) == n
    six = geometry.conv_output_size(6, 3, stride=2)
    return {
        "6 pixels, kernel 3, stride 2, there and back": [six, geometry.conv_transpose_output_size(six, 3, stride=2)],
        "sizes that come back": back,
        "of": len(cases),
    }


def c127():
    return {
        f"5 pixels, kernel 4, stride 2, padding {p}": geometry.conv_transpose_output_size(5, 4, stride=2, padding=p)
        for p in (0, 1)
    }


def c128():
    found = {"overlaps, kernel 3, stride 2": list(geometry.overlap_counts(3, stride=2, size=8)[4:8])}
    draws = {
        "normal": lambda rng: rng.normal(size=(1, 1, 4, 4)),
        "uniform 0 to 1": lambda rng: rng.random((1, 1, 4, 4)),
    }
    for name, draw in draws.items():
        spreads = []
        for seed in range(500):
            y = ops.upsample2x(np.ones((1, 1, 8, 8)), draw(np.random.default_rng(seed)))
            means = spectrum.phase_means(y[0, 0], 2, border=4)
            spreads.append(means.std() / abs(means.mean()))
        found[f"kernel 4, stride 2, {name}: spread of the phases over their mean"] = round(np.median(spreads), 2)
    return found


def c129():
    y = ops.upsample2x(np.ones((1, 1, 8, 8)), np.random.default_rng(0).normal(size=(1, 1, 3, 3)), kind="nearest + conv")
    means = spectrum.phase_means(y[0, 0], 2, border=4)
    return {"resize, then 3 × 3: spread of the phases": round(means.std() / abs(means.mean()), 9)}


def c130():
    kernels = [[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.eye(3)
    draws = np.random.default_rng(0).normal(size=(4000, 3, 3))
    energy = np.linalg.svd(draws, compute_uv=False) ** 2
    return {
        "ranks of the exam's kernel, a Laplacian, a diagonal": [
            ops.separable_terms(np.array(k, float)).rank for k in kernels
        ],
        "energy in one product, 4,000 kernels with normal weights, seed 0": round(
            np.mean(energy[:, 0] / energy.sum(axis=1)), 2
        ),
    }


def c131():
    pair, photo = np.array([1.0, 2, 1]), data.photograph("sheep", side=160, grey=True).astype(float)[None, None]
    once = ops.conv2d(photo, np.outer(pair, pair)[None, None])
    return {
        "product": np.outer(pair, pair).astype(int).tolist(),
        "largest difference of two passes from one": round(
            np.abs(ops.separable_conv2d(photo, pair, pair) - once).max(), 9
        ),
    }


def c132():
    column, row = np.random.default_rng(0).normal(size=(2, 3))
    jacobian = np.hstack([np.kron(np.eye(3), row[:, None]), np.kron(column[:, None], np.eye(3))])
    return {
        "weights": 3 + 3,
        "saved, %": round(100 * 3 / 9),
        "degrees of freedom": int(np.linalg.matrix_rank(jacobian)),
    }


def c133():
    inner = geometry.conv_output_size(32, 3)  # the column pass leaves 30 rows of 32, the row pass 30 of 30
    return {"multiplications for each response on 32 × 32": round((3 * inner * 32 + 3 * inner**2) / inner**2, 1)}
