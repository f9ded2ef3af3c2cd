"""The repository as a whole: small, and every command of the Makefile is one of tools."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

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
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in patterns)]
        found += [Path(place, name) for name in names]
    return found


def test_the_files_are_found_without_git(tmp_path):
    for name in ("a.txt", "chapters/b.ipynb", ".venv/c", "cnnlib/__pycache__/d.pyc", "cnnlib.egg-info/e", "_build/f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.relative_to(tmp_path).as_posix() for path in tracked(tmp_path)} == {"a.txt", "chapters/b.ipynb"}


def test_the_whole_repository_is_small():
    sizes = {path: path.stat().st_size for path in tracked()}
    assert len(sizes) > 50
    assert sum(sizes.values()) < 30 * MEGABYTE, sorted(sizes.items(), key=lambda item: -item[1])[:10]


def test_every_target_is_a_command():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^([a-z ]+):\n\t@\$\(PYTHON\) -m tools \$@$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == {*COMMANDS, "clean"}


def test_help_names_every_command():
    told = subprocess.run([sys.executable, "-m", "tools", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(re.search(rf"^  {name} ", told.stdout, re.MULTILINE) for name in [*COMMANDS, "clean"])


def test_an_unknown_command_is_refused():
    assert subprocess.run([sys.executable, "-m", "tools", "bok"], cwd=ROOT, capture_output=True).returncode == 2


def test_requirements_are_pinned():
    for name in ("requirements-site.txt", "requirements.txt", "requirements-dev.txt", "constraints.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            line = line.partition("#")[0].strip()
            assert not line or line.startswith("-") or re.fullmatch(r"[\w.-]+==[\w.]+", line), f"{name}: {line}"
