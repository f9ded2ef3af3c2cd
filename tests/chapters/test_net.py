"""The net holds: each way to break a stored chapter is caught by a check, by nbval or by a fresh run."""

import base64
import copy
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from tools.chapters import storage
from tools.chapters.comparison import differences
from tools.chapters.faults import faults
from tools.chapters.widgets import STATE, VIEW


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cell_with(notebook, words):
    return next(cell for cell in code_cells(notebook) if words in cell.source)


def models(notebook):
    return notebook.metadata.widgets[STATE]["state"]


def test_the_good_chapter_passes_the_check(good):
    assert faults(good) == []


# --- caught without running -----------------------------------------------------------------------


def forget_output(notebook):
    cell_with(notebook, "print").outputs = []


def forget_result(notebook):
    cell = cell_with(notebook, "/ 7")
    cell.outputs, cell.execution_count = [], None


def skip_a_count(notebook):
    code_cells(notebook)[1].execution_count = 9


def name_a_cell(notebook):
    notebook.cells[0].id = "hand-made"


def random_model_id(notebook):
    view = cell_with(notebook, "HBox").outputs[0].data[VIEW]
    state = models(notebook)
    state["8b3c0ffee"] = state.pop(view["model_id"])
    view["model_id"] = "8b3c0ffee"


def unreachable_model(notebook):
    models(notebook)["f" * 32] = copy.deepcopy(next(iter(models(notebook).values())))


def store_the_source(notebook):
    model = next(m for m in models(notebook).values() if "_esm" in m["state"])
    model["state"]["_esm"] = "export default { render() {} }"


def timestamp(notebook):
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def editor_noise(notebook):
    notebook.metadata["vscode"] = {"interpreter": {"hash": "1"}}


def python_version(notebook):
    notebook.metadata.language_info["version"] = "3.11.99"


def split_stream(notebook):
    outputs = cell_with(notebook, "print").outputs
    first, second = copy.deepcopy(outputs[0]), outputs[0]
    first.text, second.text = "adding\n", second.text.removeprefix("adding\n")
    outputs.insert(0, first)


def default_figure(notebook):
    data = cell_with(notebook, "described").outputs[0].data
    data["text/plain"] = "<Figure size 640x480 with 1 Axes>"


def nameless_figure(notebook):
    del cell_with(notebook, "described").outputs[0].data["text/plain"]


def address(notebook):
    cell_with(notebook, "/ 7").outputs[0].data["text/plain"] = "[<Line2D at 0x7f0012345678>]"


def error_output(notebook):
    cell_with(notebook, "print").outputs = [
        storage.nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="division by zero")
    ]


def warning_output(notebook):
    cell_with(notebook, "print").outputs.append(
        storage.nbformat.v4.new_output("stream", name="stderr", text="UserWarning: hm\n")
    )


def use_interact(notebook):
    cell_with(notebook, "jslink").source += "\nfrom ipywidgets import interact"


def hide_an_exercise(notebook):
    cell_with(notebook, "print").source += "\nexercises.check_stamp(stamp)"


def invent_a_number(notebook):
    notebook.cells[0].source += " And 61 besides."


@pytest.mark.parametrize(
    ("breakage", "words"),
    [
        (forget_output, "calls print but stores no output"),
        (forget_result, "ends in an expression but stores no output"),
        (skip_a_count, "execution count is 9"),
        (name_a_cell, "normal form"),
        (random_model_id, "normal form"),
        (unreachable_model, "normal form"),
        (store_the_source, "normal form"),
        (timestamp, "normal form"),
        (editor_noise, "normal form"),
        (python_version, "normal form"),
        (split_stream, "normal form"),
        (default_figure, "no description"),
        (nameless_figure, "no description"),
        (address, "memory address"),
        (error_output, "an output is an error: ZeroDivisionError"),
        (warning_output, "writes to stderr"),
        (use_interact, "uses interact"),
        (hide_an_exercise, "an exercise, whose code a reader must see"),
        (invent_a_number, "the prose says 61"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_check_catches(good, breakage, words):
    breakage(good)
    assert any(words in fault for fault in faults(good)), faults(good)


@pytest.mark.parametrize("tail", ["", "\n\n"], ids=["no newline at the end", "two of them"])
def test_the_check_reads_the_file_itself(good, tail):
    text = storage.text(good)
    assert faults(good, text) == []
    assert any("normal form" in fault for fault in faults(good, text.rstrip("\n") + tail))


# --- caught by strict nbval -----------------------------------------------------------------------


def change_printed_number(notebook):
    output = cell_with(notebook, "print").outputs[0]
    output.text = output.text.replace("60", "61")


def change_result(notebook):
    cell_with(notebook, "/ 7").outputs[0].data["text/plain"] = "8.571428571428572"


def change_plotted_data(notebook):
    cell = cell_with(notebook, "described")
    cell.source = cell.source.replace("max(values)", "max(values) + 1")


def change_the_input(notebook):
    cell = cell_with(notebook, "values = ")
    cell.source = cell.source.replace("30", "40")


def drop_stored_output(notebook):
    cell_with(notebook, "/ 7").outputs = []


def change_explorer(notebook):
    cell = cell_with(notebook, "Dial")
    cell.source = cell.source.replace("dial = Dial()", "dial = Dial(angle=4)")


def raise_in_a_cell(notebook):
    cell = cell_with(notebook, "values = ")
    cell.source += "\n1 / 0"


# What is broken in each notebook, and the code cells, counted from 0, that must fail; no others may.
NBVAL = {
    "good": ([], set()),
    "outputs": ([change_printed_number, change_result], {1, 2}),
    "sources": ([change_plotted_data, change_explorer, drop_stored_output], {2, 3, 6}),
    "input": ([change_the_input], {1, 2, 3}),
    "error": ([raise_in_a_cell], {1}),
}


@pytest.fixture(scope="module")
def nbval_failures(stored_once, tmp_path_factory):
    """Code cells that fail in each notebook, from one run of strict nbval over all of them."""
    folder = tmp_path_factory.mktemp("nbval")
    for name, (breakages, _) in NBVAL.items():
        notebook = copy.deepcopy(stored_once)
        for breakage in breakages:
            breakage(notebook)
        storage.write(notebook, folder / f"{name}.ipynb")
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    command += ["-c", "/dev/null", f"--rootdir={folder}", f"--junit-xml={report}", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    assert len(cases) == len(NBVAL) * len(code_cells(stored_once)), said
    failed = {name: set() for name in NBVAL}
    for case in cases:
        name, cell = re.search(r"(\w+)\.ipynb::Cell (\d+)|$", f"{case.get('classname')}::{case.get('name')}").groups()
        if case.find("failure") is not None:
            failed[name].add(int(cell))
    return failed


@pytest.mark.parametrize("name", NBVAL)
def test_strict_nbval_fails_the_broken_cells_and_no_others(nbval_failures, name):
    assert nbval_failures[name] == NBVAL[name][1]


# --- caught by comparing a fresh run, where nbval is blind ----------------------------------------


def other_picture(notebook):
    data = cell_with(notebook, "described").outputs[0].data
    with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as image:
        pixels = np.asarray(image.convert("RGB"))
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, ::-1]).save(buffer, "PNG")
    data["image/png"] = base64.b64encode(buffer.getvalue()).decode()


def other_size(notebook):
    data = cell_with(notebook, "described").outputs[0].data
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10)).save(buffer, "PNG")
    data["image/png"] = base64.b64encode(buffer.getvalue()).decode()


def other_state(notebook):
    model = next(m for m in models(notebook).values() if "angle" in m["state"])
    model["state"]["angle"] = 5


def lost_state(notebook):
    del notebook.metadata["widgets"]


def lost_view(notebook):
    del cell_with(notebook, "HBox").outputs[0].data[VIEW]


@pytest.mark.parametrize(
    ("breakage", "words"),
    [
        (other_picture, "picture differs"),
        (other_size, "pixels, stored is (10, 20, 4)"),
        (other_state, "widget state"),
        (lost_state, "widget state"),
        (lost_view, "not of the kinds"),
        (change_printed_number, "stored is"),
        (change_result, "stored is"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fresh_run_catches(good, stored_once, breakage, words):
    assert differences(good, stored_once) == []
    breakage(good)
    assert any(words in what for what in differences(good, stored_once))
