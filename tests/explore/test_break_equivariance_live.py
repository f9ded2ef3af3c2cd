"""Break equivariance on its page: every state against the Python half, and a photograph that is dragged."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from cnnlib.explore.break_equivariance import tables as shifted_photographs
from cnnlib.explore.break_equivariance import LAYERS, BreakEquivariance
from tests.explore.hand import control, explorer, status

TITLE, CHAPTER = "Break equivariance", "chapters/02-equivariance-and-invariance.html"


def number(text, pattern):
    return float(re.search(pattern, text.replace("−", "-"))[1])


def check(shown):
    """One state as the page shows it, against the Python half: texts, numbers and every pixel of f(T x)."""
    state = dict(shown["state"])
    state["shift"] = (state.pop("down"), state.pop("right"))
    assert shown["trouble"] is None, shown
    explorer = BreakEquivariance(**state)
    text, down, right = shown["status"].replace("−", "-"), *explorer.shift
    assert text.startswith(f"Moved by ({down}, {right})")
    if state["layers"] == "squeezenet":
        label, percent, own_percent = explorer.label
        own = shifted_photographs.shifts(state["photo"], state["boundary"])[0]
        assert text.endswith(f": {label}, {percent} %; {own}, {own_percent} %.")
        times = r"another label wins (\d+) time"
        assert re.search(times, explorer.result())[1] == re.search(times, shown["formula"])[1]
        return
    values = dict(re.findall(r"^(\w+) = ([-\d.e]+)$", shown["numbers"], re.MULTILINE))
    moved, reference = explorer.maps
    assert float(values["unmoved_error"]) == pytest.approx(explorer.unmoved_error, abs=1e-9)
    assert float(values["mean"]) == pytest.approx(moved.mean(), abs=1e-9)
    if explorer.pooled:
        change = abs(float(values["mean"]) / float(values["mean_unmoved"]) - 1)
        assert change == pytest.approx(explorer.error, abs=1e-9)
        assert number(text, r"a change of ([\d.]+) %") == pytest.approx(100 * explorer.error, abs=0.0051)
    else:
        assert float(values["error"]) == pytest.approx(explorer.error, abs=1e-9)
        assert number(text, r"T′ f\(x\) by ([\d.]+) %") == pytest.approx(100 * explorer.error, abs=0.051)
        assert number(text, r"unmoved, by ([\d.]+) %") == pytest.approx(100 * explorer.unmoved_error, abs=0.051)
    middle = len(moved) // 2
    for name, map_ in (("output_row", moved), ("reference_row", reference)):
        row = json.loads(re.search(rf"{name} = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)[1])[0]
        np.testing.assert_allclose(row, map_[middle], atol=1e-6)
    picture = Image.open(io.BytesIO(base64.b64decode(shown["picture"].partition(",")[2]))).convert("L")
    want = np.clip(255 * moved / explorer.f(explorer.input).max(), 0, 255)
    assert np.abs(np.asarray(picture, float) - want).max() <= 0.51


@pytest.fixture
def page(open_chapter):
    return open_chapter(address=CHAPTER)


def test_every_control_over_its_whole_range(page):
    seen = page.evaluate("(title) => driver.sweep(title)", TITLE)
    moved = {shown["moved"] for shown in seen}
    assert moved == {"layers", "photo", "down", "right", "boundary", "second", "border", "pooled"}
    assert {shown["to"] for shown in seen if shown["moved"] == "layers"} == set(LAYERS)
    assert {shown["to"] for shown in seen if shown["moved"] == "down"} == set(range(-8, 9))
    for shown in seen:
        assert shown["state"][shown["moved"]] == shown["to"]
        check(shown)


def test_a_random_walk_of_220_states(page):
    seen = page.evaluate("([title]) => driver.walk(title, 220, 403)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 150
    assert {shown["state"]["layers"] for shown in seen} == set(LAYERS)
    for shown in seen:
        check(shown)


def test_arrow_keys_move_the_photograph(page):
    root = explorer(page, TITLE)
    control(root, "layers").select_option("circular")
    before = [int(control(root, name).input_value()) for name in ("down", "right")]
    root.get_by_role("application", name="The photograph, moved").focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    assert status(root).replace("−", "-").startswith(f"Moved by ({before[0] + 2}, {before[1] - 1})")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")  # no further than -8
    assert status(root).replace("−", "-").startswith(f"Moved by (-8, {before[1] - 1})")
    assert root.locator(".status").get_attribute("aria-live") == "polite"


def test_the_photograph_stays_under_the_mouse(page):
    root = explorer(page, TITLE)
    for name in ("down", "right"):
        page.evaluate("([t, n]) => driver.set(driver.explorers(t)[0], n, 0)", [TITLE, name])
    picture = root.get_by_role("application", name="The photograph, moved")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    size = box["width"] / 64
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    assert status(root).startswith("Moved by (0, 0)")  # hovering is not dragging
    page.mouse.down()
    page.mouse.move(x + 4 * size, y - 3 * size)
    assert status(root).replace("−", "-").startswith("Moved by (-3, 4)")
    page.mouse.move(x + 40 * size, y)  # far outside: as far as it goes
    assert status(root).startswith("Moved by (0, 8)")
    page.mouse.up()
    page.mouse.move(x, y)
    assert status(root).startswith("Moved by (0, 8)")


def test_the_photograph_stays_under_a_finger(open_chapter):
    page = open_chapter(address=CHAPTER, width=390, has_touch=True)
    root = explorer(page, TITLE)
    for name in ("down", "right"):
        page.evaluate("([t, n]) => driver.set(driver.explorers(t)[0], n, 0)", [TITLE, name])
    picture = root.get_by_role("application", name="The photograph, moved")
    picture.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    box, scrolled = picture.bounding_box(), page.evaluate("() => scrollY")
    size = box["width"] / 64
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.5, 1):
        points = [{"x": x - 2 * size * part, "y": y + 5 * size * part}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert status(root).replace("−", "-").startswith("Moved by (5, -2)")
    assert page.evaluate("() => scrollY") == scrolled  # the page did not scroll instead


def test_a_shift_is_chosen_on_squeezenets_map(page):
    root = explorer(page, TITLE)
    control(root, "layers").select_option("squeezenet")
    page.evaluate("(title) => driver.settle(driver.explorers(title)[0])", TITLE)
    table = root.get_by_role("application", name="The probability at each shift")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 1.5 / 17, box["y"] + box["height"] * 13.5 / 17)
    assert status(root).replace("−", "-").startswith("Moved by (5, -7) of 227 pixels")
    for name in ("second", "border", "pooled"):
        assert control(root, name).is_disabled()


def test_a_link_restores_the_state_and_reset_leaves_it(page, open_chapter):
    root = explorer(page, TITLE)
    for name, value in {"layers": "dense", "down": -4, "right": 7, "boundary": "zero", "border": 5}.items():
        page.evaluate("([t, n, v]) => driver.set(driver.explorers(t)[0], n, v)", [TITLE, name, value])
    wanted, text = page.evaluate("(title) => driver.state(driver.explorers(title)[0])", TITLE), status(root)
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    again = open_chapter(address=CHAPTER, fragment=page.evaluate("() => location.hash"))
    again.evaluate("(title) => driver.settle(driver.explorers(title)[0])", TITLE)
    assert again.evaluate("(title) => driver.state(driver.explorers(title)[0])", TITLE) == wanted
    assert status(explorer(again, TITLE)) == text
    explorer(again, TITLE).get_by_role("button", name="Reset").click()
    assert status(explorer(again, TITLE)) != text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"layers": "dense", "border": 7}, 'border = 7 leaves too little of the 16 x 16 places of layers = "dense"'),
        ({"shift": [0, 9]}, "shift = [0,9] can't be shown; use two whole numbers from -8 to 8."),
        ({"second": "soft"}, 'second = "soft" is unknown; use one of smooth, sharp.'),
        ({"pooled": 1}, "pooled = 1 can't be shown; use true or false."),
        ({"photo": "toString"}, 'photo = "toString" is unknown; use one of sheep'),
    ],
)
def test_an_impossible_state_gets_a_sentence(page, open_chapter, state, words):
    find = "(title) => driver.explorers(title)[0].closest('.live-explorer').id.replace('explorer-', '')"
    query = "&".join(f"{name}={json.dumps(value)}" for name, value in state.items())
    again = open_chapter(address=CHAPTER, fragment=f"#{page.evaluate(find, TITLE)}:{query}")
    again.evaluate("() => driver.frame()")
    assert words in explorer(again, TITLE).locator(".trouble").inner_text()
