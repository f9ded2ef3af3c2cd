"""conv_transpose2d: by hand, torch, scattering in loops, the adjoint, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, close, every_kind, oracle, thorough


def transposed_case(dice):
    """x, w, b and options; the four sides of the padding differ."""
    groups, channels, outputs = dice.pick(1, 3), dice.pick(1, 3), dice.pick(1, 3)
    size, kernel, stride, dilation, extra, sides = [], [], [], [], [], []
    cuts = dice.choose("none", "some", "much")
    for _ in range(2):
        k, s, d, h = dice.pick(1, 5), dice.pick(1, 5), dice.pick(1, 4), dice.pick(1, 5) + 10 * dice.large
        e = dice.pick(0, max(s, d) - 1)
        least = 0 if cuts == "none" else (h - 1) * s + d * (k - 1) + e  # at least one pixel is left
        cut = dice.pick(0, least if cuts == "much" else min(least, k))
        before = dice.pick(0, cut)
        size.append(h), kernel.append(k), stride.append(s), dilation.append(d), extra.append(e)
        sides += [before, cut - before]
    x = dice.normal(dice.batch(), groups * channels, *size)
    w = dice.normal(groups * channels, outputs, *kernel)
    options = dict(
        stride=tuple(stride), padding=tuple(sides), output_padding=tuple(extra),
        dilation=tuple(dilation), groups=groups,
    )  # fmt: skip
    return x, w, dice.bias(groups * outputs), options


def torch_form(x, w, b, *, padding, output_padding, **rest):
    """torch without padding, on one extra pixel a side, and then cut: it has no 4 sides."""
    top, bottom, left, right = padding
    y = torch.nn.functional.conv_transpose2d(x, w, None, **rest)
    y = torch.nn.functional.pad(y, (0, output_padding[1], 0, output_padding[0]))
    y = y[:, :, top : y.shape[2] - bottom, left : y.shape[3] - right]
    return y if b is None else y + b[:, None, None]


def scatter(x, w, stride, dilation):
    """Every input pixel writes its kernel: one number at a time, no groups, no cut."""
    (n, _, h, v), (_, o, kh, kw) = x.shape, w.shape
    (sh, sw), (dh, dw) = stride, dilation
    y = np.zeros((n, o, (h - 1) * sh + (kh - 1) * dh + 1, (v - 1) * sw + (kw - 1) * dw + 1))
    for m, a, p, q in np.ndindex(*x.shape):
        for out, i, j in np.ndindex(o, kh, kw):
            y[m, out, p * sh + i * dh, q * sw + j * dw] += x[m, a, p, q] * w[a, out, i, j]
    return y


def test_by_hand():
    x, w = np.array([[[[1.0, 2]]]]), np.array([[[[1.0, 10, 100]]]])
    assert ops.conv_transpose2d(x, w).tolist() == [[[[1, 12, 120, 200]]]]
    assert ops.conv_transpose2d(x, w, stride=2).tolist() == [[[[1, 10, 102, 20, 200]]]]
    kept = ops.conv_transpose2d(x, w, [0.5], stride=2, padding=(0, 0, 1, 2), output_padding=(0, 1))
    assert kept.tolist() == [[[[10.5, 102.5, 20.5]]]]
    assert ops.conv_transpose2d(x, w, stride=3, output_padding=(0, 2)).tolist() == [[[[1, 10, 100, 2, 20, 200, 0, 0]]]]


def test_pixels_beyond_the_last_window_are_cut_from_the_gradient():
    """output_padding leaves a pixel that no window writes; a 1x1 kernel must not read it back."""
    dx, dw, _ = ops.conv_transpose2d_backward(
        [[[[3.0, 5]]]], [[[[2.0]]]], [[[[7.0]]]], dilation=(1, 2), output_padding=(0, 1)
    )
    assert (dx.tolist(), dw.tolist()) == ([[[[21.0]]]], [[[[6.0]]]])


@thorough
@given(every_kind(transposed_case))
def test_equals_torch(case):
    x, w, b, options = case
    expected, dy, gradients = oracle(lambda x, w, b: torch_form(x, w, b, **options), x, w, b)
    for form in (ops.conv_transpose2d, ops.conv_transpose2d_plain):
        close(form(x, w, b, **options), expected)
    all_close(ops.conv_transpose2d_backward(dy, x, w, b, **options), gradients)
    # <conv_transpose(x), dy> = <x, conv(dy)>: the gradient is the conv2d whose adjoint this is
    if all(e < s for e, s in zip(options.pop("output_padding"), options["stride"], strict=True)):
        close(ops.conv2d(dy, w, **options), gradients[0])


@pytest.mark.parametrize("stride, padding, extra", [(1, 0, 0), (2, 1, 1), ((3, 2), (1, 0), (2, 1))])
def test_torch_s_own_padding(stride, padding, extra):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 4, 3, 5)), rng.standard_normal((4, 3, 4, 3))
    options = dict(stride=stride, padding=padding, output_padding=extra, groups=2)
    expected = torch.nn.functional.conv_transpose2d(torch.from_numpy(x), torch.from_numpy(w), **options)
    close(ops.conv_transpose2d(x, w, **options), expected.numpy())


@pytest.mark.parametrize("stride, dilation", [((1, 1), (1, 1)), ((2, 3), (1, 2)), ((4, 2), (3, 1))])
def test_scatters(stride, dilation):
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal((2, 2, 3, 2)), rng.standard_normal((2, 3, 2, 3))
    close(ops.conv_transpose2d(x, w, stride=stride, dilation=dilation), scatter(x, w, stride, dilation))


def test_bilinear_upsampling_is_one():
    """Kernel (1, 3, 3, 1)/4 along each axis, stride 2, doubles an image bilinearly."""
    line = np.array([1.0, 3, 3, 1]) / 4
    x = np.random.default_rng(2).standard_normal((1, 1, 6, 9))
    y = ops.conv_transpose2d(x, np.outer(line, line)[None, None], stride=2, padding=1)
    inner = np.s_[:, :, 1:-1, 1:-1]  # the border differs: zeros here, repeated pixels there
    close(y[inner], ops.resize_bilinear2d(x, scale_factor=2)[inner])


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(x=np.zeros((3, 5, 5))), r"conv_transpose2d: x has shape \(3, 5, 5\), 3 axes, and needs 4"),
        (dict(w=np.zeros((2, 4, 3, 3))), r"it reads 2 channels, and x has C=4; use a w of shape \(4, 4, 3, 3\)"),
        (dict(b=np.zeros(4)), r"b has shape \(4,\); use shape \(2,\)"),
        (dict(groups=3), "groups=3 does not divide C=4; use a divisor"),
        (
            dict(output_padding=2, stride=2),
            "output_padding=2 is not below the larger of stride=2 and dilation=1; use at most 1",
        ),
        (dict(padding=5), r"padding=5 cuts away all of the 7 pixels of size=5, kernel_size=3"),
        (dict(stride=0), "stride=0 is below 1"),
        (dict(dilation=(1, 0)), r"dilation=\(1, 0\) holds 0"),
    ],
)
def test_errors(change, message):
    given = dict(x=np.zeros((1, 4, 5, 5)), w=np.zeros((4, 2, 3, 3)), b=None) | change
    with pytest.raises(ValueError, match=message):
        ops.conv_transpose2d(given.pop("x"), given.pop("w"), given.pop("b"), **given)


def test_backward_names_the_shape_of_dy():
    with pytest.raises(ValueError, match=r"conv_transpose2d_backward: dy has shape .*use shape \(1, 2, 7, 7\)"):
        ops.conv_transpose2d_backward(np.zeros((1, 2, 5, 5)), np.zeros((1, 4, 5, 5)), np.zeros((4, 2, 3, 3)))
