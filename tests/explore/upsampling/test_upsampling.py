"""Upsampling: the Python half by hand and its laws, its refusals, and its own gestures on a bare page."""

import numpy as np
import pytest

from cnnlib import ops, spectrum
from cnnlib.explore import Upsampling
from cnnlib.explore.base import photographs
from cnnlib.explore.upsampling import draws, shades
from tests.explore import shown as said
from tests.explore.contract.page import as_python
from tests.explore.hand import control, corner, put, read
from tests.explore.upsampling.check import check

LEGAL = [("transposed", k) for k in range(2, 7)] + [(kind, k) for kind in ops.UPSAMPLINGS[1:] for k in (1, 3, 5)]


def test_a_constant_by_hand():
    """Kernel 3 of ones, scaled to 4 in all: pixels are written once, twice, twice and four times by 4 / 9."""
    explorer = Upsampling(photo="constant", weights="ones")
    np.testing.assert_allclose(explorer.gains, np.array([[1, 2], [2, 4]]) * 4 / 9)
    np.testing.assert_allclose(explorer.phase_means, np.array([[1, 2], [2, 4]]) * 2 / 9)
    np.testing.assert_allclose(explorer.output, np.tile(explorer.phase_means, (32, 32)))
    assert explorer.share == pytest.approx(4 / 9) and explorer.own_share == 0


@pytest.mark.parametrize(("kind", "kernel_size"), LEGAL)
def test_brightness_stays(kind, kernel_size):
    """The mean over the phases of a constant 1 is 1, whatever the weights."""
    for weights in ("bilinear", "ones", "random"):
        explorer = Upsampling(kind=kind, kernel_size=kernel_size, weights=weights, seed=5)
        assert explorer.gains.mean() == pytest.approx(1)


@pytest.mark.parametrize(
    ("kind", "kernel_size"),
    [("transposed", 4), ("transposed", 6), ("sub-pixel", 3), ("sub-pixel", 5)]
    + [(kind, k) for kind in ops.UPSAMPLINGS[2:] for k in (3, 5)],
)
def test_every_kind_contains_bilinear_interpolation(kind, kernel_size):
    """With the right weights they are one and the same layer, away from the border."""
    explorer = Upsampling(kind=kind, kernel_size=kernel_size, weights="bilinear", photo="lemur")
    row, column = explorer.position
    around = photographs.levels("lemur")[row - 4 : row + 36, column - 4 : column + 36] / 255
    wanted = ops.resize_bilinear2d(around[None, None], scale_factor=2)[0, 0, 8:-8, 8:-8]
    np.testing.assert_allclose(explorer.output, wanted, atol=1e-6)


def test_three_sources_each_alone():
    """Uneven overlap with equal weights; even overlap with random ones; none after a resize, with the same weights."""
    shares = {
        (kind, k, weights): Upsampling(photo="constant", kind=kind, kernel_size=k, weights=weights).share
        for kind, k in LEGAL
        for weights in ("ones", "random")
    }
    transposed = {(k, weights): share for (kind, k, weights), share in shares.items() if kind == "transposed"}
    assert [transposed[k, "ones"] > 0.4 for k in range(2, 7)] == [False, True, False, True, False]
    assert all(transposed[k, "random"] > 0.4 for k in range(2, 7))
    assert all(share == 0 for (kind, _, _), share in shares.items() if kind.endswith("conv"))
    assert all(shares["sub-pixel", k, "random"] > 0.4 and shares["sub-pixel", k, "ones"] == 0 for k in (1, 3, 5))


@pytest.mark.parametrize("seed", range(8))
def test_icnr_starts_clean(seed):
    """The four kernels are equal: nearest neighbour after a convolution; without it they leave a pattern."""
    options = {"photo": "sheep", "kind": "sub-pixel", "kernel_size": 3, "seed": seed}
    clean, other = Upsampling(**options, weights="ICNR"), Upsampling(**options, weights="random")
    np.testing.assert_allclose(clean.output[::2, ::2].repeat(2, 0).repeat(2, 1), clean.output, atol=1e-12)
    assert clean.share < 0.01 < other.share
    assert np.ptp(clean.kernels, axis=0).max() == 0 and np.ptp(other.kernels, axis=0).max() > 0


def test_the_draws_are_uniform_and_each_seed_its_own():
    numbers = np.array(draws())
    assert numbers.shape == (8, 4, 6, 6) and len(np.unique(numbers.reshape(8, -1), axis=0)) == 8
    assert numbers.min() >= 0 and numbers.max() < 1 and abs(numbers.mean() - 0.5) < 0.03


def test_the_measure_is_that_of_the_package():
    explorer = Upsampling(photo="kingfisher", kind="sub-pixel", weights="random")
    lines = explorer.power[[0, 32, 32], [32, 0, 32]].sum()
    assert explorer.share == spectrum.checkerboard_share(explorer.output)
    assert explorer.share == pytest.approx(lines / explorer.power.sum())


def test_a_piece_at_the_edge_goes_on_as_its_outermost_pixels():
    explorer = Upsampling(position=(0, 192), kind="bilinear + conv", weights="bilinear")
    wanted = ops.resize_bilinear2d(explorer.piece[None, None], scale_factor=2)[0, 0]
    np.testing.assert_allclose(explorer.output[:60, 4:], wanted[:60, 4:], atol=1e-6)


def test_another_kind_gets_a_kernel_and_weights_that_suit_it(opened):
    _, root = opened(Upsampling(kernel_size=4, kind="transposed"))
    options = "(list) => [...list.options].map((option) => option.value)"
    assert control(root, "kernel_size").evaluate(options) == ["2", "3", "4", "5", "6"]
    assert "ICNR" not in control(root, "weights").evaluate(options)
    put(root, "kind", "sub-pixel")
    assert control(root, "kernel_size").evaluate(options) == ["1", "3", "5"]
    assert read(root)["parameters"]["kernel_size"] == 3
    put(root, "weights", "ICNR")
    put(root, "kernel_size", "1")
    put(root, "kind", "transposed")
    shown = read(root)["parameters"]
    assert (shown["kernel_size"], shown["weights"]) == (2, "random")


def test_the_piece_moves_by_a_press(opened):
    """To where its middle is pressed, not past the border; of a constant there is nothing to move."""
    explorer = Upsampling()
    page, root = opened(explorer)
    read(root)
    photograph = page.get_by_role("application", name="Photograph.")
    page.mouse.click(*corner(photograph, 0.5, 0.5))
    shown = read(root)
    assert shown["parameters"]["position"] == [65, 96]
    check(as_python(explorer, shown["parameters"]), shown)
    page.mouse.click(*corner(photograph, 0.01, 0.99))
    assert read(root)["parameters"]["position"] == [0, 192]
    put(root, "photo", "constant")
    photograph.press("ArrowDown")
    assert read(root)["parameters"]["position"] == [0, 192]


def test_the_spectrum_is_drawn_with_its_rings(bare):
    """Every pixel of the picture, and a ring around each of the three frequencies and nothing else."""
    explorer = Upsampling(kind="sub-pixel", weights="random")
    page = bare(explorer)
    read(page.locator(".cnnlib-explorer"))
    address, rings = page.evaluate(
        """() => { const panel = document.querySelector(".panel.spectrum");
        return [".pixels", ".marks canvas"].map((name) => driver.visible(panel.querySelector(name))); }"""
    )
    wanted = 255 * shades(explorer.power)
    assert np.abs(said.pixels(address)[..., 0] - wanted).max() <= 1.01
    marks = said.pixels(rings)
    lit = marks.sum(-1) > 100
    per = len(marks) / 64
    rows, columns = (np.nonzero(lit)[axis] / per - 0.5 for axis in (0, 1))
    centres = np.array([[16, 48], [48, 16], [48, 48]])
    far = np.hypot(rows[:, None] - centres[:, 0], columns[:, None] - centres[:, 1])
    assert lit.any() and np.abs(far.min(axis=1) - 3.5).max() < 1
    assert set(far.argmin(axis=1)) == {0, 1, 2}
