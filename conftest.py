"""How pytest runs the chapters, wherever it is started: `pytest --nbval -n 2 chapters` as one types it."""

import pytest

SECONDS_PER_MESSAGE = 120  # nbval waits 5 for a message of the kernel, which is too few on a busy machine


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
