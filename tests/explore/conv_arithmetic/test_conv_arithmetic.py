"""Convolution arithmetic: the Python half by hand, patterns and presets in both halves, its gestures."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from cnnlib import plots
from cnnlib.explore import ConvArithmetic
from cnnlib.explore.conv_arithmetic import PATTERNS, PRESETS, UNREAD
from tests.explore import shown as said
from tests.explore.contract.page import as_python
from tests.explore.conv_arithmetic.check import COLOURS, OUTPUT, TAP, check
from tests.explore.hand import call, control, corner, keys, put, read, status

TITLE, MODEL = "Convolution arithmetic", "conv_arithmetic/model.mjs"


def test_by_hand():
    """A 1 x 3 window sum over positions: 9 times the middle."""
    explorer = ConvArithmetic(size=(3, 4))
    assert explorer.output.tolist() == [[9 * 11, 9 * 12]]
    assert explorer.unread.shape == (3, 4) and not explorer.unread.any()


def test_unread_by_hand():
    """Taps at 0 and 2 of a row of five pixels, windows two apart, one row of padding: only 1 and 3 are read."""
    explorer = ConvArithmetic(size=(1, 5), kernel_size=2, stride=2, padding=1, dilation=2)
    assert explorer.unread.astype(int).tolist() == [[1, 1, 1, 1, 1]]
    explorer = ConvArithmetic(size=(2, 5), kernel_size=2, stride=2, padding=1, dilation=2)
    assert explorer.unread.astype(int).tolist() == [[1, 1, 1, 1, 1], [1, 0, 1, 0, 1]]
    assert explorer.result().endswith("; 8 pixels of 10 are read by no window.")
    assert ConvArithmetic().result().endswith("; every pixel is read by a window.")


def test_the_static_picture_hatches_what_no_window_reads():
    """Dilation gaps too; padding is grey and not hatched."""
    explorer = ConvArithmetic(size=(6, 7), padding=1, dilation=2, stride=2)
    axes = explorer.figure().axes[0]
    assert axes.get_title() == "input\ngrey: padding\nhatched: read by no window"
    hatched, grey = np.zeros((8, 9), bool), np.zeros((8, 9), bool)
    for patch in axes.patches:
        row, column = (int(v + 0.5) for v in patch.get_xy()[::-1])
        if patch.get_hatch():
            hatched[row, column] = True
            assert to_hex(patch.get_edgecolor()) == UNREAD
        elif to_hex(patch.get_facecolor()) == plots.DIM:
            grey[row, column] = True
    assert hatched.sum() == 33
    assert np.array_equal(hatched, np.pad(explorer.unread, 1))
    tapped = np.zeros((8, 9), bool)
    tapped[0:5:2, 0:5:2] = True
    assert np.array_equal(grey, np.pad(np.zeros((6, 7), bool), 1, constant_values=True) & ~tapped)


def test_image_and_weights_set_the_sizes():
    explorer = ConvArithmetic(image=[[1, 2, 3], [4, 5, 6]], weights=[[1, 0], [0, -1]])
    assert (explorer.size, explorer.kernel_size) == ((2, 3), 2)
    assert (explorer.pattern, explorer.preset) == ("array", "custom")
    assert explorer.output.tolist() == [[1 - 5, 2 - 6]]
    assert ConvArithmetic(image=np.ones((2, 2)), size=4, kernel_size=1).output.sum() == 4  # zeros beyond


def test_what_is_given_later_sets_the_sizes_too():
    explorer = ConvArithmetic()
    explorer.image, explorer.weights = np.ones((4, 9)), np.ones((2, 2))
    assert (explorer.size, explorer.kernel_size) == ((4, 9), 2)
    assert explorer.output.tolist() == np.full((3, 8), 4).tolist()
    explorer.pattern = "edge"  # the numbers wait behind it
    assert explorer.image == np.ones((4, 9)).tolist() and explorer.input.sum() == 4 * 4
    explorer.size = 2
    with pytest.raises(ValueError, match="does not fit in 2"):
        explorer.weights = np.ones((3, 3))
    assert np.shape(explorer.weights) == (2, 2) and explorer.kernel_size == 2


def test_a_window_that_does_not_fit_says_what_would():
    message = (
        r"^ConvArithmetic: a window spanning 5 \(kernel_size=5, dilation=1\) does not fit in 3 \(size=3, padding=0\); "
        r"shrink the window or use padding >= 1$"
    )
    with pytest.raises(ValueError, match=message):
        ConvArithmetic(size=3, kernel_size=5)


def test_patterns_and_presets_are_the_same_in_both_halves(library):
    """Each of them at every size."""
    sizes = [(r, c) for r in range(1, 17) for c in range(1, 17)]
    for name, pattern in PATTERNS.items():
        found = call(library, MODEL, "inputValues", [[{"pattern": name, "size": size}] for size in sizes])
        assert found == [pattern(*size).astype(float).ravel().tolist() for size in sizes]
    for name, preset in PRESETS.items():
        found = call(library, MODEL, "kernelValues", [[{"preset": name, "kernel_size": k}] for k in range(1, 8)])
        assert found == [preset(k).astype(float).ravel().tolist() for k in range(1, 8)]


def test_a_pixel_and_a_weight_are_edited(bare):
    """A pixel is called by its position in the image, not in the padded one; everything else stays as it was."""
    explorer = ConvArithmetic(size=(6, 7), padding=2, preset="mean")
    root = bare(explorer).locator(".cnnlib-explorer")
    grid = root.get_by_role("application", name="Input.")
    grid.focus()
    keys(root, *["ArrowDown"] * 3, *["ArrowRight"] * 4)
    assert status(root).startswith("Pixel (1, 2) is read by 9 outputs.")
    keys(root, "Enter")
    editor = root.get_by_role("textbox", name="Input, pixel (1, 2)", exact=True)
    assert editor.input_value() == "12"
    editor.fill("-4.5")
    keys(root, "Enter", "Tab", "Enter")
    root.get_by_role("textbox", name="Kernel, weight row 0, column 0", exact=True).fill("2")
    keys(root, "Enter")
    shown = read(root)
    image, weights = explorer.input, explorer.kernel
    image[1, 2], weights[0, 0] = -4.5, 2
    assert (shown["parameters"]["pattern"], shown["parameters"]["preset"]) == ("array", "custom")
    assert shown["parameters"]["image"] == image.tolist()
    np.testing.assert_allclose(shown["parameters"]["weights"], weights)
    check(as_python(explorer, shown["parameters"]), shown)


def test_your_numbers_begin_as_those_that_stand_there(bare):
    root = bare(ConvArithmetic(size=4, kernel_size=2, pattern="edge", preset="difference")).locator(".cnnlib-explorer")
    put(root, "pattern", "array")
    put(root, "preset", "custom")
    shown = read(root)["parameters"]
    assert shown["image"] == PATTERNS["edge"](4, 4).astype(float).tolist()
    assert shown["weights"] == PRESETS["difference"](2).tolist()


def test_a_pixel_lights_the_outputs_that_read_it(bare):
    """Number and position, for every pixel that the mouse can reach, against what changes when the pixel does."""
    explorer = ConvArithmetic(size=(6, 7), stride=2, dilation=2, padding=1)
    page = bare(explorer)
    grid = page.get_by_role("application", name="Input.")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    cell = (box["width"] - 2) / 9
    counts = set()
    for row, column in np.ndindex(6, 7):
        page.mouse.move(box["x"] + 1 + cell * (column + 1.5), box["y"] + 1 + cell * (row + 1.5))
        shown = page.evaluate(
            "async (title) => { await driver.frame(); return driver.read(driver.explorers(title)[0]); }", TITLE
        )
        one = np.zeros((6, 7))
        one[row, column] = 1
        reads = ConvArithmetic(image=one, stride=2, dilation=2, padding=1).output != 0
        found = re.match(r"Pixel \((\d+), (\d+)\) is read by (\d+) outputs?\.", shown["status"]).groups()
        assert tuple(map(int, found)) == (row, column, reads.sum())
        fills, _ = said.cells(shown["grids"][2], reads.shape, COLOURS)
        assert np.array_equal(fills, np.where(reads, TAP, OUTPUT))
        counts.add(int(reads.sum()))
    assert len(counts) > 2


def test_a_weight_says_which_pixel_it_meets(bare):
    """In the window that is lit; where that lies in the padding, so it says."""
    page = bare(ConvArithmetic(size=5, padding=1, position=(0, 1), preset="mean"))
    root = page.locator(".cnnlib-explorer")
    grid = root.get_by_role("application", name="Kernel.")
    grid.hover(position={"x": 4, "y": 4})
    assert status(root).startswith("Weight (0, 0) meets the padding in this window: 0.111·0 = 0.")
    box = grid.bounding_box()
    grid.hover(position={"x": box["width"] - 5, "y": box["height"] - 5})
    assert status(root).startswith("Weight (2, 2) meets pixel (1, 2) in this window: 0.111·12 = 1.33333.")


def test_the_window_by_key_mouse_and_touch(bare):
    page = bare(ConvArithmetic(), touch=True, width=390)
    root = page.locator(".cnnlib-explorer")
    output = root.get_by_role("application", name="Output.")
    output.focus()
    keys(root, "ArrowRight", "ArrowDown")
    assert "Output 5 × 5. Window (1, 1)" in status(root)
    page.touchscreen.tap(*corner(output, 0.95, 0.95))
    assert "Window (4, 4)" in status(root)
    page.mouse.move(*corner(output, 0.05, 0.05))
    page.mouse.down()
    page.mouse.move(*corner(output, 0.05, 0.5))
    page.mouse.up()
    assert page.evaluate("(t) => driver.parameters(driver.explorers(t)[0]).position", TITLE) == [0, 2]


def test_play_pause_and_step(bare):
    page = bare(ConvArithmetic())
    root = page.locator(".cnnlib-explorer")
    root.get_by_role("button", name="Step").click()
    assert "Window (0, 1)" in status(root)
    root.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "(title) => driver.explorers(title)[0].querySelector('.status').textContent.includes('Window (0, 3)')",
        arg=TITLE,
    )
    root.get_by_role("button", name="Pause").click()
    stopped = status(root)
    page.wait_for_timeout(1000)
    assert status(root) == stopped
    control(root, "stride").focus()
    page.keyboard.press("End")
    assert status(root).startswith("Output 1 × 1. Window (0, 0)")
    root.get_by_role("button", name="Step").click()  # from the last to the first
    assert "Window (0, 0)" in status(root)
