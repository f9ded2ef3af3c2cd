"""The repository as a whole: small, and every command of the Makefile is one of tools."""

import re
import subprocess
import sys

from tools.__main__ import COMMANDS
from tools.environment import ROOT

MEGABYTE = 1_000_000


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


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
