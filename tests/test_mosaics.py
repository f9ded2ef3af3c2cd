"""Mosaics: what is measured, the kernels by hand, and the measure in dB."""

import numpy as np
import pytest

from cnnlib import mosaics, ops


def test_each_pixel_keeps_one_colour():
    image = np.arange(4 * 5 * 3.0).reshape(4, 5, 3)
    found = mosaics.mosaic(image)
    for row, column in np.ndindex(4, 5):
        colour = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}[row % 2, column % 2]
        assert found[row, column] == image[row, column, colour]


@pytest.mark.parametrize("size", [3, 5])
def test_bilinear_kernels_keep_what_is_measured_and_every_even_colour(size):
    image = np.broadcast_to([0.9, 0.5, 0.1], (9, 8, 3))
    filled = ops.tiled_conv2d(mosaics.mosaic(image)[None, None], mosaics.kernels("bilinear", size), padding=size // 2)
    np.testing.assert_allclose(filled[0, :, 2:-2, 2:-2].transpose(1, 2, 0), image[2:-2, 2:-2])
    noise = np.random.default_rng(0).random((8, 8, 3))
    filled = ops.tiled_conv2d(mosaics.mosaic(noise)[None, None], mosaics.kernels("bilinear", size), padding=size // 2)
    assert np.array_equal(mosaics.mosaic(filled[0].transpose(1, 2, 0)), mosaics.mosaic(noise))


def test_a_ramp_is_interpolated_exactly():
    """Interpolation is linear: along a ramp the mean of two neighbours is the value between them."""
    ramp = np.add.outer(np.arange(10.0), 2 * np.arange(12.0))[..., None] + [0, 5, 9]
    filled = ops.tiled_conv2d(mosaics.mosaic(ramp)[None, None], mosaics.kernels("bilinear", 3), padding=1)
    np.testing.assert_allclose(filled[0].transpose(1, 2, 0)[1:-1, 1:-1], ramp[1:-1, 1:-1])


def test_learned_kernels_are_four_or_one_and_keep_what_is_measured():
    for size in (3, 5):
        tiled, shared = mosaics.kernels("tiled", size), mosaics.kernels("shared", size)
        assert tiled.shape == (3, 1, size, size, 2, 2) and shared.shape == (3, 1, size, size, 1, 1)
        middle = tiled[:, 0, size // 2, size // 2]
        assert all(middle[mosaics.BAYER[i][j], i, j] == pytest.approx(1, abs=1e-5) for i, j in np.ndindex(2, 2))
        np.testing.assert_allclose(tiled.sum((2, 3))[:, 0], 1, atol=0.15)  # grey stays about as bright
    tiled[:] = 0
    assert mosaics.kernels("tiled").any()  # a copy


def test_decibels_by_hand():
    assert mosaics.psnr([0, 0, 0, 0], [0.1, -0.1, 0.1, -0.1]) == 20
    assert mosaics.psnr(np.zeros(100), np.eye(1, 100)[0]) == 20  # one error of 1 in 100
    assert mosaics.psnr([1, 0.5], [1, 0.5]) == np.inf


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mosaics.mosaic(np.zeros((4, 5))), ValueError, r"mosaic: image has shape \(4, 5\); use \(height"),
        (lambda: mosaics.mosaic(np.zeros((3, 4, 5))), ValueError, r"mosaic: image has shape \(3, 4, 5\)"),
        (lambda: mosaics.mosaic([["a"]]), TypeError, "mosaic: image"),
        (
            lambda: mosaics.kernels("local"),
            ValueError,
            "kernels: name='local' is unknown; use one of 'tiled', 'shared'",
        ),
        (lambda: mosaics.kernels("tiled", 7), ValueError, "kernels: kernel_size=7 was not fitted; use 3 or 5"),
        (lambda: mosaics.kernels("tiled", 3.0), TypeError, "kernels: kernel_size"),
        (lambda: mosaics.psnr([1], [1, 2]), ValueError, r"psnr: image has shape \(1,\) and reference \(2,\)"),
        (lambda: mosaics.psnr([], []), ValueError, "not empty"),
        (lambda: mosaics.psnr([np.nan], [0]), ValueError, "psnr: image holds 1 values that are NaN"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
