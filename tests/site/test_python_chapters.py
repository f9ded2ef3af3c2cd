"""Every cell of every chapter in the page's own Python: it shows the text that is stored.

All chapters with LONG=1; a few with short cells otherwise, for NumPy in a browser is slow and has one thread. One of
them is opened from the folder.
"""

import pytest

from tests.conftest import LONG
from tools.environment import ROOT

from .python_page import bar, press, run_cell, start, stored_cells, stored_outputs, write

ALL = sorted(path.stem for path in ROOT.glob("chapters/*.ipynb"))
FROM_THE_FOLDER = "00-one-convolution"
SHORT = [FROM_THE_FOLDER, "09-dilated-convolution", "13-differentiable-sampling"]
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


@pytest.mark.parametrize("name", ALL if LONG else SHORT[1:])
def test_a_chapter_shows_in_the_page_what_is_stored(open_page, name):
    page = open_page(f"chapters/{name}.html")
    page.set_default_timeout(0)
    assert differences(start(page), name) == []


#: Safari lets the worker of a page from a folder read no Blob, neither one that it is sent nor one of its own.
NO_BLOB = """const send = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...more) {
  const held = (value) => value instanceof Blob || (value?.constructor === Object && Object.values(value).some(held));
  if (held(message)) globalThis.blobSent = message.type;
  send.call(this, message, ...more);
};"""


def test_from_a_folder_too(open_page, site_dir):
    page = open_page((site_dir / "chapters" / f"{FROM_THE_FOLDER}.html").as_uri(), init=NO_BLOB)
    page.set_default_timeout(0)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, 1, "run")
    page.wait_for_function("cnnlibPython.cells[1].element.querySelector('.live-output .figure-frame img')")
    assert differences(start(page), FROM_THE_FOLDER) == []
    write(page, 3, "from cnnlib import data\ndata.photograph('owl').shape")  # comes when it is opened
    ((_, shape),) = run_cell(page, 3)
    assert shape.endswith(", 3)")
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert page.evaluate("globalThis.blobSent ?? null") is None
    assert bar(page).startswith("Ran in ")


def test_a_cell_that_shows_something_else_is_found(open_page):
    page = start(open_page(f"chapters/{SHORT[0]}.html"))
    page.evaluate("cnnlibPython.run = () => Promise.resolve()")  # nothing runs, nothing is shown
    assert len(differences(page, SHORT[0])) > 5
