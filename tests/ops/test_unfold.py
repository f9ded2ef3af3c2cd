"""unfold and fold: by hand, torch, a second definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import geometry, ops
from tests.ops.cases import brief, cases, close, every_kind, oracle, pad, several

F = torch.nn.functional


def unfold_case(dice):
    """``(x, kernel, options)``."""
    size, kernel, options = dice.window()
    return dice.normal(dice.batch(), dice.pick(1, 3), *size), kernel, options


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]])
    assert ops.unfold(x, 2).tolist() == [[[1, 2], [2, 3], [4, 5], [5, 6], [10, 20], [20, 30], [40, 50], [50, 60]]]
    assert ops.unfold(x, (1, 2), stride=2, padding=(0, 0, 1, 0))[0, :2].tolist() == [[0, 2], [1, 3]]
    columns = np.array([[[1.0, 10], [100, 1000]]])  # two windows of two pixels
    assert ops.fold(columns, (1, 3), (1, 2)).tolist() == [[[[1, 110, 1000]]]]
    assert ops.fold(columns, (1, 4), (1, 2), stride=2).tolist() == [[[[1, 100, 10, 1000]]]]


# ------------------------------------------------------------------- oracle
@several
@given(every_kind(unfold_case))
def test_unfold_equals_torch(case):
    x, kernel, options = case
    rest = {**options, "padding": 0}
    y, dy, (dx,) = oracle(lambda x: F.unfold(pad(x, options["padding"]), kernel, **rest), x)
    close(ops.unfold(x, kernel, **options), y)
    close(ops.unfold_backward(dy, x, kernel, **options), dx)


@several
@given(every_kind(unfold_case))
def test_fold_equals_torch(case):
    x, kernel, options = case
    size, (top, bottom, left, right) = x.shape[2:], options["padding"]
    columns = ops.unfold(x, kernel, **options)
    columns = np.random.default_rng(0).standard_normal(columns.shape).astype(x.dtype)
    framed = size[0] + top + bottom, size[1] + left + right
    rest = {**options, "padding": 0}

    def theirs(columns):
        whole = F.fold(columns, framed, kernel, **rest)
        return whole[:, :, top : top + size[0], left : left + size[1]]

    y, dy, (dcolumns,) = oracle(theirs, columns)
    close(ops.fold(columns, size, kernel, **options), y)
    close(ops.fold_backward(dy, columns, size, kernel, **options), dcolumns)


# ------------------------------------------------------- a second definition
@brief
@given(cases(unfold_case))
def test_a_product_with_the_columns_is_the_convolution(case):
    x, kernel, options = case
    w = np.random.default_rng(0).standard_normal((2, x.shape[1], *kernel))
    y = ops.conv2d(x, w, **options)
    close((w.reshape(2, -1) @ ops.unfold(x, kernel, **options)).reshape(y.shape), y)


def test_folded_ones_count_the_windows():
    """Each pixel comes back as often as a loop over the windows meets it."""
    size, options = (7, 6), dict(stride=(2, 1), padding=(1, 0, 2, 0), dilation=(1, 2))
    counts = np.zeros(size)
    rows, columns = geometry.conv_output_size(size, (3, 2), **options)
    for h, v, i, j in np.ndindex(rows, columns, 3, 2):
        row, column = 2 * h + i - 1, v + 2 * j - 2
        if 0 <= row < 7 and 0 <= column < 6:
            counts[row, column] += 1
    ones = np.ones((1, 6, rows * columns))
    np.testing.assert_array_equal(ops.fold(ones, size, (3, 2), **options)[0, 0], counts)


# --------------------------------------------------------------------- laws
@brief
@given(cases(unfold_case))
def test_adjoint(case):
    x, kernel, options = case
    y = ops.unfold(x, kernel, **options)
    columns = np.random.default_rng(1).standard_normal(y.shape)
    left, right = (y * columns).sum(), (x * ops.fold(columns, x.shape[2:], kernel, **options)).sum()
    assert np.isclose(left, right, rtol=1e-9, atol=1e-9)


def test_a_window_of_one_pixel_is_copied():
    x = np.ones((1, 1, 2, 2))
    ops.unfold(x, 1)[...] = 7
    assert (x == 1).all()


# ------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    "shape, message",
    [
        ((1, 5, 6), r"x has shape \(1, 5, 6\); use shape \(1, 4, 6\) = \(N, C\*KH\*KW, L\), 2 x 3 windows"),
        ((1, 8, 5), r"x has shape \(1, 8, 5\); use shape \(1, 8, 6\)"),
        ((8, 6), r"x has shape \(8, 6\), 2 axes, and needs 3"),
    ],
)
def test_fold_errors(shape, message):
    with pytest.raises(ValueError, match="^fold: " + message):
        ops.fold(np.zeros(shape), (3, 4), 2)


def test_errors():
    with pytest.raises(ValueError, match=r"^fold: a window spanning 5 .* does not fit in 3 .* along the height"):
        ops.fold(np.zeros((1, 25, 1)), (3, 8), 5)
    with pytest.raises(ValueError, match=r"^unfold: a window spanning 5 .* does not fit in 3"):
        ops.unfold(np.zeros((1, 1, 3, 3)), 5)
    with pytest.raises(TypeError, match=r"^unfold: takes 2 .* \(x, kernel_size\), and got 3; .* stride=2\)$"):
        ops.unfold(np.zeros((1, 1, 3, 3)), 2, 2)
