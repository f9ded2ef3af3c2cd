"""The skeleton of an explorer passes the contract, its own tests and its example, in a copy of the book."""

import os
import shutil
import subprocess
import sys

import pytest

from tools.environment import ROOT
from tools.new import explorer

NAME, FOLDER = "WindowOnALine", "window_on_a_line"
NEEDED = (
    *("cnnlib", "tests/explore", "tests/conventions", "tests/conftest.py"),
    *("_ext/live", "tools", "pyproject.toml", "chapters"),
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """What explorers and their tests need, with a new one."""
    root = tmp_path_factory.mktemp("book")
    for name in NEEDED:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
        else:
            shutil.copy(source, target)
    return root, explorer.write(NAME, root)


def test_everything_is_written_and_listed(book):
    root, made = book
    names = [path.relative_to(root).as_posix() for path in made]
    assert names[0] == f"cnnlib/explore/{FOLDER}/__init__.py"
    assert {path.rpartition("/")[2] for path in names} >= {"model.mjs", "view.mjs", "words.mjs", "check.py"}
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert "skeleton" not in text.lower() and path.stat().st_size > 100
    exports, page = (path.read_text(encoding="utf-8") for path in made[-2:])
    assert exports.count(NAME) == 2 and f".. autoclass:: cnnlib.explore.{NAME}" in page
    listed = [line for line in exports.splitlines() if line.startswith("    ")]
    assert listed == sorted(listed)


def test_it_passes_the_contract_from_its_first_minute(book):
    """In a process of its own, in the copy: every contract there is, its own tests, its example."""
    import torch  # noqa: F401 - the contract's module reads every explorer's check, and some compare with torch

    root, _ = book
    environment = os.environ | {"CNNLIB_DATA": str(ROOT / "data"), "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=0", f"-k={FOLDER}"]
    folders = ["tests/explore/contract", f"tests/explore/{FOLDER}", f"cnnlib/explore/{FOLDER}"]
    done = subprocess.run([*command, *folders], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    assert done.stdout.count("/contract/test_every_") > 15


@pytest.mark.parametrize("name", ["window", "Window_On", "2D", "Window Line", "../Window", ""])
def test_a_name_that_cannot_be_one_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="is no name of an explorer; give a class's name, such as DeformableGrid"):
        explorer.write(name, tmp_path)


def test_a_name_that_is_taken_is_refused(book):
    with pytest.raises(FileExistsError, match=f"cnnlib/explore/{FOLDER} is there already; choose another name"):
        explorer.write(NAME, book[0])
