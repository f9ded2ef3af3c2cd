"""A skeleton is in order from its first minute, and a name that cannot be is refused in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.chapters import start, storage
from tools.chapters.comparison import differences
from tools.chapters.execution import execute
from tools.chapters.faults import faults
from tools.chapters.normal import normalise
from tools.new import __main__ as new
from tools.new import chapter


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A chapter in a book of its own."""
    root = tmp_path_factory.mktemp("book")
    (root / "chapters").mkdir()
    (path,) = chapter.write("90-windows-on-a-line", root)
    return path


def test_a_new_chapter_is_in_order_and_runs_the_same_again(written):
    notebook = storage.read(written)
    assert start.faults(notebook) + faults(notebook, written.read_text(encoding="utf-8")) == []
    fresh, problems = execute(notebook, written.parent)
    assert problems == [] and differences(notebook, normalise(fresh)) == []


def test_it_has_every_part_of_the_readers_page(written):
    notebook = storage.read(written)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert prose.startswith("# Windows on a line\n")
    starts = [prose.index(part) for part in (":class: start", "## What you can do now", "## Exercises", "## Sources")]
    assert starts == sorted(starts)
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", ())}
    assert tags >= {"hide-input", "idea", "hide-cell", "solution"}


def test_lint_passes_it(written):
    rules = Path(__file__).parents[2] / "pyproject.toml"
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", f"--config={rules}", written],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("name", ["13", "13-", "three-words", "13-Deformable", "13-a_b", "../13-a"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="is no name of a chapter; give two digits and words, such as"):
        chapter.write(name, tmp_path)


def test_a_number_that_is_taken_is_refused(written):
    before = written.read_bytes()
    with pytest.raises(FileExistsError, match=r"number 90 belongs to 90-windows-on-a-line\.ipynb; choose another"):
        chapter.write("90-other-words", written.parent.parent)
    assert written.read_bytes() == before


@pytest.mark.parametrize("arguments", [[], ["chapter"], ["chaptre", "13-a"], ["chapter", "13", "a"]])
def test_the_command_says_how_it_is_used(arguments, capsys):
    assert new.main(arguments) == 2
    assert "say `python -m tools new KIND NAME`" in capsys.readouterr().err


def test_the_command_tells_what_it_wrote(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(new, "ROOT", tmp_path)
    monkeypatch.setitem(new.KINDS, "chapter", lambda name, root: [root / "chapters" / f"{name}.ipynb"])
    assert new.main(["chapter", "13-a"]) == 0
    assert "new: chapters/13-a.ipynb\n" in capsys.readouterr().out
