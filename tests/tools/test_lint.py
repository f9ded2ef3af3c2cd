"""What `make lint` sees: a fault of each kind in a small project, and nothing in a clean one."""

import shutil
import subprocess

import pytest

from tools import lint
from tools.environment import ROOT

CLEAN = {
    "a.py": '"""A module."""\n\nVALUE = [1, 2]\n',
    "cnnlib/a.mjs": 'import { b } from "./b.mjs";\n\nexport const a = b + 1;\n',
    "_ext/.keep": "",
    "tests/.keep": "",
    "chapters/a.md": "# Words\n\nWe call np.arange, read cuda-convnet, and look at the Pont du Gard.\n",
}

WRONG = "ker" + "nal"  # in two pieces, or the checker would find it here
CHAPTER = (
    '{"cells": [{"cell_type": "markdown", "id": "1", "metadata": {}, "source": ["words"],\n'
    '"attachments": {"a.png": {"image/png": "/' + WRONG + '/"}}}],\n'
    '"metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}\n'
)


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Lint a small project with these files changed; gives the exit code and what was not in order."""

    def run(*arguments, **changed):
        for name in ("pyproject.toml", ".oxlintrc.json", ".oxfmtrc.json"):
            shutil.copy(ROOT / name, tmp_path)
        for name, text in (CLEAN | changed).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(lint, "ROOT", tmp_path)
        code = lint.main(list(arguments))
        said = capfd.readouterr().err.splitlines()
        prefix = "lint: not in order: "
        return code, [line.removeprefix(prefix) for line in said if line.startswith(prefix)]

    return run


def test_a_clean_project_is_in_order(run):
    """Names that look like mistakes are no mistakes, and a picture's bytes are no words."""
    assert run(**{"chapters/a.ipynb": CHAPTER}) == (0, [])


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"a.py": '"""A module."""\n\nimport os\n'}, "Python"),
        ({"a.py": '"""A module."""\n\nVALUE = [1,2]\n'}, "format of Python (make format mends it)"),
        ({"cnnlib/a.mjs": 'import { b } from "./b.mjs";\n'}, "JavaScript"),
        ({"cnnlib/a.mjs": "export const a = [1,2];\n"}, "format of JavaScript (make format mends it)"),
        ({"chapters/a.md": f"# Words\n\nThe {WRONG} moves.\n"}, "spelling"),
        ({"a.py": f'"""The {WRONG} of a module."""\n'}, "spelling"),
        ({"chapters/a.ipynb": CHAPTER.replace("words", WRONG)}, "spelling"),
    ],
    ids=[
        "an import",
        "a space",
        "an import of JavaScript",
        "a space of JavaScript",
        "a text",
        "a docstring",
        "a chapter",
    ],
)
def test_a_fault_of_each_kind_is_seen(run, changed, name):
    assert run(**changed) == (1, [name])


def test_format_mends_what_is_not_in_format(run, tmp_path):
    changed = {"a.py": '"""A module."""\n\nVALUE = [1,2]\n', "cnnlib/a.mjs": "export const a = [1,2];\n"}
    assert run("--format", **changed) == (0, [])
    assert (tmp_path / "a.py").read_text() == '"""A module."""\n\nVALUE = [1, 2]\n'
    assert (tmp_path / "cnnlib/a.mjs").read_text() == "export const a = [1, 2];\n"


def test_the_programs_need_no_node():
    for program in ("oxlint", "oxfmt", "typos"):
        path = lint.path_of(program)
        assert subprocess.run([path, "--version"], capture_output=True, env={}).returncode == 0, path
