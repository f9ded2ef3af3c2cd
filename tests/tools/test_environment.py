"""The environment is set up once, and again when what it needs has changed."""

import sys

import pytest

from tools import environment


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own, whose environment is made by a note in a list."""
    for name in [*environment.LEVELS.values(), "constraints.txt", "pyproject.toml"]:
        (tmp_path / name).write_text(name)
    folder = tmp_path / ".venv"
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "FOLDER", folder)
    monkeypatch.setattr(environment, "STAMP", folder / "stamp.json")
    done = []

    def create():
        environment.python().parent.mkdir(parents=True)
        environment.python().touch()
        done.append("create")

    monkeypatch.setattr(environment, "_create", create)
    monkeypatch.setattr(environment, "_works", lambda: True)
    monkeypatch.setattr(environment, "_install", done.append)
    return tmp_path, done


def test_a_second_run_does_nothing(project):
    _, done = project
    environment.setup("class")
    assert done == ["create", "requirements.txt"]
    environment.setup("class")
    assert len(done) == 2


def test_a_higher_level_serves_a_lower_one_and_not_the_other_way(project):
    _, done = project
    environment.setup("site")
    environment.setup("dev")
    environment.setup("site")
    environment.setup("class")
    assert done == ["create", "requirements-site.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", ["requirements-site.txt", "requirements.txt", "constraints.txt", "pyproject.toml"])
def test_a_change_in_what_a_level_needs_repeats_it(project, name):
    folder, done = project
    environment.setup("class")
    (folder / name).write_text("changed")
    environment.setup("class")
    assert done == ["create", "requirements.txt", "requirements.txt"]


def test_a_change_in_what_a_level_does_not_need_is_none_of_its_business(project):
    folder, done = project
    environment.setup("class")
    (folder / "requirements-dev.txt").write_text("changed")
    environment.setup("class")
    assert done == ["create", "requirements.txt"]


def test_an_interrupted_setup_is_repeated(project, monkeypatch):
    _, done = project
    environment.setup("site")

    def interrupted(requirements):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.setup("dev")
    environment.setup("site")
    assert done == ["create", "requirements-site.txt", "requirements-site.txt"]


def test_an_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(environment.SetupFailed, match=r"needs 3\.11 or newer; run it with PYTHON=python3\.11"):
        environment.setup("site")


def test_without_the_venv_module_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_venv", lambda: False)
    monkeypatch.setattr(environment, "_install_debian_venv", lambda: False)
    with pytest.raises(environment.SetupFailed, match="apt install python3-venv"):
        environment._create()
