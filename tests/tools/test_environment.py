"""The environment is set up once, and again when what it needs has changed."""

import ast
import shutil
import subprocess
import sys

import pytest

from tools import environment


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own, whose environment is made by a note in a list."""
    for name in [*environment.LEVELS.values(), "constraints.txt", "pyproject.toml"]:
        (tmp_path / name).write_text(name)
    done = []
    settle(monkeypatch, tmp_path)

    def create(why):
        folder = environment.FOLDER
        environment.python().parent.mkdir(parents=True, exist_ok=True)
        environment.python().write_text("#!/bin/sh\nexit 0\n")
        environment.python().chmod(0o755)
        version = ".".join(map(str, sys.version_info[:3]))
        command = f"/usr/bin/python3 -m venv --clear {folder}"
        (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\ncommand = {command}\n")
        done.append(f"create: {why}")

    monkeypatch.setattr(environment, "_create", create)
    monkeypatch.setattr(environment, "_install", done.append)
    return tmp_path, done


NEW = "create: there is none yet"


def settle(monkeypatch, folder):
    """The project lies in this folder."""
    monkeypatch.setattr(environment, "ROOT", folder)
    monkeypatch.setattr(environment, "FOLDER", folder / ".venv")
    monkeypatch.setattr(environment, "STAMP", folder / ".venv" / "stamp.json")


def test_a_second_run_does_nothing(project):
    _, done = project
    environment.setup("class")
    assert done == [NEW, "class"]
    environment.setup("class")
    assert len(done) == 2


def test_a_higher_level_serves_a_lower_one_and_not_the_other_way(project):
    _, done = project
    environment.setup("site")
    environment.setup("dev")
    environment.setup("site")
    environment.setup("class")
    assert done == [NEW, "site", "dev"]


@pytest.mark.parametrize("name", ["requirements-site.txt", "requirements.txt", "constraints.txt", "pyproject.toml"])
def test_a_change_in_what_a_level_needs_repeats_it(project, name):
    folder, done = project
    environment.setup("class")
    (folder / name).write_text("changed")
    environment.setup("class")
    assert done == [NEW, "class", "class"]


def test_a_change_in_what_a_level_does_not_need_is_none_of_its_business(project):
    folder, done = project
    environment.setup("class")
    (folder / "requirements-dev.txt").write_text("changed")
    environment.setup("class")
    assert done == [NEW, "class"]


def test_an_interrupted_setup_is_repeated(project, monkeypatch):
    _, done = project
    environment.setup("site")

    def interrupted(level):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.setup("dev")
    environment.setup("site")
    assert done == [NEW, "site", "site"]


@pytest.mark.parametrize("name", ["setup.json", "nothing at all"])
def test_a_copied_or_moved_environment_is_made_anew(project, monkeypatch, tmp_path, name):
    """Its programs and its kernel name the Python of the folder where it was made; complete or begun makes no odds."""
    folder, done = project
    environment.setup("site")
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    shutil.copytree(folder, elsewhere)
    settle(monkeypatch, elsewhere)
    if name == "nothing at all":
        environment.STAMP.unlink()
    environment.setup("site")
    assert done == [NEW, "site", f"create: it was made for {folder / '.venv'}", "site"]


def test_another_python_makes_it_anew(project, monkeypatch):
    _, done = project
    environment.setup("site")
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    environment.setup("site")
    assert done[2].startswith("create: it holds Python 3.") and done[2].endswith("this is 3.99")


def test_one_that_does_not_work_is_made_anew(project):
    folder, done = project
    environment.setup("site")
    environment.STAMP.unlink()
    environment.python().write_text("#!/bin/sh\nexit 1\n")
    environment.setup("site")
    assert done[2:] == ["create: it does not work", "site"]


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_installed(project, monkeypatch):
    folder, done = project
    monkeypatch.setattr(environment.os, "access", lambda path, mode: False)
    with pytest.raises(environment.SetupFailed, match=r"cannot be written to.*copy the book into a folder of your own"):
        environment.setup("site")
    assert done == []


def test_one_that_is_complete_serves_also_where_nothing_can_be_written(project, monkeypatch):
    _, done = project
    environment.setup("site")
    monkeypatch.setattr(environment.os, "access", lambda path, mode: False)
    assert environment.setup("site") == environment.python()


def test_an_old_python_gets_a_sentence_and_reads_no_further():
    """Tried with the words of an older Python, which must be able to read the file as well."""
    source = (environment.ROOT / "tools/__init__.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    old = "import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_module('tools', run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", old], cwd=environment.ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr == (
        "setup: this is Python 3.9, the book needs 3.11 or newer; with make, name one: make PYTHON=python3.11 ...\n"
    )


MISSING = "The virtual environment was not created successfully because ensurepip is not available."


def test_without_the_venv_module_it_is_installed_or_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    said = iter([MISSING, ""])
    monkeypatch.setattr(environment, "_venv", lambda: next(said))
    monkeypatch.setattr(environment, "_install_debian_venv", lambda: True)
    environment._create("there is none yet")
    monkeypatch.setattr(environment, "_venv", lambda: MISSING)
    monkeypatch.setattr(environment, "_install_debian_venv", lambda: False)
    with pytest.raises(environment.SetupFailed, match="apt install python3-venv"):
        environment._create("there is none yet")


def test_another_trouble_is_told_and_no_package_is_installed_for_it(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_venv", lambda: "Error: [Errno 28] No space left on device")
    monkeypatch.setattr(environment, "_install_debian_venv", lambda: pytest.fail("a package was installed"))
    with pytest.raises(environment.SetupFailed, match="No space left on device") as caught:
        environment._create("there is none yet")
    assert "python3-venv" not in str(caught.value)
