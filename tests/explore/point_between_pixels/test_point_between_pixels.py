"""Point between pixels: the Python half by hand and against torch, both halves on random points, its own gestures."""

import numpy as np
import pytest
import torch

from cnnlib import layers
from cnnlib.explore import PointBetweenPixels
from cnnlib.explore.point_between_pixels import descent
from tests.explore.hand import control, corner, keys, parameters, put, status, table

FOUR = [[0, 0, 0], [0, 0, 0], [0, 10, 30], [0, 50, 110]]


@pytest.mark.parametrize(
    ("row", "column", "value", "slopes"),
    [
        (2.3, 1.7, 44.4, (68, 32)),
        (2, 1, 10, (40, 20)),
        (2.5, 1.5, 50, (60, 40)),
        (3.25, 1.75, 71.25, (-95, 45)),
        (-0.25, 0, 0, (0, 0)),
        (2, -0.5, 0, (0, 0)),
    ],
)
def test_by_hand(row, column, value, slopes):
    """The four pixels 10, 30, 50 and 110; below and beside them lie zeros."""
    explorer = PointBetweenPixels(row=row, column=column, image=FOUR)
    assert explorer.value == pytest.approx(value)
    assert explorer.slopes == pytest.approx(slopes)


def test_a_quarter_of_a_pixel_above_the_image():
    explorer = PointBetweenPixels(row=-0.25, column=0, image=[[8, 8], [8, 8]])
    assert explorer.weights.tolist() == [[0.25, 0], [0.75, 0]] and explorer.value == 6


def test_truncation_gives_weights_above_one():
    explorer = PointBetweenPixels(row=-0.3, column=0, rule="truncate", image=[[10], [20]])
    assert explorer.weights.round(6).tolist() == [[1.3, 0], [-0.3, 0]]
    assert explorer.value == pytest.approx(13 - 6) and explorer.slopes[0] == pytest.approx(10)


def test_the_nearest_pixel_and_straight_through():
    explorer = PointBetweenPixels(row=2.3, column=1.7, method="nearest", image=FOUR)
    assert (explorer.value, explorer.slopes) == (30, (0, 0))
    explorer.method = "straight-through"
    assert explorer.value == 30 and explorer.slopes == (80, -30)  # of pixel (2, 2): 110 - 30 down, 0 - 30 right
    explorer.row = 2.5  # halves go to the even row
    assert explorer.value == 30


def test_slopes_are_those_of_torch():
    rng = np.random.default_rng(0)
    for row, column in [*rng.uniform(-1, 5, (40, 2)), *rng.integers(-1, 6, (20, 2))]:
        explorer = PointBetweenPixels(row=row, column=column, pattern="hills")
        point = torch.tensor([[[row, column]]], dtype=torch.double, requires_grad=True)
        value = layers.bilinear_sample(torch.from_numpy(explorer.input)[None, None], point)
        value.sum().backward()
        assert explorer.value == pytest.approx(value.item())
        assert explorer.slopes == pytest.approx(tuple(point.grad.ravel().tolist()))


@pytest.mark.parametrize(
    ("window", "end", "last"),
    [("head and wool", (2.301, -1.6), 3.8e-10), ("grass", (0.634, 0.42), 1.2e-3), ("body", (1.534, 0.176), 6.4e-3)],
)
def test_where_a_descent_ends(window, end, last):
    """Found on the head, stuck elsewhere; the nearest pixel never moves, straight-through runs down and right."""
    explorer = PointBetweenPixels(window=window)
    assert explorer.panel == "descent"
    ways = explorer.ways
    assert ways["bilinear"].shifts[-1] == pytest.approx(end, abs=1e-3)
    assert ways["bilinear"].errors[-1] == pytest.approx(last, rel=0.05)
    assert np.array_equal(ways["nearest"].shifts, np.zeros((151, 2)))
    assert len(ways["straight-through"].shifts) < 60 and ways["straight-through"].shifts[-1].min() > 8
    explorer.step = 3
    assert [len(way.shifts) for way in explorer.ways.values()] == [4, 4, 4]
    assert explorer.distances["nearest"] == pytest.approx(np.hypot(2.3, 1.6))


def test_a_start_in_the_valley_is_found_where_0_is_not():
    explorer = PointBetweenPixels(window="grass", start_row=3, start_column=-2)
    assert explorer.distances["bilinear"] < 0.01 < PointBetweenPixels(window="grass").distances["bilinear"]
    errors = descent.errors("grass")
    assert np.unravel_index(errors.argmin(), errors.shape) in [(20, 13), (21, 13)]  # at 2 or 2.5 down, 1.5 left


def test_the_point_by_mouse_key_and_slider(opened):
    page, root = opened(PointBetweenPixels())
    picture = root.get_by_role("application", name="The picture between the pixels.")
    page.mouse.click(*corner(picture, 1 / 4, 1 / 2))
    found = parameters(root)
    assert found["row"] == pytest.approx(0.5, abs=0.05) and found["column"] == pytest.approx(2, abs=0.05)
    picture.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    later = parameters(root)
    assert later["row"] == pytest.approx(found["row"] + 2 / 16)
    assert later["column"] == pytest.approx(found["column"] - 10 / 16)
    put(root, "row", 2)
    assert "the slope from above is" in status(root)
    control(root, "method").select_option("nearest")
    assert "no slope" in status(root)


def test_a_descent_by_mouse_key_and_slider(opened):
    page, root = opened(PointBetweenPixels(row=1))
    assert not control(root, "step").is_visible()
    put(root, "panel", "descent")
    assert control(root, "step").is_visible() and not control(root, "row").is_visible()
    assert "0.001 pixels from the shift. Found." in status(root)
    assert [row[1:] for row in table(root)] == [
        ["(2.30, −1.60)", "0.00"],
        ["(0.00, 0.00)", "2.80"],
        ["left at step 36", "14.10"],
    ]
    where = root.get_by_role("application", name="The error of every shift.")
    page.mouse.click(*corner(where, 30.75 / 33, 4.75 / 33))
    found = parameters(root)
    assert [found["start_row"], found["start_column"]] == pytest.approx([7.125, -5.875], abs=0.13)
    where.focus()
    keys(root, "ArrowUp", "Shift+ArrowRight")
    later = parameters(root)
    assert later["start_row"] == found["start_row"] - 0.125 and later["start_column"] == found["start_column"] + 1.25
    put(root, "step", 0)
    wanted = PointBetweenPixels(**parameters(root))
    assert status(root).replace("−", "-").startswith(wanted.result())
    put(root, "method", "nearest")
    assert "never moves" in status(root)
