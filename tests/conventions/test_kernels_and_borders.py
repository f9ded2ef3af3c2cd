"""Kernels, padding and sizes: each conversion against the frameworks themselves, with unequal sizes everywhere."""

import itertools
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy import signal

from cnnlib import conventions, geometry, ops
from tests.conventions.frameworks import T, keras, keras_op, kernel, onnx_op


@pytest.fixture
def random():
    return np.random.default_rng(7)


def last(x):
    return x.transpose(0, 2, 3, 1)


def first(x):
    return x.transpose(0, 3, 1, 2)


def test_scipy_convolves_and_torch_correlates(random):
    x, w = kernel(random, 6, 8), kernel(random, 3, 4)
    wanted = signal.convolve2d(x, w, "valid")
    assert np.array_equal(F.conv2d(T(x)[None, None], T(conventions.flipped(w).copy())[None, None])[0, 0], wanted)
    assert np.array_equal(signal.correlate2d(x, conventions.flipped(w), "valid"), wanted)
    assert not np.array_equal(signal.correlate2d(x, w, "valid"), wanted)


@pytest.mark.parametrize("dilation", [1, 2, (3, 2)])
def test_a_dilated_kernel_is_one_with_zeros(random, dilation):
    x, w = kernel(random, 1, 2, 9, 8), kernel(random, 3, 2, 2, 3)
    wanted = F.conv2d(T(x), T(w), dilation=dilation).numpy()
    assert np.array_equal(F.conv2d(T(x), T(conventions.with_holes(w, dilation))), wanted)
    rate = (dilation, dilation) if isinstance(dilation, int) else dilation
    found = keras_op("conv", last(x), conventions.relaid(w, "OIHW", "HWIO"), dilation_rate=rate)
    assert np.array_equal(first(found), wanted)
    assert [conventions.dilation_of(conventions.holes_of(d)) for d in rate] == list(rate)


def test_kernels_of_keras_torch_and_onnx(random):
    x, w = kernel(random, 2, 3, 5, 6), kernel(random, 2, 3, 3, 4)  # Keras: H, W, in, out
    torch_kernel = conventions.relaid(w, "HWIO", "OIHW")
    wanted = first(keras_op("conv", last(x), w))
    assert np.array_equal(F.conv2d(T(x), T(torch_kernel.copy())), wanted)
    assert np.array_equal(onnx_op("Conv", x, torch_kernel), wanted)
    assert np.array_equal(conventions.relaid(torch_kernel, "OIHW", "HWIO"), w)
    assert not np.array_equal(F.conv2d(T(x), T(w.reshape(4, 3, 2, 3))), wanted)
    layer = keras.layers.Conv2D(4, (2, 3))
    layer.build((None, 5, 6, 3))
    assert tuple(layer.kernel.shape) == w.shape


def test_depth_multiplier_is_groups(random):
    x, w = kernel(random, 1, 3, 5, 6), kernel(random, 3, 2, 3, 2)  # H, W, C, M
    wanted = first(keras_op("depthwise_conv", last(x), w))
    grouped = conventions.grouped_kernel(w)
    assert np.array_equal(F.conv2d(T(x), T(grouped), groups=3), wanted)
    assert np.array_equal(onnx_op("Conv", x, grouped, group=3), wanted)
    assert np.array_equal(conventions.depthwise_kernel(grouped, 3), w)
    swapped = w.transpose(3, 2, 0, 1).reshape(grouped.shape)
    assert not np.array_equal(F.conv2d(T(x), T(swapped), groups=3), wanted)


def test_transposed_kernels(random):
    x, w = kernel(random, 1, 3, 4, 5), kernel(random, 3, 4, 2, 3)  # H, W, out, in
    wanted = first(keras_op("conv_transpose", last(x), w, strides=2))
    own = conventions.relaid(w, "HWOI", "IOHW")
    assert np.array_equal(F.conv_transpose2d(T(x), T(own.copy()), stride=2), wanted)
    assert np.array_equal(onnx_op("ConvTranspose", x, own, strides=[2, 2]), wanted)
    layer = keras.layers.Conv2DTranspose(2, (3, 4))
    layer.build((None, 4, 5, 3))
    assert tuple(layer.kernel.shape) == w.shape


def test_the_order_of_padding(random):
    x, w, sides = kernel(random, 1, 1, 5, 6), kernel(random, 1, 1, 3, 2), (1, 2, 0, 3)
    wanted = ops.conv2d(x, w, padding=sides)
    assert np.array_equal(F.conv2d(F.pad(T(x), conventions.padding_to("torch", sides)), T(w)), wanted)
    assert np.array_equal(onnx_op("Conv", x, w, pads=list(conventions.padding_to("onnx", sides))), wanted)
    padded = keras.layers.ZeroPadding2D(conventions.padding_to("keras", sides))(T(last(x).copy()))
    assert np.array_equal(ops.conv2d(first(padded.numpy()), w), wanted)
    for notation in ("cnnlib", "torch", "onnx", "keras"):
        assert conventions.padding_from(notation, conventions.padding_to(notation, sides)) == sides


CASES = list(itertools.product((4, 5, 7), (6, 8), (1, 2, 3, 4), (2, 5), (1, 2, 3)))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_under_every_rule(random, stride):
    """Against each framework's own word, on sizes and kernels both even and odd."""
    halved = 0
    for height, width, down, across, _ in CASES[::3]:
        x, w = kernel(random, 1, 1, height, width), kernel(random, 1, 1, down, across)

        def own(rule, x=x, w=w, height=height, width=width, down=down, across=across):
            sides = conventions.same_sides(rule, (height, width), (down, across), stride=stride)
            return ops.conv2d(x, w, stride=stride, padding=sides)

        keras_kernel = conventions.relaid(w, "OIHW", "HWIO")
        assert np.array_equal(
            first(keras_op("conv", last(x), keras_kernel, strides=stride, padding="same")), own("keras")
        )
        strides = [stride, stride]
        assert np.array_equal(onnx_op("Conv", x, w, strides=strides, auto_pad="SAME_UPPER"), own("keras"))
        assert np.array_equal(onnx_op("Conv", x, w, strides=strides, auto_pad="SAME_LOWER"), own("onnx lower"))
        middle = signal.convolve2d(x[0, 0], conventions.flipped(w[0, 0]), "same")[::stride, ::stride]
        assert np.array_equal(middle, own("scipy")[0, 0])
        if stride == 1:
            assert np.array_equal(F.conv2d(T(x), T(w), padding="same"), own("torch"))
        if stride == 2 and height % 2 == 0 and down % 2 and across % 2 and width % 2 == 0:
            naive = ops.conv2d(x, w, stride=2, padding=(down // 2, across // 2))
            halved += naive.shape == own("keras").shape and not np.array_equal(naive, own("keras"))
    assert halved > 0 or stride != 2
    if stride > 1:
        with pytest.raises(ValueError, match=rf"same_sides: torch has no padding='same' for stride={stride}"):
            conventions.same_sides("torch", 5, 3, stride=stride)
        with pytest.raises(RuntimeError, match="padding='same' is not supported for strided convolutions"):
            F.conv2d(T(x), T(w), stride=stride, padding="same")


def test_half_windows():
    """torch's rule in every small case; in many of them plain ceil is another number."""
    different = 0
    for size, width, stride, padding in itertools.product(range(3, 20), range(1, 6), range(1, 5), range(3)):
        if padding > width // 2 or size + 2 * padding < width:
            continue
        sizes = conventions.output_sizes(size, width, stride=stride, padding=padding)
        for name, ceil_mode in (("floor", False), ("torch", True)):
            pooled = F.max_pool1d(torch.zeros(1, 1, size), width, stride, padding, ceil_mode=ceil_mode)
            assert sizes[name] == pooled.shape[-1]
        assert sizes["ceil"] == math.ceil((size + 2 * padding - width) / stride) + 1
        different += sizes["ceil"] != sizes["torch"]
    assert different > 50


@pytest.mark.parametrize(("cut", "dilation"), [(0, 1), (1, 1), (2, 2), (3, 1)])
def test_padding_of_a_transposed_convolution(random, cut, dilation):
    x, w = kernel(random, 1, 2, 4, 5), kernel(random, 2, 3, 4, 4)
    wanted = F.conv_transpose2d(T(x), T(w), stride=2, padding=cut, dilation=dilation).numpy()
    found = onnx_op("ConvTranspose", x, w, strides=[2, 2], pads=[cut] * 4, dilations=[dilation] * 2)
    assert np.array_equal(found, wanted)
    border = conventions.border_of_cut(cut, 4, dilation=dilation)
    stretched = np.zeros((1, 2, 7, 9))
    stretched[:, :, ::2, ::2] = x
    turned = conventions.flipped(w.swapaxes(0, 1))
    assert np.array_equal(ops.conv2d(stretched, turned, padding=border, dilation=dilation), wanted)
    assert conventions.border_of_cut(border, 4, dilation=dilation) == cut


def test_the_size_of_a_transposed_convolution(random):
    x, w = kernel(random, 1, 1, 4, 4), kernel(random, 1, 1, 3, 3)
    for wanted in (7, 8):
        extra = conventions.output_padding_for(wanted, 4, 3, stride=2, padding=1)
        y = F.conv_transpose2d(T(x), T(w), stride=2, padding=1, output_padding=extra)
        module = torch.nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, bias=False).double()
        module.weight.data = T(w)
        assert y.shape[-2:] == (wanted, wanted)
        assert torch.equal(module(T(x), output_size=[wanted, wanted]), y)
        pads = dict(strides=[2, 2], pads=[1] * 4, output_padding=[extra] * 2)
        assert np.array_equal(onnx_op("ConvTranspose", x, w, **pads), y)
        assert geometry.conv_transpose_output_size(4, 3, stride=2, padding=1, output_padding=extra) == wanted
    with pytest.raises(ValueError, match=r"output_size=9 can't be reached .*; use 7 to 8"):
        conventions.output_padding_for(9, 4, 3, stride=2, padding=1)


def test_same_of_a_transposed_layer_is_torch_shifted_by_one(random):
    """The gradient of the forward layer with SAME, which is how TensorFlow defines it."""
    y, w = kernel(random, 1, 4, 4, 1), kernel(random, 3, 3, 1, 1)
    found = keras_op("conv_transpose", y, w, strides=2, padding="same")
    x = torch.zeros(1, 8, 8, 1, dtype=torch.float64, requires_grad=True)
    (keras.ops.conv(x, T(w), strides=2, padding="same") * T(y)).sum().backward()
    own = first(found)
    full = ops.conv_transpose2d(first(y), w[None, None, :, :, 0, 0], stride=2)
    assert np.array_equal(first(x.grad.numpy()), full[..., :8, :8])
    centred = ops.conv_transpose2d(first(y), w[None, None, :, :, 0, 0], stride=2, padding=1, output_padding=1)
    assert np.array_equal(own, full[..., :8, :8])
    assert centred.shape == own.shape and np.array_equal(centred[..., :7, :7], own[..., 1:, 1:])
    assert not np.array_equal(centred, own)
