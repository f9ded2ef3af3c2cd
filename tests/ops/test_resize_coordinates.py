"""Which pixels a resized image reads: every pair of lengths, against torch, pixel by pixel.

The image says where it was read: pixel i holds the number i.
"""

import numpy as np
import pytest
import torch

from cnnlib import ops

F = torch.nn.functional
FACTORS = [0.37, 0.5, 0.6, 0.75, 1.0, 1.05, 1.3, 4 / 3, 1.5, 2.0, 2.1, 2.3, 2.7, 3.0, 3.3]


def line(length, dtype="f"):
    return np.arange(length, dtype=dtype)[None, None, None]


def nearest(x, **options):
    y = ops.resize_nearest2d(x, **options)
    np.testing.assert_array_equal(y, F.interpolate(torch.from_numpy(x), **options).numpy())
    return y


@pytest.mark.parametrize("first", range(1, 60, 4))
def test_nearest_at_every_length(first):
    """torch computes the coordinate in float32: rounding decides which pixel, and is the same here."""
    for length in range(first, min(first + 4, 60)):
        x = line(length)
        for output in range(1, 130):
            y = nearest(x, size=(1, output))
            assert y.shape == (1, 1, 1, output)


def test_nearest_by_hand():
    """A coordinate of exactly 1, computed in float32 as 0.99999994."""
    assert ops.resize_nearest2d(line(2, "d"), size=(1, 82))[0, 0, 0, [40, 41, 42]].tolist() == [0, 0, 1]
    assert ops.resize_nearest2d(line(2), size=(1, 82))[0, 0, 0, [40, 41, 42]].tolist() == [0, 0, 1]


@pytest.mark.parametrize("factor", FACTORS)
def test_nearest_by_a_factor(factor):
    for length in (*range(3, 60), 224):
        y = nearest(line(length), scale_factor=(1.0, factor))
        assert y.shape[3] == int(length * factor)


@pytest.mark.parametrize("factor", [None, *FACTORS])
def test_nearest_backward(factor):
    for length in (3, 7, 12, 41, 59):
        for output in (5, 24, 82, 129) if factor is None else (None,):
            options = dict(size=(1, output)) if factor is None else dict(scale_factor=(1.0, factor))
            x = torch.from_numpy(line(length)).requires_grad_()
            y = F.interpolate(x, **options)
            dy = torch.arange(1.0, y.numel() + 1).reshape(y.shape)
            (dx,) = torch.autograd.grad(y, x, dy)
            found = ops.resize_nearest2d_backward(dy.numpy(), x.detach().numpy(), **options)
            np.testing.assert_array_equal(found, dx.numpy())


@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("first", range(1, 60, 8))
def test_bilinear_at_every_length(first, align):
    for length in range(first, min(first + 8, 60)):
        x = torch.from_numpy(line(length, "d") ** 2)
        for output in range(1, 130, 2 if length % 2 else 3):
            options = dict(size=(1, output), align_corners=align)
            y = F.interpolate(x, mode="bilinear", **options).numpy()
            np.testing.assert_allclose(ops.resize_bilinear2d(x.numpy(), **options), y, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("factor", FACTORS)
def test_bilinear_by_a_factor(factor, align):
    for length in (3, 4, 7, 12, 41, 59, 224):
        x = torch.from_numpy(line(length, "d") ** 2).requires_grad_()
        options = dict(scale_factor=(1.0, factor), align_corners=align)
        y = F.interpolate(x, mode="bilinear", **options)
        dy = torch.arange(1.0, y.numel() + 1, dtype=torch.float64).reshape(y.shape)
        (dx,) = torch.autograd.grad(y, x, dy)
        image = x.detach().numpy()
        found = ops.resize_bilinear2d(image, **options)
        np.testing.assert_allclose(found, y.detach().numpy(), rtol=1e-10, atol=1e-10)
        found = ops.resize_bilinear2d_backward(dy.numpy(), image, **options)
        np.testing.assert_allclose(found, dx.numpy(), rtol=1e-10, atol=1e-10)
