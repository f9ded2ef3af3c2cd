"""The editions for class run as the chapters do: one chapter of each, and every one in the long form."""

import os

import pytest

from tools.chapters import storage
from tools.chapters.execution import execute
from tools.editions import EDITIONS
from tools.editions.__main__ import chapters, prose_of
from tools.editions.edition import edition

LONG = bool(os.environ.get("LONG"))
SHORT = "09"  # has questions, explorers, an exercise with its solution, and no network
RUN = [path for path in chapters() if LONG or path.name.startswith(SHORT)]


@pytest.fixture(scope="module")
def prose():
    return prose_of(chapters()[0].parent.parent)


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_runs_and_shows_what_is_stored(path, name, prose, tmp_path):
    notebook = edition(path, name, prose)
    storage.write(notebook, tmp_path / path.name)  # as it is given out, away from the book
    fresh, problems = execute(storage.read(tmp_path / path.name), tmp_path)
    assert problems == []
    for stored, new in zip(notebook.cells, fresh.cells, strict=True):
        assert said(stored) == said(new)


def said(cell):
    """What a cell prints and the texts of what it shows."""
    outputs = cell.get("outputs", ())
    return "".join(o.text for o in outputs if o.output_type == "stream"), [
        output.data["text/plain"] for output in outputs if "data" in output
    ]
