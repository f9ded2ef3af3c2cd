"""cnnlib.drawings: which units, windows and boxes are drawn, read from the artists."""

import pytest
from matplotlib.colors import to_rgb

from cnnlib import drawings, plots
from cnnlib.geometry import Layer, count_paths


def read(ax, level):
    """x of the units of one level that are drawn as read."""
    dim = to_rgb(plots.DIM)
    points = [line for line in ax.lines if line.get_marker() == "o" and line.get_ydata()[0] == level]
    return [line.get_xdata()[0] for line in points if to_rgb(line.get_color()) != dim]


def test_a_cone_by_hand():
    ax = drawings.cone([Layer(3), Layer(3, stride=2)], 1, size=9)
    assert read(ax, 2) == [4] and read(ax, 1) == [3, 4, 5] and read(ax, 0) == [2, 3, 4, 5, 6]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["pixels", "layer 1", "layer 2"]


@pytest.mark.parametrize("stack", [[Layer(3, padding=1)] * 3, [Layer(2), Layer(3, stride=2, padding=1, dilation=2)]])
def test_the_pixels_of_a_cone_are_those_with_a_path(stack):
    ax = drawings.cone(stack, 0, size=12, counts=True)
    counts = count_paths(stack, 0, size=12)
    assert read(ax, 0) == [pixel for pixel, ways in enumerate(counts) if ways]
    written = [int(text.get_text()) for text in ax.texts if text.get_position()[1] == 0]
    assert written == [ways for ways in counts if ways]


def test_a_unit_stands_over_the_centre_of_its_field():
    ax = drawings.cone([Layer(3, stride=2, padding=1)], 0, size=8)
    assert read(ax, 1) == [0]  # its field is -1, 0, 1


def framed(ax):
    return [patch.get_x() for patch in ax.patches if patch.get_linewidth() > 2]


def test_pixels_that_no_window_reads_are_framed():
    assert framed(drawings.windows(225, 11, stride=4)) == [223, 224]
    assert framed(drawings.windows(227, 11, stride=4)) == []
    assert framed(drawings.windows(225, 11, stride=4, ceil=True)) == []
    assert framed(drawings.windows(225, 11, stride=4, padding=(0, 1))) == [223, 224]  # but not the padding


def test_windows_that_hang_over_the_end_only_with_ceil_and_where_the_stride_does_not_divide():
    def last(ax):
        return max(line.get_xdata()[1] for line in ax.lines)

    assert last(drawings.windows(224, 11, stride=4)) == 223
    assert last(drawings.windows(224, 11, stride=4, ceil=True)) == 227
    assert last(drawings.windows(227, 11, stride=4, ceil=True)) == 227
    assert last(drawings.windows(224, 11, stride=4, padding=(3, 4))) == 228  # SAME: to the end of its padding


def test_too_many_pixels_for_a_cone():
    with pytest.raises(ValueError, match="size=41 pixels; at most 40"):
        drawings.cone([Layer(3)], 0, size=41)
    with pytest.raises(TypeError, match="size"):
        drawings.cone([Layer(3)], 0, size="9")
