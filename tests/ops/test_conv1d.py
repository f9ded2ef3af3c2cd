"""conv1d: by hand, torch, NumPy's own two functions, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, close, every_kind, oracle, thorough


def conv1d_case(dice):
    size, kernel, stride, sides, dilation = dice.axis(dice.choose("none", "some", "much"))
    groups, channels, outputs = dice.pick(1, 3), dice.pick(1, 3), dice.pick(1, 3)
    x = dice.normal(dice.batch(), groups * channels, size)
    w = dice.normal(groups * outputs, channels, kernel)
    options = dict(stride=stride, padding=sides, dilation=dilation, groups=groups)
    return x, w, dice.bias(groups * outputs), options


def test_by_hand():
    x, w = np.array([[[1.0, 2, 3, 4]]]), np.array([[[1.0, 10]]])
    assert ops.conv1d(x, w).tolist() == [[[21, 32, 43]]]
    assert ops.conv1d(x, w, flip=True).tolist() == [[[12, 23, 34]]]
    assert ops.conv1d(x, w, np.array([0.5]), stride=2, padding=(0, 1)).tolist() == [[[21.5, 43.5]]]
    assert ops.conv1d(x, w, padding=1, dilation=3).tolist() == [[[30, 41, 2]]]


@thorough
@given(every_kind(conv1d_case))
def test_equals_torch(case):
    x, w, b, options = case
    rest = {**options, "padding": 0}
    expected, dy, gradients = oracle(
        lambda x, w, b: torch.nn.functional.conv1d(
            torch.nn.functional.pad(x, options["padding"]), w, b, **rest
        ),
        x, w, b,
    )  # fmt: skip
    close(ops.conv1d(x, w, b, **options), expected)
    all_close(ops.conv1d_backward(dy, x, w, b, **options), gradients)
    flipped = w[:, :, ::-1]
    close(ops.conv1d(x, flipped, b, **options, flip=True), expected)
    dx, dw, _ = ops.conv1d_backward(dy, x, flipped, b, **options, flip=True)
    close(dx, gradients[0])
    close(dw[:, :, ::-1], gradients[1])


@pytest.mark.parametrize("length, taps", [(7, 3), (5, 5), (9, 2), (1, 1)])
def test_numpy_says_the_same(length, taps):
    rng = np.random.default_rng(length)
    x, w = rng.standard_normal(length), rng.standard_normal(taps)
    close(ops.conv1d(x[None, None], w[None, None])[0, 0], np.correlate(x, w, "valid"))
    full = ops.conv1d(x[None, None], w[None, None], padding=taps - 1, flip=True)
    close(full[0, 0], np.convolve(x, w, "full"))


@pytest.mark.parametrize(
    "change, kind, message",
    [
        (dict(x=np.zeros((1, 5))), ValueError, r"conv1d: x has shape \(1, 5\), 2 axes, and needs 3"),
        (dict(w=np.zeros((2, 3))), ValueError, r"w has shape \(2, 3\), 2 axes, and needs 3: \(O, C/groups, K\)"),
        (dict(w=np.zeros((2, 4, 3))), ValueError, r"it reads 4 channels, and x has C=3; use a w of shape \(2, 3, 3\)"),
        (
            dict(w=np.zeros((2, 3, 9))),
            ValueError,
            r"spanning 9 .* does not fit in 5 .* along the length; .* padding >= 2",
        ),
        (dict(b=np.zeros(3)), ValueError, r"b has shape \(3,\); use shape \(2,\)"),
        (dict(stride=(1, 2)), TypeError, r"conv1d: stride=\(1, 2\) is a tuple; use an integer >= 1"),
        (dict(stride=0), ValueError, "stride=0 is below 1"),
        (dict(padding=-1), ValueError, "padding=-1"),
        (dict(dilation=True), TypeError, "dilation=True is a bool"),
        (dict(groups=2), ValueError, "groups=2 does not divide both C=3 and O=2"),
    ],
)
def test_errors(change, kind, message):
    given = dict(x=np.zeros((1, 3, 5)), w=np.zeros((2, 3, 2)), b=np.zeros(2)) | change
    with pytest.raises(kind, match=message):
        ops.conv1d(given.pop("x"), given.pop("w"), given.pop("b"), **given)


def test_backward_names_the_shape_of_dy():
    with pytest.raises(ValueError, match=r"conv1d_backward: dy has shape \(1, 2, 5\); use shape \(1, 2, 4\)"):
        ops.conv1d_backward(np.zeros((1, 2, 5)), np.zeros((1, 3, 5)), np.zeros((2, 3, 2)))
