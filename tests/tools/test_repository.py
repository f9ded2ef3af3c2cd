"""The repository as a whole: small, and every command of the Makefile is one of tools."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from tools.__main__ import COMMANDS
from tools.environment import ROOT

MEGABYTE = 1_000_000


def tracked(folder=ROOT):
    """The repository's files as git lists them; of an unpacked archive, or without git, those that git would keep."""
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=folder, capture_output=True, text=True)
        if listed.returncode == 0 and listed.stdout:
            return [folder / name for name in listed.stdout.split("\0") if name and (folder / name).is_file()]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    patterns = [".git", *(pattern.rstrip("/") for pattern in ignored)]
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in patterns)]
        found += [Path(parent, name) for name in names]
    return found


def test_the_files_are_found_without_git(tmp_path):
    for name in ("a.txt", "chapters/b.ipynb", ".venv/c", "cnnlib/__pycache__/d.pyc", "cnnlib.egg-info/e", "_build/f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.relative_to(tmp_path).as_posix() for path in tracked(tmp_path)} == {"a.txt", "chapters/b.ipynb"}


def test_the_whole_repository_is_small():
    sizes = {path: path.stat().st_size for path in tracked()}
    assert len(sizes) > 50
    assert sum(sizes.values()) < 60 * MEGABYTE, sorted(sizes.items(), key=lambda item: -item[1])[:10]


def test_every_target_is_a_command():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^COMMANDS := ([a-z ]+)$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == {*COMMANDS, "clean"}
    assert "$(COMMANDS):\n\t@$(PYTHON) -m tools $@\n" in makefile


#: A file with a folder before it, as it stands in texts; and the names that stand for any, or for what is made.
ENDS = "py|ipynb|md|js|mjs|css|json|tsv|toml|bib|yml|svg|png"
PATH = re.compile(rf"(?<![\w/.:-])([\w.*-]+(?:/[\w.*-]+)*/[\w.*-]+\.(?:{ENDS}))\b")
MADE = re.compile(r"lab/tree/|_build/|_static/|.*\b[A-Z]{4}")


def test_every_file_that_a_text_names_is_there():
    """In the documents; and in code, where a name begins with a folder of the repository."""
    there = [path.relative_to(ROOT).as_posix() for path in tracked()]
    folders = {path.partition("/")[0] for path in there if "/" in path}
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    code = ("cnnlib/", "_ext/", "tools/", "benchmarks/", "experiments/")
    texts = documents + [ROOT / path for path in there if path.startswith(code) and path.endswith((".py", "js"))]
    named = [(text, name) for text in texts for name in PATH.findall(text.read_text(encoding="utf-8"))]
    named = [(text, name) for text, name in named if text in documents or name.partition("/")[0] in folders]
    assert len(named) > 50
    lost = [
        (text.name, name)
        for text, name in named
        if not MADE.match(name) and not any(fnmatch(f"/{path}", f"*/{name}") for path in there)
    ]
    assert lost == []


def test_every_tool_is_a_command_or_helps_one():
    texts = [path.read_text(encoding="utf-8") for path in tracked() if path.suffix in (".py", ".md", ".toml", "")]
    tools = [path.stem for path in (ROOT / "tools").glob("[!_]*.py")]
    assert len(tools) > 10
    alone = [
        tool for tool in tools if not any(re.search(rf"(tools\.|from \.|import ){tool}\b", text) for text in texts)
    ]
    assert alone == []


@pytest.fixture
def chosen(tmp_path):
    """The Python that make takes in a folder where .venv was made with the program of this name."""

    def chosen(name, *arguments):
        shutil.copy(ROOT / "Makefile", tmp_path)
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv/pyvenv.cfg").write_text(f"home = /usr/bin\nexecutable = {name}\n")
        own = ("PYTHON", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # the suite itself may have been started by make
        environment = {key: value for key, value in os.environ.items() if key not in own}
        command = ["make", "-n", "help", *arguments]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env=environment)
        return told.stdout.splitlines()[-1].removesuffix(" -m tools help")

    return chosen


def test_make_takes_the_python_that_the_environment_was_made_with(chosen):
    assert chosen(sys.executable) == sys.executable


def test_make_takes_another_python_when_it_is_named(chosen):
    assert chosen(sys.executable, "PYTHON=python3.99") == "python3.99"


def test_make_takes_a_python_that_is_here_when_that_one_is_gone(chosen):
    found = chosen("/no/such/python")
    assert found != "/no/such/python" and "python3" in found


def test_the_package_builds_under_the_rules_to_come():
    """A licence as a table is no longer read from 2027, and a build tool without a bound breaks some day by itself."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["license"] == "MIT" and settings["project"]["license-files"] == ["LICENSE"]
    (tool,) = settings["build-system"]["requires"]
    assert re.fullmatch(r"setuptools>=(7[7-9]|[89]\d)[\d.]*,<\d+", tool)  # 77 is the first that reads such a licence


def test_documents_for_those_who_work_on_the_book_are_no_pages_of_it():
    excluded = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["exclude_patterns"]
    assert {"docs", "CONTRIBUTING.md", "README.md"} <= set(excluded)


def test_looking_the_chapters_over_needs_no_more_than_the_site():
    """Neither torch nor JupyterLab is set up to read a few files."""
    assert COMMANDS["check"][0] == "site"
    code = "import sys, tools.chapters.__main__; print('torch' in sys.modules, 'jupyterlab' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "False False\n"


def test_help_names_every_command():
    told = subprocess.run([sys.executable, "-m", "tools", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(re.search(rf"^{name} ", told.stdout, re.MULTILINE) for name in [*COMMANDS, "clean"])


def test_an_unknown_command_is_refused():
    assert subprocess.run([sys.executable, "-m", "tools", "bok"], cwd=ROOT, capture_output=True).returncode == 2


def test_requirements_are_pinned():
    for name in ("requirements-site.txt", "requirements.txt", "requirements-dev.txt", "requirements-lite.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            line = line.partition("#")[0].strip()
            assert not line or line.startswith("-") or re.fullmatch(r"[\w.-]+==[\w.]+", line), f"{name}: {line}"
