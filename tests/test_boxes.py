"""cnnlib.boxes: the drawing of channels reads what the layer reads."""

import numpy as np
import pytest

from cnnlib import boxes, ops


def read(ax):
    """The number of input windows that are drawn: the small filled squares less that of the output."""
    return sum(bool(patch.get_alpha()) for patch in ax.patches) - 1


@pytest.mark.parametrize(
    ("in_channels", "out_channels", "groups", "output"), [(3, 2, 1, 0), (4, 6, 2, 5), (4, 4, 4, 2), (1, 1, 1, 0)]
)
def test_windows_are_those_of_the_layer(in_channels, out_channels, groups, output):
    """As many input channels are marked as change the output channel when they change."""
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(out_channels, in_channels // groups, 3, 3))
    image = rng.normal(size=(1, in_channels, 3, 3))
    before = ops.conv2d(image, weights, groups=groups)[0, output]
    moved = []
    for channel in range(in_channels):
        changed = image.copy()
        changed[0, channel] += 1
        moved.append(not np.allclose(ops.conv2d(changed, weights, groups=groups)[0, output], before))
    ax = boxes.planes(in_channels, out_channels, groups=groups, output=output)
    assert read(ax) == sum(moved) == in_channels // groups
    assert len(ax.lines) == sum(moved)
    assert len(ax.patches) == in_channels + out_channels + sum(moved) + 1


def test_groups_have_colours_of_their_own():
    ax = boxes.planes(4, 4, groups=2)
    edges = {patch.get_edgecolor()[:3] for patch in ax.patches}
    assert len(edges) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"in_channels": 9, "out_channels": 1}, ValueError, "planes: in_channels=9; at most 8"),
        (
            {"in_channels": 4, "out_channels": 3, "groups": 2},
            ValueError,
            "4 and 3 channels do not divide into groups=2",
        ),
        ({"in_channels": 2, "out_channels": 2, "output": 2}, ValueError, "output=2 of 2 channels; use 0 to 1"),
        ({"in_channels": 2.5, "out_channels": 2}, TypeError, "planes: in_channels=2.5"),
    ],
)
def test_what_it_does_not_draw(arguments, error, message):
    with pytest.raises(error, match=message):
        boxes.planes(**arguments)
