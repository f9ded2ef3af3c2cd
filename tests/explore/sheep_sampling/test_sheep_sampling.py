"""Sheep sampling: golden values, the usual mistakes, both halves on random cases, its own gestures."""

import math
import re

import numpy as np
import pytest

from cnnlib.explore import SheepSampling
from cnnlib.explore.sheep_sampling import KINDS, LAYERS, looks, stored
from cnnlib.sheep import sheep_parts
from tests.explore.hand import control, corner, parameters, put, status

K = np.indices((3, 3)).reshape(2, 9).T - 1.0


def share(points, weights, mask):
    """Point by point: the nearest pixel, the next one for halves, nothing beyond the border."""
    total = 0.0
    for (row, column), weight in zip(points, weights, strict=True):
        r, c = math.floor(4 * row + 0.5), math.floor(4 * column + 0.5)
        if 0 <= r < 96 and 0 <= c < 96 and mask[r][c]:
            total += weight
    return total


def field_at(field, row, column):
    """Offsets of one layer between cells, for one point, by the four cells around it."""
    row, column = min(max(row, 0), 23), min(max(column, 0), 23)
    i, j = min(int(row), 22), min(int(column), 22)
    f, g = row - i, column - j
    corners = ((i, j, (1 - f) * (1 - g)), (i, j + 1, (1 - f) * g), (i + 1, j, f * (1 - g)), (i + 1, j + 1, f * g))
    return sum(weight * field[:, r, c].reshape(9, 2) for r, c, weight in corners)


def composed(fields, position):
    """The 729 points, one after the other: the third layer first, each with the offsets of its own layer."""
    points = [np.array(position, float)]
    for field in fields[::-1]:
        points = [at + 2 * tap + moved for at in points for tap, moved in zip(K, field_at(field, *at), strict=True)]
    return np.array(points)


@pytest.mark.parametrize("height", stored.HEIGHTS)
@pytest.mark.parametrize("position", [(12, 11), (19, 13), (0, 0), (22, 5)])
def test_the_learned_points_one_after_the_other(height, position):
    explorer = SheepSampling(height=height, place=position)
    points = composed(stored.tables().offsets[height], position)
    np.testing.assert_allclose(explorer.points, points, atol=1e-12)
    weights = [a * b * c for a in explorer_nine(2) for b in explorer_nine(1) for c in explorer_nine(0)]
    np.testing.assert_allclose(explorer.weights, weights)
    assert explorer.shares["learned"] == pytest.approx(share(points, weights, explorer.mask), abs=1e-9)


def explorer_nine(layer):
    return SheepSampling(layer=list(LAYERS)[1 + layer]).weights


@pytest.mark.parametrize("layer", list(LAYERS))
def test_weights_add_up_to_1_and_are_not_equal(layer):
    weights = SheepSampling(layer=layer).weights
    assert weights.sum() == pytest.approx(1) and len(weights) == (729 if layer == "all" else 9)
    assert weights.max() > 1.05 * weights.min() > 0


def test_the_rigid_grid():
    """A square of 13 x 13 cells with every second one, its middle the heaviest; the same at every position."""
    explorer = SheepSampling(offsets="rigid", place=(12, 12))
    steps = np.unique(explorer.points - (12, 12))
    assert steps.tolist() == [-6, -4, -2, 0, 2, 4, 6]
    assert explorer.dilations["rigid"] == 2
    third = SheepSampling(offsets="rigid", place=(12, 12), layer="third")
    assert (third.points - (12, 12)).tolist() == (2 * K).tolist()
    nine = np.array([[row, column] for row in (-2, 0, 2) for column in (-2, 0, 2)], float)
    middle = third.weights @ nine
    assert third.spreads["rigid"] == pytest.approx(4 * math.sqrt(third.weights @ ((nine - middle) ** 2).sum(1)))


def test_the_offsets_are_added_to_the_grid_and_to_nothing_else():
    """Drawn without the grid, nine learned points would lie close together around the position."""
    explorer = SheepSampling(layer="second", place=(12, 12))
    field = stored.tables().offsets[76][1][:, 12, 12].reshape(9, 2)
    assert explorer.points.tolist() == ((12, 12) + 2 * K + field).tolist()
    mean = SheepSampling(layer="second", place=(5, 6), offsets="mean")
    assert mean.points.tolist() == ((5, 6) + 2 * K + stored.tables().mean[1].reshape(9, 2)).tolist()


def test_dy_comes_before_dx_and_a_cell_has_4_pixels():
    offsets = 16 * stored.tables().offsets[76]
    explorer = SheepSampling(layer="first", place=(9, 14))
    down, right = offsets[0, 6, 9, 14], offsets[0, 7, 9, 14]  # of tap 3, in sixteenths of a cell
    pixels = 4 * explorer.points[3]
    assert pixels.tolist() == [4 * 9 + down / 4, 4 * (14 - 2) + right / 4] and down != right


def test_another_position_is_on_the_sheep_and_each_is_taken_once():
    for height in stored.HEIGHTS:
        positions = stored.positions(height)
        for draw in range(20):
            others = looks.others(height, positions, draw)
            assert sorted(others.tolist()) == positions.tolist()
            assert (others != positions).any(1).all()
    explorer = SheepSampling(offsets="elsewhere", place=(12, 12))
    other = explorer.other
    there = SheepSampling(place=other).points
    assert (explorer.points - (12, 12)).tolist() == (there - np.array(other)).tolist()
    assert list(SheepSampling(place=(0, 0)).other) in stored.positions(76).tolist()


def test_points_outside_the_picture_are_off():
    """In the corner four of the nine points of the rigid grid are above the picture or left of it, whatever clips."""
    explorer = SheepSampling(offsets="rigid", layer="first", place=(0, 0))
    assert (explorer.points < 0).any(1).sum() == 5
    assert not explorer.on[(explorer.points < 0).any(1)].any()
    edge = SheepSampling(height=76, offsets="rigid", layer="first", place=(23, 12))
    assert (edge.points[6:, 0] == 25).all() and not edge.on[6:].any()


def test_where_a_position_is():
    parts = sheep_parts(76)[::4, ::4]
    for number, ground in enumerate(("on the grass", "on the body", "on the head", "on a leg")):
        for position in np.argwhere(parts == number)[:3]:
            assert SheepSampling(place=tuple(position.tolist())).ground == ground


def test_all_shares_are_those_of_each_position():
    explorer = SheepSampling(height=48, layer="third", draw=3)
    positions = stored.positions(48).tolist()
    for k in (0, 17, len(positions) - 1):
        one = SheepSampling(height=48, layer="third", draw=3, place=tuple(positions[k]))
        assert {kind: explorer.all_shares[kind][k] for kind in KINDS} == pytest.approx(one.shares)


def test_points_at_the_same_position_are_drawn_as_one(library):
    script = """([points, weights, on]) =>
      cnnlibExplorers.load("sheep_sampling/picture.mjs").merged(points, weights, on)"""
    found = library.evaluate(script, [[1, 2, 3, 4, 1, 2, 1, 2.5], [0.1, 0.4, 0.2, 0.3], [True, False, True, True]])
    assert [[*one[:2], round(one[2], 12), one[3]] for one in found] == [
        [3, 4, 0.4, False],
        [1, 2, 0.3, True],
        [1, 2.5, 0.3, True],
    ]
    bins = library.evaluate(
        "(s) => cnnlibExplorers.load('sheep_sampling/strip.mjs').counted(s)", [0, 0.049, 0.05, 0.5, 1]
    )
    assert [bins[0], bins[1], bins[10], bins[19], sum(bins)] == [2, 1, 1, 1, 5]


def test_what_is_stored_fits_on_a_page():
    """At most 100 kB of offsets, with the pictures 150 kB."""
    text = stored.module()
    assert sum(len(found) for found in re.findall(r'"offsets": "([^"]*)"', text)) <= 100_000
    assert len(text) <= 150_000


def test_a_position_by_mouse(opened):
    page, root = opened(SheepSampling())
    assert "row 19, column 13, on a leg" in status(root)
    picture = root.get_by_role("application", name="The sheep with the points")
    x, y = corner(picture, (12 + 4 * 3 + 0.5) / 120, (12 + 4 * 20 + 0.5) / 120)
    page.mouse.click(x, y)
    assert parameters(root)["place"] == [3, 20] and "on the grass" in status(root)


def test_the_table_has_all_four_and_a_row_is_chosen_by_a_press(opened):
    explorer = SheepSampling(layer="third", height=48, place=(12, 12))
    _, root = opened(explorer)
    shown = [row.inner_text().split("\t") for row in root.locator("table.counts tbody tr").all()]
    for kind, row in zip(KINDS, shown, strict=True):
        here, everywhere, spread = (float(cell.strip().rstrip("%")) for cell in (row[1], row[3], row[4]))
        assert here == pytest.approx(100 * explorer.shares[kind], abs=0.51)
        assert everywhere == pytest.approx(100 * explorer.all_shares[kind].mean(), abs=0.51)
        assert spread == pytest.approx(explorer.spreads[kind], abs=0.051)
    root.locator("table.counts tbody tr").nth(1).click()
    status(root)  # until it is drawn
    assert parameters(root)["offsets"] == "mean" and control(root, "offsets").input_value() == "mean"
    assert "constant mean offset" in root.locator(".panel.seen .caption").inner_text()


def test_a_button_draws_another_position(opened):
    _, root = opened(SheepSampling())
    seen = set()
    for count in range(1, 4):
        root.get_by_role("button", name="Draw another position").click()
        seen.add(status(root).partition("The other position")[2])
        assert parameters(root)["draw"] == count and parameters(root)["offsets"] == "elsewhere"
    assert len(seen) == 3
    put(root, "height", "18")
    assert "of 18 px" in root.locator(".panel.strip .caption").inner_text()
    label = root.locator(".panel.strip canvas").get_attribute("aria-label")
    assert f"{len(stored.positions(18))} positions" in label
