"""A layer as a matrix: its weights written and painted, its rows chosen, by keys, pointer and touch."""

import numpy as np
import pytest

from cnnlib.explore import LayerAsMatrix
from tests.explore.hand import cell, control, keys, put, status
from tests.explore.shown import arrays


def numbers(root):
    root.page.evaluate("() => driver.frame()")
    return arrays(root.locator("details pre").inner_text())


def prepared(page, **values):
    root = page.locator(".cnnlib-explorer")
    root.locator("summary").click()
    for name, value in values.items():
        put(root, name, value)
    return root


def write(root, down, right, text):
    """Go to a cell of the large grid by keys and write a number there."""
    grid = root.get_by_role("application", name="Matrix,")
    grid.focus()
    for key, times in (("ArrowLeft", 30), ("ArrowUp", 30), ("ArrowDown", down), ("ArrowRight", right)):
        for _ in range(times):
            root.page.keyboard.press(key)
    root.page.keyboard.press("Enter")
    root.get_by_role("textbox").fill(text)
    root.page.keyboard.press("Enter")


@pytest.mark.parametrize(("connection", "copies"), [("shared", 6), ("tiled", 3), ("local", 1), ("dense", 1)])
def test_a_written_weight_repeats_or_stands_alone(bare, connection, copies):
    """By keyboard: row 2 of the matrix, pixel 3, is W2 of output 2."""
    root = prepared(bare(LayerAsMatrix()), connection=connection)
    before = numbers(root)["matrix"]
    write(root, 3, 3, "-7")
    after = numbers(root)["matrix"]
    changed = np.argwhere(before != after)
    assert len(changed) == copies and [2, 3] in changed.tolist()
    assert (after[before != after] == -7).all()
    assert all(column - row == 1 for row, column in changed.tolist())
    assert connection != "tiled" or changed[:, 0].tolist() == [0, 2, 4]
    said = status(root)
    assert ("W2 = −7 occurs 6 times" in said) == (connection == "shared")
    assert ("W2 = −7 of kernel 0 occurs 3 times" in said) == (connection == "tiled")
    assert ("W2 = −7 of row 2 occurs once" in said) == (connection == "local")
    assert ("A[2,3] = −7 occurs once" in said) == (connection == "dense")


def test_a_pixel_is_written_above_the_matrix(bare):
    root = prepared(bare(LayerAsMatrix()))
    write(root, 0, 4, "50")
    found = numbers(root)
    assert found["input"].tolist() == [[0, 1, 2, 3, 50, 5, 6, 7]]
    np.testing.assert_allclose(found["output"].ravel(), found["matrix"] @ found["input"].ravel())
    assert "Pixel 4, x[4], is column 4: 3 outputs read it." in status(root)


def test_loosened_then_painted_then_tied_again(bare):
    """The reader's own kernel goes to local unchanged; one changed weight comes back as the mean over its positions."""
    root = prepared(bare(LayerAsMatrix()))
    write(root, 1, 0, "7")
    kernel = numbers(root)["weights"]
    control(root, "connection").select_option("local")
    assert (numbers(root)["weights"] == kernel).all() and len(numbers(root)["weights"]) == 6
    write(root, 2, 1, "1")
    control(root, "connection").select_option("shared")
    np.testing.assert_allclose(numbers(root)["weights"], [[(5 * 7 + 1) / 6, 2, 3]])


def test_another_period_keeps_ones_own_weights_as_far_as_it_can(bare):
    """From 2 kernels to 6 nothing changes; from 6 to 4 the first and the fifth output get the mean of theirs."""
    root = prepared(bare(LayerAsMatrix(connection="tiled", kernel_size=1, length=6, weights=[[1], [10]])))
    control(root, "period").fill("6")
    assert numbers(root)["weights"].ravel().tolist() == [1, 10, 1, 10, 1, 10]
    write(root, 5, 4, "7")
    control(root, "period").fill("4")
    assert numbers(root)["weights"].ravel().tolist() == [4, 10, 1, 10]
    control(root, "connection").select_option("shared")
    np.testing.assert_allclose(numbers(root)["weights"], [[(4 + 10 + 1 + 10 + 4 + 10) / 6]])


def test_painting_by_a_drag(bare):
    """With a brush a press and a drag paint, and no editor opens; entries that are not connected stay zero."""
    root = prepared(bare(LayerAsMatrix()), connection="local")
    root.get_by_role("button", name="A press paints 2").click()
    grid = root.get_by_role("application", name="Matrix,")
    root.page.mouse.move(*cell(grid, (3, 2), 9))  # below the input stands row 2
    root.page.mouse.down()
    for column in range(3, 8):
        root.page.mouse.move(*cell(grid, (3, column), 9))
    root.page.mouse.up()
    root.page.mouse.move(*cell(grid, (5, 4), 9))
    matrix = numbers(root)["matrix"]
    assert matrix[2].tolist() == [0, 0, 2, 2, 2, 0, 0, 0]
    assert matrix[4].tolist() == [0, 0, 0, 0, 41, 42, 43, 0]
    assert root.get_by_role("textbox").count() == 0


def test_the_row_follows_pointer_and_keys(bare):
    root = prepared(bare(LayerAsMatrix()))
    root.get_by_role("application", name="Output.").focus()
    keys(root, *["ArrowRight"] * 4)
    assert "Row 4 of 0 to 5: y[4] = 32." in status(root)
    assert root.locator(".formula").inner_text().startswith("y[4] = W1·x[4] + W2·x[5] + W3·x[6]")
    root.page.mouse.move(*cell(root.get_by_role("application", name="Matrix,"), (5, 0), 9))
    assert "Output 4 does not read pixel 0: this entry is always zero." in status(root)


def test_touch_chooses_a_row_and_paints(bare):
    page = bare(LayerAsMatrix(), width=390, touch=True)
    root = prepared(page)
    page.touchscreen.tap(*cell(root.get_by_role("application", name="Output."), (0, 5), 6))
    assert "Row 5 of 0 to 5: y[5] = 38." in status(root)
    root.get_by_role("button", name="A press paints -1").click()
    grid = root.get_by_role("application", name="Matrix,")
    page.touchscreen.tap(*cell(grid, (1, 1), 9))
    assert numbers(root)["weights"].tolist() == [[1, -1, 3]]
    page.touchscreen.tap(*cell(grid, (1, 6), 9))  # row 0 does not read pixel 6
    assert numbers(root)["weights"].tolist() == [[1, -1, 3]]
    assert "Output 0 does not read pixel 6" in status(root)


def test_on_a_phone_outputs_of_four_digits_are_whole(bare):
    page = bare(LayerAsMatrix(dimensions=2, size=(5, 6), kernel_size=3), width=390)
    root = prepared(page)
    output = root.get_by_role("application", name="Output.")
    output.evaluate(
        """view => {
          const context = view.querySelector("canvas").getContext("2d");
          const write = context.fillText.bind(context);
          window.written = [];
          context.fillText = (text, ...where) => (window.written.push(text), write(text, ...where));
        }"""
    )
    page.mouse.move(*cell(root.get_by_role("application", name="Input."), (2, 2), 20))  # what reads it is drawn anew
    page.wait_for_function("window.written.length === 12")
    assert set(page.evaluate("window.written")) == {str(int(value)) for value in numbers(root)["output"].ravel()}
