# ruff: noqa: E501 - one case a line
"""relu, linear, softmax_cross_entropy: by hand, torch, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, close, every_kind, oracle, thorough

F = torch.nn.functional


def test_by_hand():
    assert ops.relu([-1.5, 0, 2]).tolist() == [0, 0, 2]
    assert ops.relu_backward([3, 3, 3], [-1.5, 0, 2]).tolist() == [0, 0, 3]
    assert ops.linear([[1, 2]], [[10, 1], [0, 5]], [0.5, 0]).tolist() == [[12.5, 10]]
    loss = ops.softmax_cross_entropy(np.log([[1.0, 3], [1, 1]]), [0, 1], reduction="none")
    np.testing.assert_allclose(loss, np.log([4, 2]))
    gradient = ops.softmax_cross_entropy_backward([4, 2], np.log([[1.0, 3], [1, 1]]), [0, 1], reduction="none")
    np.testing.assert_allclose(gradient, [[-3, 3], [1, -1]])


@thorough
@given(every_kind(lambda dice: np.round(dice.normal(*[dice.pick(1, 4) for _ in range(dice.pick(1, 4))]), 1)))
def test_relu_equals_torch(x):
    y, dy, (dx,) = oracle(torch.relu, x)
    close(ops.relu(x), y)
    close(ops.relu_backward(dy, x), dx)


def linear_case(dice):
    lead = [dice.batch() + dice.pick(0, 2) for _ in range(dice.pick(0, 3))]
    c, o = dice.pick(1, 5), dice.pick(1, 5)
    return dice.normal(*lead, c), dice.normal(o, c), dice.bias(o)


@thorough
@given(every_kind(linear_case))
def test_linear_equals_torch(case):
    y, dy, gradients = oracle(F.linear, *case)
    close(ops.linear(*case), y)
    all_close(ops.linear_backward(dy, *case), gradients)


def class_case(dice):
    n, c = dice.pick(1, 5), dice.pick(1, 5)
    x = dice.normal(n, c) * dice.choose(1, 30, 1000)  # beyond 709 the naive exp overflows
    return x, np.array([dice.pick(0, c - 1) for _ in range(n)]), dice.choose("mean", "sum", "none")


@thorough
@given(every_kind(class_case))
def test_cross_entropy_equals_torch(case):
    x, target, reduction = case
    y, dy, (dx,) = oracle(lambda x: F.cross_entropy(x, torch.from_numpy(target), reduction=reduction), x)
    close(ops.softmax_cross_entropy(x, target, reduction=reduction), y)
    close(ops.softmax_cross_entropy_backward(dy, x, target, reduction=reduction), dx)
    close(dx.sum(1), np.zeros_like(x[:, 0]))  # adding to all scores changes nothing


def test_what_is_not_finite():
    x = np.array([np.nan, np.inf, -np.inf, 1])
    y, dy, (dx,) = oracle(torch.relu, x)
    np.testing.assert_array_equal(ops.relu(x), y)
    np.testing.assert_array_equal(ops.relu_backward(dy, x), dx)
    scores = np.array([[1.0, np.nan], [2, 3], [-np.inf, 0]])
    y = F.cross_entropy(torch.from_numpy(scores), torch.tensor([0, 1, 1]), reduction="none")
    close(ops.softmax_cross_entropy(scores, [0, 1, 1], reduction="none"), y.numpy())


def test_empty_batch():
    empty = np.zeros((0, 3), "f")
    assert np.isnan(ops.softmax_cross_entropy(empty, []))  # the mean of nothing, as in torch
    assert ops.softmax_cross_entropy(empty, [], reduction="sum") == 0
    assert ops.softmax_cross_entropy_backward(1, empty, []).shape == (0, 3)


@pytest.mark.parametrize(
    "call, kind, message",
    [
        (lambda: ops.relu("a"), TypeError, "relu: x holds <U1"),
        (lambda: ops.relu_backward(np.zeros(2), np.zeros(3)), ValueError, r"relu_backward: dy has shape \(2,\); use shape \(3,\)"),
        (lambda: ops.linear(np.zeros((2, 3)), np.zeros((4, 5))), ValueError, r"linear: x has shape \(2, 3\) and w \(4, 5\); use an x whose last axis has C=5"),
        (lambda: ops.linear(np.zeros(()), np.zeros((4, 5))), ValueError, r"linear: x has shape \(\)"),
        (lambda: ops.linear(np.zeros(5), np.zeros(5)), ValueError, r"w has shape \(5,\), 1 axis, and needs 2"),
        (lambda: ops.linear(np.zeros(5), np.zeros((4, 5)), np.zeros(5)), ValueError, r"b has shape \(5,\); use shape \(4,\)"),
        (lambda: ops.linear_backward(np.zeros(3), np.zeros(5), np.zeros((4, 5))), ValueError, r"linear_backward: dy has shape \(3,\); use shape \(4,\)"),
        (lambda: ops.softmax_cross_entropy(np.zeros(3), [0]), ValueError, r"softmax_cross_entropy: x has shape \(3,\)"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [0]), ValueError, r"target has shape \(1,\); use shape \(2,\)"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [0, 3]), ValueError, "target holds the class 3, and x has C=3 columns; use classes from 0 to 2"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [0, -1]), ValueError, "target holds the class -1"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [0.0, 1.0]), TypeError, "target holds float64; use integers"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [True, False]), TypeError, "target holds bool"),
        (lambda: ops.softmax_cross_entropy(np.zeros((2, 3)), [0, 1], reduction="max"), ValueError, "reduction='max' is unknown; use one of 'mean', 'sum', 'none'"),
        (lambda: ops.softmax_cross_entropy_backward(np.ones(2), np.zeros((2, 3)), [0, 1]), ValueError, r"dy has shape \(2,\); use shape \(\)"),
    ],
)  # fmt: skip
def test_errors(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
