"""The chapters under pytest as one types it: a notebook stays with one worker, a late message is waited for."""

import importlib.util
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
