"""The page on which the explorers are tested, and a hand to move them."""

from pathlib import Path

import pytest

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
def library(browser, site_url):
    """A page to call the explorers' own functions on, loaded once, through `cnnlibExplorers.load(name)`."""
    page = browser.new_page()
    page.goto(site_url + CHAPTER)
    yield page
    page.close()
