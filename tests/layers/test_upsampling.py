"""Upsample2x beside ops.upsample2x, and where its weights begin."""

import numpy as np
import pytest
import torch

from cnnlib import layers, ops
from tests.layers.comparison import of_layer, random_weights
from tests.ops.cases import Dice, close

OPTIONS = [
    *({"kernel_size": k} for k in (2, 3, 4, 5)),
    {"kind": "sub-pixel"}, {"kind": "sub-pixel", "icnr": True},
    {"kind": "nearest + conv"}, {"kind": "bilinear + conv", "kernel_size": 5},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_equals_the_operation(options):
    layer = layers.Upsample2x(3, 2, **options).double()
    weights = random_weights(layer, Dice(bytes(range(9))))
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    y, dy, gradients = of_layer(layer, x)
    assert y.shape == (2, 2, 8, 10)
    close(y, ops.upsample2x(x, weights["weight"], weights["bias"], kind=layer.kind))
    expected = ops.upsample2x_backward(dy, x, weights["weight"], weights["bias"], kind=layer.kind)
    for name, mine in zip(("x", "weight", "bias"), expected, strict=True):
        close(gradients[name], mine)


def test_icnr_begins_as_nearest_then_a_convolution_without_its_last_padding():
    """The four kernels of a block are one: each output pixel of the block is the same response."""
    torch.manual_seed(3)
    layer = layers.Upsample2x(3, 2, "sub-pixel", icnr=True)
    x = torch.rand(2, 3, 4, 5)
    y = layer(x)
    small = torch.nn.functional.conv2d(x, layer.weight[::4], layer.bias[::4], padding=1)
    torch.testing.assert_close(y, small.repeat_interleave(2, 2).repeat_interleave(2, 3))
    assert layers.Upsample2x(3, 2, "sub-pixel").weight[:4].std(0).min() > 0  # which torch's own start is not


def test_icnr_is_only_where_it_starts():
    """A step of gradient descent tells the four kernels apart."""
    torch.manual_seed(4)
    layer = layers.Upsample2x(1, 1, "sub-pixel", icnr=True)
    layer(torch.rand(1, 1, 4, 4)).mul(torch.rand(8, 8)).sum().backward()
    assert layer.weight.grad.std(0).min() > 0


def test_it_is_drawn_as_torch_draws():
    for options, module in (
        ({}, torch.nn.ConvTranspose2d(3, 2, 4)),
        ({"kind": "nearest + conv"}, torch.nn.Conv2d(3, 2, 3)),
    ):
        torch.manual_seed(0)
        mine = layers.Upsample2x(3, 2, **options)
        torch.manual_seed(0)
        module.reset_parameters()
        assert torch.equal(mine.weight, module.weight) and torch.equal(mine.bias, module.bias)
