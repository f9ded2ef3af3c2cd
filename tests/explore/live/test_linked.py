"""Boxes, tabs and plain widgets around explorers, joined by jslink and jsdlink, on a page without a kernel."""

import pytest
from ipywidgets import Checkbox, Dropdown, FloatSlider, HBox, IntSlider, Label, Tab, VBox, jsdlink, jslink

from cnnlib.explore import ConvArithmetic
from cnnlib.explore.base.side_by_side import SideBySide
from tests.explore.hand import control, explorer

TITLE = "Convolution arithmetic"


@pytest.fixture
def page(bare):
    """A slider, and tabs with three explorers: a pair beside each other, and one more."""
    plain, padded = ConvArithmetic(size=9), ConvArithmetic(size=(8, 9), padding=1)
    third = ConvArithmetic(size=5, kernel_size=2)
    slider = IntSlider(value=2, min=1, max=6, description="stride of all")
    links = [jslink((slider, "value"), (each, "stride")) for each in (plain, third)]
    links.append(jsdlink((plain, "padding"), (padded, "padding")))
    links.append(jsdlink((plain, "kernel_size"), (third, "kernel_size")))
    return bare(VBox([slider, Tab([HBox([plain, padded]), third], titles=["a pair", "one more"])]))


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


def test_a_preset_stays_when_a_link_moves_the_size(page):
    page.get_by_role("tab", name="one more").click()
    move(page, 2, "preset", "mean")
    move(page, 0, "kernel_size", 4)
    page.evaluate("() => driver.frame()")
    third = explorer(page, TITLE, 2)
    assert control(third, "preset").input_value() == "mean"
    third.locator("summary").click()
    page.evaluate("() => driver.frame()")
    assert third.locator("details pre").inner_text().count("0.0625") == 16


def test_a_position_that_a_link_leaves_without_a_place_moves_to_the_last(page):
    """The stride of the other explorer makes this one's output smaller than where its window was."""
    output = explorer(page, TITLE, 0).get_by_role("application", name="Output.")
    output.focus()
    for key in 3 * ["ArrowDown", "ArrowRight"]:
        page.keyboard.press(key)
    page.get_by_role("tab", name="one more").click()
    move(page, 2, "stride", 5)
    page.get_by_role("tab", name="a pair").click()
    page.evaluate("() => driver.frame()")
    assert "Output 2 × 2. Window (1, 1):" in explorer(page, TITLE, 0).locator(".status").inner_text()


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


def test_two_side_by_side(bare):
    """Joined both ways by jslink; what is not joined is each one's own."""
    left, right = ConvArithmetic(size=9), ConvArithmetic(size=9, preset="mean")
    jslink((left, "stride"), (right, "stride"))
    page = bare(SideBySide(left, right))
    boxes = [explorer(page, TITLE, i).bounding_box() for i in (0, 1)]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] and boxes[0]["y"] == boxes[1]["y"]
    for moved, other, stride in ((0, 1, 3), (1, 0, 2)):
        move(page, moved, "stride", stride)
        assert control(explorer(page, TITLE, other), "stride").input_value() == str(stride)
        assert f"stride={stride}" in explorer(page, TITLE, other).locator(".torch").inner_text()
    move(page, 0, "kernel_size", 5)
    assert control(explorer(page, TITLE, 1), "kernel_size").input_value() == "3"


def test_plain_widgets_that_are_taken_off_listen_no_more(bare):
    """In a box, as the outputs of a cell that is run again."""
    widgets = [IntSlider(), FloatSlider(), Checkbox(), Dropdown(options=["a", "b"]), Label("words")]
    box = VBox(widgets)
    page = bare(box)
    script = """(id) => {
      const count = () => [...models.values()].flatMap((model) => [...(model.listeners?.values() ?? [])])
        .reduce((sum, listeners) => sum + listeners.size, 0);
      const cleanUps = [];
      const before = count();
      cnnlibExplorers.show(models, id, (cleanUp) => cleanUps.push(cleanUp));
      const shown = count();
      cleanUps.forEach((cleanUp) => cleanUp());
      return [shown - before, count() - before]; }"""
    assert page.evaluate(script, box.model_id) == [len(widgets), 0]
