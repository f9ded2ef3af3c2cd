"""Question 3, locality and sharing: what is true of each claim, by calculation.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import math

import numpy as np

from cnnlib import geometry, kernels, networks, ops
from cnnlib.geometry import Layer
from cnnlib.transforms import QuarterTurn, Shift

from .pictures import photographs

LINE, PAIR = np.array([0.0, 0, 1, 2, 3, 0, 0]), np.array([[[1.0, -1.0]]])  # the exam's line and its filter
PREWITT = np.array([[1.0, 0, -1]] * 3)


def slid(line, flip):
    """The exam's filter along a line, as integers: true convolution if it is flipped."""
    return ops.conv1d(np.reshape(line, (1, 1, -1)), PAIR, flip=flip)[0, 0].astype(int).tolist()


def c063():
    side = geometry.conv_output_size(1000, 3)
    return {
        "weights of 10,000 windows": 9 * 10_000,
        "saved, %": round(100 * (1 - 9e4 / 1e10), 4),
        "share of a million pixels that they read": 9 * 10_000 / 10**6,
        "windows, one at every pixel": side**2,
        "their weights": geometry.count_parameters(1, 1, 3, positions=side, bias=False),
    }


def c064():
    return ops.conv1d(np.arange(1.0, 9)[None, None], np.array([[[1.0, 2, 3]]]))[0, 0].astype(int).tolist()


def c065():
    filters, linear = {}, {}
    for side in (100, 1000, 10_000):
        outputs = geometry.conv_output_size(side, 3) ** 2
        filters[f"weights of the filter at {side} × {side}"] = geometry.count_parameters(1, 1, 3, bias=False)
        linear[f"of a linear layer to 10 on its map, {side} × {side}"] = geometry.count_parameters(
            outputs, 10, bias=False
        )
    return filters | linear


def c066():
    return {
        "weights": geometry.count_parameters(3, 64, 3, bias=False),
        "parameters with biases": geometry.count_parameters(3, 64, 3),
    }


def c067():
    return [geometry.count_parameters(3, 64, 3, bias=bias) for bias in (False, True)]


def c068():
    inputs = 3 * 10**6
    return {
        "dense, 64 values": geometry.count_parameters(inputs, 64, bias=False),
        "dense, 64 maps": geometry.count_parameters(inputs, 64 * 10**6, bias=False),
    }


def c069():
    shared, inputs = geometry.count_parameters(3, 64, 3, bias=False), 3 * 10**6
    return {
        "64 values": geometry.count_parameters(inputs, 64, bias=False) // shared,
        "64 maps": geometry.count_parameters(inputs, 64 * 10**6, bias=False) // shared,
    }


def c070():
    shared, dense = geometry.count_macs(3, 64, 3, positions=1000), geometry.count_macs(3 * 10**6, 64)
    return {"GMAC, convolution": shared / 10**9, "GMAC, 64 dense units": dense / 10**9, "times": shared / dense}


def c071():
    side = geometry.conv_output_size(1000, 3)
    local = geometry.count_parameters(3, 64, 3, positions=side, bias=False)
    return {"local weights": local, "times the shared": local // geometry.count_parameters(3, 64, 3, bias=False)}


def c072():
    return {"pixels a side that a unit of layer 1 reads": len(geometry.pixels_read([Layer(3)], 10))}


def c073():
    return [geometry.receptive_field([Layer(3)] * depth).size for depth in (1, 2, 3, 4)]


def c074():
    fifth = next(row for row in networks.alexnet().trace() if row.name == "conv5")
    by_hand, jump = 1, 1
    for kernel, stride in ((11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1)):
        by_hand, jump = by_hand + (kernel - 1) * jump, jump * stride
    return {"AlexNet conv5, from its table": fifth.field.size, "by the whole formula": by_hand, "by 1 + 2 L": 1 + 2 * 5}


def c075():
    fields = {row.name: row.field.size for row in networks.vgg(16).trace()}
    return {
        f"field of {depth} layers of 3 × 3": geometry.receptive_field([Layer(3)] * depth).size
        for depth in (111, 112, 499, 500)
    } | {f"field of VGG-16 {name}": fields[name] for name in ("conv5_3", "pool5")}


def c076():
    rows = {row.name: row.parameters for row in networks.vgg(16).trace()}
    dense = sum(count for name, count in rows.items() if name.startswith("fc"))
    return {"VGG-16 conv4_2": rows["conv4_2"], "dense share of VGG-16": round(dense / networks.vgg(16).parameters, 2)}


def c077():
    large, small = (geometry.count_parameters(1, 1, k, bias=False) * n for k, n in ((7, 1), (3, 3)))
    return {"one 7 × 7": large, "three 3 × 3": small, "ratio": round(large / small, 2)}


def c078():
    draws, columns = np.random.default_rng(5).normal(size=(3, 3, 3)), []
    for layer in range(3):
        for unit in np.eye(9).reshape(9, 3, 3):  # the stack is linear in each layer: this is a derivative
            parts = [unit if n == layer else draws[n] for n in range(3)]
            columns.append(np.fft.ifft2(np.prod([np.fft.fft2(part, (7, 7)) for part in parts], axis=0)).real.ravel())
    return {
        "weights": len(columns),
        "directions": int(np.linalg.matrix_rank(np.array(columns), tol=1e-9)),
        "weights of one 7 × 7": 49,
    }


def c079():
    return {"EfficientNet, cost of one step": round(1.2 * 1.1**2 * 1.15**2, 2), "of it by width": round(1.1**2, 2)}


def c080():
    layers = {depth: sum(row.parameters > 0 for row in networks.vgg(depth).trace()) for depth in (11, 13, 16, 19)}
    return {"layers with weights": list(layers.values()),
            "VGG-16 over AlexNet": round(networks.vgg(16).parameters / networks.alexnet().parameters, 1)}  # fmt: skip


def c081():
    return {"true convolution": slid(LINE, True), "as frameworks compute it": slid(LINE, False)}


def c082():
    return Shift((0, 2))(LINE[None])[0].astype(int).tolist()


def c083():
    moved = Shift((0, 2))(LINE[None])[0]
    return {"true convolution": slid(moved, True), "as frameworks compute it": slid(moved, False)}


def c084():
    before, after = slid(LINE, True), slid(Shift((0, 2))(LINE[None])[0], True)
    return {"outputs that moved by two": sum(a == b for a, b in zip(before[:-2], after[2:], strict=True)), "of": 4}


def c085():
    step, ramp = np.repeat([0.0, 1.0], 8), np.clip((np.arange(16) - 6) / 4, 0, 1)
    found = {}
    for name, line in (("step", step), ("ramp", ramp)):
        zoomed = np.repeat(line, 2) if name == "step" else np.interp(np.arange(32) / 2, np.arange(16), line)
        peaks = [np.abs(ops.conv1d(x[None, None], np.array([[[1.0, -1.0]]]))).max() for x in (line, zoomed)]
        found[f"{name}: response before over after the zoom"] = round(peaks[0] / peaks[1], 2)
    return found


def c086():
    sobel, agree = kernels.sobel(3)[None, None], []
    for photo in photographs():
        zoomed = ops.conv2d(ops.resize_bilinear2d(photo[None, None], scale_factor=2), sobel)
        expected = ops.resize_bilinear2d(ops.conv2d(photo[None, None], sobel), size=zoomed.shape[2:])
        agree.append(np.corrcoef(zoomed.ravel(), expected.ravel())[0, 1])
    return {"correlation of the maps, median of 70 photographs": round(np.median(agree), 2)}


def c087():
    turn, photo = QuarterTurn(1), photographs()[0][None, None]
    kernel = np.random.default_rng(0).normal(size=(1, 1, 3, 3))
    response, later = ops.conv2d(photo, kernel), ops.conv2d(turn(photo), turn(kernel))
    return {"largest difference, image and filter turned": round(np.abs(turn(response) - later).max(), 6)}


def c088():
    return QuarterTurn(-1)(PREWITT).astype(int).tolist()


def c089():
    found = {}
    fine = (np.arange(4) + 0.5) / 4 - 0.5  # each pixel is the mean of 4 × 4 samples
    rows, columns = (grid[..., None, None] for grid in np.mgrid[-20:21, -20:21])
    for angle, padding in ((90, 0), (85, 0), (90, 1)):
        turn = math.radians(angle)
        bright = (columns + fine) * math.cos(turn) + (rows + fine[:, None]) * math.sin(turn) > 1e-9
        response = ops.conv2d(bright.mean(axis=(2, 3))[None, None], PREWITT[None, None], padding=padding)
        found[f"edge at {angle} degrees, padding {padding}"] = round(float(np.abs(response).max()), 2)
    return found
