"""Pooling: by hand, torch, the plain definition, errors; loops and laws are in files of their own."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import geometry, ops
from tests.ops.cases import close, every_kind, oracle, pad, thorough

F = torch.nn.functional


def pool_case(dice, max_dilation=3):
    """Padding up to half the kernel, as far as torch goes."""
    size, kernel, stride, dilation, sides, ceil = [], [], [], [], [], bool(dice.pick(0, 1))
    for _ in range(2):
        k, d, s = dice.pick(1, 5), dice.pick(1, max_dilation), dice.pick(1, 5)
        span = d * (k - 1) + 1
        before = dice.pick(0, k // 2)
        sides += [before, before]
        over = s - 1 if ceil else 0  # a window may hang over the image by less than a stride
        # long enough that every window sees a pixel
        size.append(max(1, span - 2 * before - over, d) + dice.pick(0, 7))
        kernel.append(k), stride.append(s), dilation.append(d)
    x = dice.normal(dice.batch(), dice.pick(1, 3), *(n + 12 * dice.large for n in size))
    if dice.pick(0, 1):
        x = np.round(x)  # many equal values: ties
    options = dict(stride=tuple(stride), padding=(sides[0], sides[2]), ceil_mode=ceil)
    return x, tuple(kernel), tuple(dilation), options, bool(dice.pick(0, 1))


def max_case(dice):
    return pool_case(dice)


def avg_case(dice):
    return pool_case(dice, max_dilation=1)


def test_max_by_hand():
    x = np.array([[[[1.0, 5, 2, 0], [3, 4, 9, 7]]]])
    assert ops.max_pool2d(x, 2).tolist() == [[[[5, 9]]]]
    assert ops.max_pool2d(x, (1, 3), stride=1).tolist() == [[[[5, 5], [9, 9]]]]
    assert ops.max_pool2d(x, (2, 2), stride=(1, 3), padding=(0, 0, 1, 1)).tolist() == [[[[3, 9]]]]
    assert ops.max_pool2d(-x, 2, padding=1).tolist() == [[[[-1, -2, 0], [-3, -4, -7]]]]
    assert ops.max_pool2d(x, (1, 3), ceil_mode=True).tolist() == [[[[5, 0], [9, 7]]]]
    dx = ops.max_pool2d_backward(np.array([[[[1.0, 10], [100, 1000]]]]), x, (1, 3), stride=1)
    assert dx.tolist() == [[[[0, 11, 0, 0], [0, 0, 1100, 0]]]]


def test_avg_by_hand():
    x = np.array([[[[4.0, 8, 0], [0, 0, 12]]]])
    assert ops.avg_pool2d(x, (2, 2), stride=1).tolist() == [[[[3, 5]]]]
    assert ops.avg_pool2d(x, (1, 2), padding=(0, 0, 1, 0)).tolist() == [[[[2, 4], [0, 6]]]]
    bare = ops.avg_pool2d(x, (1, 2), padding=(0, 0, 1, 0), count_include_pad=False)
    assert bare.tolist() == [[[[4, 4], [0, 6]]]]
    assert ops.avg_pool2d(x, (1, 2), ceil_mode=True).tolist() == [[[[6, 0], [0, 12]]]]


@thorough
@given(every_kind(max_case))
def test_max_equals_torch(case):
    x, kernel, dilation, options, _ = case
    y, dy, (dx,) = oracle(lambda x: F.max_pool2d(x, kernel, dilation=dilation, **options), x)
    for form in (ops.max_pool2d, ops.max_pool2d_plain):
        close(form(x, kernel, dilation=dilation, **options), y)
    close(ops.max_pool2d_backward(dy, x, kernel, dilation=dilation, **options), dx)


@thorough
@given(every_kind(avg_case))
def test_avg_equals_torch(case):
    x, kernel, _, options, count = case
    options["count_include_pad"] = count
    y, dy, (dx,) = oracle(lambda x: F.avg_pool2d(x, kernel, **options), x)
    for form in (ops.avg_pool2d, ops.avg_pool2d_plain):
        close(form(x, kernel, **options), y)
    close(ops.avg_pool2d_backward(dy, x, kernel, **options), dx)


def four_sides(build):
    """The same, with a padding of its own on each side, for an image that every window sees."""

    def case(dice):
        x, kernel, dilation, options, count = build(dice)
        sides = tuple(dice.pick(0, kernel[i // 2] // 2) for i in range(4))
        x = np.pad(x, [(0, 0), (0, 0), (6, 6), (6, 6)], mode="edge")  # ties, too
        return x, kernel, dilation, options["stride"], sides, count

    return case


@thorough
@given(every_kind(four_sides(max_case)))
def test_max_with_four_different_sides(case):
    x, kernel, dilation, stride, (top, bottom, left, right), _ = case

    def framed(x):
        x = F.pad(x, (left, right, top, bottom), value=-np.inf)
        return F.max_pool2d(x, kernel, stride, dilation=dilation)

    y, dy, (dx,) = oracle(framed, x)
    options = dict(stride=stride, padding=(top, bottom, left, right), dilation=dilation)
    for form in (ops.max_pool2d, ops.max_pool2d_plain):
        close(form(x, kernel, **options), y)
    close(ops.max_pool2d_backward(dy, x, kernel, **options), dx)


@thorough
@given(every_kind(four_sides(avg_case)))
def test_avg_with_four_different_sides(case):
    x, kernel, _, stride, sides, count = case

    def framed(x):
        y = F.avg_pool2d(pad(x, sides), kernel, stride)
        return y if count else y / F.avg_pool2d(pad(torch.ones_like(x), sides), kernel, stride)

    y, dy, (dx,) = oracle(framed, x)
    options = dict(stride=stride, padding=sides, count_include_pad=count)
    for form in (ops.avg_pool2d, ops.avg_pool2d_plain):
        close(form(x, kernel, **options), y)
    close(ops.avg_pool2d_backward(dy, x, kernel, **options), dx)


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite(hole):
    x = np.random.default_rng(0).standard_normal((2, 2, 6, 7))
    x[0, 0, 2, 3] = x[0, 1, 2, 2] = x[0, 1, 2, 3] = x[1, 1, 0, 0] = hole
    y, dy, (dx,) = oracle(lambda x: F.max_pool2d(x, 3, 2, 1), x)
    close(ops.max_pool2d(x, 3, stride=2, padding=1), y)
    close(ops.max_pool2d_backward(dy, x, 3, stride=2, padding=1), dx)
    full = np.full((1, 1, 4, 4), hole)
    y, dy, (dx,) = oracle(lambda x: F.max_pool2d(x, 3, 2, 1), full)
    close(ops.max_pool2d(full, 3, stride=2, padding=1), y)
    close(ops.max_pool2d_backward(dy, full, 3, stride=2, padding=1), dx)
    y, dy, (dx,) = oracle(lambda x: F.avg_pool2d(x, 3, 2, 1), x)
    close(ops.avg_pool2d(x, 3, stride=2, padding=1), y)


# -------------------------------------------------------------------- global
@thorough
@given(every_kind(lambda dice: np.round(dice.normal(dice.batch(), *[dice.pick(1, 4) for _ in "chw"]), 1)))
def test_global_equals_torch(x):
    y, dy, (dx,) = oracle(lambda x: x.mean((2, 3)), x)
    close(ops.global_avg_pool2d(x), y)
    close(ops.global_avg_pool2d_backward(dy, x), dx)
    y, dy, (dx,) = oracle(lambda x: F.max_pool2d(x, x.shape[2:])[:, :, 0, 0], x)
    close(ops.global_max_pool2d(x), y)
    close(ops.global_max_pool2d_backward(dy, x), dx)


def test_global_by_hand():
    x = np.array([[[[1.0, 5], [5, 1]], [[0, 0], [0, np.nan]]]])
    assert ops.global_avg_pool2d(x[:, :1]).tolist() == [[3]]
    assert ops.global_max_pool2d(x[:, :1]).tolist() == [[5]]
    assert np.isnan(ops.global_max_pool2d(x)).tolist() == [[False, True]]
    two = np.array([[[[np.nan, 5], [np.nan, 1]]]])  # the last NaN, as max_pool2d and torch
    assert ops.global_max_pool2d_backward([[7]], two).tolist() == [[[[0, 0], [7, 0]]]]
    assert ops.max_pool2d_backward([[[[7]]]], two, 2).tolist() == [[[[0, 0], [7, 0]]]]
    dx = ops.global_max_pool2d_backward([[7, 3]], x)
    assert dx.tolist() == [[[[0, 7], [0, 0]], [[0, 0], [0, 3]]]]


def test_global_average_does_not_move_with_a_circular_shift():
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7))
    moved = np.roll(x, (2, 3), (2, 3))
    close(ops.global_avg_pool2d(moved), ops.global_avg_pool2d(x))
    assert (ops.global_max_pool2d(moved) == ops.global_max_pool2d(x)).all()


# -------------------------------------------------------------------- errors
@pytest.mark.parametrize("pool", [ops.max_pool2d, ops.avg_pool2d])
@pytest.mark.parametrize(
    "x, kernel, options, kind, message",
    [
        (np.zeros((5, 5)), 2, {}, ValueError, r"x has shape \(5, 5\), 2 axes"),
        (np.zeros((1, 1, 5, 5)), 6, {}, ValueError, "spanning 6 .* does not fit in 5 .* or enlarge the input"),
        (np.zeros((1, 1, 5, 5)), 0, {}, ValueError, "kernel_size=0 is below 1"),
        (np.zeros((1, 1, 5, 5)), 2.0, {}, TypeError, "kernel_size=2.0 is a float"),
        (np.zeros((1, 1, 5, 5)), 3, dict(stride=0), ValueError, "stride=0"),
        (
            np.zeros((1, 1, 5, 5)),
            3,
            dict(padding=2),
            ValueError,
            r"padding=2 is more than half of kernel_size=3 along the height; use at most 1",
        ),
    ],
)
def test_errors(pool, x, kernel, options, kind, message):
    with pytest.raises(kind, match=f"{pool.__name__}: .*{message}"):
        pool(x, kernel, **options)


def test_a_window_that_sees_nothing():
    x, options = np.zeros((1, 1, 1, 1)), dict(padding=1, dilation=2)
    with pytest.raises(ValueError, match=r"max_pool2d: some window sees no pixel of 1x1 .*use less dilation"):
        ops.max_pool2d(x, 2, **options)
    with pytest.raises(ValueError, match=r"max_pool2d_backward: some window sees no pixel of 1x1 .*use less dilation"):
        ops.max_pool2d_backward(x, x, 2, **options)


@pytest.mark.parametrize("pool", [ops.max_pool2d, ops.avg_pool2d])
def test_a_window_larger_than_the_image(pool):
    """In ceil_mode it may hang over, by less than a stride, as torch and the geometry have it."""
    x = np.array([[[[1.0, 2], [3, 6]]]])
    assert pool(x, 3, stride=2, ceil_mode=True).tolist() == [[[[6 if pool is ops.max_pool2d else 3]]]]
    for size, kernel, stride in [(2, 3, 2), (2, 4, 3), (3, 5, 4), (1, 3, 3)]:
        assert geometry.Layer(kernel, stride=stride, ceil_mode=True).output_size(size) == 1
        assert pool(np.ones((1, 1, size, size)), kernel, stride=stride, ceil_mode=True).shape == (1, 1, 1, 1)
    for stride in (1, 2):
        with pytest.raises(
            ValueError, match=rf"{pool.__name__}: .* spanning 4 .* does not fit in 2 .* or enlarge the input"
        ):
            pool(x, 4, stride=stride, ceil_mode=True)
    with pytest.raises(ValueError, match=r"spanning 3 .* does not fit in 2 .* or enlarge the input"):
        pool(x, 3, stride=2)


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"])
def test_backward_names_the_shape_of_dy(name):
    backward, kernel = getattr(ops, name + "_backward"), [] if "global" in name else [2]
    right = r"\(1, 1\)" if "global" in name else r"\(1, 1, 2, 2\)"
    with pytest.raises(ValueError, match=rf"{name}_backward: dy has shape \(3,\); use shape {right}"):
        backward(np.zeros(3), np.zeros((1, 1, 4, 4)), *kernel)
