"""Blur pooling and resizing: by hand, torch, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import brief, cases, close, every_kind, oracle, thorough

F = torch.nn.functional
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


# ---------------------------------------------------------------------- blur
def blur_case(dice):
    kernel = dice.pick(1, 6)
    # torch reflects and wraps by less than, or as much as, the image
    size = [kernel // 2 + 1 + dice.pick(0, 6) + 16 * dice.large for _ in "hw"]
    x = dice.normal(dice.batch(), dice.pick(1, 3), *size)
    return x, kernel, dice.pick(1, 4), dice.choose(*MODES)


def torch_blur(x, kernel, stride, mode):
    """The definition: pad, convolve with the binomial kernel, keep every `stride`th."""
    row = torch.from_numpy(binomial(kernel))
    before, after = (kernel - 1) // 2, kernel // 2
    x = F.pad(x, (before, after, before, after), MODES[mode])
    w = torch.outer(row, row).expand(x.shape[1], 1, kernel, kernel)
    return F.conv2d(x, w, stride=stride, groups=x.shape[1])


def binomial(kernel):
    row = np.ones(1)
    for _ in range(kernel - 1):
        row = np.convolve(row, [0.5, 0.5])
    return row


def test_blur_by_hand():
    x = np.array([[[[4.0, 8, 0, 16]]]])
    line = ops.blur_pool2d(x, kernel_size=3, stride=1, padding_mode="replicate")
    assert line.tolist() == [[[[5, 5, 6, 12]]]]
    assert ops.blur_pool2d(x, stride=2, padding_mode="replicate").tolist() == [[[[5, 6]]]]
    zeros = ops.blur_pool2d(x, stride=2, padding_mode="zeros")
    assert zeros.tolist() == [[[[2, 3]]]]  # half of a row is read above, half below: both zero
    assert ops.blur_pool2d(x, kernel_size=1, stride=3, padding_mode="reflect").tolist() == [[[[4, 16]]]]


@thorough
@given(every_kind(blur_case))
def test_blur_equals_torch(case):
    x, kernel, stride, mode = case
    y, dy, (dx,) = oracle(lambda x: torch_blur(x, kernel, stride, mode), x)
    options = dict(kernel_size=kernel, stride=stride, padding_mode=mode)
    for form in (ops.blur_pool2d, ops.blur_pool2d_plain):
        close(form(x, **options), y)
    close(ops.blur_pool2d_backward(dy, x, **options), dx)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_blur_keeps_a_constant(mode):
    close(ops.blur_pool2d(np.full((1, 2, 5, 8), 3.0), kernel_size=4, padding_mode=mode), np.full((1, 2, 3, 4), 3.0))


def test_blur_shifts_less_than_a_stride_alone():
    """Zhang's point: after the blur, a step of one pixel changes the answer less."""
    x = np.random.default_rng(0).standard_normal((1, 1, 32, 32))
    moved = np.roll(x, 1, 3)
    change = [
        np.abs(ops.blur_pool2d(x, kernel_size=k, padding_mode="circular")
               - ops.blur_pool2d(moved, kernel_size=k, padding_mode="circular")).mean()
        for k in (1, 3, 5)
    ]  # fmt: skip
    assert change[0] > 2 * change[1] > 2 * change[2]


@pytest.mark.parametrize(
    "options, kind, message",
    [
        (dict(kernel_size=0), ValueError, "kernel_size=0 is below 1"),
        (dict(kernel_size=(3, 3)), TypeError, r"kernel_size=\(3, 3\) is a tuple"),
        (dict(stride=0), ValueError, "stride=0"),
        (dict(padding_mode="same"), ValueError, "padding_mode='same' is unknown; use one of 'zeros', 'reflect'"),
        (
            dict(kernel_size=8),
            ValueError,
            "height=4 is too small to be reflected by 4; use a smaller kernel, or padding_mode='replicate'",
        ),
    ],
)
def test_blur_errors(options, kind, message):
    with pytest.raises(kind, match="blur_pool2d: " + message):
        ops.blur_pool2d(np.zeros((1, 1, 4, 6)), **options)
    with pytest.raises(kind, match="blur_pool2d_backward: " + message):
        ops.blur_pool2d_backward(np.zeros((1, 1, 2, 3)), np.zeros((1, 1, 4, 6)), **options)


# -------------------------------------------------------------------- resize
def resize_case(dice):
    x = dice.normal(dice.pick(1, 2), dice.pick(1, 3), *(dice.pick(1, 7) + 10 * dice.large for _ in "hw"))
    return x, (dice.pick(1, 12), dice.pick(1, 12)), bool(dice.pick(0, 1))


def test_resize_by_hand():
    x = np.array([[[[0.0, 8], [16, 24]]]])
    assert ops.resize_nearest2d(x, size=(1, 4)).tolist() == [[[[0, 0, 8, 8]]]]
    assert ops.resize_nearest2d(x, scale_factor=(2, 1)).tolist() == [[[[0, 8], [0, 8], [16, 24], [16, 24]]]]
    assert ops.resize_bilinear2d(x, size=(2, 4)).tolist() == [[[[0, 2, 6, 8], [16, 18, 22, 24]]]]
    assert ops.resize_bilinear2d(x, size=3, align_corners=True).tolist() == [[[[0, 4, 8], [8, 12, 16], [16, 20, 24]]]]


@thorough
@given(every_kind(resize_case))
def test_nearest_equals_torch(case):
    x, size, _ = case
    y, dy, (dx,) = oracle(lambda x: F.interpolate(x, size), x)
    close(ops.resize_nearest2d(x, size=size), y)
    close(ops.resize_nearest2d_backward(dy, x, size=size), dx)


@thorough
@given(every_kind(resize_case))
def test_bilinear_equals_torch(case):
    x, size, align = case
    y, dy, (dx,) = oracle(lambda x: F.interpolate(x, size, mode="bilinear", align_corners=align), x)
    close(ops.resize_bilinear2d(x, size=size, align_corners=align), y)
    close(ops.resize_bilinear2d_backward(dy, x, size=size, align_corners=align), dx)


@brief
@given(cases(lambda dice: (dice.normal(1, 2, dice.pick(2, 9), dice.pick(2, 9)), [dice.pick(2, 13) / 4 for _ in "hw"])))
def test_scale_factors_equal_torch(case):
    """Quarters, so that neither side rounds when it multiplies a size by the factor."""
    x, factors = case
    y, dy, (dx,) = oracle(lambda x: F.interpolate(x, scale_factor=factors, mode="bilinear"), x)
    close(ops.resize_bilinear2d(x, scale_factor=factors), y)
    close(ops.resize_bilinear2d_backward(dy, x, scale_factor=factors), dx)
    y, dy, (dx,) = oracle(lambda x: F.interpolate(x, scale_factor=[2, 3]), x)
    close(ops.resize_nearest2d(x, scale_factor=(2, 3)), y)
    close(ops.resize_nearest2d_backward(dy, x, scale_factor=(2, 3)), dx)


@pytest.mark.parametrize("resize", [ops.resize_nearest2d, ops.resize_bilinear2d])
@pytest.mark.parametrize(
    "options, kind, message",
    [
        ({}, ValueError, "size=None and scale_factor=None; use exactly one"),
        (dict(size=4, scale_factor=2), ValueError, "size=4 and scale_factor=2; use exactly one"),
        (dict(size=0), ValueError, "size=0 is below 1"),
        (dict(size=2.5), TypeError, "size=2.5 is a float"),
        (dict(scale_factor=0), ValueError, "scale_factor=0 is out of range; use a number > 0"),
        (dict(scale_factor=True), TypeError, "scale_factor=True is a bool; use a number > 0, or a pair"),
        (dict(scale_factor="2"), TypeError, "scale_factor='2' is a str; use a number > 0, or a pair"),
        (dict(scale_factor=0.1), ValueError, "scale_factor=0.1 leaves nothing of 4x6; use a larger one"),
        (dict(scale_factor=(1, 2, 3)), ValueError, r"scale_factor=\(1, 2, 3\) has 3 entries; use a number"),
    ],
)
def test_resize_errors(resize, options, kind, message):
    with pytest.raises(kind, match=f"{resize.__name__}: {message}"):
        resize(np.zeros((1, 1, 4, 6)), **options)


@pytest.mark.parametrize(
    "name, options",
    [("blur_pool2d", {}), ("resize_nearest2d", dict(size=(2, 3))), ("resize_bilinear2d", dict(size=(2, 3)))],
)
def test_backward_names_the_shape_of_dy(name, options):
    with pytest.raises(ValueError, match=rf"{name}_backward: dy has shape \(3,\); use shape \(1, 1, 2, 3\)"):
        getattr(ops, name + "_backward")(np.zeros(3), np.zeros((1, 1, 4, 6)), **options)
