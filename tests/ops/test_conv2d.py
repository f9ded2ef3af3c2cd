"""conv2d, forward: by hand, torch, the definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import conv_cases, oracle, pad, thorough


def loops(x, w, b, stride, padding, dilation, groups):
    """The sum as it is written, one number at a time; padding is 'skip what is outside'."""
    (n, c, h, v), (o, cg, kh, kw) = x.shape, w.shape
    top, bottom, left, right = padding
    oh = len(range(0, h + top + bottom - dilation[0] * (kh - 1), stride[0]))
    ow = len(range(0, v + left + right - dilation[1] * (kw - 1), stride[1]))
    y = np.zeros((n, o, oh, ow))
    for place in np.ndindex(*y.shape):
        image, out, row, column = place
        first = out // (o // groups) * cg
        total = b[out]
        for channel, i, j in np.ndindex(cg, kh, kw):
            r = row * stride[0] + i * dilation[0] - top
            s = column * stride[1] + j * dilation[1] - left
            if 0 <= r < h and 0 <= s < v:
                total += w[out, channel, i, j] * x[image, first + channel, r, s]
        y[place] = total
    return y


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    w = np.array([[[[1.0, 10], [100, 1000]]]])
    assert ops.conv2d(x, w).tolist() == [[[[5421, 6532], [8754, 9865]]]]
    assert ops.conv2d(x, w, flip=True).tolist() == [[[[1245, 2356], [4578, 5689]]]]
    assert ops.conv2d(x, w, np.array([0.5]), dilation=2).tolist() == [[[[9731.5]]]]
    assert ops.conv2d(x, w, stride=2, padding=(1, 0, 0, 1)).tolist() == [[[[2100, 300], [8754, 96]]]]


def test_groups_by_hand():
    x = np.array([1.0, 2, 3, 4]).reshape(1, 4, 1, 1)
    w = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1)
    assert ops.conv2d(x, w, groups=2).ravel().tolist() == [21, 4300]


# ------------------------------------------------------------------- oracle
@thorough
@given(conv_cases())
def test_equals_torch_and_the_definition(case):
    x, w, b, options = case
    y = ops.conv2d(x, w, b, **options)
    rest = {**options, "padding": 0}
    expected, _, _ = oracle(
        lambda x, w, b: torch.nn.functional.conv2d(pad(x, options["padding"]), w, b, **rest), x, w, b
    )
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected, atol=1e-12)
    np.testing.assert_allclose(ops.conv2d_plain(x, w, b, **options), y, atol=1e-12)


@pytest.mark.parametrize(
    "shape, weights, options",
    [
        ((1, 3, 227, 227), (96, 3, 11, 11), dict(stride=4)),
        ((2, 64, 30, 41), (64, 64, 3, 3), dict(padding=1)),
        ((1, 64, 56, 56), (64, 64, 3, 3), dict(padding=4, dilation=4)),
        ((3, 40, 33, 20), (40, 1, 5, 3), dict(padding=(2, 1), groups=40)),
        ((3, 40, 33, 20), (80, 1, 3, 3), dict(padding=1, groups=40, dilation=(2, 3))),
        ((1, 1, 256, 251), (1, 1, 5, 5), dict(padding=2)),
        ((2, 256, 32, 32), (64, 256, 1, 1), {}),
        ((2, 3, 224, 200), (64, 3, 7, 7), dict(stride=2, padding=3)),
        ((2, 64, 224, 200), (8, 64, 3, 3), dict(padding=1)),
    ],
)
def test_large_float32(shape, weights, options):
    """Sizes at which the bands, and the forms for few channels, come into play."""
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal(shape, "f"), rng.standard_normal(weights, "f")
    y = ops.conv2d(x, w, **options)
    expected = torch.nn.functional.conv2d(
        torch.from_numpy(x).double(), torch.from_numpy(w).double(), **options
    )
    scale = np.sqrt(w[0].size)
    assert y.dtype == np.float32
    assert np.abs(y - expected.numpy()).max() < 2e-6 * scale * np.sqrt(scale)
