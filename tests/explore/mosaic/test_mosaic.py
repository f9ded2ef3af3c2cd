"""Mosaic: the Python half by hand, both halves on all kernels and shifts, and its own gestures on a bare page."""

import itertools

import numpy as np
import pytest

from cnnlib import mosaics
from cnnlib.explore import Mosaic
from cnnlib.explore.base import colour_photographs
from tests.explore.hand import control, corner, status


def test_the_middle_of_bilinear_interpolation_by_hand():
    """At a pixel that measures red, green is the mean of the four beside it, blue of the four at its corners."""
    explorer = Mosaic(photo="lemur", kernels="bilinear", position=(0, 0))
    pixels = colour_photographs.levels("lemur") / 255
    red, green, blue = explorer.output[10, 20]  # row 12 and column 22 of the photograph: both even
    assert red == pytest.approx(pixels[0, 12, 22])
    assert green == pytest.approx((pixels[1, 11, 22] + pixels[1, 13, 22] + pixels[1, 12, 21] + pixels[1, 12, 23]) / 4)
    assert blue == pytest.approx(sum(pixels[2, r, c] for r in (11, 13) for c in (21, 23)) / 4)


def test_the_truth_is_the_piece_of_the_photograph():
    explorer = Mosaic(photo="sheep", position=(3, 8))
    assert np.array_equal(explorer.truth, colour_photographs.levels("sheep")[:, 5:53, 10:58].transpose(1, 2, 0) / 255)
    assert explorer.measured.shape == (52, 52)


@pytest.mark.parametrize("kernels", mosaics.NAMES)
def test_a_shift_by_the_period_changes_nothing_and_another_does(kernels):
    explorer = Mosaic(kernels=kernels)
    as_it_was, decibels = explorer.output, explorer.decibels[kernels]
    for down, right in itertools.product(range(4), repeat=2):
        explorer.shift = (down, right)
        if kernels == "shared":  # where it rests, nothing that is said depends on it
            assert explorer.result() == Mosaic(kernels=kernels).result()
        if kernels == "shared" or (down % 2 == 0 and right % 2 == 0):
            assert np.array_equal(explorer.output, as_it_was)
        else:
            assert explorer.decibels[kernels] < decibels - 5


def test_the_piece_is_filled_in_alike_wherever_it_begins():
    """Kernels belong to the pixels of the photograph, not to those of the piece."""
    one, other = Mosaic(position=(10, 20)), Mosaic(position=(13, 25))
    np.testing.assert_allclose(one.output[3:, 5:], other.output[:-3, :-5], atol=1e-12)


def test_the_photographs_were_not_fitted():
    """Each is in the script's test set, so that what is shown is no memory of it."""
    from tests.test_unshared_experiments import demosaicing

    fitted, judged = demosaicing.split()
    assert set(colour_photographs.NAMES) <= set(judged) and not set(fitted) & set(judged)


def test_the_frame_by_a_press(opened):
    page, root = opened(Mosaic(position=(4, 4)))
    page.mouse.click(*corner(root.get_by_role("application", name="Photograph."), 0.01, 0.99))
    assert status(root) == Mosaic(position=(0, 92)).result()


def test_captions_say_which_kernel_is_where(bare):
    root = bare(Mosaic()).locator(".cnnlib-explorer")
    control(root, "shift-1").fill("1")
    assert "12.1 dB on this piece" in status(root)
    captions = root.locator(".caption").all_inner_texts()
    assert {"at R", "at G, red rows", "at G, blue rows", "at B"} <= set(captions) and "filled in, 12.1 dB" in captions
    assert any("for green, shifted 1 column right: blue" in text for text in captions)
    control(root, "kernels").select_option("shared")
    assert status(root).startswith("Shared")
    assert control(root, "shift-1").is_disabled()
