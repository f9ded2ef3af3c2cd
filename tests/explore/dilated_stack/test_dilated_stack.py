"""Dilated stack: the golden cases by hand, laws of the filtering, the map's colours, and its own gestures."""

import numpy as np
import pytest

from cnnlib import ops
from cnnlib.explore import DilatedStack
from cnnlib.explore.dilated_stack import shown
from cnnlib.explore.dilated_stack.noise import noise
from tests.explore import shown as said
from tests.explore.contract.page import as_python
from tests.explore.dilated_stack.check import check
from tests.explore.hand import control, corner, read, status


@pytest.mark.parametrize(
    ("dilations", "read", "field", "common"),
    [
        ((1, 1, 1), 49, 49, 42),
        ((2, 2, 2), 49, 169, 0),
        ((1, 2, 3), 169, 169, 156),
        ((1, 2, 5), 289, 289, 272),
        ((3, 4, 5), 441, 625, 378),
        ((2, 3, 3), 225, 289, 180),
    ],
)
def test_pixels_by_hand(dilations, read, field, common):
    explorer = DilatedStack(dilations=dilations)
    assert (explorer.touched.count, explorer.touched.field, explorer.touched.common((0, 1))) == (read, field, common)
    assert f"{read} of {field} pixels read, {common} by both units" in explorer.result()


@pytest.mark.parametrize(
    ("dilations", "left"),
    [
        ((1, 1, 1), [1, 1 / 27, 0, 1 / 27]),
        ((2, 2, 2), [1, 1 / 27, 0, 1]),
        ((3, 3, 3), [1, 1 / 27, 1, 1 / 27]),
        ((1, 2, 3), [1, 1 / 27, 0, 1 / 9]),
        ((1, 2, 4), [1, 1 / 9, 0, 1 / 3]),
        ((4, 4, 4), [1, 1, 0, 1]),
    ],
)
def test_waves_by_hand(dilations, left):
    """At 0, 1/4, 1/3 and 1/2 cycles per pixel: a layer passes (1 + 2 cos(2 pi f d)) / 3."""
    np.testing.assert_allclose(DilatedStack(dilations=dilations).gains[[0, 30, 40, 60]], left, atol=1e-12)


@pytest.mark.parametrize(("filter", "taps"), [("mean", [1, 1, 1, 1, 1]), ("binomial", [1, 4, 6, 4, 1])])
def test_the_output_is_that_of_conv2d(filter, taps):
    explorer = DilatedStack(dilations=(3, 2), kernel_size=5, filter=filter, source="both")
    kernel, picture = np.outer(taps, taps) / np.sum(taps) ** 2, explorer.input
    for dilation in (3, 2):
        around = np.pad(picture, 2 * dilation, mode="wrap")[None, None]
        picture = ops.conv2d(around, kernel[None, None], dilation=dilation)[0, 0]
    np.testing.assert_allclose(explorer.output, picture, atol=1e-12)


def test_equal_dilations_filter_the_interleaved_pictures_apart():
    """Nothing of one reaches another: pictures of even rows and columns alone are filtered as a dense stack would."""
    explorer = DilatedStack(dilations=(2, 2))
    part, kernel = explorer.input[::2, 1::2], np.full((1, 1, 3, 3), 1 / 9)
    for _ in range(2):
        part = ops.conv2d(np.pad(part, 1, mode="wrap")[None, None], kernel)[0, 0]
    np.testing.assert_allclose(explorer.output[::2, 1::2], part, atol=1e-12)


def test_what_is_left_of_white_noise_is_what_the_gains_say():
    """The variance that is left is the mean of the squared response, whatever the noise: Parseval on both axes."""
    explorer = DilatedStack(dilations=(1, 2, 3))
    gains = np.concatenate([explorer.gains, explorer.gains[-2:0:-1]])
    assert explorer.left == pytest.approx(np.sqrt((gains**2).mean() ** 2), rel=0.1)
    plain = DilatedStack(source="photograph")
    np.testing.assert_allclose(DilatedStack(source="both").input - plain.input, 0.1 * noise(), atol=1e-12)


def test_noise_is_white():
    white = noise()
    assert abs(white.mean()) < 0.02 and abs(white.std() - 1) < 0.02
    for by in ((0, 1), (1, 0), (0, 2), (2, 2), (0, 3)):
        assert abs((white * np.roll(white, by, (0, 1))).mean()) < 0.03


def test_dilations_at_once():
    explorer = DilatedStack(dilations=(1, 5))
    assert (explorer.layers, explorer.d1, explorer.d2, explorer.dilations) == (2, 1, 5, (1, 5))
    explorer.dilations = (4, 3, 2, 1)
    assert explorer.dilations == (4, 3, 2, 1) and "d4=1" in repr(explorer)
    explorer.layers = 1
    assert "d2" not in repr(explorer)
    for bad in ((), (1, 1, 1, 1, 1)):
        with pytest.raises(ValueError, match=rf"^DilatedStack: dilations=.* has {len(bad)} layers; use 1 to 4"):
            explorer.dilations = bad
    with pytest.raises(ValueError, match=r"^DilatedStack: d2=9 is out of range; use an integer from 1 to 8"):
        DilatedStack(dilations=(1, 9))


def picture(page, panel, layer):
    """Pixels of a panel's canvas: what is painted, or the marks on it."""
    return said.pixels(
        page.evaluate(
            "([panel, layer]) => driver.visible(document.querySelector(`.${panel} ${layer}`))", [panel, layer]
        )
    )


@pytest.mark.parametrize(("dilations", "step"), [((2, 2, 2), (0, 1)), ((1, 2, 3), (-3, 2)), ((3, 4), (2, 2))])
def test_the_map_shows_who_reads_which_pixel(bare, dilations, step):
    """Each cell has its own colour for A, B, both and none, and hatches only where somebody reads."""
    explorer = DilatedStack(dilations=dilations, step=step)
    page = bare(explorer)
    status(page.locator(".cnnlib-explorer"))
    offsets = np.array(explorer.touched.offsets)
    side = offsets[-1] + 7
    wanted = np.zeros((side, side), int)
    for unit, (down, right) in ((1, (0, 0)), (2, step)):
        wanted[np.ix_(offsets + 3 + down, offsets + 3 + right)] += unit
    shot = picture(page, "map", ".marks canvas")
    cell = shot.shape[0] // side
    palette = np.array([[0xEE, 0xF1, 0xF4], [0x00, 0x67, 0xA3], [0xB3, 0x4E, 0x00], [0x1B, 0x1F, 0x24]])
    middle = 3 + offsets[-1] // 2
    near = [
        np.hypot(*(np.indices((side, side)).transpose(1, 2, 0) - middle - by).transpose(2, 0, 1))
        for by in ((0, 0), step)
    ]
    clear = np.minimum(*near) > 2  # no letter stands there
    compared = 0
    for r, c in zip(*np.nonzero(clear), strict=True):
        inner = shot[r * cell + 3 : (r + 1) * cell - 3, c * cell + 3 : (c + 1) * cell - 3].reshape(-1, 3)
        counts = [(np.abs(inner - colour).max(axis=1) < 3).sum() for colour in palette]
        assert np.argmax(counts) == wanted[r, c], (r, c)
        compared += wanted[r, c] > 0
    assert compared > 40


@pytest.mark.parametrize("keep", [2, 3])
def test_the_small_pictures(bare, keep):
    explorer = DilatedStack(keep=keep, source="both")
    page = bare(explorer)
    status(page.locator(".cnnlib-explorer"))
    for panel, wanted in (
        ("input", shown(explorer.input)[:48, :48]),
        ("kept", shown(explorer.output)[:48:keep, :48:keep]),
    ):
        found = picture(page, panel, ".pixels")
        assert np.abs(found - 255 * wanted[..., None]).max() <= 1.01


def test_unit_b_by_mouse(opened):
    explorer = DilatedStack()
    page, root = opened(explorer)
    field = root.get_by_role("application", name="The pixels that units A and B read.")
    cells = explorer.touched.offsets[-1] + 7
    page.mouse.click(*corner(field, 9.5 / cells, 8.5 / cells))  # A stands at (9, 9)
    assert read(root)["parameters"]["step"] == [0, -1]
    page.mouse.click(*corner(field, 0.01, 0.01))
    assert read(root)["parameters"]["step"] == [-3, -3]


def test_examples_and_the_wave_by_key(opened):
    explorer = DilatedStack()
    _, root = opened(explorer)
    root.get_by_role("button", name="1, 2, 4, 8").click()
    assert status(root).startswith("Field 31 x 31, 961 of 961 pixels read, 930 by both")
    root.get_by_role("button", name="2, 2, 2").click()
    assert status(root).startswith("Field 13 x 13")
    assert control(root, "d4").is_disabled() and root.get_by_text("needs 4 layers").is_visible()
    root.get_by_role("slider", name="Share of a wave that passes").press("Home")
    assert read(root)["parameters"]["frequency"] == 0
    root.get_by_role("slider", name="Share of a wave that passes").press("ArrowRight")
    seen = read(root)
    assert seen["parameters"]["frequency"] == 1
    check(as_python(explorer, seen["parameters"]), seen)
