"""Layers of one window: equal to the operations on the same weights, forward and gradients."""

import numpy as np
import torch
from hypothesis import given

from cnnlib import layers, ops
from tests.layers.comparison import absolute, of_layer, same_sums, set_weights
from tests.ops.cases import every_kind, several
from tests.ops.test_separable import depthwise_case, separable_case
from tests.ops.test_unshared import local_case


def compare(layer, operation, backward, x, weights, options):
    """Result and gradients of a layer, and those of the operation that it stands for."""
    if weights:
        set_weights(layer, **weights)
    y, dy, gradients = of_layer(layer, x)
    arrays = x, *weights.values()
    sizes = absolute(dy, *arrays)
    same_sums([y], [operation(*arrays, **options)], [operation(*sizes[1:], **options)])
    gradients = [gradients.get(name) for name in ("x", *weights)]
    same_sums(gradients, backward(dy, *arrays, **options), backward(*sizes, **options))


@several
@given(every_kind(local_case))
def test_local(case):
    x, w, b, options = case
    layer = layers.LocalConv2d(w.shape[1], len(w), w.shape[2:4], **options, input_size=x.shape[2:], bias=b is not None)
    compare(layer, ops.local_conv2d, ops.local_conv2d_backward, x, dict(weight=w, bias=b), options)


@several
@given(every_kind(depthwise_case))
def test_depthwise_separable(case):
    x, depthwise, pointwise, b, options = case
    channels = x.shape[1]
    layer = layers.DepthwiseSeparableConv2d(
        channels, len(pointwise), depthwise.shape[2:], **options,
        multiplier=len(depthwise) // channels, bias=b is not None,
    )  # fmt: skip
    weights = dict(depthwise=depthwise, pointwise=pointwise, bias=b)
    operations = ops.depthwise_separable_conv2d, ops.depthwise_separable_conv2d_backward
    compare(layer, *operations, x, weights, options)


@several
@given(every_kind(separable_case))
def test_spatially_separable(case):
    x, vertical, horizontal, b, options = case
    if vertical.ndim == 1:  # the layer has banks: one filter for all channels is a diagonal one
        vertical, horizontal = (np.eye(x.shape[1], dtype=x.dtype)[..., None] * f for f in (vertical, horizontal))
    layer = layers.SpatiallySeparableConv2d(
        x.shape[1], len(horizontal), (vertical.shape[2], horizontal.shape[2]), **options,
        mid_channels=len(vertical), bias=b is not None,
    )  # fmt: skip
    weights = dict(vertical=vertical, horizontal=horizontal, bias=b)
    compare(layer, ops.separable_conv2d, ops.separable_conv2d_backward, x, weights, options)


def blur_case(dice):
    """Every mode, kernels of both parities, and images smaller than the kernel where they may be."""
    kernel, mode = dice.pick(1, 7), dice.choose("zeros", "reflect", "replicate", "circular")
    least = kernel // 2 + 1 if mode == "reflect" else 1
    x = dice.normal(dice.pick(0, 2), dice.pick(1, 3), *(least + dice.pick(0, 7) for _ in "hw"))
    return x, dict(kernel_size=kernel, stride=dice.pick(1, 4), padding_mode=mode)


@several
@given(every_kind(blur_case))
def test_blur(case):
    x, options = case
    compare(layers.BlurPool2d(**options), ops.blur_pool2d, blur_backward, x, {}, options)


def blur_backward(*arrays, **options):
    return [ops.blur_pool2d_backward(*arrays, **options)]


def test_blur_of_half_precision_is_exact():
    """Its weights are sums of powers of two: none of them is rounded in float16."""
    x = torch.zeros(1, 1, 5, 5)
    x[..., 2, 2] = 256
    layer = layers.BlurPool2d(5, 1, "zeros")
    assert (layer(x.half()).float() == layer(x)).all()
    assert layer(x)[0, 0, 2].tolist() == [6, 24, 36, 24, 6]
