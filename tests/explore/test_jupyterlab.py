"""Once in a real JupyterLab: the widget shows, moving it changes the Python trait, setting the trait moves it."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from cnnlib.explore.network_live import assets
from tests.explore.contract.page import classes
from tests.explore.jupyterlab import open_notebook, started

START = """
from cnnlib.explore import ConvArithmetic
explorer = ConvArithmetic(size=9, kernel_size=3)
explorer
"""
ASK = "print('stride', explorer.stride, 'output', explorer.output.shape, 'weight', explorer.kernel[0, 0])"
SET = "explorer.stride, explorer.padding = 4, 1"
ROOT = ".cnnlib-explorer"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The folder that a JupyterLab serves, and its address; one for all notebooks of this file."""
    folder = tmp_path_factory.mktemp("lab")
    with started(folder) as url:
        yield folder, url


@pytest.fixture
def lab(server, request):
    """Address of a notebook with the cells asked for, in a JupyterLab of its own layout."""
    folder, url = server
    name = f"try-{request.node.callspec.id}.ipynb"
    notebook = new_notebook(cells=[new_code_cell(text) for text in request.param])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)
    return f"{url}/tree/{name}?reset"


def run_cell(page, index):
    """Run one cell of the open notebook and give its output's text, once it is there."""
    page.evaluate(
        """(index) => {
          const { content } = jupyterapp.shell.currentWidget;
          content.deselectAll();
          content.activeCellIndex = index;
          globalThis.cellDone = false;
          jupyterapp.commands.execute("notebook:run-cell").then(() => (globalThis.cellDone = true));
        }""",
        index,
    )
    page.wait_for_function("() => globalThis.cellDone", timeout=60_000)
    return page.evaluate(
        "(index) => jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.toJSON().outputs", index
    )


def drag_to_the_end(page, slider):
    """Take the knob of a slider with the mouse, in steps as a hand does, to its highest value."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    low, high, value = (float(slider.evaluate(f"(input) => input.{name}")) for name in ("min", "max", "value"))
    inset = 8  # half of a knob
    start = box["x"] + inset + (box["width"] - 2 * inset) * (value - low) / (high - low)
    page.mouse.move(start, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - inset, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()


OTHERS = [kind.__name__ for kind in classes() if kind.__name__ != "ConvArithmetic"]
SHOW = """from cnnlib import explore
explorer = explore.{}()
before = {{name: getattr(explorer, name) for name in explorer.parameters}}
explorer"""
STATE = "print({name: getattr(explorer, name) for name in explorer.parameters if name != 'image'})"
BACK = """with explorer.hold_trait_notifications():
    for name, value in before.items():
        explorer.set_trait(name, value)"""


def told(page, index, until):
    """What a cell prints once it is as wanted: the message of a widget reaches the kernel when it does."""
    for _ in range(60):
        text = run_cell(page, index)[0]["text"]
        if until(text):
            return text
        page.wait_for_timeout(100)
    raise AssertionError(f"the kernel still says {text!r}")


@pytest.mark.parametrize("lab", [[*(SHOW.format(name) for name in OTHERS), STATE, BACK]], indirect=True, ids=["all"])
def test_every_explorer_and_python_move_each_other(lab, browser):
    """A slider by one step, or a list by one entry where none moves; then every trait set back to where it was."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    state, back = len(OTHERS), len(OTHERS) + 1
    try:
        open_notebook(page, lab, len(OTHERS) + 2)
        for index, name in enumerate(OTHERS):
            run_cell(page, index)
            root = page.locator(ROOT).nth(index)
            root.locator(".status:not(:empty)").wait_for(timeout=60_000)
            before = run_cell(page, state)[0]["text"]
            slider = root.locator('input[type="range"]:enabled:visible').first
            if slider.count() == 0:
                slider = root.locator("select:enabled:visible").first
            stood = slider.input_value()
            if slider.get_attribute("type") == "range":
                slider.focus()
                page.keyboard.press("ArrowRight" if stood != slider.get_attribute("max") else "ArrowLeft")
            else:
                others = slider.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
                slider.select_option(next(other for other in others if other != stood))
            moved = told(page, state, lambda text, before=before: text != before)
            parameter = slider.get_attribute("data-parameter").partition("-")[0]
            assert value_of(moved, parameter) != value_of(before, parameter), name
            run_cell(page, back)
            assert run_cell(page, state)[0]["text"] == before
            page.wait_for_function(
                "([input, value]) => input.value === value", arg=[slider.element_handle(), stood], timeout=20_000
            )
        assert problems == []
    finally:
        page.close()


def value_of(text, name):
    return re.search(rf"'{name}': (\(.*?\)|[^,}}]+)", text)[1]


@pytest.mark.parametrize("lab", [(START, ASK, SET)], indirect=True, ids=["ConvArithmetic"])
def test_traits_and_picture_move_together(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    try:
        open_notebook(page, lab, 3)
        run_cell(page, 0)
        root = page.locator(ROOT)
        root.locator(".status:not(:empty)").wait_for(timeout=60_000)
        assert "Output 7 × 7." in root.locator(".status").inner_text()
        assert root.get_by_role("button", name="Copy link").count() == 0  # there is no page to link to

        slider = root.locator('[data-parameter="stride"]')
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            f"() => document.querySelector('{ROOT} .status').textContent.startsWith('Output 4 × 4.')"
        )
        told(page, 1, lambda text: "stride 2 output (4, 4) weight 1.0" in text)

        drag_to_the_end(page, slider)
        assert slider.input_value() == "6"
        page.wait_for_function(
            f"() => document.querySelector('{ROOT} .status').textContent.startsWith('Output 2 × 2.')"
        )
        told(page, 1, lambda text: "stride 6 output (2, 2) weight 1.0" in text)

        root.get_by_role("application", name="Kernel.").focus()
        page.keyboard.press("Enter")
        root.get_by_role("textbox", name="Kernel, weight row 0, column 0").fill("7")
        page.keyboard.press("Enter")
        told(page, 1, lambda text: "weight 7.0" in text)

        run_cell(page, 2)
        page.wait_for_function(
            f"() => document.querySelector('{ROOT} .status').textContent.startsWith('Output 3 × 3.')", timeout=20_000
        )
        assert slider.input_value() == "4"
        assert root.locator('[data-parameter="padding"]').input_value() == "1"
    finally:
        page.close()


NETWORK = """from cnnlib.explore import NetworkLive
explorer = NetworkLive(photo="cow", coarse=True)
explorer"""
ANSWER = "print(explorer.image.shape if explorer.photo == 'array' else None, explorer.best[0])"


@pytest.mark.parametrize("lab", [(NETWORK, ANSWER)], indirect=True, ids=["NetworkLive"])
def test_the_kernel_hands_the_network_over_and_is_given_a_picture(lab, browser, tmp_path):
    """The photograph and the weights come from Python when they are asked for; a reader's picture goes there."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    try:
        open_notebook(page, lab, 2)
        run_cell(page, 0)
        root = page.locator(ROOT)
        root.get_by_role("button", name="Run the network here").click()
        said = "([root, name]) => document.querySelector(`${root} .status`).textContent.startsWith(name)"
        page.wait_for_function(said, arg=[ROOT, "dalmatian 0.9"], timeout=60_000)
        assert run_cell(page, 1)[0]["text"].startswith("None ('dalmatian', 0.9")
        picture = tmp_path / "mine.png"
        Image.fromarray(assets.levels("panda")).save(picture)
        root.locator("input[type=file]").set_input_files(picture)
        page.wait_for_function(said, arg=[ROOT, "giant panda"], timeout=60_000)
        told(page, 1, lambda text: text.startswith("(227, 227, 3) ('giant panda'"))
    finally:
        page.close()
