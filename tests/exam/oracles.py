"""The right answers to questions 1 to 4 a second time: by running the operation on arrays, or by counting, never by the
template's formula.
"""

import ast
from fractions import Fraction
from itertools import product

import numpy as np
import torch
from torch.nn import Conv2d
from torch.nn import functional as F

from cnnlib import ops


def weights(*layers, bias=False):
    """Parameters of convolutions, counted in torch's layers."""
    built = [Conv2d(*layer[:3], groups=layer[3] if len(layer) > 3 else 1, bias=bias, device="meta") for layer in layers]
    return sum(parameter.numel() for layer in built for parameter in layer.parameters())


def windows(size, kernel, stride=1, padding=0, dilation=1):
    """How many windows fit, by trying each."""
    starts = range(-padding, size + padding, stride)
    return sum(start + dilation * (kernel - 1) < size + padding for start in starts)


def dense_memory(t):
    weight = torch.nn.Parameter(torch.ones(5))
    optimizer = {"sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "adam": torch.optim.Adam}[t.optimizer]
    optimizer = optimizer([weight], lr=0.1, **({"momentum": 0.9} if t.optimizer == "momentum" else {}))
    weight.sum().backward()
    optimizer.step()
    state = [value for value in optimizer.state[weight].values() if value is not None and value.shape == weight.shape]
    copies = len([weight, weight.grad, *state])
    return copies * t.units * np.zeros((t.channels, t.side, t.side), np.float32).nbytes / 1e9


def error_and_data(t):
    low, high = t.examples, 1000 * t.examples
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if t.factor * middle**-0.5 <= t.examples**-0.5 * (1 + 1e-12) else (middle, high)
    return high


def moved_label(t):
    image = np.zeros((512, 512))
    image[t.row, 256] = 1
    moved = np.roll(image, (t.down, t.right_by), (0, 1))
    return int(moved[:: t.stride, :: t.stride].any(axis=1).argmax())


def which_property(t):
    r = np.random.default_rng(0)
    n, k = t.size, t.kernel
    kernel, head = r.normal(size=(1, 1, k, k)), r.normal(size=(3, n * n))

    def run(x):
        if t.name.startswith("a dense"):
            return ops.linear(x.reshape(1, -1), head)
        for _ in range(2 if "two" in t.name else 1):
            x = ops.conv2d(x, kernel, padding=k // 2, padding_mode="circular")
        x = ops.relu(x) if "ReLU" in t.name else x
        if "maximum" in t.name:
            return ops.global_max_pool2d(x)
        if "mean" in t.name:
            return ops.global_avg_pool2d(x)
        if "pooling" in t.name:
            return ops.max_pool2d(x, 2)
        return ops.linear(x.reshape(1, -1), head) if "dense" in t.name else x

    x = r.normal(size=(1, 1, n, n))
    pairs = [(run(np.roll(x, s, (2, 3))), run(x), s) for s in ((0, 1), (1, 0), (3, 2), (5, 5))]
    if all(np.allclose(after, before) for after, before, _ in pairs):
        return "invariant"
    moves = all(a.ndim == 4 and np.allclose(a, np.roll(b, s, (2, 3))) for a, b, s in pairs)
    return "equivariant" if moves else "neither"


def kept_pixels(t):
    picture = np.arange(900).reshape(30, 30)
    step = {"to the right": (0, 1), "to the left": (0, -1), "down": (1, 0), "up": (-1, 0)}[t.way]
    moved = np.roll(picture, (step[0] * t.shift, step[1] * t.shift), (0, 1))
    window = (slice(15, 15 + t.kernel),) * 2
    return len(set(picture[window].ravel()) & set(moved[window].ravel()))


def shifted_response(t):
    return sum(
        int(t.weights[row, column]) * int(t.image[row, column - 1]) for row in range(2) for column in (1, 2)
    )  # fmt: skip


def degrees_to_pixels(t):
    centres = (np.arange(t.screen * t.density) + 0.5) / t.density
    return int(((centres[:, None] < t.degrees) & (centres < t.degrees)).sum())


def hypercolumn(t):
    angles = {angle % 180 for angle in range(0, 360, t.step)}
    return len(list(product(angles, "lr", range(t.frequencies), range(t.phases))))


def cells_of_a_plane(t):
    cells = ops.conv2d(np.ones((1, 1, t.size, t.size)), np.ones((1, 1, t.window, t.window)))
    return ops.max_pool2d(cells, t.pool, stride=2).shape[-1]


def threshold_by_hand(t):
    sums = F.conv1d(torch.tensor(t.input)[None, None].float(), torch.tensor(t.weights)[None, None].float())
    return int(F.relu(sums - t.threshold).max())


def eccentricity(t):
    least, slope = Fraction(str(t.least)), Fraction(str(t.slope))
    return float(sum([slope] * t.degrees, start=least) / least)


def two_resolutions(t):
    read = np.zeros((t.size, t.size), bool)
    read[:: t.step, :: t.step] = True
    edge = (t.size - t.fovea) // 2
    read[edge : edge + t.fovea, edge : edge + t.fovea] = True
    return int(read.sum())


def field_of_a_stack(t):
    read = {0}
    for kernel, stride, dilation in reversed(t.layers):
        read = {stride * unit + dilation * tap for unit in read for tap in range(kernel)}
    return max(read) - min(read) + 1


def small_for_large(t):
    c, k = t.channels, 2 * t.depth + 1
    full = weights((c, c, k))
    return 100 * (full - weights(*[(c, c, 3)] * t.depth)) / full


def four_conventions(t):
    x, w = (torch.tensor(values)[None, None].float() for values in (t.x, t.w))
    return str([int(v) for v in F.conv1d(x, w).ravel()])


def turned_kernel(t, choices):
    x = np.random.default_rng(0).normal(size=(6, 6))

    def run(x, kernel):
        return ops.conv2d(x[None, None], np.array(kernel, float)[None, None])[0, 0]

    wanted = np.rot90(run(x, t.kernel))
    (found,) = [c for c in choices if np.allclose(run(np.rot90(x), ast.literal_eval(c)), wanted)]
    return found


def never_read(t):
    read = np.zeros(t.size, bool)
    for start in range(0, t.size - t.kernel + 1, t.stride):
        read[start : start + t.kernel] = True
    return int((~read).sum())


def values_in_and_out(t):
    x = torch.zeros(1, 3, t.size, t.size)
    y = F.conv2d(x, torch.zeros(1, 3, t.kernel, t.kernel), stride=t.stride, padding=t.padding)
    return t.filters * y.numel() / x.numel()


def early_stride(t):
    work = []
    for index in (0, t.depth - 1):
        size, total = t.size, 0
        for layer in range(t.depth):
            size = windows(size, 3, t.stride if layer == index else 1, padding=1)
            total += size * size * 9 * t.channels**2
        work.append(total)
    return work[1] / work[0]


def response_by_hand(t):
    x, w = torch.tensor(t.image)[None].float(), torch.tensor(t.filter)[None].float()
    return int(F.conv2d(x, w, torch.tensor([float(t.bias)])))


ORACLES = {
    "DenseMemory": dense_memory,
    "ErrorAndData": error_and_data,
    "MovedLabel": moved_label,
    "WhichProperty": which_property,
    "KeptPixels": kept_pixels,
    "ShiftedResponse": shifted_response,
    "DegreesToPixels": degrees_to_pixels,
    "Hypercolumn": hypercolumn,
    "CellsOfAPlane": cells_of_a_plane,
    "WeightsOfPlanes": lambda t: weights((1, t.planes, t.window)),
    "ThresholdByHand": threshold_by_hand,
    "FieldWithEccentricity": eccentricity,
    "TwoResolutions": two_resolutions,
    "ConvParameters": lambda t: weights((t.inputs, t.outputs, t.kernel), bias=True),
    "LocalAgainstShared": lambda t: (
        np.lib.stride_tricks.sliding_window_view(np.zeros((t.size, t.size)), (t.kernel, t.kernel)).size
        / weights((1, 1, t.kernel))
    ),
    "FieldOfAStack": field_of_a_stack,
    "SmallForLarge": small_for_large,
    "FourConventions": four_conventions,
    "TurnedKernel": turned_kernel,
    "OutputSize": lambda t: windows(t.size, t.kernel, t.stride, t.padding, t.dilation),
    "NeverRead": never_read,
    "ValuesInAndOut": values_in_and_out,
    "EarlyStride": early_stride,
    "FilterBank": lambda t: weights((t.channels, t.filters, t.kernel), bias=True),
    "ResponseByHand": response_by_hand,
}
