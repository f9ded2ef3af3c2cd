"""Where a deformable layer looks: by hand, against what the layer reads there, against torch's, refusals."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import layers, ops
from tests.ops.cases import brief, cases, close
from tests.ops.test_deformable import deform_case


def test_by_hand():
    """Stride 2, a padding of one row above and two columns before, dilation 3 sideways; tap 1 of group 1 is moved."""
    offset = np.zeros((1, 8, 3, 2))
    offset[:, 6], offset[:, 7] = 0.5, -0.25
    points = ops.sampling_points(offset, (1, 2), stride=2, padding=(1, 0, 2, 0), dilation=(1, 3))
    assert points.shape == (1, 4, 3, 2, 2)
    assert points[0, :, 1, 1].tolist() == [[1, 0], [1, 3], [1, 0], [1.5, 2.75]]
    assert points[0, 1, :, 0].tolist() == [[-1, 1], [1, 1], [3, 1]]


@brief
@given(cases(deform_case))
def test_reading_there_and_weighing_is_deformable_convolution(case):
    x, offset, w, b, _, options = case
    (o, read, kh, kw), (n, c), (oh, ow) = w.shape, x.shape[:2], offset.shape[2:]
    points = ops.sampling_points(offset, (kh, kw), **options)
    parts, groups = points.shape[1] // (kh * kw), c // read
    seen = [
        ops.bilinear_sample(channels, where)
        for channels, where in zip(np.split(x, parts, 1), np.split(points, parts, 1), strict=True)
    ]
    seen = np.concatenate(seen, 1).reshape(n, groups, read, kh * kw, oh, ow)
    y = np.einsum("ngcthw,goct->ngohw", seen, w.reshape(groups, o // groups, read, kh * kw)).reshape(n, o, oh, ow)
    close(y if b is None else y + b[:, None, None], ops.deform_conv2d(x, offset, w, b, **options))


def test_it_agrees_with_the_layer():
    torch.manual_seed(0)
    options = {"stride": (2, 1), "padding": (1, 0, 2, 1), "dilation": (1, 2)}
    layer = layers.DeformConv2d(4, 6, (3, 2), **options, offset_groups=2).double()
    torch.nn.init.normal_(layer.offset_branch.weight)
    x = torch.randn(2, 4, 7, 8, dtype=torch.float64)
    offset = layer.sampling(x)[0].detach().numpy()
    assert np.ptp(offset) > 1
    close(ops.sampling_points(offset, (3, 2), **options), layer.sampling_points(x).detach().numpy())


@pytest.mark.parametrize(
    ("offset", "options", "error", "words"),
    [
        (np.zeros((1, 18, 3)), {}, ValueError, "offset"),
        (np.zeros((1, 9, 3, 3)), {}, ValueError, "offset has 9 channels, which are no pairs for the 9 taps of"),
        (np.zeros((1, 20, 3, 3)), {}, ValueError, "use a multiple of 18"),
        (np.zeros((1, 0, 3, 3)), {}, ValueError, "must be at least 1"),
        (np.zeros((1, 18, 3, 3)), {"stride": 0}, ValueError, "stride=0"),
        (np.zeros((1, 18, 3, 3)), {"padding": "same"}, TypeError, "padding='same'"),
        (np.zeros((1, 18, 3, 3)), {"dilation": 1.5}, TypeError, "dilation=1.5"),
        ([["a"]], {}, TypeError, "offset"),
    ],
)
def test_refusals(offset, options, error, words):
    with pytest.raises(error, match=re.escape(words)):
        ops.sampling_points(offset, 3, **options)
