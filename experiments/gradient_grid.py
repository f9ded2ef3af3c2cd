"""The grid in a classifier's gradient: how strongly SqueezeNet's answer depends on even and on odd pixels.

    python experiments/gradient_grid.py             # what is stored; about a minute of one core
    python experiments/gradient_grid.py --seeds 1 --output /tmp/try.json

SqueezeNet's first layer has windows of 3 x 3 with stride 2 and no padding, so pixels in even rows and columns are read
by 2 x 2 windows, others by 2 x 1, 1 x 2 or 1 x 1. Its gradient goes back to the image through the transposed
convolution. For each photograph the highest score is differentiated for the pixels; the map is the sum of the absolute
gradient over the colours, without a border.

Measures of each map: the means over its four phases relative to the (odd, odd) one, and the share of the variance that
the phases of several periods explain. The strides multiply to 16: the periods 2, 4, 8 and 16 are suspect, and 3, 5 and 7
are the control.

Controls for the cause. The same gradients of the first layer's output go back through kernels that were drawn from a
normal distribution instead of the trained ones: 3 x 3, which overlap unevenly, and 2 x 2 and 4 x 4, which overlap
evenly. If the overlap makes the grid, it stays for 3 x 3 and vanishes for the others.

Result: data/results/gradient_grid.json, a row for each photograph and kernel (seed: of the draw, none if trained).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from cnnlib import data, spectrum
from cnnlib.layers import SqueezeNet
from cnnlib.squeezenet import centre_square

STRIDE, BORDER, INNER = 2, 8, 208  # 208 = 13 * 16 pixels a side are measured, from an even one on
PERIODS = (2, 3, 4, 5, 7, 8, 16)
DRAWN = (2, 3, 4)


def upstream(network, photograph):
    """The gradient of the highest score for the first layer's output, (1, 64, 113, 113)."""
    image = torch.from_numpy(centre_square(photograph).transpose(2, 0, 1)[None]).float().requires_grad_()
    network(image).max().backward()
    return image.grad


def first_layer_gradients(network, photograph):
    """The gradients of the highest score for the image (1, 3, 227, 227) and for the first layer's output."""
    held = []

    def hold(module, arguments, output):
        output.retain_grad()
        held.append(output)

    image = torch.from_numpy(centre_square(photograph).transpose(2, 0, 1)[None]).float().requires_grad_()
    hook = network.register_first_hook(hold)
    network(image).max().backward()
    hook.remove()
    return image.grad, held[0].grad
