"""Files that no command may take for a chapter in order: explorers without their state, and no notebook at all."""

import pytest

from tools.chapters import start, storage
from tools.chapters.__main__ import main
from tools.chapters.widgets import VIEW
from tools.site import BuildFailed, build

START = " ".join(start.faults(storage.nbformat.v4.new_notebook()))  # the small chapter lacks the book's first cell


def forget_the_state(notebook):
    del notebook.metadata["widgets"]


def forget_one_model(notebook):
    """As JupyterLab leaves it: run again and saved without the state of its widgets, which have other ids then."""
    notebook.cells[-1].outputs[0].data[VIEW]["model_id"] = "8b3c0ffee"


@pytest.mark.parametrize("breakage", [forget_the_state, forget_one_model])
def test_an_explorer_whose_state_is_lost_is_a_fault_that_only_a_run_mends(good, breakage, tmp_path, capsys):
    breakage(good)
    path = tmp_path / "a.ipynb"
    storage.nbformat.write(good, path)
    before = path.read_bytes()
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().err
    assert "shows an explorer whose state is not stored" in said and "execute the chapter" in said
    assert "`python -m tools.chapters normalise`" not in said.replace(START, "")
    assert main(["normalise", str(path)]) == 1
    assert "the normal form cannot invent it; execute the chapter" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_site_with_an_explorer_whose_state_is_lost_is_not_built(good, tmp_path):
    forget_one_model(good)
    (tmp_path / "chapters").mkdir()
    storage.write(good, tmp_path / "chapters" / "01-a.ipynb")
    with pytest.raises(BuildFailed, match=r"01-a\.ipynb: cell 8 shows an explorer whose state is not stored"):
        build(book=tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"cells": [\n<<<<<<< HEAD\n{}\n=======\n>>>>>>> other\n]}', "unfinished merge (line 2: <<<<<<<)"),
        ('{"cells": [', "holds no notebook (Notebook does not appear to be JSON"),
        ("[1, 2]", "holds no notebook ("),
        ('{"nbformat": 4}', "holds no notebook ("),
        ("", "holds no notebook ("),
    ],
    ids=["conflict marks", "cut off", "a list", "nothing in it", "empty"],
)
def test_a_file_that_is_no_notebook_is_named(text, words, tmp_path, capsys):
    path = tmp_path / "07-broken.ipynb"
    path.write_text(text)
    for command in ("check", "normalise", "execute", "verify"):
        assert main([command, str(path)]) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"07-broken.ipynb: read: {path} ") and words in said, said
        assert said.count("\n") == 1 and path.read_text() == text
