"""The page on which the explorers are tested, and a hand to move them."""

import json
from pathlib import Path

import pytest

from cnnlib import explore
from cnnlib.explore import source

CHAPTER = "chapters/06-stride-padding-dilation.html"
DRIVER = Path(__file__).with_name("driver.js").read_text(encoding="utf-8")


@pytest.fixture
def open_chapter(open_page):
    """Open the chapter with the driver in it: `open_chapter(width=390, scheme="dark", hash="#...")`."""

    def open_chapter(*, fragment="", address=CHAPTER, **options):
        page = open_page(address + fragment, init=DRIVER, **options)
        page.wait_for_selector(".cnnlib-explorer .status:not(:empty)")
        return page

    return open_chapter


@pytest.fixture
def chapter(open_chapter):
    """The chapter's page in the usual width."""
    return open_chapter()


@pytest.fixture(scope="session")
def library(browser):
    """A page to call the explorers' own functions on, all modules there are, through `cnnlibExplorers.load(name)`."""
    page = browser.new_page()
    loaded = set()
    page.evaluate("globalThis.cnnlibExplorers = { found: {}, load: (name) => cnnlibExplorers.found[name] }")
    for explorer in (getattr(explore, name) for name in explore.__all__):
        for name, function in source.modules(explorer.module, explorer.generated).items():
            if name not in loaded:
                loaded.add(name)
                text = f"cnnlibExplorers.found[{json.dumps(name)}] = ({function})(cnnlibExplorers.load)"
                page.add_script_tag(content=text)
    yield page
    page.close()
