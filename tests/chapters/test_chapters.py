"""Every chapter of the book: in order as stored, and the same when it is run again."""

import pytest

from cnnlib import data
from tools.chapters import FOLDER, start, storage
from tools.chapters.comparison import differences
from tools.chapters.execution import execute
from tools.chapters.faults import faults
from tools.chapters.normal import normalise

CHAPTERS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_is_in_order_as_stored(path):
    notebook = storage.read(path)
    assert start.faults(notebook) + faults(notebook, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_fresh_run_shows_the_same(path):
    stored = storage.read(path)
    fresh, problems = execute(stored, path.parent)
    assert problems == []
    assert differences(stored, normalise(fresh)) == []


def test_the_table_of_costs_names_each_chapter_by_its_title():
    stored = {name: cost["title"] for name, cost in data.stored_result("chapter_costs").items()}
    chapters = [path for path in CHAPTERS if path.stem[0].isdigit()]
    assert stored == {path.stem: storage.read(path).cells[0].source.splitlines()[0][2:] for path in chapters}
