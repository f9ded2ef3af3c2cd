# ruff: noqa: E501 - one case a line
"""Tiled convolution: by hand, torch, second definitions, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, several


def tiled_case(dice):
    """``(x, w, b, options)``; the period may be longer than the output."""
    size, kernel, options = dice.window()
    period, c, o = (dice.pick(1, 4), dice.pick(1, 4)), dice.pick(1, 3), dice.pick(1, 3)
    x, w = dice.normal(dice.batch(), c, *size), dice.normal(o, c, *kernel, *period)
    return x, w, dice.bias(o, *period), options


def repeated(a, size):
    """A tile's last two axes, over a whole output; of an array or a tensor."""
    rows, columns = (np.arange(n) % period for n, period in zip(size, a.shape[-2:], strict=True))
    return a[..., rows[:, None], columns]


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[[1.0, 2, 3, 4, 5]]]])
    w = np.array([[1.0, 100], [10, 1000]]).reshape(1, 1, 1, 2, 1, 2)  # kernels (1, 10) and (100, 1000)
    b = np.array([[[0.5, 0.25]]])
    assert ops.tiled_conv2d(x, w, b).tolist() == [[[[21.5, 3200.25, 43.5, 5400.25]]]]
    dx, dw, db = ops.tiled_conv2d_backward(np.array([[[[1.0, 1, 2, 1]]]]), x, w, b)
    assert dx.tolist() == [[[[1, 110, 1002, 120, 1000]]]]
    assert dw[0, 0, 0].tolist() == [[[7, 6]], [[10, 8]]]  # 1 + 2*3 and 2 + 4; 2 + 2*4 and 3 + 5
    assert db.tolist() == [[[3, 2]]]


# ------------------------------------------------------------------- oracle
@several
@given(every_kind(tiled_case))
def test_equals_torch(case):
    """In torch: a convolution for each kernel, of whose outputs every TH-th and TW-th counts."""
    x, w, b, options = case
    top, bottom, left, right = options["padding"]
    whole = np.zeros((1, *ops.conv2d(x, w[..., 0, 0], **options).shape[1:]))
    turns = [
        repeated(np.eye(w.shape[4] * w.shape[5])[k].reshape(w.shape[4:]), whole.shape[2:])
        for k in range(w[0, 0, 0, 0].size)
    ]

    def theirs(x, w, b):
        x = torch.nn.functional.pad(x, (left, right, top, bottom))
        total = 0
        for turn, (i, j) in zip(turns, np.ndindex(*w.shape[4:]), strict=True):
            y = torch.nn.functional.conv2d(
                x, w[..., i, j], None if b is None else b[:, i, j], options["stride"], 0, options["dilation"]
            )
            total = total + y * torch.from_numpy(turn)
        return total

    expected, dy, gradients = oracle(theirs, x, w, b)
    for form in (ops.tiled_conv2d, ops.tiled_conv2d_plain):
        close(form(x, w, b, **options), expected)
    all_close(ops.tiled_conv2d_backward(dy, x, w, b, **options), gradients)


# ------------------------------------------------------- second definitions
@brief
@given(cases(tiled_case))
def test_it_is_unshared_with_its_kernels_repeated(case):
    x, w, b, options = case
    y = ops.tiled_conv2d(x, w, b, **options)
    long_w, long_b = repeated(w, y.shape[2:]), repeated(b, y.shape[2:])
    close(y, ops.local_conv2d(x, long_w, long_b, **options))
    dy = np.random.default_rng(0).standard_normal(y.shape)
    dx, dw, db = ops.tiled_conv2d_backward(dy, x, w, b, **options)
    long_dx, long_dw, long_db = ops.local_conv2d_backward(dy, x, long_w, long_b, **options)
    close(dx, long_dx)
    for short, long in ((dw, long_dw), (db, long_db)):  # the sum over the positions of one kind
        sums = np.zeros_like(short)
        for i, j in np.ndindex(*y.shape[2:]):
            sums[..., i % w.shape[4], j % w.shape[5]] += long[..., i, j]
        close(short, sums)


@brief
@given(cases(tiled_case))
def test_the_two_ends_of_the_dial(case):
    """Period 1 is `conv2d`, bit by bit where that goes by columns; the whole output is `local_conv2d`."""
    x, w, b, options = case
    w, b = w[..., :1, :1], b[:, :1, :1]
    y = ops.conv2d(x, w[..., 0, 0], b[:, 0, 0], **options)
    close(ops.tiled_conv2d(x, w, b, **options), y)
    unshared = np.random.default_rng(0).standard_normal((*w.shape[:4], *y.shape[2:]))
    np.testing.assert_array_equal(ops.tiled_conv2d(x, unshared, **options), ops.local_conv2d(x, unshared, **options))


# --------------------------------------------------------------------- laws
@pytest.mark.parametrize("period", [(1, 1), (2, 3), (3, 2)])
def test_it_follows_shifts_by_its_period_and_no_others(period):
    rng = np.random.default_rng(3)
    x, w = np.zeros((1, 2, 24, 24)), rng.standard_normal((2, 2, 3, 2, *period))
    x[:, :, 9:13, 9:13] = rng.standard_normal((1, 2, 4, 4))
    y = ops.tiled_conv2d(x, w)
    for down in range(7):
        for right in range(7):
            moved = ops.tiled_conv2d(np.roll(x, (down, right), (2, 3)), w)
            follows = np.allclose(moved, np.roll(y, (down, right), (2, 3)))
            assert follows == (down % period[0] == 0 and right % period[1] == 0)


@brief
@given(cases(tiled_case))
def test_adjoint(case):
    x, w, _, options = case
    y = ops.tiled_conv2d(x, w, **options)
    dy = np.random.default_rng(1).standard_normal(y.shape)
    dx, dw, db = ops.tiled_conv2d_backward(dy, x, w, **options)
    assert db is None
    assert np.isclose((y * dy).sum(), (x * dx).sum(), atol=1e-9) and np.isclose(
        (y * dy).sum(), (w * dw).sum(), atol=1e-9
    )


def test_a_kernel_whose_turn_never_comes_learns_nothing():
    x, w = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3, 5, 2))
    _, dw, db = ops.tiled_conv2d_backward(np.ones((1, 1, 2, 2)), x, w, np.zeros((1, 5, 2)))
    assert dw.shape == w.shape and not dw[..., 2:, :].any() and dw[..., :2, :].all()
    assert db.tolist() == [[[1, 1], [1, 1], [0, 0], [0, 0], [0, 0]]]


# ------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    "w, b, message",
    [
        ((2, 3, 3, 3, 2, 2), None, r"w has shape \(2, 3, 3, 3, 2, 2\); use shape \(2, 1, 3, 3, 2, 2\) = \(O, C, KH, KW, TH, TW\)"),
        ((2, 1, 3, 3), None, r"w has shape \(2, 1, 3, 3\), 4 axes, and needs 6"),
        ((2, 1, 3, 3, 0, 2), None, "with TH=0"),
        ((2, 1, 3, 3, 2, 2), (2,), r"b has shape \(2,\); use shape \(2, 2, 2\) = \(O, TH, TW\)"),
        ((2, 1, 7, 3, 2, 2), None, r"a window spanning 7 .* does not fit in 5 .* along the height"),
    ],
)  # fmt: skip
def test_errors(w, b, message):
    with pytest.raises(ValueError, match="^tiled_conv2d: .*" + message):
        ops.tiled_conv2d(np.zeros((1, 1, 5, 5)), np.zeros(w), None if b is None else np.zeros(b))
