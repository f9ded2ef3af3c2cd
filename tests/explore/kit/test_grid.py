"""Grids of numbers: each number is written whatever the size of its cell, and edited by keyboard, mouse and finger."""

import numpy as np
import pytest

from cnnlib.explore import ConvArithmetic
from tests.explore.hand import control, corner, status

TITLE = "Convolution arithmetic"
VALUES = [0, 1, -1, 7.5, -13, 0.111, -0.0625, 1 / 3, 4321, -98765, 1e-7, -2.5e-9, 123456.789, 1e12, -1e12, 999999.5]


def test_no_number_vanishes(library):
    """In cells of 11 to 40 pixels each number is written, within its cell, with its sign, and no other digits."""
    found = library.evaluate(
        """(values) => {
          const { numberGrid } = cnnlibExplorers.load("kit/grid.mjs");
          const grid = numberGrid({ label: "Numbers." });
          const context = grid.view.querySelector("canvas").getContext("2d");
          const seen = [], write = context.fillText.bind(context);
          context.fillText = (text, x, y) => {
            seen.push([text, x, y, context.measureText(text).width]);
            write(text, x, y);
          };
          const look = (r, c) => ({ fill: "#fff", ink: "#000", value: values[r * 4 + c] });
          return Array.from({ length: 30 }, (_, k) => {
            seen.length = 0;
            grid.paint({ rows: values.length / 4, columns: 4, size: 11 + k, look, colours: {} });
            return [...seen];
          });
        }""",
        VALUES,
    )
    for size, written in enumerate(found, 11):
        assert len(written) == len(VALUES), size
        in_order = sorted(written, key=lambda one: (one[2] // size, one[1]))
        for index, (value, (text, x, y, width)) in enumerate(zip(VALUES, in_order, strict=True)):
            assert (x // size, y // size) == (index % 4, index // 4)
            assert 0 < width <= size, (size, text)
            assert text.startswith("−") == (value < 0), (size, value, text)
            if text not in ("+", "−"):
                said = float(text.replace("−", "-"))
                assert said == pytest.approx(value, rel=0.5), (size, value, text)
    assert {text for text, *_ in found[-1]} >= {"0", "1", "−1", "7.5", "−13", "4321", "1e12"}


def test_a_number_is_whole_where_small_letters_have_room_for_it(library):
    """Letters of 8 pixels, and 3 pixels of the cell to spare: only a narrower cell makes 1131 a power of ten."""
    found = library.evaluate(
        """() => {
          const { numberGrid } = cnnlibExplorers.load("kit/grid.mjs");
          const grid = numberGrid({ label: "Numbers." });
          const context = grid.view.querySelector("canvas").getContext("2d");
          let seen;
          context.fillText = (text) => (seen = text);
          context.font = "100px system-ui, sans-serif";
          const wide = 8 * context.measureText("1131").width / 100;
          const look = () => ({ fill: "#fff", ink: "#000", value: 1131 });
          return Array.from({ length: 30 }, (_, k) => {
            grid.paint({ rows: 1, columns: 1, size: 11 + k, look, colours: {} });
            return [wide <= 8 + k, seen];
          });
        }"""
    )
    assert [text == "1131" for _, text in found] == [room for room, _ in found]
    assert {text for _, text in found} == {"1131", "1e3", "+"}


def read(page, name):
    page.evaluate("() => driver.frame()")
    return page.evaluate("([t, n]) => driver.parameters(driver.explorers(t)[0])[n]", [TITLE, name])


@pytest.mark.parametrize(
    ("typed", "value"), [("1/9", 1 / 9), ("-2,5", -2.5), (" 3.25 ", 3.25), ("1e3", 1000), ("−7", -7), ("-1/4", -0.25)]
)
def test_the_editor_takes_what_people_write(opened, typed, value):
    page, root = opened(ConvArithmetic())
    root.get_by_role("application", name="Kernel.").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    root.get_by_role("textbox", name="Kernel, weight row 0, column 1").fill(typed)
    page.keyboard.press("Enter")
    weights = np.ones((3, 3))
    weights[0, 1] = value
    np.testing.assert_allclose(read(page, "weights"), weights)
    assert root.get_by_role("application", name="Kernel.").evaluate("(e) => e === document.activeElement")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("two", "“two” is not a number; write one such as 2, −0.5 or 1/9, or press Escape."),
        ("", "“” is not a number; write one such as 2, −0.5 or 1/9, or press Escape."),
        ("1/0", "“1/0” is not a number; write one such as 2, −0.5 or 1/9, or press Escape."),
        ("1e13", "1e13 is too large; write a number from −1e12 to 1e12, or press Escape."),
    ],
)
def test_the_editor_refuses_in_a_sentence(opened, typed, sentence):
    """The field stays open with what was typed; Escape leaves the number as it was."""
    page, root = opened(ConvArithmetic())
    root.get_by_role("application", name="Kernel.").focus()
    page.keyboard.press("Enter")
    editor = root.get_by_role("textbox", name="Kernel, weight row 0, column 0")
    editor.fill(typed)
    page.keyboard.press("Enter")
    assert root.get_by_role("alert").filter(has_text="press Escape").inner_text() == sentence
    assert (editor.get_attribute("aria-invalid"), editor.input_value()) == ("true", typed)
    page.keyboard.press("Escape")
    assert editor.count() == 0
    assert read(page, "weights") is None and read(page, "preset") == "ones"


def test_a_digit_opens_the_editor_and_leaving_it_takes_the_number(opened):
    page, root = opened(ConvArithmetic())
    root.get_by_role("application", name="Kernel.").focus()
    page.keyboard.press("4")
    page.keyboard.press("2")
    control(root, "stride").focus()
    assert read(page, "weights")[0] == [42, 1, 1]


@pytest.mark.parametrize("leave", ["Enter", "Tab"])
def test_a_cell_that_is_only_opened_stays_as_it_was(opened, leave):
    page, root = opened(ConvArithmetic(preset="mean"))
    root.get_by_role("application", name="Kernel.").focus()
    page.keyboard.press("Enter")
    assert root.locator(".cell-editor").count() == 1
    page.keyboard.press(leave)
    assert root.locator(".cell-editor").count() == 0
    assert read(page, "weights") is None and read(page, "preset") == "mean"


def test_a_mouse_opens_the_editor_at_once_and_a_finger_by_a_second_tap(opened):
    page, root = opened(ConvArithmetic(), touch=True)
    editor = root.locator(".cell-editor")
    grid = root.get_by_role("application", name="Input.")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    cell = (box["width"] - 2) / 7
    at = [(box["x"] + (column + 0.5) * cell, box["y"] + 0.5 * cell) for column in range(3)]
    page.touchscreen.tap(*at[0])
    assert editor.count() == 0 and status(root).startswith("Pixel (0, 0) is read by 1 output.")
    page.touchscreen.tap(*at[1])
    assert editor.count() == 0 and status(root).startswith("Pixel (0, 1) is read by 2 outputs.")
    page.touchscreen.tap(*at[1])
    assert editor.input_value() == "1"
    page.keyboard.press("Escape")
    page.mouse.click(*at[2])
    assert editor.input_value() == "2"


def test_the_padding_is_not_edited(opened):
    page, root = opened(ConvArithmetic(padding=1))
    root.get_by_role("application", name="Input.").focus()
    page.keyboard.press("Enter")
    assert root.locator(".cell-editor").count() == 0


def test_a_tap_and_a_drag_choose_a_cell(opened):
    page, root = opened(ConvArithmetic(), touch=True, width=390)
    output = root.get_by_role("application", name="Output.")
    page.touchscreen.tap(*corner(output, 0.95, 0.95))
    assert "Window (4, 4)" in status(root)
    page.mouse.move(*corner(output, 0.05, 0.05))
    page.mouse.down()
    page.mouse.move(*corner(output, 0.05, 0.5))
    page.mouse.up()
    assert read(page, "position") == [0, 2]
