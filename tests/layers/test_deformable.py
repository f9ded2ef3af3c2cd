"""Deformable convolution in torch: equal to cnnlib.ops, to the last entry that is no number."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import layers, ops
from tests.layers.comparison import by_autograd, of_layer, random_weights
from tests.ops.cases import all_close, cases, close, every_kind, several
from tests.ops.test_deformable import deform_case
from tests.ops.test_sampling import sampling_case


@several
@given(every_kind(sampling_case))
def test_bilinear_sample(case):
    x, points = case[0], case[1].astype(case[0].dtype)
    y, dy, gradients = by_autograd(layers.bilinear_sample, x, points)
    close(y, ops.bilinear_sample(x, points))
    all_close(gradients, ops.bilinear_sample_backward(dy, x, points))


@several
@given(every_kind(deform_case))
def test_deform_conv2d(case):
    x, offset, w, b, mask, options = case
    arrays = x, offset, w, b
    y, dy, gradients = by_autograd(
        lambda *leaves: layers.deform_conv2d(*leaves[:4], mask=leaves[4], **options), *arrays, mask
    )
    close(y, ops.deform_conv2d(*arrays, mask=mask, **options))
    all_close(gradients, ops.deform_conv2d_backward(dy, *arrays, mask=mask, **options))


# ------------------------------------------------------------------ the layer
def branch_case(dice):
    """A layer of either version and its image; the weights and the branches' are random."""
    x, offset, w, b, _, options = deform_case(dice)
    taps = w.shape[2] * w.shape[3]
    layer = layers.DeformConv2d(
        x.shape[1], len(w), w.shape[2:], **options, bias=b is not None,
        groups=x.shape[1] // w.shape[1], offset_groups=offset.shape[1] // (2 * taps),
        modulated=dice.pick(0, 1) == 1,
    )  # fmt: skip
    return layer, x, random_weights(layer, dice, 0.5), options


@several
@given(cases(branch_case))  # in float64: rounding must not move a point across a pixel
def test_the_layer_with_its_branches(case):
    layer, x, weights, options = case
    y, dy, gradients = of_layer(layer, x)
    branch = [weights[f"offset_branch.{name}"] for name in ("weight", "bias")]
    offset, mask = ops.conv2d(x, *branch, **options), None
    if layer.mask_branch is not None:
        other = [weights[f"mask_branch.{name}"] for name in ("weight", "bias")]
        mask = 1 / (1 + np.exp(-ops.conv2d(x, *other, **options)))
    arrays = x, offset, weights["weight"], weights.get("bias")
    close(y, ops.deform_conv2d(*arrays, mask=mask, **options))

    expected = {}
    dx, doffset, expected["weight"], db, dmask = ops.deform_conv2d_backward(dy, *arrays, mask=mask, **options)
    if db is not None:
        expected["bias"] = db
    through, *rest = ops.conv2d_backward(doffset, x, *branch, **options)
    expected["offset_branch.weight"], expected["offset_branch.bias"] = rest
    if mask is not None:
        through_mask, *rest = ops.conv2d_backward(dmask * mask * (1 - mask), x, *other, **options)
        expected["mask_branch.weight"], expected["mask_branch.bias"] = rest
        through = through + through_mask
    expected["x"] = dx + through
    assert expected.keys() == gradients.keys()
    for name, gradient in gradients.items():
        close(gradient, expected[name])


@pytest.mark.parametrize("modulated", [False, True])
def test_an_untrained_layer_is_a_plain_convolution(modulated):
    """Every tap is weighed by 1/2 in version 2."""
    torch.manual_seed(0)
    options = dict(stride=(2, 1), padding=(1, 0, 2, 1), dilation=(1, 2), groups=2)
    layer = layers.DeformConv2d(4, 6, (3, 2), **options, offset_groups=2, modulated=modulated).double()
    x = torch.randn(2, 4, 7, 8, dtype=torch.float64)
    plain = ops.conv2d(x.numpy(), layer.weight.detach().numpy(), **options)
    bias = layer.bias.detach().numpy()[:, None, None]
    close(layer(x).detach().numpy(), plain * (0.5 if modulated else 1) + bias)


@several
@given(cases(branch_case))
def test_sampling_points_are_where_it_reads(case):
    """Reading there, and weighing by kernel and mask, gives what the layer gives."""
    layer, x, _, _ = case
    x = torch.from_numpy(x).to(layer.weight.dtype)
    points, (_, mask) = layer.sampling_points(x), layer.sampling(x)
    (o, read, kh, kw), parts = layer.weight.shape, layer.offset_groups
    taps, (n, _, oh, ow, _) = kh * kw, points.shape
    seen = []
    for channels, where in zip(x.chunk(parts, 1), points.chunk(parts, 1), strict=True):
        seen.append(layers.bilinear_sample(channels, where))  # (N, C/G, taps, OH, OW)
    seen = torch.cat(seen, 1)
    if mask is not None:
        weighed = mask.reshape(n, parts, taps, oh, ow).repeat_interleave(x.shape[1] // parts, 1)
        seen = seen * weighed
    seen = seen.reshape(n, layer.groups, read, taps, oh, ow)
    kernels = layer.weight.reshape(layer.groups, o // layer.groups, read, taps)
    y = torch.einsum("ngcthw,goct->ngohw", seen, kernels).reshape(n, o, oh, ow)
    if layer.bias is not None:
        y = y + layer.bias[:, None, None]
    close(y.detach().numpy(), layer(x).detach().numpy())


def test_sampling_points_by_hand():
    """Stride 2, a padding of one row above and two columns before, dilation 3 sideways; the last tap moved."""
    layer = layers.DeformConv2d(2, 1, (1, 2), stride=2, padding=(1, 0, 2, 0), dilation=(1, 3), offset_groups=2)
    layer.offset_branch.bias.data[6:] = torch.tensor([0.5, -0.25])  # (dy, dx) of tap 1, group 1
    points = layer.sampling_points(torch.zeros(1, 2, 4, 5))
    assert points.shape == (1, 4, 3, 2, 2)
    assert points[0, :, 1, 1].tolist() == [[1, 0], [1, 3], [1, 0], [1.5, 2.75]]
    assert points[0, 1, :, 0].tolist() == [[-1, 1], [1, 1], [3, 1]]


# ------------------------------------------------- large images, and no number
def test_a_very_wide_image():
    """Its pixels are more than float32 can count: 3 * 3,000,005 in front of the last row alone."""
    width = 3_000_001
    x = (torch.arange(5.0)[:, None] * 1000 + torch.arange(width) % 1000)[None, None]
    columns = [0, 1, 1_234_567.5, width - 2, width - 1]
    points = torch.tensor([[[row, column] for row in (0, 2, 3, 4) for column in columns]])
    x.requires_grad_()
    y = layers.bilinear_sample(x, points)
    line = [0, 1, 567.5, 999, 0]
    assert y[0, 0].tolist() == [1000 * row + value for row in (0, 2, 3, 4) for value in line]
    y.sum().backward()
    found = {(i, j): x.grad[0, 0, i, j].item() for i, j in torch.nonzero(x.grad[0, 0]).tolist()}
    shares = {0: 1, 1: 1, 1_234_567: 0.5, 1_234_568: 0.5, width - 2: 1, width - 1: 1}
    assert found == {(row, column): share for row in (0, 2, 3, 4) for column, share in shares.items()}


LOST = [[np.nan, 1], [1, np.nan], [np.nan, np.nan], [np.nan, np.inf], [np.inf, 1], [1, -np.inf], [np.inf, -np.inf]]


def test_places_that_are_no_number():
    """NaN where `ops` has it, forward and backward; no pixel has a gradient from it."""
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    points = np.array([[*LOST, [1.5, 2.25]], [[0.5, 0.5], *LOST]])
    y, dy, (dx, dpoints) = by_autograd(layers.bilinear_sample, x, points)
    close(y, ops.bilinear_sample(x, points))
    assert np.isnan(y[0, :, :4]).all() and not np.isnan(y[0, :, 4:]).any()
    all_close((dx, dpoints), ops.bilinear_sample_backward(dy, x, points))
    assert np.isfinite(dx).all() and np.isnan(dpoints[0, :4]).all() and not dpoints[0, 4:7].any()


@pytest.mark.parametrize("masked", [False, True])
def test_offsets_that_are_no_number(masked):
    rng = np.random.default_rng(1)
    x, w, b = rng.standard_normal((2, 4, 5, 6)), rng.standard_normal((3, 4, 3, 2)), rng.standard_normal(3)
    offset, mask = rng.standard_normal((2, 24, 3, 5)), rng.random((2, 12, 3, 5)) if masked else None
    offset[0, 3, 1, 2] = offset[1, 20, 0, 0] = np.nan
    offset[1, 7, 2, 4] = np.inf
    y, dy, gradients = by_autograd(
        lambda *leaves: layers.deform_conv2d(*leaves[:4], mask=leaves[4]), x, offset, w, b, mask
    )
    close(y, ops.deform_conv2d(x, offset, w, b, mask=mask))
    assert np.isnan(y).sum() == 2 * 3
    all_close(gradients, ops.deform_conv2d_backward(dy, x, offset, w, b, mask=mask))
    assert np.isfinite(gradients[0]).all()


def test_types_come_together_as_in_ops():
    """float32 images with float64 points give float64; the gradients keep their types."""
    x, points = torch.rand(1, 1, 3, 3, requires_grad=True), torch.rand(1, 4, 2).double().requires_grad_()
    y = layers.bilinear_sample(x, points)
    y.sum().backward()
    assert (y.dtype, x.grad.dtype, points.grad.dtype) == (torch.float64, torch.float32, torch.float64)
