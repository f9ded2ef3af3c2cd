"""A small chapter that is in order, run once; the tests break copies of it."""

import copy

import nbformat
import pytest

from tools.chapters.execution import execute
from tools.chapters.normal import normalise

CELLS = [
    ("markdown", "# A small chapter\n\nThe sum is 60, which is 25.5 % of something, in 1,234 ways."),
    ("code", "import ipywidgets as widgets\nimport matplotlib.pyplot as plt\n\nfrom cnnlib import plots"),
    ("code", "values = [10, 20, 30]\nprint('adding')\nprint(sum(values), 0.2549, 1234)"),
    ("code", "sum(values) / 7"),
    (
        "code",
        "figure, axes = plt.subplots(figsize=(3, 2))\n"
        "axes.bar(range(3), values)\n"
        "plots.described(figure, f'Three bars, the highest is {max(values)}.')",
    ),
    (
        "code",
        "left = widgets.IntSlider(value=3, max=7)\n"
        "right = widgets.IntSlider(value=3, max=7)\n"
        "link = widgets.jslink((left, 'value'), (right, 'value'))\n"
        "unseen = widgets.Button(description='nobody shows this')",
    ),
    ("code", "widgets.HBox([left, right])"),
    (
        "code",
        "import anywidget\nimport traitlets\n\n\n"
        "class Dial(anywidget.AnyWidget):\n"
        "    _esm = 'export default { render({ el }) { el.textContent = 1; } }'\n"
        "    angle = traitlets.Int(3).tag(sync=True)\n\n"
        "    def __repr__(self):\n"
        "        return f'Dial(angle={self.angle})'\n\n\n"
        "dial = Dial()\ndial",
    ),
]


def build(cells=CELLS):
    """An unexecuted notebook of (kind, source) pairs."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])


@pytest.fixture(scope="session")
def run_notebook(tmp_path_factory):
    """Execute a notebook in a folder of its own; gives the normalised notebook and the problems."""

    def run(notebook):
        result, problems = execute(notebook, tmp_path_factory.mktemp("run"))
        return normalise(result), problems

    return run


@pytest.fixture(scope="session")
def stored_once(run_notebook):
    notebook, problems = run_notebook(build())
    assert problems == []
    return notebook


@pytest.fixture
def good(stored_once):
    """The small chapter, executed and normalised; each test has its own copy to break."""
    return copy.deepcopy(stored_once)
