"""How pytest runs the chapters, wherever it is started: `pytest --nbval -n 2 chapters` as one types it.

And how it runs where there is no torch: what needs it is left out, and one line says so.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.util import find_spec

import pytest

SECONDS_PER_MESSAGE = 120  # nbval waits 5 for a message of the kernel, which is too few on a busy machine
NO_TORCH = "torch is not installed, so what is compared with it or trained was left out; `pip install torch` brings it"


class NoTorch(MetaPathFinder):
    """Skips the file or the test that imports torch, in the place of an error."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname == "torch":
            frame = sys._getframe()
            while frame := frame.f_back:
                if frame.f_code.co_name == "<module>":  # imported by half, which the next file must not find
                    sys.modules.pop(frame.f_globals["__name__"], None)
            pytest.skip(NO_TORCH, allow_module_level=True)


def pytest_configure():
    """The suite lets no skip pass, so in CI a missing torch is seen."""
    if find_spec("torch") is None:
        sys.meta_path.append(NoTorch())


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """The cells of a chapter go to one worker: a kernel that has not run the first cannot run the second."""
    if config.getoption("nbval", False) and config.getoption("dist", None) == "no":
        config.option.dist = "loadscope"


def pytest_collection_modifyitems(items):
    """A kernel's late message is waited for."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = SECONDS_PER_MESSAGE
