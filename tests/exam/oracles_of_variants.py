"""The right answers to questions 5 and 6 a second time, as in `oracles`."""

import ast

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import ops

from .oracles import weights, windows


def unshared_weights(t):
    side = windows(t.size, t.kernel)
    w, b = np.zeros((t.outputs, t.inputs, t.kernel, t.kernel, side, side)), np.zeros((t.outputs, side, side))
    assert ops.local_conv2d(np.zeros((1, t.inputs, t.size, t.size)), w, b).shape == (1, t.outputs, side, side)
    return w.size + b.size


def dilated_share(t):
    line = np.zeros(t.dilation * (t.kernel - 1) + 1)
    line[:: t.dilation] = 1
    return 100 * np.outer(line, line).mean()


def touched_pixels(t):
    response = np.ones(1)
    for dilation in t.dilations:
        taps = np.zeros(2 * dilation + 1)
        taps[::dilation] = 1
        response = np.convolve(response, taps)
    return int((response > 0).sum())


def transposed_size(t):
    x, w = torch.zeros(1, 1, t.size), torch.zeros(1, 1, t.kernel)
    return F.conv_transpose1d(x, w, stride=t.stride, padding=t.padding).shape[-1]


def output_padding(t):
    x, w = torch.zeros(1, 1, t.small), torch.zeros(1, 1, t.kernel)
    options = {"stride": t.stride, "padding": t.padding}
    (found,) = [
        extra
        for extra in range(t.stride)
        if F.conv_transpose1d(x, w, output_padding=extra, **options).shape[-1] == t.size
    ]
    return found


def middle(weights, stride, value):
    """The different values away from the ends of a constant row, stamped with a kernel."""
    kernel = torch.tensor(weights)[None, None].float()
    y = F.conv_transpose1d(value * torch.ones(1, 1, 30), kernel, stride=stride)[0, 0]
    values = sorted({int(v) for v in y[4 * stride + 8 : -4 * stride - 8]})
    return f"only {values[0]}" if len(values) == 1 else " and ".join(map(str, values))


def rank_of_kernel(t):
    k = t.kernel.tolist()
    minors = [
        k[a][c] * k[b][d] - k[a][d] * k[b][c] for a, b in ((0, 1), (0, 2), (1, 2)) for c, d in ((0, 1), (0, 2), (1, 2))
    ]
    determinant = k[0][0] * minors[8] - k[0][1] * minors[7] + k[0][2] * minors[6]
    return 3 if determinant else 2 if any(minors) else 1


def separable_work(t):
    x, column = np.ones((1, 1, t.size, t.size)), np.ones((1, 1, t.kernel, 1))
    work = 0
    for _term in range(t.rank):
        between = ops.conv2d(x, column, padding=(t.kernel // 2, 0))
        after = ops.conv2d(between, column.transpose(0, 1, 3, 2), padding=(0, t.kernel // 2))
        assert after.shape == x.shape
        work += (between.size + after.size) * column.size
    return work


def free_parameters(t):
    u, v = np.random.default_rng(0).normal(size=(2, 10))
    u, v = u[: t.height], v[: t.width]
    by_u = [np.outer(e, v).ravel() for e in np.eye(t.height)]
    by_v = [np.outer(u, e).ravel() for e in np.eye(t.width)]
    return int(np.linalg.matrix_rank(np.array(by_u + by_v)))


def pointwise_at_a_pixel(t):
    y = ops.conv2d(t.pixel.reshape(1, 3, 1, 1), t.weights[:, :, None, None], t.bias)
    return int(y[0, 1, 0, 0])


def inception_sum(t):
    one, reduce3, three, reduce5, five, pool = t.module
    n = t.inputs
    return weights((n, one, 1), (n, reduce3, 1), (reduce3, three, 3), (n, reduce5, 1), (reduce5, five, 5), (n, pool, 1))


def can_be_undone(t, choices):
    matrices = {choice: np.array(ast.literal_eval(choice)) for choice in choices}
    (found,) = [choice for choice, m in matrices.items() if np.allclose(np.linalg.pinv(m) @ m, np.eye(m.shape[1]))]
    return found


def offset_branch(t):
    taps = t.kernel**2
    channels = len([(g, tap, what) for g in range(t.groups) for tap in range(taps) for what in range(2 + t.modulated)])
    return weights((t.inputs, channels, t.kernel), bias=True)


def deformable_cost(t):
    plain = weights((t.inputs, t.outputs, 3))
    samples = np.zeros((t.inputs, 9, 2, 2)).size  # four pixels for each sample
    return (plain + weights((t.inputs, 18, 3)) + samples) / plain


def deformed(image, offsets, centre, kernel, dilation=1):
    """What `ops` gives at one position."""
    full = np.zeros((1, 18, *image.shape))
    full[0] = np.reshape(offsets, (18, 1, 1))
    y = ops.deform_conv2d(image[None, None], full, kernel[None, None], padding=dilation, dilation=dilation)
    return float(y[0, 0][centre])


def sampled_row(t):
    rows = np.repeat(np.arange(40.0)[:, None], 40, axis=1)
    kernel = np.zeros(9)
    kernel[t.tap] = 1
    return deformed(rows, [(t.dy, t.dx)] * 9, (t.row, t.column), kernel.reshape(3, 3), t.dilation)


def share_on_object(t):
    return deformed(t.mask.astype(float), t.offsets, (3, 3), np.ones((3, 3)))


def effective_dilation(t):
    taps = np.array([-1, 0, 1]) * t.dilation
    return float(np.diff(taps + (t.stretch - 1) * taps).mean())


def following(t):
    learned, constant = np.arange(100) < t.learned, np.arange(100) < t.constant
    return int((learned & ~constant).sum())


def bilinear_at(t, across=0.0):
    image = np.zeros((12, 12))
    row, column = getattr(t, "row", 3), getattr(t, "column", 5)
    image[row : row + 2, column : column + 2] = t.pixels
    return float(ops.bilinear_sample(image[None, None], [[[row + t.down, column + t.across + across]]])[0, 0, 0])


def crease(t):
    row = torch.tensor(t.values)[None, None, None].double()
    x = torch.zeros(1, dtype=torch.double, requires_grad=True)
    grid = torch.stack([x, torch.zeros_like(x)], -1)[None, None]
    F.grid_sample(row, grid, align_corners=True).sum().backward()  # x runs from -1 to 1 over two pixels
    _, slope = ops.bilinear_sample_backward(np.ones((1, 1, 1)), np.array(t.values)[None, None, None], [[[0.0, 1.0]]])
    assert slope[0, 0, 1] == float(x.grad)
    return float(x.grad)


ORACLES = {
    "UnsharedWeights": unshared_weights,
    "DilatedShare": dilated_share,
    "TouchedPixels": touched_pixels,
    "TransposedSize": transposed_size,
    "OutputPadding": output_padding,
    "Overlap": lambda t: middle([1] * t.kernel, t.stride, 1),
    "Phases": lambda t: middle(t.weights, 2, t.value),
    "DepthwiseRatio": lambda t: (
        weights((t.inputs, t.outputs, t.kernel))
        / weights((t.inputs, t.inputs, t.kernel, t.inputs), (t.inputs, t.outputs, 1))
    ),
    "RankOfKernel": rank_of_kernel,
    "SeparableWork": separable_work,
    "FreeParameters": free_parameters,
    "BottleneckSaving": lambda t: (
        weights((t.inputs, t.outputs, t.kernel)) / weights((t.inputs, t.middle, 1), (t.middle, t.outputs, t.kernel))
    ),
    "PointwiseAtAPixel": pointwise_at_a_pixel,
    "InceptionSum": inception_sum,
    "CanBeUndone": can_be_undone,
    "OffsetBranch": offset_branch,
    "DeformableCost": deformable_cost,
    "SampledRow": sampled_row,
    "ShareOnObject": share_on_object,
    "EffectiveDilation": effective_dilation,
    "FollowingTheObject": following,
    "BilinearValue": bilinear_at,
    "BilinearSlope": lambda t: (bilinear_at(t, 0.05) - bilinear_at(t, -0.05)) / 0.1,
    "Crease": crease,
}
