# ruff: noqa: E501 - one case a line
"""The torch layers: equal to the operations on the same weights, forward and gradients."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn

from cnnlib import layers, ops
from tests.ops.cases import brief, cases, close
from tests.ops.test_deformable import deform_case
from tests.ops.test_sampling import sampling_case
from tests.ops.test_separable import depthwise_case, separable_case
from tests.ops.test_unshared import local_case


def set_weights(layer, **weights):
    """Put arrays into a layer, in float64."""
    layer.double()
    with torch.no_grad():
        for name, value in weights.items():
            parameter = getattr(layer, name)
            assert parameter.shape == value.shape, name
            parameter.copy_(torch.from_numpy(value))
    return layer


def both(layer, x, names):
    """The layer's result, a random upstream gradient, and the gradients of x and the weights."""
    x = torch.from_numpy(x).requires_grad_()
    y = layer(x)
    dy = torch.from_numpy(np.random.default_rng(0).standard_normal(tuple(y.shape)))
    leaves = [x, *(getattr(layer, name) for name in names)]
    gradients = torch.autograd.grad(y, leaves, dy)
    return y.detach().numpy(), dy.numpy(), [g.numpy() for g in gradients]


@brief
@given(cases(local_case))
def test_local(case):
    x, w, b, options = case
    layer = layers.LocalConv2d(w.shape[1], w.shape[0], w.shape[2:4], **options, input_size=x.shape[2:])
    set_weights(layer, weight=w, bias=b)
    y, dy, gradients = both(layer, x, ["weight", "bias"])
    close(y, ops.local_conv2d(x, w, b, **options))
    for mine, theirs in zip(gradients, ops.local_conv2d_backward(dy, x, w, b, **options), strict=True):
        close(mine, theirs)


@brief
@given(cases(depthwise_case))
def test_depthwise_separable(case):
    x, depthwise, pointwise, b, options = case
    channels = x.shape[1]
    layer = layers.DepthwiseSeparableConv2d(
        channels, len(pointwise), depthwise.shape[2:], multiplier=len(depthwise) // channels, **options
    )
    set_weights(layer, depthwise=depthwise, pointwise=pointwise, bias=b)
    y, dy, gradients = both(layer, x, ["depthwise", "pointwise", "bias"])
    arrays = x, depthwise, pointwise, b
    close(y, ops.depthwise_separable_conv2d(*arrays, **options))
    for mine, theirs in zip(gradients, ops.depthwise_separable_conv2d_backward(dy, *arrays, **options), strict=True):
        close(mine, theirs)


@brief
@given(cases(separable_case))
def test_spatially_separable(case):
    x, vertical, horizontal, b, options = case
    if vertical.ndim == 1:  # the layer has banks: one filter for all channels is a diagonal one
        vertical, horizontal = (np.eye(x.shape[1])[..., None] * f for f in (vertical, horizontal))
    layer = layers.SpatiallySeparableConv2d(
        x.shape[1], len(horizontal), (vertical.shape[2], horizontal.shape[2]),
        mid_channels=len(vertical), **options,
    )  # fmt: skip
    set_weights(layer, vertical=vertical, horizontal=horizontal, bias=b)
    y, dy, gradients = both(layer, x, ["vertical", "horizontal", "bias"])
    arrays = x, vertical, horizontal, b
    close(y, ops.separable_conv2d(*arrays, **options))
    for mine, theirs in zip(gradients, ops.separable_conv2d_backward(dy, *arrays, **options), strict=True):
        close(mine, theirs)


@brief
@given(cases(sampling_case))
def test_bilinear_sample(case):
    x, points = (torch.from_numpy(a).requires_grad_() for a in case)
    y = layers.bilinear_sample(x, points)
    dy = np.random.default_rng(0).standard_normal(tuple(y.shape))
    gradients = torch.autograd.grad(y, [x, points], torch.from_numpy(dy))
    close(y.detach().numpy(), ops.bilinear_sample(*case))
    for mine, theirs in zip(gradients, ops.bilinear_sample_backward(dy, *case), strict=True):
        close(mine.numpy(), theirs)


@brief
@given(cases(deform_case))
def test_deform_conv2d(case):
    *arrays, mask, options = case
    leaves = [torch.from_numpy(a).requires_grad_() for a in (*arrays, mask)]
    y = layers.deform_conv2d(*leaves[:4], mask=leaves[4], **options)
    dy = np.random.default_rng(0).standard_normal(tuple(y.shape))
    gradients = torch.autograd.grad(y, leaves, torch.from_numpy(dy))
    close(y.detach().numpy(), ops.deform_conv2d(*arrays, mask=mask, **options))
    expected = ops.deform_conv2d_backward(dy, *arrays, mask=mask, **options)
    for mine, theirs in zip(gradients, expected, strict=True):
        close(mine.numpy(), theirs)
    close(layers.deform_conv2d(*leaves[:4], **options).detach().numpy(), ops.deform_conv2d(*arrays, **options))


OPTIONS = dict(stride=(2, 1), padding=(1, 0, 2, 1), dilation=(1, 2))


@pytest.mark.parametrize("modulated", [False, True])
def test_deform_layer_on_its_own_branch(modulated):
    torch.manual_seed(0)
    layer = layers.DeformConv2d(4, 6, (3, 2), **OPTIONS, groups=2, offset_groups=2, modulated=modulated).double()
    x = torch.randn(2, 4, 7, 8, dtype=torch.float64)
    plain = ops.conv2d(x.numpy(), layer.weight.detach().numpy(), groups=2, **OPTIONS)
    bias = layer.bias.detach().numpy()[:, None, None]
    # untrained: a plain convolution, every tap weighed by 1/2 in version 2
    close(layer(x).detach().numpy(), plain * (0.5 if modulated else 1) + bias)
    for branch in (layer.offset_branch, layer.mask_branch):
        if branch is not None:
            nn.init.normal_(branch.weight)
    weights = [p.detach().numpy() for p in (layer.weight, layer.bias)]
    offset = ops.conv2d(x.numpy(), layer.offset_branch.weight.detach().numpy(), **OPTIONS)
    mask = None
    if modulated:
        mask = 1 / (1 + np.exp(-ops.conv2d(x.numpy(), layer.mask_branch.weight.detach().numpy(), **OPTIONS)))
    close(layer(x).detach().numpy(), ops.deform_conv2d(x.numpy(), offset, *weights, mask=mask, **OPTIONS))
    layer(x).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in layer.parameters())


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("kernel_size, stride", [(1, 2), (2, 2), (3, 2), (4, 3), (5, 1)])
def test_blur(mode, kernel_size, stride):
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 8))
    options = dict(kernel_size=kernel_size, stride=stride, padding_mode=mode)
    y, dy, (dx,) = both(layers.BlurPool2d(**options), x, [])
    close(y, ops.blur_pool2d(x, **options))
    close(dx, ops.blur_pool2d_backward(dy, x, **options))


# -------------------------------------------------------------------- blocks
def conv(step, x):
    """A step of a block without normalisation, by cnnlib.ops."""
    layer = step[0]
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    return ops.conv2d(x, weight, bias, stride=layer.stride, padding=layer.padding)


@pytest.mark.parametrize("channels, out_channels, stride", [(8, 8, 1), (8, 12, 1), (8, 8, 2)])
def test_bottleneck(channels, out_channels, stride):
    torch.manual_seed(1)
    block = layers.Bottleneck(channels, 4, out_channels, stride, norm_layer=nn.Identity).double()
    x = np.random.default_rng(0).standard_normal((2, channels, 7, 9))
    y = conv(block.expand, ops.relu(conv(block.filter, ops.relu(conv(block.reduce, x)))))
    same = isinstance(block.shortcut, nn.Identity)
    assert same == (channels == out_channels and stride == 1)
    y += x if same else conv(block.shortcut, x)
    close(block(torch.from_numpy(x)).detach().numpy(), ops.relu(y))


def test_inception():
    torch.manual_seed(2)
    block = layers.InceptionBlock(6, 2, 3, 4, 1, 5, 2).double()
    x = np.random.default_rng(0).standard_normal((2, 6, 7, 9))
    pooled = ops.max_pool2d(x, 3, stride=1, padding=1)
    parts = [
        conv(block.branch1[0], x),
        conv(block.branch2[2], ops.relu(conv(block.branch2[0], x))),
        conv(block.branch3[2], ops.relu(conv(block.branch3[0], x))),
        conv(block.branch4[1], pooled),
    ]
    close(block(torch.from_numpy(x)).detach().numpy(), ops.relu(np.concatenate(parts, 1)))
    assert block.branch3[2][0].kernel_size == (5, 5)


def test_blocks_with_normalisation_train():
    block = nn.Sequential(layers.Bottleneck(4, 2, 8, 2), layers.InceptionBlock(8, 2, 3, 4, 1, 5, 2, nn.BatchNorm2d))
    block(torch.randn(3, 4, 8, 8)).sum().backward()
    assert all(p.grad is not None for p in block.parameters())
    assert not any(isinstance(m, nn.Conv2d) and m.bias is not None for m in block.modules())


# -------------------------------------------------------------- Neocognitron
def test_s_cells():
    cells = layers.SCells(3, 5, (3, 2), stride=(1, 2), padding=1, selectivity=2.5).double()
    with torch.no_grad():
        cells.inhibition.uniform_(0, 2)
    x = np.random.default_rng(0).random((2, 3, 6, 7))
    a, b, c = (p.detach().numpy() for p in (cells.excitation, cells.inhibition, cells.nearness))
    options = dict(stride=(1, 2), padding=1)
    v = np.sqrt(ops.conv2d(x**2, np.broadcast_to(c, (1, 3, 3, 2)), **options))
    against = 2 * 2.5 / 3.5 * b[:, None, None] * v
    u = 2.5 * ops.relu((1 + ops.conv2d(x, a, **options)) / (1 + against) - 1)
    close(cells(torch.from_numpy(x)).detach().numpy(), u)
    np.testing.assert_allclose(3 * c.sum(), 1, rtol=1e-6)


def test_c_cells():
    cells = layers.CCells(4, 3, stride=2, padding=1, saturation=0.25).double()
    x = np.random.default_rng(0).random((2, 4, 6, 7))
    d = np.broadcast_to(cells.nearness.numpy(), (4, 1, 3, 3))
    seen = ops.conv2d(x, d, stride=2, padding=1, groups=4)
    s = ops.relu((1 + seen) / (1 + seen.mean(1, keepdims=True)) - 1)
    close(cells(torch.from_numpy(x)).numpy(), s / (0.25 + s))


def test_planes_learn_different_bars_without_a_teacher():
    """Bars of four orientations, unlabelled: each plane ends up answering to one of them."""
    torch.manual_seed(3)
    bars = torch.zeros(4, 1, 5, 5)
    for i in range(5):
        bars[0, 0, 2, i] = bars[1, 0, i, 2] = bars[2, 0, i, i] = bars[3, 0, i, 4 - i] = 1
    cells = layers.SCells(1, 4, 5, selectivity=4.0)
    for _ in range(20):
        for bar in bars:
            answers = cells(bar[None])[0, :, 0, 0]
            learned = cells.reinforce(bar[None], rate=16.0)
            assert [plane for plane, _, _ in learned] == [int(answers.argmax())]  # one winner
    favourite = cells(bars)[:, :, 0, 0].argmax(0)
    assert sorted(favourite.tolist()) == [0, 1, 2, 3]


def test_only_the_strongest_of_a_column_learns():
    torch.manual_seed(4)
    cells = layers.SCells(2, 6, 3, padding=1)
    x = torch.rand(1, 2, 9, 9)
    before, answers = cells.excitation.detach().clone(), cells(x)[0]
    learned = cells.reinforce(x, rate=2.0, area=5)
    assert learned
    for plane, row, column in learned:
        rows, columns = slice(max(0, row - 2), row + 3), slice(max(0, column - 2), column + 3)
        assert answers[plane, row, column] == answers[:, rows, columns].max()
        patch = torch.nn.functional.pad(x, (1, 1, 1, 1))[0, :, row : row + 3, column : column + 3]
        change = cells.excitation[plane] - before[plane]
        torch.testing.assert_close(change.detach(), 2.0 * cells.nearness * patch)
    silent = set(range(6)) - {plane for plane, _, _ in learned}
    assert all((cells.excitation[plane] == before[plane]).all() for plane in silent)


# ---------------------------------------------------------------- all layers
MAKERS = {
    "LocalConv2d(3, 5, kernel_size=(3, 3), stride=(2, 2), input_size=(9, 8))":
        lambda: layers.LocalConv2d(3, 5, 3, 2, input_size=(9, 8)),
    "DepthwiseSeparableConv2d(3, 5, kernel_size=(3, 3), padding=(1, 1, 1, 1), bias=False, multiplier=2)":
        lambda: layers.DepthwiseSeparableConv2d(3, 5, 3, padding=1, bias=False, multiplier=2),
    "SpatiallySeparableConv2d(3, 5, kernel_size=(3, 5), dilation=(2, 1), mid_channels=4)":
        lambda: layers.SpatiallySeparableConv2d(3, 5, (3, 5), dilation=(2, 1), mid_channels=4),
    "DeformConv2d(\n  3, 6, kernel_size=(3, 3), padding=(1, 1, 1, 1), groups=3, offset_groups=3, modulated=True":
        lambda: layers.DeformConv2d(3, 6, 3, padding=1, groups=3, offset_groups=3, modulated=True),
    "BlurPool2d(kernel_size=4, stride=3, padding_mode='circular')":
        lambda: layers.BlurPool2d(4, 3, "circular"),
    "Bottleneck(": lambda: layers.Bottleneck(3, 2, 6, 2),
    "InceptionBlock(": lambda: layers.InceptionBlock(3, 2, 1, 2, 1, 2, 2),
    "SCells(3, 5, kernel_size=(3, 3), selectivity=2.0)": lambda: layers.SCells(3, 5, 3, selectivity=2),
    "CCells(3, kernel_size=(5, 5), stride=(2, 2), saturation=0.5)": lambda: layers.CCells(3, 5, 2),
}  # fmt: skip


@pytest.mark.parametrize("text", MAKERS)
def test_state_dict_round_trip_and_repr(text):
    torch.manual_seed(5)
    first = MAKERS[text]()
    assert repr(first).startswith(text)
    x = torch.rand(2, 3, 9, 8)
    first.eval()
    expected, stored = first(x), io.BytesIO()
    torch.save(first.state_dict(), stored)
    stored.seek(0)
    second = MAKERS[text]().eval()
    second.load_state_dict(torch.load(stored, weights_only=True))
    torch.testing.assert_close(second(x), expected, rtol=0, atol=0)
    assert set(layers.__all__) - {"bilinear_sample", "deform_conv2d"} == {t.split("(")[0] for t in MAKERS}


@pytest.mark.parametrize("text", MAKERS)
def test_an_empty_batch(text):
    layer = MAKERS[text]().eval()
    full = layer(torch.rand(2, 3, 9, 8))
    empty = layer(torch.rand(0, 3, 9, 8))
    assert empty.shape == (0, *full.shape[1:])


@pytest.mark.parametrize(
    "call, kind, message",
    [
        (lambda: layers.LocalConv2d(1, 1, 9, input_size=5), ValueError, r"LocalConv2d: a window spanning 9x9 does not fit in 5x5"),
        (lambda: layers.LocalConv2d(1, 1, 3, input_size=5)(torch.zeros(1, 1, 6, 5)), ValueError, r"x has shape \(1, 1, 6, 5\); use \(N, 1, 5, 5\)"),
        (lambda: layers.LocalConv2d(0, 1, 3, input_size=5), ValueError, "LocalConv2d: in_channels=0 is below 1"),
        (lambda: layers.LocalConv2d(1, 1, 3), TypeError, "input_size"),
        (lambda: layers.DepthwiseSeparableConv2d(1, 1, 3, multiplier=0), ValueError, "multiplier=0 is below 1"),
        (lambda: layers.DepthwiseSeparableConv2d(2, 1, 3)(torch.zeros(1, 3, 5, 5)), ValueError, r"DepthwiseSeparableConv2d: x has shape \(1, 3, 5, 5\); use \(N, 2, H, W\)"),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, stride=True), TypeError, "stride=True is a bool"),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, strid=2), TypeError, "strid"),
        (lambda: layers.DeformConv2d(4, 6, 3, groups=3), ValueError, "groups=3 does not divide in_channels=4 and out_channels=6; use a divisor"),
        (lambda: layers.DeformConv2d(4, 6, 3, offset_groups=3), ValueError, "offset_groups=3 does not divide in_channels=4; use a divisor"),
        (lambda: layers.deform_conv2d(torch.zeros(1, 4, 5, 5), torch.zeros(1, 9, 3, 3), torch.zeros(2, 4, 3, 3)), ValueError, r"offset has shape \(1, 9, 3, 3\); use \(1, 18, 3, 3\)"),
        (lambda: layers.deform_conv2d(torch.zeros(1, 4, 5, 5), torch.zeros(1, 18, 3, 3), torch.zeros(2, 3, 3, 3)), ValueError, r"weight has shape \(2, 3, 3, 3\) and x \(1, 4, 5, 5\)"),
        (lambda: layers.deform_conv2d(torch.zeros(1, 4, 5, 5), torch.zeros(1, 18, 3, 3), torch.zeros(2, 4, 3, 3), mask=torch.zeros(1, 18, 3, 3)), ValueError, r"mask has shape \(1, 18, 3, 3\); use \(1, 9, 3, 3\)"),
        (lambda: layers.bilinear_sample(torch.zeros(2, 1, 5, 5), torch.zeros(1, 3, 2)), ValueError, r"points has shape \(1, 3, 2\); use \(2, ..., 2\)"),
        (lambda: layers.BlurPool2d(padding_mode="same"), ValueError, "padding_mode='same' is unknown"),
        (lambda: layers.BlurPool2d(0), ValueError, "kernel_size=0 is below 1"),
        (lambda: layers.Bottleneck(4, 0, 4), ValueError, "mid_channels=0 is below 1"),
        (lambda: layers.InceptionBlock(4, 1, 1, 1, 1, 1, 0), ValueError, "pool_proj=0 is below 1"),
        (lambda: layers.SCells(1, 1, 3, selectivity=0), ValueError, "selectivity=0; use a number > 0"),
        (lambda: layers.SCells(1, 1, 3).reinforce(torch.zeros(2, 1, 3, 3)), ValueError, r"x has shape \(2, 1, 3, 3\) and area=3; use one pattern and an odd area"),
        (lambda: layers.CCells(1, 3, saturation=-1), ValueError, "saturation=-1; use a number > 0"),
        (lambda: layers.CCells(1, 3, fall=1.5), ValueError, r"fall=1.5; use a number in \(0, 1\]"),
    ],
)  # fmt: skip
def test_errors(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
