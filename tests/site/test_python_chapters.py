"""Every cell of every chapter in the page's own Python: it shows the text that is stored.

All chapters with LONG=1; a few with short cells otherwise, for NumPy in a browser is slow and has one thread.
"""

import pytest

from tests.conftest import LONG
from tools.environment import ROOT

from .python_page import run_cell, start, stored_cells, stored_outputs

ALL = sorted(path.stem for path in ROOT.glob("chapters/*.ipynb"))
SHORT = ["00-one-convolution", "09-dilated-convolution", "13-differentiable-sampling"]
# (chapter, cell) to why its text may differ from the stored one
DIFFERENT: dict[tuple[str, int], str] = {}
# (chapter, cell) to why it is not run
TOO_LONG = {
    ("01-parameter-explosion", 21): "trains twelve networks, which takes NumPy in a browser many minutes",
    ("01-parameter-explosion", 22): "shows the weights of cell 21",
}


def differences(page, name):
    """Sentences on the cells of a page that show something else than what is stored."""
    found = []
    cells = stored_cells(name)
    torch = set(page.evaluate("cnnlibPython.cells.filter(cell => cell.torch).map(cell => cell.number)"))
    assert page.evaluate("cnnlibPython.cells.length") == len(cells)
    for number, one in enumerate(cells):
        if number in torch or (name, number) in TOO_LONG:
            continue
        shown, stored = run_cell(page, number), stored_outputs(one)
        if (shown != stored) != ((name, number) in DIFFERENT):
            found.append(f"{name}, cell {number + 1}: it shows {shown}, stored is {stored}")
    return found


@pytest.mark.parametrize("name", ALL if LONG else SHORT)
def test_a_chapter_shows_in_the_page_what_is_stored(open_page, name):
    page = open_page(f"chapters/{name}.html")
    page.set_default_timeout(0)
    assert differences(start(page), name) == []


def test_a_cell_that_shows_something_else_is_found(open_page):
    page = start(open_page(f"chapters/{SHORT[0]}.html"))
    page.evaluate("cnnlibPython.run = () => Promise.resolve()")  # nothing runs, nothing is shown
    assert len(differences(page, SHORT[0])) > 5
