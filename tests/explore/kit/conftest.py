import pytest

from tests.explore.hand import status


@pytest.fixture
def opened(bare):
    def opened(explorer):
        page = bare(explorer)
        root = page.locator(".cnnlib-explorer")
        status(root)
        return page, root

    return opened
