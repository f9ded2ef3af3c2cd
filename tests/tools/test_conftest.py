"""The chapters under pytest as one types it: a notebook stays with one worker, a late message is waited for."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.environment import ROOT


@pytest.fixture(scope="module")
def root():
    """The conftest.py beside the chapters."""
    spec = importlib.util.spec_from_file_location("root_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configured(**options):
    option = SimpleNamespace(**options)
    return SimpleNamespace(option=option, getoption=lambda name, default: getattr(option, name, default))


@pytest.mark.parametrize(
    ("options", "dist"),
    [
        ({"nbval": True, "dist": "no"}, "loadscope"),
        ({"nbval": True, "dist": "worksteal"}, "worksteal"),
        ({"nbval": False, "dist": "no"}, "no"),
    ],
    ids=["as typed", "by choice", "no chapters"],
)
def test_a_notebook_stays_with_one_worker(root, options, dist):
    config = configured(**options)
    root.pytest_cmdline_main(config)
    assert config.option.dist == dist


def test_without_its_plugins_nothing_happens(root):
    root.pytest_cmdline_main(configured())


def test_a_late_message_is_waited_for(root):
    from nbval.plugin import IPyNbCell

    cell, other = IPyNbCell.__new__(IPyNbCell), object()
    cell.output_timeout = 5
    root.pytest_collection_modifyitems([cell, other])
    assert cell.output_timeout == root.SECONDS_PER_MESSAGE
    assert "self.output_timeout = " in __import__("inspect").getsource(IPyNbCell)  # the name that nbval reads


WITHOUT = """
import sys
from importlib.machinery import PathFinder


class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] == "torch" else super().find_spec(name, path, target)


sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""
FILES = {
    "shared.py": "import torch\n\ndef f(): return torch.ones(1)\n",
    "test_a.py": "from shared import f\n\ndef test_all(): assert f()\n",
    "test_b.py": "from shared import f\n\ndef test_all(): assert f()\n",
    "test_c.py": "def test_good(): pass\ndef test_some():\n    import torch\ndef test_bad(): assert False\n",
}


def test_without_torch_the_other_tests_run_and_one_line_says_what_was_left_out(root, tmp_path):
    for name, text in {**FILES, "without.py": WITHOUT, "conftest.py": Path(root.__file__).read_text("utf-8")}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ["-p", "without", "-p", "no:cacheprovider", "-ra", "-c", "/dev/null", f"--rootdir={tmp_path}"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    run = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert "1 failed, 1 passed, 3 skipped" in run.stdout, run.stdout
    (line,) = (line for line in run.stdout.splitlines() if "torch is not installed" in line)
    assert line.startswith("SKIPPED [3] conftest.py")
