"""Convolution arithmetic: the Python half by hand, patterns and presets in both halves, its gestures."""

import re

import numpy as np
from matplotlib.colors import to_hex

from cnnlib import plots
from cnnlib.explore import ConvArithmetic
from cnnlib.explore.conv_arithmetic import UNREAD
from tests.explore import shown as said
from tests.explore.conv_arithmetic.check import COLOURS, OUTPUT, TAP
from tests.explore.hand import corner, pointed, status


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


def test_a_pixel_lights_the_outputs_that_read_it(bare):
    """Number and position, for every pixel that the mouse can reach, against what changes when the pixel does."""
    explorer = ConvArithmetic(size=(6, 7), stride=2, dilation=2, padding=1)
    root = bare(explorer).locator(".cnnlib-explorer")
    counts = set()
    for row, column in np.ndindex(6, 7):
        shown = pointed(root, "Input.", (row + 1, column + 1), 9)
        one = np.zeros((6, 7))
        one[row, column] = 1
        reads = ConvArithmetic(image=one, stride=2, dilation=2, padding=1).output != 0
        found = re.match(r"Pixel \((\d+), (\d+)\) is read by (\d+) outputs?\.", shown["status"]).groups()
        assert tuple(map(int, found)) == (row, column, reads.sum())
        fills, _ = said.cells(shown["grids"][2], reads.shape, COLOURS)
        assert np.array_equal(fills, np.where(reads, TAP, OUTPUT))
        counts.add(int(reads.sum()))
    assert len(counts) > 2


def test_a_weight_says_which_pixel_it_meets(opened):
    """In the window that is lit; where that lies in the padding, so it says."""
    page, root = opened(ConvArithmetic(size=5, padding=1, position=(0, 1), preset="mean"))
    grid = root.get_by_role("application", name="Kernel.")
    page.mouse.move(*corner(grid, 0.05, 0.05))
    assert status(root).startswith("Weight (0, 0) meets the padding in this window: 0.111·0 = 0.")
    page.mouse.move(*corner(grid, 0.95, 0.95))
    assert status(root).startswith("Weight (2, 2) meets pixel (1, 2) in this window: 0.111·12 = 1.33333.")
