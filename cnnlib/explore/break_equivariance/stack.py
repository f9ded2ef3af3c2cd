"""The small stacks of layers that "Break equivariance" breaks; equivariance_stack.mjs is the other half."""

import functools

import numpy as np

from cnnlib import kernels, ops

SIDE, UNITS = 64, 16  # pixels of the image, units of the dense layer, along a side
STRIDES = {"circular": 1, "zero_padding": 1, "stride": 2, "max_pool": 2, "blur_pool": 2, "dense": 4, "squeezenet": 16}
EDGES = np.stack([np.round(kernels.sobel(3, angle)) for angle in (0, 90, 180, 270)])[:, None] / 4
SECOND = {
    "smooth": np.tile(np.outer((1, 2, 1), (1, 2, 1)) / 16, (1, 4, 1, 1)),
    "sharp": np.tile(np.where(np.arange(9).reshape(3, 3) == 4, 1.0, -1 / 16), (1, 4, 1, 1)),
}


def stack(layers, second, x):
    """What the layers make of an image (64, 64)."""
    if layers == "dense":
        return ops.relu(ops.linear(x.reshape(1, -1), dense_weights())).reshape(UNITS, UNITS)
    if layers == "squeezenet":
        raise ValueError("BreakEquivariance: layers='squeezenet' gives a label, not a map; read .label")
    padding = 1 if layers == "zero_padding" else 0

    def convolve(x, w, stride=1):
        x = x if padding else np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="wrap")
        return ops.relu(ops.conv2d(x, w, stride=stride, padding=padding))

    y = convolve(convolve(x[None, None], EDGES), SECOND[second], 2 if layers == "stride" else 1)
    if layers == "max_pool":
        y = ops.max_pool2d(y, 2)
    if layers == "blur_pool":
        y = ops.blur_pool2d(y, padding_mode="circular")
    return y[0, 0]


@functools.cache
def dense_weights():
    """Weights (256, 4096) between -1/64 and 1/64 from a hash of their number, the same in both halves."""
    h = np.arange(UNITS**2 * SIDE**2, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        h = (h ^ (h >> np.uint32(shift))) * np.uint32(factor)
    weights = ((h ^ (h >> np.uint32(16))) / 2.0**32 - 0.5) / (SIDE / 2)
    weights = weights.astype(np.float32).astype(np.float64).reshape(UNITS**2, SIDE**2)
    weights.flags.writeable = False
    return weights
