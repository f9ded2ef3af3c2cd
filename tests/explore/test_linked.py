"""Boxes, tabs and plain widgets round explorers, joined by jslink and jsdlink, on a page without a kernel."""

import json
import re
from uuid import uuid4

import pytest
from ipywidgets import HBox, IntSlider, Tab, VBox, jsdlink, jslink
from ipywidgets.embed import dependency_state

from cnnlib.explore import ConvArithmetic
from tests.explore.conftest import CHAPTER, DRIVER
from tests.explore.hand import control, explorer

TITLE = "Convolution arithmetic"


@pytest.fixture
def page(site_dir, open_page):
    """The chapter with other widgets in the place of its first explorer: a slider, and tabs with three explorers."""
    plain, padded = ConvArithmetic(size=9), ConvArithmetic(size=(8, 9), padding=1)
    third = ConvArithmetic(size=5, kernel_size=2)
    slider = IntSlider(value=2, min=1, max=6, description="stride of all")
    box = VBox([slider, Tab([HBox([plain, padded]), third], titles=["a pair", "one more"])])
    links = [jslink((slider, "value"), (each, "stride")) for each in (plain, third)]
    links.append(jsdlink((plain, "padding"), (padded, "padding")))
    links.append(jsdlink((plain, "kernel_size"), (third, "kernel_size")))
    models = dependency_state([box, *links], drop_defaults=False)
    for model in models.values():
        model["state"].pop("_esm", None)
    state = json.dumps({"version_major": 2, "version_minor": 0, "state": models})
    html = (site_dir / CHAPTER).read_text(encoding="utf-8")
    stored = r'(<script type="application/vnd.jupyter.widget-state\+json">)(.*?)(</script>)'
    html = re.sub(stored, lambda m: m[1] + state + m[3], html, count=1, flags=re.DOTALL)
    html = re.sub(r'(class="live-mount" data-model=")[^"]*', lambda m: m[1] + box.model_id, html, count=1)
    path = (site_dir / CHAPTER).with_name(f"trial-{uuid4().hex}.html")  # its own: tests run side by side
    path.write_text(html, encoding="utf-8")
    try:
        page = open_page(f"chapters/{path.name}", init=DRIVER)
        page.wait_for_selector(".live-tabs .cnnlib-explorer .status:not(:empty)")
        yield page
    finally:
        path.unlink()


def values(page, name):
    page.evaluate("() => driver.frame()")
    return [int(control(explorer(page, TITLE, i), name).input_value()) for i in range(3)]


def move(page, index, name, value):
    page.evaluate(
        "([title, index, name, value]) => driver.set(driver.explorers(title)[index], name, value)",
        [TITLE, index, name, value],
    )


def test_a_slider_joined_to_two_explorers(page):
    """The slider's value is theirs from the start; it moves them, they move it, and through it each other."""
    slider = page.get_by_label("stride of all")
    assert values(page, "stride")[:2] == [2, 1]
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert values(page, "stride")[:2] == [3, 1]
    page.get_by_role("tab", name="one more").click()  # drawn once it is seen
    assert values(page, "stride")[2] == 3
    assert "stride=3" in explorer(page, TITLE, 2).locator(".torch").inner_text()
    move(page, 2, "stride", 1)
    assert slider.input_value() == "1"
    page.get_by_role("tab", name="a pair").click()
    assert values(page, "stride") == [1, 1, 1]
    assert explorer(page, TITLE).locator(".status").inner_text().startswith("Output 7 × 7.")


def test_a_directional_link_goes_one_way(page):
    assert values(page, "padding")[:2] == [0, 0]
    move(page, 0, "padding", 3)
    assert values(page, "padding")[:2] == [3, 3]
    move(page, 1, "padding", 1)
    assert values(page, "padding")[:2] == [3, 1]


def test_numbers_keep_their_name_when_a_link_moves_the_size(page):
    page.get_by_role("tab", name="one more").click()
    move(page, 2, "weights", "mean")
    move(page, 0, "kernel_size", 4)
    page.evaluate("() => driver.frame()")
    third = explorer(page, TITLE, 2)
    assert control(third, "weights").input_value() == "mean"
    third.locator("summary").click()
    page.evaluate("() => driver.frame()")
    assert third.locator("details pre").inner_text().count("0.0625") == 16


def test_tabs_by_keyboard_and_what_they_hide(page):
    first, second = (page.get_by_role("tab", name=name) for name in ("a pair", "one more"))
    assert [tab.get_attribute("aria-selected") for tab in (first, second)] == ["true", "false"]
    assert explorer(page, TITLE, 0).is_visible() and not explorer(page, TITLE, 2).is_visible()
    first.focus()
    page.keyboard.press("ArrowRight")
    assert [tab.get_attribute("aria-selected") for tab in (first, second)] == ["false", "true"]
    assert not explorer(page, TITLE, 0).is_visible() and explorer(page, TITLE, 2).is_visible()
    page.evaluate("() => driver.frame()")
    assert explorer(page, TITLE, 2).locator(".status").inner_text().startswith("Output ")
    boxes = [explorer(page, TITLE, 2).locator("canvas").nth(i).bounding_box() for i in range(3)]
    assert all(box["width"] > 20 and box["height"] > 20 for box in boxes)
