"""A run notices what stays silent: callbacks that raise, warnings, errors inside an output."""

import contextlib

import pytest
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from tools.chapters import execution, storage
from tools.chapters.__main__ import main

from .conftest import CELLS, build

SLIDER = "import ipywidgets as widgets\nslider = widgets.IntSlider(value=3, max=7)\n"


def run_code(run_notebook, *sources):
    return run_notebook(build([("code", source) for source in sources]))


def test_two_runs_give_the_same_bytes(good, run_notebook):
    again, _ = run_notebook(build(CELLS))
    assert storage.text(again) == storage.text(good)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (SLIDER + "slider.observe(lambda change: 1 / 0, 'value')", "set to {'value': 7}: ZeroDivision"),
        (SLIDER + "slider.observe(lambda change: int('x'), 'value')", "ValueError: invalid literal"),
        (
            SLIDER
            + "out = widgets.Output()\n"
            + "def show(change):\n    with out:\n        [][1]\n"
            + "slider.observe(show, 'value')",
            "IndexError",
        ),
        (
            "import ipywidgets as widgets\nbutton = widgets.Button()\nbutton.on_click(lambda b: {}['x'])",
            "clicked: KeyError",
        ),
        (
            "import ipywidgets as widgets\nbox = widgets.Dropdown(options=['a', 'b'])\n"
            "box.observe(lambda c: 1 / (c['new'] != 'b'), 'value')",
            "{'index': 1}: ZeroDivisionError",
        ),
        (
            "import ipywidgets as widgets\nbox = widgets.Checkbox()\nbox.observe(lambda c: 1 / 0, 'value')",
            "{'value': True}: ZeroDivisionError",
        ),
        (
            "import anywidget, traitlets\n"
            "class Dial(anywidget.AnyWidget):\n"
            "    _esm = 'export default {}'\n"
            "    angle = traitlets.Int(3, max=9).tag(sync=True)\n"
            "dial = Dial()\ndial.observe(lambda c: [][c['new']], 'angle')",
            "Dial raises when it is set to {'angle': 4}: IndexError",
        ),
        ("import warnings\nwarnings.warn('hm')", "cell 1 writes to stderr"),
        (
            "from IPython import get_ipython\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n"
            "    get_ipython().showtraceback()",
            "cell 1 shows an error: ZeroDivisionError",
        ),
    ],
    ids=["observe", "a refusal", "output", "button", "dropdown", "checkbox", "anywidget", "warning", "shown"],
)
def test_a_run_reports(run_notebook, source, words):
    _, problems = run_code(run_notebook, source)
    assert any(words in problem for problem in problems), problems


OBSERVED = [
    ("ConvArithmetic", "size", "{'size': [8, 7]}"),
    ("ConvArithmetic", "weights", "{'weights': [[0.0, 0.0, 0.0"),
    ("ConvArithmetic", "image", "{'image': [[0.0, 0.0, 0.0"),
    ("ConvArithmetic", "stride", "{'stride': 2}"),
    ("KernelOnPhotograph", "preset", "{'preset': 'identity'}"),
    ("KernelOnPhotograph", "photo", "{'photo': "),
    ("KernelOnPhotograph", "position", "{'position': [0, 0]}"),
    ("KernelOnPhotograph", "enlarge", "{'enlarge': False}"),
    ("KernelOnPhotograph", "image", "{'image': {'shape': [512, 512]"),
    ("BreakEquivariance", "shift", "{'shift': [1, 1]}"),
    ("FieldStack", "layers", "{'layers': [{"),
]


OWN = "{'image': {'shape': [4, 4]"  # the one with an image of its own


@pytest.fixture(scope="module")
def observed(run_notebook):
    """Problems of one run in which every trait of the list has an observer that raises its name."""
    names = sorted({name for name, _, _ in OBSERVED})
    lines = [f"from cnnlib.explore import {', '.join(names)}"]
    lines.append("def fail(change):\n    raise RuntimeError(change['name'])")
    for name in names:
        lines.append(f"explorer = {name}()")
        lines += [f"explorer.observe(fail, {trait!r})" for owner, trait, _ in OBSERVED if owner == name]
    lines.append("own = KernelOnPhotograph(image=[[1, 2, 3, 4]] * 4)\nown.observe(fail, 'image')")
    return run_code(run_notebook, "\n".join(lines))[1]


@pytest.mark.parametrize(("owner", "trait", "state"), [*OBSERVED, ("KernelOnPhotograph", "image", OWN)])
def test_an_explorer_of_the_book_is_moved_in_every_kind_of_trait(observed, owner, trait, state):
    found = [text for text in observed if text.startswith(f"a callback of {owner} raises when it is set to {state}")]
    assert found and all(text.endswith(f": RuntimeError: {trait}") for text in found), observed


def test_an_untouched_explorer_reports_nothing(run_notebook):
    from cnnlib import explore

    made = [f"{name}()" for name in explore.__all__ if name not in ("Question", "SideBySide")]
    made += ["ConvArithmetic(image=[[1, 2, 3]] * 3)", "Question('How many?', answer=3, wrong={2: 'Count again.'})"]
    source = f"from cnnlib.explore import *\nexplorers = [{', '.join(made)}]"
    assert run_code(run_notebook, source)[1] == []


def test_a_run_reports_an_exception_in_a_thread(run_notebook):
    source = "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()"
    _, problems = run_code(run_notebook, source)
    assert any("ZeroDivisionError" in problem for problem in problems), problems


def test_controls_that_work_are_not_reported(run_notebook):
    source = (
        "import anywidget, traitlets\n"
        "class Dial(anywidget.AnyWidget):\n"
        "    _esm = 'export default {}'\n"
        "    angle = traitlets.Int(3, max=3).tag(sync=True)\n"
        "dial = Dial()\ndial.observe(lambda c: None, 'angle')"
    )
    _, problems = run_code(run_notebook, SLIDER + "slider.observe(print, 'value')", source)
    assert problems == []


def test_a_cell_that_raises_ends_the_run(run_notebook):
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_code(run_notebook, "1 / 0")


class Stand:
    """A client of a kernel whose messages do not come."""

    made = ()

    def __init__(self, notebook, **options):
        Stand.made, self.code_cells_executed = options, 0

    def setup_kernel(self, **options):
        return contextlib.nullcontext()

    def execute_cell(self, cell, index, **options):
        raise CellTimeoutError.error_from_timeout_and_cell("Timeout waiting for IOPub output", 120, cell)


def test_a_kernel_that_does_not_answer_is_said_in_a_sentence(run_notebook, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(execution, "NotebookClient", Stand)
    with pytest.raises(execution.NoAnswer, match=r"(?s)gave no answer for minutes; run it again.*Timeout waiting"):
        run_code(run_notebook, "1")
    # nbclient would wait 4 seconds for a message and go on without it
    assert Stand.made["iopub_timeout"] >= 60 and Stand.made["raise_on_iopub_timeout"]
    path = tmp_path / "a.ipynb"
    storage.write(build([("code", "1")]), path)
    assert main(["verify", str(path)]) == 1
    assert "a.ipynb: the kernel gave no answer for minutes" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "half of a lis", "[]\nand a word after it"])
def test_a_lost_answer_about_the_controls_is_said_in_a_sentence(text):
    (said,) = execution._told(text)
    assert "the kernel did not say what its controls did" in said
    assert execution._told('a callback prints\n["and raises"]\n') == ["and raises"]
