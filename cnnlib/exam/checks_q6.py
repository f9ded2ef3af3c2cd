"""Question 6, deformable convolution: what is true of each claim, by calculation or from a stored result.

Each function is named after its claim and returns the value that the claim's `truth` states.
"""

import math

import numpy as np

from cnnlib import data, ops
from cnnlib.geometry import count_macs, count_parameters

from .pictures import stored


def sampled(image, row, column):
    """The value of a small image at a point between its pixels, and its slopes by row and by column."""
    x, points = np.asarray(image, float)[None, None], np.array([[[row, column]]], float)
    value = ops.bilinear_sample(x, points)
    slopes = ops.bilinear_sample_backward(np.ones_like(value), x, points)[1][0, 0]
    return value.item(), slopes


def weights_at(row, column):
    """The four weights of a point, each with its slope by column: upper left and right, lower left and right."""
    i, j = math.floor(row), math.floor(column)
    found = []
    for pixel in ((i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1)):
        image = np.zeros((i + 3, j + 3))
        image[pixel] = 1
        value, slopes = sampled(image, row, column)
        found.append((round(value, 2), round(slopes[1], 2)))
    return found


def c003():
    rng = np.random.default_rng(0)
    x, kernel, branch = (
        rng.normal(size=(1, 4, 9, 10)),
        rng.normal(size=(3, 4, 3, 3)),
        0.3 * rng.normal(size=(18, 4, 3, 3)),
    )
    offset = ops.conv2d(x, branch, padding=1)
    upstream = np.ones_like(ops.deform_conv2d(x, offset, kernel, padding=1))
    dx, doffset, dkernel = ops.deform_conv2d_backward(upstream, x, offset, kernel, padding=1)[:3]
    dbranch = ops.conv2d_backward(doffset, x, branch, padding=1)[1]
    gradients = {"kernel": dkernel, "input": dx, "offset branch": dbranch}
    return {f"largest gradient, {name}": round(np.abs(gradient).max(), 1) for name, gradient in gradients.items()}


def c151():
    return {"taps": 3 * 3, "channels of the branch": 2 * 3 * 3, "with masks": 3 * 3 * 3}


def c152():
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(1, 3, 34, 35)), rng.normal(size=(4, 3, 3, 3))
    branch = 0.3 * rng.normal(size=(18, 3, 3, 3))
    zero = ops.deform_conv2d(x, np.zeros((1, 18, 34, 35)), w, padding=1) - ops.conv2d(x, w, padding=1)

    def layer(x):
        return ops.deform_conv2d(x, ops.conv2d(x, branch, padding=1), w, padding=1)

    moved = np.roll(layer(x), (3, 5), (2, 3)) - layer(np.roll(x, (3, 5), (2, 3)))
    return {
        "offsets of zero, difference from a convolution": round(np.abs(zero).max(), 9),
        "image moved by (3, 5), difference away from the border": round(np.abs(moved[:, :, 12:-9, 14:-9]).max(), 9),
    }


def c153():
    branch, kernel = count_parameters(256, 18, 3), count_parameters(256, 256, 3, bias=False)
    return {
        "values at each position": 18,
        "parameters of the branch, 256 channels": branch,
        "share of the kernel": round(branch / kernel, 2),
        "parameters of the branch, one channel": count_parameters(1, 18, 3),
    }


def c154():
    branch, offsets = 2 * np.random.default_rng(0).normal(size=(18, 1, 3, 3)), []
    for name in ("sheep", "lemur"):
        piece = data.photograph(name, side=256, grey=True)[60:92, 60:100].astype(float)
        offsets.append(ops.conv2d(piece[None, None] - piece.mean(), branch, padding=1))
    difference = np.abs(offsets[0] - offsets[1]).mean()
    return {"mean difference of the offsets of two photographs, same weights, pixels": round(difference, 2)}


def c155():
    times = [row["parts"]["layer"][1] for row in stored("deformable_cost")["rows"]]
    return {
        "stored CPU time by that of a plain convolution, lowest and highest": [
            round(min(times), 1),
            round(max(times), 1),
        ]
    }


def c156():
    published = {"R-FCN, VOC": (0.16, 0.19), "DeepLab, Cityscapes": (0.51, 0.52), "DeepLab, VOC": (0.08, 0.08)}
    return {f"times as long, {name}": round(bent / plain, 2) for name, (plain, bent) in published.items()}


def c157():
    return {"multiply-adds at a position, 256 to 256": count_macs(256, 256, 3), "256 to 1": count_macs(256, 1, 3)}


def c158():
    return {"multiply-adds of the branch": count_macs(256, 18, 3)}


def c159():
    return {"multiply-adds of the reading": 4 * 9 * 256}


def c160():
    found = {}
    for outputs in (1, 16, 64, 256):
        plain = count_macs(256, outputs, 3)
        whole = plain + count_macs(256, 18, 3) + 4 * 9 * 256
        found[f"256 to {outputs}: multiply-adds, and times the plain layer's"] = [whole, round(whole / plain, 2)]
    return found


def c165():
    gains = {"small": (12.8, 15.2), "medium": (34.9, 38.8), "large": (46.1, 51.5)}  # published AP of R-FCN on COCO
    return {f"points of AP gained, {size} objects": round(bent - plain, 1) for size, (plain, bent) in gains.items()}


def c166():
    gains = {"Cityscapes": (70.3, 75.2), "VOC": (70.7, 75.9)}  # published mean IoU of DeepLab
    return {f"points of mean IoU gained, {name}": round(bent - plain, 1) for name, (plain, bent) in gains.items()}


def c167():
    plain, bent = 32.1, 35.7  # published AP of R-FCN on COCO
    return {"plain and deformable": [plain, bent], "points of AP gained": round(bent - plain, 1)}


def c168():
    return {f"{point} rounds to": [round(x) for x in point] for point in ((1.7, 2.3), (1.9, 2.4), (2.5, 3.5))}


def c169():
    x, points = np.arange(16.0).reshape(1, 1, 4, 4), np.array([[[1.7, 2.3]]])
    slopes = ops.rounded_sample_backward(np.ones((1, 1, 1)), x, points)[1]
    return {"slopes through a rounded position": slopes[0, 0].tolist()}


def c170():
    x, points = np.arange(25.0).reshape(1, 1, 5, 5) ** 2, np.array([[[1.7, 2.3], [1.9, 2.4], [3.1, 0.8]]])
    upstream = np.ones((1, 1, 3))
    ways = {"rounded": ops.rounded_sample_backward, "bilinear": ops.bilinear_sample_backward}
    return {
        f"largest gradient of a position, {name}": round(np.abs(way(upstream, x, points)[1]).max(), 1)
        for name, way in ways.items()
    }


def c171():
    return [weight for weight, slope in weights_at(2.3, 1.7)]


def c172():
    return {"floor of 1.7 and 2.3": [math.floor(1.7), math.floor(2.3)]}


def c173():
    image = np.zeros((4, 4))
    image[2, 2] = 1  # row 2, column 2
    return {
        "read at row 2.3, column 1.7": round(sampled(image, 2.3, 1.7)[0], 2),
        "one pixel above and to the left, row 1.6, column 1.7": round(sampled(image, 1.6, 1.7)[0], 2),
    }


def c174():
    return {
        "floor": [round(x - math.floor(x), 1) for x in (-0.3, -1.7)],
        "truncation": [round(x - int(x), 1) for x in (-0.3, -1.7)],
        "weights at −0.3 by truncation": [round(1 - (-0.3 - int(-0.3)), 1), round(-0.3 - int(-0.3), 1)],
    }


def c175():
    return {
        "weight of the upper right pixel at row 2.3, column 1.7": weights_at(2.3, 1.7)[1][0],
        "at row 2.3, column 1.6": weights_at(2.3, 1.6)[1][0],
    }


def c176():
    return {"slopes of the four weights by column": [slope for weight, slope in weights_at(2.3, 1.7)]}


def c177():
    line = [[10.0, 30.0, 20.0]]
    slopes = [sampled(line, 0, column)[1][1] for column in (0.999, 1.0)]
    photo = data.photograph("sheep", side=256, grey=True).astype(float)
    left, right = photo[:, 1:-1] - photo[:, :-2], photo[:, 2:] - photo[:, 1:-1]
    return {
        "slopes left of a pixel and on it, pixels 10, 30, 20": [round(slope, 2) for slope in slopes],
        "share of the sheep's pixels where both sides' slopes differ in sign": round(
            float(np.mean(left * right < 0)), 3
        ),
    }
