"""Separable kernels and convolutions: by hand, torch, the full kernel, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, pad, thorough


# ----------------------------------------------------------- separable_terms
def test_terms_by_hand():
    terms = ops.separable_terms([[3.0, 0], [0, 2]])
    assert terms.rank == 2
    np.testing.assert_allclose(terms.singular_values, [3, 2])
    np.testing.assert_allclose(terms.vertical, np.sqrt([[3, 0], [0, 2]]), atol=1e-15)
    np.testing.assert_allclose(terms.kernel(1), [[3, 0], [0, 0]], atol=1e-15)


@pytest.mark.parametrize(
    "kernel, rank",
    [
        (np.outer([1, 2, 1], [-1, 0, 1]), 1),
        (np.outer([1, 4, 6, 4, 1], [1, 2, 1]), 1),
        (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]), 2),
        (np.eye(4), 4),
        (np.zeros((3, 2)), 0),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_known_ranks(kernel, rank, dtype):
    assert ops.separable_terms(kernel.astype(dtype)).rank == rank


@thorough
@given(cases(lambda dice: (dice.normal(dice.pick(1, 6), dice.pick(1, 6)), dice.pick(1, 6))))
def test_terms_add_up(case):
    kernel, terms = case
    found = ops.separable_terms(kernel)
    close(found.kernel(), kernel)
    close(sum(np.outer(v, h) for v, h in zip(found.vertical, found.horizontal, strict=True)), kernel)
    assert found.rank == np.linalg.matrix_rank(kernel)
    # Eckart and Young: what r terms leave out is the rest of the singular values
    left = np.sum((kernel - found.kernel(terms)) ** 2)
    np.testing.assert_allclose(left, np.sum(found.singular_values[terms:] ** 2), atol=1e-12)
    largest = np.take_along_axis(found.vertical, np.abs(found.vertical).argmax(1)[:, None], 1)
    assert (largest >= 0).all()


@pytest.mark.parametrize(
    "kernel, kind, message",
    [
        (np.zeros(3), ValueError, r"separable_terms: kernel has shape \(3,\), 1 axis, and needs 2"),
        (np.zeros((0, 3)), ValueError, "with KH=0"),
        ([[1, np.nan]], ValueError, "kernel holds NaN or infinity; use finite weights"),
        ([["a"]], TypeError, "kernel holds <U1"),
    ],
)
def test_terms_errors(kernel, kind, message):
    with pytest.raises(kind, match=message):
        ops.separable_terms(kernel)


# ---------------------------------------------------------- separable_conv2d
def separable_case(dice):
    """Filters for every channel by itself, or banks; the middle has channels of its own."""
    size, kernel, options = dice.window()
    n, c = dice.batch(), dice.pick(1, 3)
    if dice.pick(0, 1):
        filters, outputs = [dice.normal(length) for length in kernel], c
    else:
        middle, outputs = dice.pick(1, 3), dice.pick(1, 3)
        filters = [dice.normal(middle, c, kernel[0]), dice.normal(outputs, middle, kernel[1])]
    return dice.normal(n, c, *size), *filters, dice.bias(outputs), options


def full_kernel(vertical, horizontal, channels):
    """The one kernel that the two filters stand for, and its groups."""
    if vertical.ndim == 1:
        return torch.outer(vertical, horizontal).expand(channels, 1, -1, -1), channels
    return torch.einsum("omj,mci->ocij", horizontal, vertical), 1


def test_separable_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6]]]])
    assert ops.separable_conv2d(x, [1, 10], [1, 100]).tolist() == [[[[5241, 6352]]]]
    vertical, horizontal = np.array([[[1.0, 10]], [[0, 1]]]), np.array([[[1.0], [1000]]])
    assert ops.separable_conv2d(x, vertical, horizontal).tolist() == [[[[4041, 5052, 6063]]]]


@thorough
@given(every_kind(separable_case))
def test_separable_equals_torch_with_the_full_kernel(case):
    x, vertical, horizontal, b, options = case

    def full(x, vertical, horizontal, b):
        w, groups = full_kernel(vertical, horizontal, x.shape[1])
        rest = {**options, "padding": 0, "groups": groups}
        return torch.nn.functional.conv2d(pad(x, options["padding"]), w, b, **rest)

    expected, dy, gradients = oracle(full, x, vertical, horizontal, b)
    close(ops.separable_conv2d(x, vertical, horizontal, b, **options), expected)
    all_close(ops.separable_conv2d_backward(dy, x, vertical, horizontal, b, **options), gradients)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(x=np.zeros((5, 5))), r"separable_conv2d: x has shape \(5, 5\)"),
        (
            dict(vertical=np.zeros((2, 3, 3))),
            r"vertical has shape \(2, 3, 3\) and horizontal \(3,\); use \(KH,\) and \(KW,\)",
        ),
        (
            dict(vertical=np.zeros((2, 4, 3)), horizontal=np.zeros((5, 2, 3))),
            r"vertical has shape \(2, 4, 3\); use shape \(2, 3, 3\) = \(M, C, KH\)",
        ),
        (
            dict(vertical=np.zeros((2, 3, 3)), horizontal=np.zeros((5, 3, 3))),
            r"horizontal has shape \(5, 3, 3\); use shape \(5, 2, 3\) = \(O, M, KW\)",
        ),
        (dict(vertical=np.zeros(0)), r"vertical has shape \(0,\)"),
        (dict(b=np.zeros(2)), r"b has shape \(2,\); use shape \(3,\)"),
        (dict(dilation=3), "spanning 7 .* does not fit in 5"),
    ],
)
def test_separable_errors(change, message):
    given = dict(x=np.zeros((1, 3, 5, 5)), vertical=np.zeros(3), horizontal=np.zeros(3), b=None) | change
    arrays = [given.pop(name) for name in ("x", "vertical", "horizontal", "b")]
    with pytest.raises(ValueError, match=message):
        ops.separable_conv2d(*arrays, **given)


def test_separable_backward_names_the_shape_of_dy():
    with pytest.raises(ValueError, match=r"separable_conv2d_backward: dy has shape .*use shape \(1, 3, 3, 3\)"):
        ops.separable_conv2d_backward(np.zeros((1, 3, 5, 5)), np.zeros((1, 3, 5, 5)), np.ones(3), np.ones(3))


# ------------------------------------------------ depthwise_separable_conv2d
def depthwise_case(dice):
    size, kernel, options = dice.window()
    c, multiplier, outputs = dice.pick(1, 3), dice.pick(1, 3), dice.pick(1, 3)
    x, depthwise = dice.normal(dice.batch(), c, *size), dice.normal(c * multiplier, 1, *kernel)
    return x, depthwise, dice.normal(outputs, c * multiplier, 1, 1), dice.bias(outputs), options


def test_depthwise_by_hand():
    x = np.array([[[[1.0, 2]], [[3, 4]]]])
    depthwise = np.array([[[[1.0, 10]]], [[[100, 1000]]]])
    pointwise = np.array([[1.0, 0], [2, 1]]).reshape(2, 2, 1, 1)
    y = ops.depthwise_separable_conv2d(x, depthwise, pointwise, [0.5, 0])
    assert y.ravel().tolist() == [21.5, 4342]


@thorough
@given(every_kind(depthwise_case))
def test_depthwise_equals_torch(case):
    x, depthwise, pointwise, b, options = case
    rest = {**options, "padding": 0}

    def two_convolutions(x, d, p, b):
        x = pad(x, options["padding"])
        middle = torch.nn.functional.conv2d(x, d, groups=x.shape[1], **rest)
        return torch.nn.functional.conv2d(middle, p, b)

    expected, dy, gradients = oracle(two_convolutions, x, depthwise, pointwise, b)
    close(ops.depthwise_separable_conv2d(x, depthwise, pointwise, b, **options), expected)
    all_close(ops.depthwise_separable_conv2d_backward(dy, x, depthwise, pointwise, b, **options), gradients)


@brief
@given(cases(depthwise_case))
def test_depthwise_is_a_full_convolution_of_rank_one_per_channel(case):
    x, depthwise, pointwise, b, options = case
    multiplier = len(depthwise) // x.shape[1]
    products = pointwise * depthwise[:, 0]  # (O, C*M, KH, KW)
    w = products.reshape(len(pointwise), x.shape[1], multiplier, *depthwise.shape[2:]).sum(2)
    close(ops.depthwise_separable_conv2d(x, depthwise, pointwise, b, **options), ops.conv2d(x, w, b, **options))


@pytest.mark.parametrize(
    "change, message",
    [
        (
            dict(depthwise=np.zeros((3, 1, 3, 3))),
            r"depthwise has shape \(3, 1, 3, 3\), and x has C=2; use a shape such as \(2, 1, 3, 3\)",
        ),
        (dict(depthwise=np.zeros((2, 2, 3, 3))), r"use a shape such as \(2, 1, 3, 3\) = \(C\*M, 1, KH, KW\)"),
        (dict(pointwise=np.zeros((4, 2, 3, 3))), r"pointwise has shape \(4, 2, 3, 3\); use shape \(4, 2, 1, 1\)"),
        (dict(pointwise=np.zeros((4, 3, 1, 1))), r"use shape \(4, 2, 1, 1\) = \(O, C\*M, 1, 1\)"),
        (dict(b=np.zeros(2)), r"b has shape \(2,\); use shape \(4,\)"),
        (dict(padding=(1, 2, 3)), "padding"),
    ],
)
def test_depthwise_errors(change, message):
    given = dict(
        x=np.zeros((1, 2, 5, 5)), depthwise=np.zeros((2, 1, 3, 3)), pointwise=np.zeros((4, 2, 1, 1)), b=None
    ) | change  # fmt: skip
    arrays = [given.pop(name) for name in ("x", "depthwise", "pointwise", "b")]
    with pytest.raises(ValueError, match="depthwise_separable_conv2d: .*" + message):
        ops.depthwise_separable_conv2d(*arrays, **given)


def test_depthwise_backward_names_the_shape_of_dy():
    with pytest.raises(ValueError, match=r"depthwise_separable_conv2d_backward: dy .*use shape \(1, 4, 3, 3\)"):
        ops.depthwise_separable_conv2d_backward(
            np.zeros((1, 2, 3, 3)), np.zeros((1, 2, 5, 5)), np.ones((2, 1, 3, 3)), np.ones((4, 2, 1, 1))
        )
