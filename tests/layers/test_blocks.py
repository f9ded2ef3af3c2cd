"""Bottleneck and InceptionBlock, put together from cnnlib.ops, forward and gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn

from cnnlib import layers, ops
from tests.layers.comparison import compare, random_weights
from tests.ops.cases import brief, cases, close, every_kind, several


class Step:
    """A convolution of a block, without normalisation, by cnnlib.ops."""

    def __init__(self, name, block):
        self.name, layer = name, block.get_submodule(name)[0]
        self.arrays = [p.detach().numpy() for p in (layer.weight, layer.bias)]
        self.options = dict(stride=layer.stride, padding=layer.padding)

    def forward(self, x):
        self.x = x
        return ops.conv2d(x, *self.arrays, **self.options)

    def backward(self, dy, gradients):
        dx, *rest = ops.conv2d_backward(dy, self.x, *self.arrays, **self.options)
        gradients.update(zip((f"{self.name}.0.weight", f"{self.name}.0.bias"), rest, strict=True))
        return dx


def bottleneck(block, x, dy):
    """Result and gradients, by cnnlib.ops."""
    reduce, filter_, expand = (Step(name, block) for name in ("reduce", "filter", "expand"))
    shortcut = None if isinstance(block.shortcut, nn.Identity) else Step("shortcut", block)
    narrow = reduce.forward(x)
    seen = filter_.forward(ops.relu(narrow))
    total = expand.forward(ops.relu(seen)) + (x if shortcut is None else shortcut.forward(x))
    gradients = {}
    dtotal = ops.relu_backward(dy, total)
    dseen = ops.relu_backward(expand.backward(dtotal, gradients), seen)
    dnarrow = ops.relu_backward(filter_.backward(dseen, gradients), narrow)
    past = dtotal if shortcut is None else shortcut.backward(dtotal, gradients)
    gradients["x"] = reduce.backward(dnarrow, gradients) + past
    return ops.relu(total), gradients


def inception(block, x, dy):
    """Result and gradients, by cnnlib.ops."""
    one, project = Step("branch1.0", block), Step("branch4.1", block)
    deep = [[Step(f"branch{branch}.{index}", block) for index in (0, 2)] for branch in (2, 3)]
    pooled = ops.max_pool2d(x, 3, stride=1, padding=1)
    narrow = [first.forward(x) for first, _ in deep]
    maps = [
        one.forward(x),
        *(second.forward(ops.relu(seen)) for (_, second), seen in zip(deep, narrow, strict=True)),
        project.forward(pooled),
    ]
    gradients, total = {}, np.concatenate(maps, 1)
    ends = np.cumsum([m.shape[1] for m in maps])[:-1]
    d1, *d23, d4 = np.split(ops.relu_backward(dy, total), ends, 1)
    dx = one.backward(d1, gradients)
    for (first, second), seen, d in zip(deep, narrow, d23, strict=True):
        dx = dx + first.backward(ops.relu_backward(second.backward(d, gradients), seen), gradients)
    dpooled = project.backward(d4, gradients)
    gradients["x"] = dx + ops.max_pool2d_backward(dpooled, x, 3, stride=1, padding=1)
    return ops.relu(total), gradients


def image(dice, channels):
    return dice.normal(dice.batch(), channels, dice.pick(1, 8), dice.pick(1, 8))


def bottleneck_case(dice):
    """With a shortcut of its own, for a stride or for other channels, or with none."""
    channels, stride = dice.pick(1, 4), dice.choose(1, 1, 2, 3)
    out = channels if dice.pick(0, 1) else dice.pick(1, 4)
    block = layers.Bottleneck(channels, dice.pick(1, 3), out, stride, norm_layer=nn.Identity)
    random_weights(block, dice)
    return block, image(dice, channels)


def inception_case(dice):
    channels = dice.pick(1, 4)
    block = layers.InceptionBlock(channels, *(dice.pick(1, 3) for _ in range(6)))
    random_weights(block, dice, 0.5)
    return block, image(dice, channels)


@several
@given(cases(bottleneck_case))  # in float64: rounding must not move a number across a ReLU's kink
def test_bottleneck(case):
    compare(case, bottleneck)


@several
@given(cases(inception_case))
def test_inception(case):
    compare(case, inception)


@brief
@given(every_kind(bottleneck_case), every_kind(inception_case))
def test_the_results_of_either_type(first, second):
    for (block, x), composed in ((first, bottleneck), (second, inception)):
        y = block(torch.from_numpy(x)).detach().numpy()
        close(y, composed(block, x, np.zeros_like(y))[0])


def test_a_way_round_only_where_the_shape_changes():
    for channels, out, stride, same in ((8, 8, 1, True), (8, 12, 1, False), (8, 8, 2, False)):
        assert isinstance(layers.Bottleneck(channels, 4, out, stride).shortcut, nn.Identity) == same


def test_the_wide_branch_is_truly_5x5():
    assert layers.InceptionBlock(6, 2, 3, 4, 1, 5, 2).branch3[2][0].kernel_size == (5, 5)


@pytest.mark.parametrize(
    ("make", "composed"),
    [
        (lambda norm: layers.Bottleneck(4, 2, 6, 2, norm), bottleneck),
        (lambda norm: layers.InceptionBlock(4, 2, 3, 4, 1, 5, 2, norm), inception),
    ],
)
def test_a_normalisation_at_rest_is_part_of_the_convolution(make, composed):
    """Its scale goes into the weights, its shift into the bias: a block that has none agrees."""
    torch.manual_seed(1)
    block, plain = make(nn.BatchNorm2d).double().eval(), make(nn.Identity).double()
    with torch.no_grad():
        for name, norm in block.named_modules():
            if isinstance(norm, nn.BatchNorm2d):
                for number in (norm.weight, norm.bias, norm.running_mean):
                    number.normal_()
                norm.running_var.uniform_(0.5, 2)
                scale = norm.weight / (norm.running_var + norm.eps).sqrt()
                before = name[:-1] + "0"
                one, other = block.get_submodule(before), plain.get_submodule(before)
                other.weight.copy_(one.weight * scale[:, None, None, None])
                other.bias.copy_(norm.bias - norm.running_mean * scale)
    x = np.random.default_rng(0).standard_normal((2, 4, 7, 6))
    y = block(torch.from_numpy(x)).detach().numpy()
    close(y, composed(plain, x, np.zeros_like(y))[0])


def test_blocks_with_normalisation_train():
    block = nn.Sequential(layers.Bottleneck(4, 2, 8, 2), layers.InceptionBlock(8, 2, 3, 4, 1, 5, 2, nn.BatchNorm2d))
    block(torch.randn(3, 4, 8, 8)).sum().backward()
    assert all(p.grad is not None for p in block.parameters())
    assert not any(isinstance(m, nn.Conv2d) and m.bias is not None for m in block.modules())
