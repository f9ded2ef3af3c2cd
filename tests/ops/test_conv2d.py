"""conv2d and its gradients: by hand, torch, second definitions, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from cnnlib.ops.conv_gradients import _by_phases, _by_taps
from cnnlib.ops.windows import windows
from tests.ops.cases import cases, close, conv_case, oracle, pad, thorough


def loops(x, w, b, stride, padding, dilation, groups):
    """The sum as it is written, one number at a time; padding is 'skip what is outside'."""
    (n, _, h, v), (o, cg, kh, kw) = x.shape, w.shape
    top, bottom, left, right = padding
    oh = len(range(0, h + top + bottom - dilation[0] * (kh - 1), stride[0]))
    ow = len(range(0, v + left + right - dilation[1] * (kw - 1), stride[1]))
    y = np.zeros((n, o, oh, ow))
    for image, out, row, column in np.ndindex(*y.shape):
        first = out // (o // groups) * cg
        total = b[out]
        for channel, i, j in np.ndindex(cg, kh, kw):
            r = row * stride[0] + i * dilation[0] - top
            s = column * stride[1] + j * dilation[1] - left
            if 0 <= r < h and 0 <= s < v:
                total += w[out, channel, i, j] * x[image, first + channel, r, s]
        y[image, out, row, column] = total
    return y


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    w = np.array([[[[1.0, 10], [100, 1000]]]])
    assert ops.conv2d(x, w).tolist() == [[[[5421, 6532], [8754, 9865]]]]
    assert ops.conv2d(x, w, flip=True).tolist() == [[[[1245, 2356], [4578, 5689]]]]
    assert ops.conv2d(x, w, np.array([0.5]), dilation=2).tolist() == [[[[9731.5]]]]
    assert ops.conv2d(x, w, stride=2, padding=(1, 0, 0, 1)).tolist() == [[[[2100, 300], [8754, 906]]]]


def test_groups_by_hand():
    x = np.array([1.0, 2, 3, 4]).reshape(1, 4, 1, 1)
    w = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1)
    assert ops.conv2d(x, w, groups=2).ravel().tolist() == [21, 4300]


def test_gradients_by_hand():
    x = np.array([[[[1.0, 2, 3]]]])
    w = np.array([[[[10.0, 1]]]])
    dy = np.array([[[[1.0, 100]]]])
    dx, dw, db = ops.conv2d_backward(dy, x, w, np.zeros(1))
    assert dx.tolist() == [[[[10, 1001, 100]]]]
    assert dw.tolist() == [[[[201, 302]]]]
    assert db.tolist() == [101]


# ------------------------------------------------------------------- oracle
@thorough
@given(cases(conv_case))
def test_equals_torch(case):
    x, w, b, options = case
    rest = {**options, "padding": 0}
    expected, dy, (dx, dw, db) = oracle(
        lambda x, w, b: torch.nn.functional.conv2d(pad(x, options["padding"]), w, b, **rest),
        x, w, b,
    )  # fmt: skip
    y = ops.conv2d(x, w, b, **options)
    close(y, expected)
    close(ops.conv2d_plain(x, w, b, **options), expected)
    for ours, theirs in zip(ops.conv2d_backward(dy, x, w, b, **options), (dx, dw, db), strict=True):
        close(ours, theirs)
    # the adjoint, which needs no torch: y is linear in x and in w apart from b
    product = np.vdot(dy, y - b[:, None, None])
    np.testing.assert_allclose([np.vdot(dx, x), np.vdot(dw, w)], product, rtol=1e-9, atol=1e-9)


@thorough
@given(cases(conv_case))
def test_the_two_gradients_of_x_agree(case):
    x, w, _, options = case
    groups = options.pop("groups")
    window = windows("conv2d", x.shape[2:], w.shape[2:], **options)
    dy = np.random.default_rng(1).standard_normal((len(x), len(w), *window.output))
    close(_by_phases(dy, w, window, groups), _by_taps(dy, w, window, groups))


LARGE = [
    ((1, 3, 227, 227), (96, 3, 11, 11), dict(stride=4)),
    ((2, 64, 30, 41), (64, 64, 3, 3), dict(padding=1)),
    ((1, 64, 56, 56), (64, 64, 3, 3), dict(padding=4, dilation=4)),
    ((3, 40, 33, 20), (40, 1, 5, 3), dict(padding=(2, 1), groups=40)),
    ((3, 40, 33, 20), (80, 1, 3, 3), dict(padding=1, groups=40, dilation=(2, 3))),
    ((1, 1, 256, 251), (1, 1, 5, 5), dict(padding=2)),
    ((2, 256, 32, 32), (64, 256, 1, 1), {}),
    ((2, 3, 124, 200), (64, 3, 7, 7), dict(stride=2, padding=3)),
    ((2, 64, 124, 200), (8, 64, 3, 3), dict(padding=1)),
    ((1, 128, 32, 32), (256, 128, 3, 3), dict(padding=1, stride=(2, 3))),
]


@pytest.mark.parametrize("shape, weights, options", LARGE)
def test_large_float32(shape, weights, options):
    """Sizes at which the bands, and the forms for few channels, come into play."""
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal(shape, "f"), rng.standard_normal(weights, "f")
    expected, dy, gradients = oracle(
        lambda x, w: torch.nn.functional.conv2d(x, w, **options), x.astype("d"), w.astype("d")
    )
    y = ops.conv2d(x, w, **options)
    dx, dw, db = ops.conv2d_backward(dy.astype("f"), x, w, **options)
    assert db is None
    for ours, theirs in zip((y, dx, dw), (expected, *gradients), strict=True):
        assert ours.dtype == np.float32
        error = np.abs(ours - theirs).max() / np.abs(theirs).max()
        assert error < 2e-6, error  # float32 keeps 6e-8 of one number, here of long sums
