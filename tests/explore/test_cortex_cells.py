"""Cells of the cortex: the Python half by hand, and the live one against it in every state."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from cnnlib import kernels, ops, retina
from cnnlib.explore import CortexCells, cortex_cells
from cnnlib.explore.base import photographs
from tests.explore.hand import control, explorer, status

TITLE = "Cells of the cortex"
CHAPTER = "chapters/03-from-cat-cortex-to-convolution.html"


@pytest.fixture
def page(open_chapter):
    return open_chapter(address=CHAPTER)


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


def test_errors_of_the_retinas_and_a_fixation_beyond_the_photograph():
    found = CortexCells(view="fovea", photo="lemur", fixation=(223, 223), rings=16)
    height, width = found.image.shape
    eye = retina.log_polar((height, width), (min(223, height - 1), min(223, width - 1)), rings=16, rays=32)
    whole = np.sqrt(np.mean((eye.repaint(eye.look(found.image)) - found.image) ** 2))
    assert found.errors[0, 1] == pytest.approx(whole) and len(found.retinas[1].points) >= 512
    rows, columns = np.indices((height, width)) - np.array([height - 1, width - 1])[:, None, None]
    near = rows**2 + columns**2 <= 16**2
    seen = eye.repaint(eye.look(found.image))
    assert found.errors[0, 0] == pytest.approx(np.sqrt(np.mean((seen - found.image)[near] ** 2)))


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"view": "ear"}, ValueError, "CortexCells: view='ear' is unknown; use one of cells, fovea"),
        ({"position": (3, 48)}, ValueError, "position=48 is out of range; use an integer from 0 to 47"),
        ({"angle": 180}, ValueError, "angle=180 is out of range; use an integer from 0 to 179"),
        ({"preferred": 45}, TypeError, "preferred=45 is no name; use one of lying, rising, upright, falling"),
        ({"ring": 9}, TypeError, "unknown keyword 'ring'; did you mean 'rings'"),
        ({"rings": 7}, ValueError, "rings=7 is out of range; use an integer from 8 to 40"),
        ({"width": 2.5}, TypeError, "width=2.5 is a float; use an integer from 1 to 12"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        CortexCells(**values)


def test_limits_and_names_are_the_same(library):
    found = library.evaluate(
        """() => { const { LIMITS } = cnnlibExplorers.load("cortex_cells/view.mjs");
        const { ORIENTATIONS } = cnnlibExplorers.load("cortex_cells/model.mjs");
        return [LIMITS, ORIENTATIONS]; }"""
    )
    assert found == [{name: list(limits) for name, limits in cortex_cells.LIMITS.items()}, cortex_cells.ORIENTATIONS]


def test_quadrature_pairs_agree(library):
    wanted = [[size, angle] for size in range(3, 16) for angle in (0, 45, 90, 135, 10, 300)]
    found = library.evaluate(
        "(w) => w.map((a) => cnnlibExplorers.load('kernels.mjs').quadrature(...a).map((k) => Array.from(k)))", wanted
    )
    for (size, angle), pair in zip(wanted, found, strict=True):
        np.testing.assert_allclose(np.reshape(pair, (2, size, size)), kernels.quadrature(size, angle), atol=1e-12)


def test_retinas_agree(library):
    """Fields, owners and what is seen, at fixations in the corners, on the edges and at random."""
    random = np.random.default_rng(5)
    image = random.random((61, 83))
    tried = [(0, 0), (60, 82), (0, 41), (30, 0), *map(tuple, random.integers([61, 83], size=(12, 2)).tolist())]
    for place in tried:
        rings = int(random.integers(8, 41))
        found = library.evaluate(
            """([values, where, rings]) => { const r = cnnlibExplorers.load("mirror/retina.mjs");
            const picture = { height: 61, width: 83, values }, table = r.summed(picture);
            const eye = r.logPolar([61, 83], where, { rings, rays: 2 * rings });
            return [eye, r.even([61, 83], 2 * rings ** 2)].map((k) => ({ rows: [...k.rows], columns: [...k.columns],
              sides: [...k.sides], owner: [...k.owner], seen: [...r.look(table, k)] })); }""",
            [image.ravel().tolist(), place, rings],
        )
        ours = retina.log_polar((61, 83), place, rings=rings, rays=2 * rings), retina.even((61, 83), 2 * rings**2)
        for theirs, mine in zip(found, ours, strict=True):
            np.testing.assert_allclose(np.stack([theirs["rows"], theirs["columns"]], 1), mine.points, atol=1e-9)
            np.testing.assert_allclose(theirs["sides"], mine.sides, atol=1e-9)
            assert np.array_equal(theirs["owner"], mine.owner.ravel())
            np.testing.assert_allclose(theirs["seen"], mine.look(image), atol=1e-9)


def check(shown):
    """One state as the page shows it, against cnnlib."""
    assert shown["trouble"] is None, shown
    state = dict(shown["state"])
    for name in ("position", "fixation"):
        if place := re.search(rf"{name} = \((\d+), (\d+)\)", shown["numbers"]):
            state[name] = tuple(map(int, place.groups()))
    ours = CortexCells(**state)
    result = ours.result()
    told = [float(n) for n in re.findall(r"\d+\.?\d*", shown["status"])]
    np.testing.assert_allclose(told, [float(n) for n in re.findall(r"\d+\.?\d*", result)], atol=1.01e-3)
    picture = base64.b64decode(shown["picture"].partition(",")[2])
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float)[..., 0]
    if state["view"] == "fovea":
        errors = json.loads(re.search(r"errors = (\[\[.*?\]\])", shown["numbers"])[1])
        np.testing.assert_allclose(errors, ours.errors, atol=1e-6)
        seen = json.loads(re.search(r"seen = (\[.*?\])", shown["numbers"])[1])
        eye = ours.retinas[0]
        np.testing.assert_allclose(seen, eye.look(ours.image)[::7], atol=1e-5)
        wanted = 255 * eye.repaint(eye.look(ours.image))
    else:
        for name in ("simple", "complex"):
            middle = json.loads(re.search(rf"{name} = (\[.*?\])", shown["numbers"])[1])
            np.testing.assert_allclose(middle, getattr(ours, name)[:, 24, 24], atol=2e-6)
        for name in ("tuning", "tolerance"):
            curves = json.loads(re.search(rf"{name} = (\[\[.*?\]\])", shown["numbers"])[1])
            np.testing.assert_allclose(curves, getattr(ours, name), atol=2e-6)
        wanted = np.full((98, 198), np.nan)
        for top, planes in enumerate((ours.simple, ours.complex)):
            for left, plane in enumerate(planes):
                wanted[50 * top : 50 * top + 48, 50 * left : 50 * left + 48] = np.clip(255 * plane / 0.75, 0, 255)
    assert pixels.shape == wanted.shape
    assert np.nanmax(np.abs(pixels - wanted)) <= 1.01


@pytest.mark.parametrize("index", [0, 1])
def test_every_control_over_its_whole_range(page, index):
    """Once from the cells and once from the fovea; what belongs to the other view is out of sight."""
    seen = page.evaluate("([title, index]) => driver.sweep(title, index)", [TITLE, index])
    assert {shown["moved"] for shown in seen} == set(CortexCells.parameters) - {"position", "fixation"}
    assert {shown["state"]["view"] for shown in seen} == {"cells", "fovea"}
    for shown in seen:
        check(shown)


def test_a_random_walk_of_220_states(page):
    seen = page.evaluate("([title]) => driver.walk(title, 220, 1962)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 150
    for shown in seen:
        check(shown)


def test_the_bar_follows_pointer_and_keys_and_reset_brings_it_back(page):
    root = explorer(page, TITLE)
    start = status(root)
    canvas = root.locator(".stimulus .marks")
    canvas.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 27.5 / 48, box["y"] + box["height"] * 20.5 / 48)
    assert status(root) == CortexCells(position=(20, 27)).result() != start
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert status(root) == CortexCells(position=(30, 26)).result()
    root.locator(".tuning canvas").focus()
    page.keyboard.press("ArrowRight")
    assert status(root) == CortexCells(position=(30, 26), angle=95).result()
    root.locator(".planes .marks").focus()
    page.keyboard.press("ArrowRight")
    assert status(root) == CortexCells(position=(30, 26), angle=95, preferred="falling").result()
    box = root.locator(".planes .marks").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.8)
    assert status(root) == CortexCells(position=(30, 26), angle=95, preferred="rising").result()
    root.locator(".reset").click()
    assert status(root) == start


def test_the_eye_moves_and_a_link_brings_the_state_back(page, open_chapter):
    root = explorer(page, TITLE, 1)
    canvas = root.locator(".photo .marks")
    canvas.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = canvas.bounding_box()
    height, width = photographs.levels("sheep").shape
    page.mouse.move(box["x"] + box["width"] * 60.5 / width, box["y"] + box["height"] * 30.5 / height)
    assert status(root) == CortexCells(view="fovea", fixation=(30, 60)).result()
    page.mouse.move(0, 0)  # a page that still scrolls would carry the photograph on under the pointer
    canvas.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
        status(root)  # each is drawn before the next
    assert status(root) == CortexCells(view="fovea", fixation=(0, 61)).result()
    root.locator(".link").click()
    page.wait_for_function("() => location.hash.length > 1")
    again = open_chapter(address=CHAPTER, fragment=page.evaluate("location.hash"))
    assert status(explorer(again, TITLE, 1)) == CortexCells(view="fovea", fixation=(0, 61)).result()
    assert status(explorer(again, TITLE, 0)) == CortexCells().result()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_page_and_a_frame(open_chapter, width):
    page = open_chapter(address=CHAPTER, width=width)
    root = explorer(page, TITLE)
    root.scroll_into_view_if_needed()
    assert root.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    height = root.evaluate("(e) => e.getBoundingClientRect().height")
    for angle in range(0, 180, 35):
        page.evaluate("([e, a]) => driver.set(e, 'angle', a)", [root.element_handle(), angle])
        assert root.evaluate("(e) => e.querySelector('.stage').getBoundingClientRect().height") > 200
    assert abs(root.evaluate("(e) => e.getBoundingClientRect().height") - height) <= 30
    assert control(root, "reach").is_enabled()


def test_no_state_from_outside_is_drawn_wrongly(library):
    found = library.evaluate(
        """(states) => states.map((s) => cnnlibExplorers.load("cortex_cells/view.mjs").problem(s))""",
        [
            {**base_state(), **change}
            for change in ({}, {"angle": 180}, {"cell": "min"}, {"fixation": [1]}, {"dark": 1})
        ],
    )
    assert found[0] is None and all(isinstance(sentence, str) and "use" in sentence for sentence in found[1:])


def base_state():
    ours = CortexCells()
    return {name: list(v) if isinstance(v := getattr(ours, name), tuple) else v for name in CortexCells.parameters}
