"""Padding by name, and what the padding holds: by hand, torch, a second definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import geometry, ops
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, several

F = torch.nn.functional
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
X = np.array([[[[1.0, 2, 3, 4]]]])
ONE = np.ones((1, 1, 1, 1))


# ------------------------------------------------------------------ by hand
@pytest.mark.parametrize(
    "mode, line",
    [
        ("zeros", [0, 0, 1, 2, 3, 4, 0]),
        ("reflect", [3, 2, 1, 2, 3, 4, 3]),
        ("replicate", [1, 1, 1, 2, 3, 4, 4]),
        ("circular", [3, 4, 1, 2, 3, 4, 1]),
    ],
)
def test_modes_by_hand(mode, line):
    options = dict(padding=(0, 0, 2, 1), padding_mode=mode)
    assert ops.conv2d(X, ONE, **options).ravel().tolist() == line
    assert ops.conv1d(X[0], ONE[0], padding=(2, 1), padding_mode=mode).ravel().tolist() == line
    dy = np.array([[[[1.0, 10, 100, 1000, 1e4, 1e5, 1e6]]]])
    back = [sum(dy.flat[k] for k, value in enumerate(line) if value == pixel) for pixel in (1, 2, 3, 4)]
    assert ops.conv2d_backward(dy, X, ONE, **options)[0].ravel().tolist() == back


def test_same_and_valid_by_hand():
    w = np.array([[[[1.0, 10, 100, 1000]]]])  # four taps: one before, two after
    assert ops.conv2d(X, w, padding="same").ravel().tolist() == [3210, 4321, 432, 43]
    assert ops.conv2d(X, w, padding="valid").ravel().tolist() == [4321]
    assert ops.conv1d(X[0], w[0], padding="same").ravel().tolist() == [3210, 4321, 432, 43]
    ring = ops.conv1d(X[0], w[0], padding="same", padding_mode="circular")
    assert ring.ravel().tolist() == [3214, 4321, 1432, 2143]


# ------------------------------------------------------------------- oracle
def mode_case(dice):
    """``(x, w, b, options)``; reflection and torch's one turn of a ring need room."""
    mode = dice.choose(*MODES)
    size, kernel, options = dice.window()
    if mode in ("reflect", "circular"):
        most = [length - (mode == "reflect") for length in size for _ in range(2)]
        options["padding"] = tuple(map(min, options["padding"], most))
        size = tuple(max(n, d * (k - 1) + 1) for n, k, d in zip(size, kernel, options["dilation"], strict=True))
    groups = dice.pick(1, 2)
    x = dice.normal(dice.pick(1, 2), 2 * groups, *size)
    w = dice.normal(2 * groups, 2, *kernel)
    return x, w, dice.bias(2 * groups), dict(options, groups=groups, padding_mode=mode)


def torch_conv2d(x, w, b, padding, padding_mode, **options):
    top, bottom, left, right = padding
    return F.conv2d(F.pad(x, (left, right, top, bottom), MODES[padding_mode]), w, b, **options)


@several
@given(every_kind(mode_case))
def test_modes_equal_torch(case):
    x, w, b, options = case
    expected, dy, gradients = oracle(lambda *arrays: torch_conv2d(*arrays, **options), x, w, b)
    for form in (ops.conv2d, ops.conv2d_plain):
        close(form(x, w, b, **options), expected)
    for form in (ops.conv2d_backward, ops.conv2d_backward_plain):
        all_close(form(dy, x, w, b, **options), gradients)


@several
@given(every_kind(mode_case))
def test_modes_of_conv1d_equal_conv2d(case):
    x, w, b, options = case
    x, w = x[:, :, :1], w[:, :, :1]
    pairs = {name: value[1] if isinstance(value, tuple) else value for name, value in options.items()}
    pairs["padding"] = options["padding"][2:]
    options = {name: (1, value[1]) if name in ("stride", "dilation") else value for name, value in options.items()}
    options["padding"] = (0, 0, *options["padding"][2:])
    y = ops.conv2d(x, w, b, **options)
    close(ops.conv1d(x[:, :, 0], w[:, :, 0], b, **pairs), y[:, :, 0])
    dy = np.random.default_rng(0).standard_normal(y.shape).astype(y.dtype)
    dx, dw, db = ops.conv2d_backward(dy, x, w, b, **options)
    all_close(ops.conv1d_backward(dy[:, :, 0], x[:, :, 0], w[:, :, 0], b, **pairs), (dx[:, :, 0], dw[:, :, 0], db))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel, dilation", [((3, 4), 1), ((2, 5), (3, 2)), ((1, 1), 4), ((4, 2), (1, 3))])
def test_padding_by_name_equals_torch(padding, mode, kernel, dilation):
    """torch's own layer, which shares the odd pixel out itself."""
    rng = np.random.default_rng(1)
    x, w, b = rng.standard_normal((2, 4, 9, 10)), rng.standard_normal((6, 2, *kernel)), rng.standard_normal(6)
    layer = torch.nn.Conv2d(4, 6, kernel, padding=padding, dilation=dilation, groups=2, padding_mode=mode).double()

    def theirs(x, w, b):
        parameters = {"weight": w, "bias": b}
        return torch.func.functional_call(layer, parameters, (x,))

    expected, dy, gradients = oracle(theirs, x, w, b)
    options = dict(padding=padding, dilation=dilation, groups=2, padding_mode=mode)
    assert padding == "valid" or expected.shape[2:] == x.shape[2:]
    close(ops.conv2d(x, w, b, **options), expected)
    all_close(ops.conv2d_backward(dy, x, w, b, **options), gradients)


# ------------------------------------------------------- a second definition
@pytest.mark.parametrize("name", ["local_conv2d", "separable_conv2d", "depthwise_separable_conv2d", "unfold"])
def test_same_is_the_padding_that_geometry_gives(name):
    arrays = {
        "local_conv2d": [np.ones((2, 1, 2, 3, 5, 6))],
        "separable_conv2d": [np.ones(2), np.ones(3)],
        "depthwise_separable_conv2d": [np.ones((1, 1, 2, 3)), np.ones((1, 1, 1, 1))],
        "unfold": [(2, 3)],
    }[name]
    x = np.random.default_rng(0).standard_normal((1, 1, 5, 6))
    sides = geometry.same_padding((5, 6), (2, 3))
    expected = getattr(ops, name)(x, *arrays, padding=sides)
    np.testing.assert_array_equal(getattr(ops, name)(x, *arrays, padding="same"), expected)


# --------------------------------------------------------------------- laws
@brief
@given(cases(lambda dice: (dice.normal(1, 2, 6, 7), dice.normal(3, 2, 3, 4), dice.pick(-9, 9), dice.pick(-9, 9))))
def test_a_ring_has_no_border(case):
    """With circular padding the result follows every shift, however long."""
    x, w, down, right = case
    options = dict(padding="same", padding_mode="circular")
    moved = ops.conv2d(np.roll(x, (down, right), (2, 3)), w, **options)
    close(moved, np.roll(ops.conv2d(x, w, **options), (down, right), (2, 3)))


def test_a_ring_may_be_gone_round_twice():
    line = ops.conv2d(X, ONE, padding=(0, 0, 9, 6), padding_mode="circular").ravel()
    np.testing.assert_array_equal(line, np.resize(np.roll(X.ravel(), 1), 19))


@pytest.mark.parametrize("mode", MODES)
def test_adjoint(mode):
    """``<conv(x), dy> = <x, dx>``, for a convolution without bias."""
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 3, 2))
    options = dict(stride=(2, 1), padding=(2, 1, 0, 3), padding_mode=mode)
    y = ops.conv2d(x, w, **options)
    dy = rng.standard_normal(y.shape)
    dx, dw, _ = ops.conv2d_backward(dy, x, w, **options)
    assert np.isclose((y * dy).sum(), (x * dx).sum()) and np.isclose((y * dy).sum(), (w * dw).sum())


# ------------------------------------------------------------------- errors
@pytest.mark.parametrize("form", [ops.conv2d, ops.conv2d_plain, ops.conv2d_backward, ops.conv2d_backward_plain])
@pytest.mark.parametrize(
    "options, kind, message",
    [
        (
            dict(padding_mode="mirror"),
            ValueError,
            "padding_mode='mirror' is unknown; use one of 'zeros', 'reflect', 'rep",
        ),
        (dict(padding_mode=None), TypeError, "padding_mode=None is a NoneType; use one of"),
        (
            dict(padding_mode="reflect", padding=4),
            ValueError,
            "width=4 is too small to be reflected by 4; use at most 3",
        ),
        (dict(padding="Same"), ValueError, "padding='Same' is unknown; use 'same', 'valid', an integer >= 0"),
        (dict(padding="same", stride=2), ValueError, r"padding='same' with stride=\(2, 2\) depends on the size of the"),
    ],
)
def test_errors(form, options, kind, message):
    dy = [np.zeros((1, 1, 5, 4))] if "backward" in form.__name__ else []
    with pytest.raises(kind, match=f"^{form.__name__}: {message}"):
        form(*dy, np.zeros((1, 1, 5, 4)), np.zeros((1, 1, 1, 1)), **options)
