"""Cells of the cortex: the Python half by hand, against the operations and as the bar is really moved; its gestures."""

import numpy as np
import pytest

from cnnlib import kernels, ops, retina
from cnnlib.explore import CortexCells, cortex_cells
from cnnlib.explore.base import photographs
from tests.explore.hand import corner, keys, put, status


def test_a_bar_by_hand():
    """A bar of width 2 and length 3 upright: its middle column whole, its neighbours half."""
    bar = CortexCells(position=(5, 7), angle=90, width=2, length=3).stimulus
    assert bar[4:7, 6:9].round(9).tolist() == [[0.5, 1, 0.5]] * 3 and bar.sum() == pytest.approx(6)
    lying = CortexCells(position=(7, 5), angle=0, width=2, length=3, dark=True).stimulus
    np.testing.assert_allclose(lying, -bar.T, atol=1e-12)


def test_rising_means_rising_to_the_right():
    bar = CortexCells(position=(24, 24), angle=45, length=20).stimulus
    assert bar[18, 30] == bar[30, 18] == 1 and bar[18, 18] == bar[30, 30] == 0
    assert bar[15, 33] == bar[33, 15] == 0  # 12.7 pixels from the middle, beyond half the length


@pytest.mark.parametrize(("name", "angle"), cortex_cells.ORIENTATIONS.items())
def test_each_plane_answers_most_to_the_bar_it_is_named_for(name, angle):
    found = CortexCells(angle=angle, length=60, width=3, preferred=name)
    answers = found.simple[:, 24, 24]
    assert answers.argmax() == list(cortex_cells.ORIENTATIONS).index(name) and answers.max() > 3 * np.sort(answers)[-2]


def test_simple_cells_are_rectified_convolutions_and_complex_cells_pool_or_add_squares():
    found = CortexCells(position=(20, 27), angle=30, reach=2)
    x = found.stimulus[None, None]
    for k, angle in enumerate(cortex_cells.ORIENTATIONS.values()):
        even, odd = (
            ops.conv2d(x, kernel[None, None], padding=5)[0, 0] for kernel in kernels.quadrature(11, 90 - angle)
        )
        np.testing.assert_allclose(found.simple[k], np.maximum(even, 0), atol=1e-12)
        around = np.lib.stride_tricks.sliding_window_view(np.pad(np.maximum(even, 0), 2), (5, 5))
        for cell, planes in {
            "max": around.max((2, 3)),
            "mean": around.mean((2, 3)),
            "energy": np.sqrt(even**2 + odd**2),
        }.items():
            np.testing.assert_allclose(
                CortexCells(position=(20, 27), angle=30, reach=2, cell=cell).complex[k], planes, atol=1e-12
            )


def test_curves_are_what_the_cells_answer_when_the_bar_is_really_moved():
    found = CortexCells(position=(22, 25), angle=90, width=3, cell="mean", preferred="falling")
    for angle in (0, 35, 135):
        moved = CortexCells(position=(22, 25), angle=angle, width=3, cell="mean", preferred="falling")
        both = [planes[3, 24, 24] for planes in (moved.simple, moved.complex)]
        np.testing.assert_allclose(found.tuning[:, angle // 5], both, atol=1e-12)
    for column in (20, 24, 30):
        moved = CortexCells(position=(22, column), angle=90, width=3, cell="mean", preferred="falling")
        assert moved.offset == pytest.approx(column - 24)
        both = [planes[3, 24, 24] for planes in (moved.simple, moved.complex)]
        np.testing.assert_allclose(found.tolerance[:, column - 24 + 16], both, atol=1e-12)


def test_a_complex_cell_forgives_what_a_simple_one_does_not():
    bright, dark = CortexCells(cell="energy"), CortexCells(cell="energy", dark=True)
    np.testing.assert_allclose(bright.complex, dark.complex, atol=1e-12)
    assert bright.simple[2, 24, 24] > 0.6 and dark.simple[2, 24, 24] == 0
    wide = [np.sum(curve > curve.max() / 2) for curve in CortexCells().tolerance]
    assert wide[1] >= 3 * wide[0]


def test_errors_of_the_retinas_and_a_fixation_beyond_a_smaller_photograph():
    found = CortexCells(view="fovea", photo="sheep", fixation=(160, 223), rings=16)
    found.photo = "lemur"
    height, width = found.input.shape
    where = (min(160, height - 1), min(223, width - 1))
    assert found.fixation == where
    eye = retina.log_polar((height, width), where, rings=16, rays=32)
    seen = eye.repaint(eye.look(found.input))
    assert found.errors[0, 1] == pytest.approx(np.sqrt(np.mean((seen - found.input) ** 2)))
    assert len(found.retinas[1].points) >= 512
    rows, columns = np.indices((height, width)) - np.array(where)[:, None, None]
    near = rows**2 + columns**2 <= 16**2
    assert found.errors[0, 0] == pytest.approx(np.sqrt(np.mean((seen - found.input)[near] ** 2)))


def test_the_bar_follows_pointer_and_keys(opened):
    page, root = opened(CortexCells())
    canvas = root.locator(".stimulus .marks")
    page.mouse.click(*corner(canvas, 20.5 / 48, 27.5 / 48))
    assert status(root) == CortexCells(position=(20, 27)).result()
    root.locator(".tuning canvas").focus()
    keys(root, "ArrowRight")
    assert status(root) == CortexCells(position=(20, 27), angle=95).result()
    page.mouse.click(*corner(root.locator(".planes .marks"), 0.8, 0.3))
    assert status(root) == CortexCells(position=(20, 27), angle=95, preferred="rising").result()


def test_the_eye_moves(opened):
    page, root = opened(CortexCells(view="fovea"))
    canvas = root.locator(".photo .marks")
    height, width = photographs.levels("sheep").shape
    page.mouse.click(*corner(canvas, 30.5 / height, 60.5 / width))
    assert status(root) == CortexCells(view="fovea", fixation=(30, 60)).result()


def test_a_link_with_a_former_name_is_still_read(bare):
    page = bare(CortexCells())
    page.evaluate("() => { location.hash = '#CortexCells-1:preferred=' + JSON.stringify('lying'); }")
    page.wait_for_function("() => document.querySelector('.status').textContent.startsWith('The horizontal')")
    assert CortexCells(preferred="upright").preferred == "vertical"


def test_a_view_chosen_leaves_no_gap_of_a_taller_one(bare):
    """The explorer keeps its height in a drag; a choice starts anew."""
    root = bare(CortexCells(view="fovea")).locator(".cnnlib-explorer")
    status(root)
    height = "e => e.querySelector('.stage').offsetHeight"
    before = root.evaluate(height)
    put(root, "view", "cells")
    status(root)
    assert root.evaluate(height) != before, "another height, or nothing is tested"
    put(root, "view", "fovea")
    status(root)
    assert root.evaluate(height) == before
