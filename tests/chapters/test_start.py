"""The cell that fetches the book: nothing beside it, the package and the data elsewhere, the same in every chapter."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig

import nbformat
import pytest
import yaml

from tools.chapters import ROOT, start
from tools.chapters.__main__ import main
from tools.chapters.faults import faults
from tools.chapters.normal import normalise

ADDRESS = "https://example.org/somebody/a-book"


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The book's configuration with another repository: `config(url=..., branch=...)`; gives its path."""

    def config(**repository):
        values = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        values["repository"] = repository
        path = tmp_path / "_config.yml"
        path.write_text(yaml.safe_dump(values), encoding="utf-8")
        return path

    return config


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder without the package; gives the commands that are run there."""
    ran = []
    monkeypatch.chdir(tmp_path)
    there = {"anywidget": True}
    monkeypatch.setattr(importlib.util, "find_spec", there.get)
    monkeypatch.setattr(subprocess, "run", lambda command, check: ran.append(command))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return ran


def test_beside_the_book_nothing_happens(config, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was run"))
    before = list(sys.path)
    exec(start.source(config(url=ADDRESS)), {})
    assert sys.path == before


def test_elsewhere_the_repository_is_fetched_and_installed(config, elsewhere, tmp_path):
    exec(start.source(config(url=f" {ADDRESS} ", branch="try")), {})
    book = str(tmp_path / "book")
    assert elsewhere == [
        ["git", "clone", "-q", "--depth=1", "--branch", "try", ADDRESS, book],
        [sys.executable, "-m", "pip", "install", "-q", "-e", f"{book}[explore,plots,train]"],
    ]
    assert sys.path[0] == book


SOURCES = ("cnnlib", "data", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
USE = """
import cnnlib
from cnnlib import data
from cnnlib.explore import ConvArithmetic

print(cnnlib.__file__, data.folder(), ConvArithmetic().output.shape, sep="\\n")
"""


def test_in_an_environment_without_the_package_it_is_fetched_and_works(config, tmp_path):
    """As on Colab: git and pip run, with a repository on this machine in place of the address."""
    here, there, python = tmp_path / "content", tmp_path / "a-book", tmp_path / "environment/bin/python"
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        there.mkdir(exist_ok=True)
        copy(ROOT / name, there / name)
    git = ["git", "-C", str(there), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for step in (["init", "-q", "-b", "try"], ["add", "."], ["commit", "-q", "-m", "The book"]):
        subprocess.run([*git, *step], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(python.parent.parent)], check=True)
    here.mkdir()
    # What Colab has is there, but not what an editable installation of the book would add; pip asks no index.
    outside = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}
    outside |= {"PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment = {name: value for name, value in os.environ.items() if name != "CNNLIB_DATA"} | outside

    def run(code):
        return subprocess.run([python, "-c", code], cwd=here, env=environment, capture_output=True, text=True)

    before = run(USE)
    assert "No module named 'cnnlib'" in before.stderr
    done = run(start.source(config(url=there.as_uri(), branch="try")) + USE)
    assert done.returncode == 0, done.stderr
    book = here / "book"
    assert done.stdout.splitlines() == [str(book / "cnnlib/__init__.py"), str(book / "data"), "(5, 5)"]


def test_what_was_fetched_is_not_fetched_again(config, elsewhere, tmp_path):
    (tmp_path / "book").mkdir()
    exec(start.source(config(url=ADDRESS)), {})
    assert [command[0] for command in elsewhere] == [sys.executable]


@pytest.mark.parametrize("repository", [{"url": ""}, {"url": None}, {}])
def test_without_an_address_it_says_what_to_do(config, elsewhere, repository):
    with pytest.raises(ModuleNotFoundError, match="does not know where to fetch it; open it in the book's folder"):
        exec(start.source(config(**repository)), {})
    assert elsewhere == []


@pytest.mark.parametrize("folder", ["", "chapters", "a class/week 3"])
def test_in_the_folders_of_a_book_that_book_is_taken(config, elsewhere, tmp_path, monkeypatch, folder):
    """Also the edition that the site offers for download, saved somewhere below the book."""
    (tmp_path / "cnnlib").mkdir()
    (tmp_path / "cnnlib/__init__.py").touch()
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / folder)
    exec(start.source(config(url="")), {})
    assert sys.path[0] == str(tmp_path) and elsewhere == []


def test_a_book_above_gets_what_it_needs(config, elsewhere, tmp_path, monkeypatch):
    (tmp_path / "cnnlib").mkdir()
    (tmp_path / "cnnlib/__init__.py").touch()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    exec(start.source(config(url="")), {})
    assert elsewhere == [[sys.executable, "-m", "pip", "install", "-q", "-e", f"{tmp_path}[explore,plots,train]"]]


def test_what_is_installed_are_the_extras_of_the_package():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "[{}]".format(",".join(project["optional-dependencies"])) in start.CODE


def test_the_data_lie_where_a_fetched_package_looks_for_them():
    from cnnlib import data

    assert data.folder() == ROOT / "data"


def test_it_is_inserted_after_the_title_and_only_once(good):
    start.insert(good)
    once = normalise(good)
    start.insert(once)
    assert normalise(once) == once
    assert [cell.cell_type for cell in once.cells[:2]] == ["markdown", "code"]
    assert [cell.source == start.source() for cell in once.cells].count(True) == 1
    assert faults(once) == start.faults(once) == []


def shown(notebook):
    notebook.cells[1].metadata.tags.remove("remove-cell")


def edited(notebook):
    notebook.cells[1].source += "\n"


def elsewhere_in_it(notebook):
    notebook.cells.append(notebook.cells.pop(1))


def doubled(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell(notebook.cells[1].source, metadata=notebook.cells[1].metadata))


@pytest.mark.parametrize("change", [shown, edited, elsewhere_in_it, doubled, lambda notebook: notebook.cells.pop(1)])
def test_a_chapter_without_it_as_it_is_is_found_and_mended(good, change, tmp_path, capsys):
    start.insert(good)
    change(good)
    assert len(start.faults(good)) == 1
    path = tmp_path / "a.ipynb"
    nbformat.write(good, path)
    assert main(["check", str(path)]) == 1
    assert "does not begin with the cell that fetches the book" in capsys.readouterr().err
    assert main(["normalise", str(path)]) == 0
    assert main(["check", str(path)]) == 0


def test_another_address_is_written_into_the_cell(good, config, monkeypatch):
    start.insert(good)
    changed = start.source(config(url=ADDRESS))
    monkeypatch.setattr(start, "source", lambda: changed)
    assert len(start.faults(good)) == 1
    start.insert(good)
    assert start.faults(good) == [] and ADDRESS in good.cells[1].source
