"""Bare pages on which explorers are tried, and a page of their own functions."""

import json

import pytest

from cnnlib.explore import Question
from cnnlib.explore.base import source
from tests.explore.contract.page import DRIVER, classes, html
from tests.explore.hand import status

CHAPTER = "chapters/06-stride-padding-dilation.html"


def pytest_collection_modifyitems(items):
    """What takes longest comes first, so that at the end no core waits for it."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in ("test_jupyterlab", "test_firefox")))


@pytest.fixture(scope="module")
def bare_pages(browser, tmp_path_factory):
    """Pages by what is on them, one for a file of tests, each with a watch of its own."""
    from tests.conftest import Watch

    pages, folder = {}, tmp_path_factory.mktemp("bare")

    def page(explorers, state, width, scheme, touch):
        key = (width, scheme, touch)
        if key not in pages:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=touch, offline=True
            )
            context.set_default_timeout(60_000)
            pages[key] = context.new_page(), Watch()
            pages[key][1].follow(pages[key][0])
        page, watch = pages[key]
        path = folder / f"page{len(pages)}.html"
        path.write_text(html(explorers, state), encoding="utf-8")
        page.goto("about:blank")
        page.goto(path.as_uri())
        if state is None:
            page.wait_for_function(
                """() => [...document.querySelectorAll(".cnnlib-explorer:not(.question)")]
                .filter((e) => e.offsetParent).every((e) => e.querySelector(".status").textContent)"""
            )
        return page, watch

    yield page
    for page, _ in pages.values():
        page.context.close()


@pytest.fixture
def bare(bare_pages):
    """Open a bare page with explorers: `bare(ConvArithmetic(), width=390, scheme="dark")`; `page.title_of(explorer)`.

    The test fails if the page reports an error or asks another host.
    """
    watches = []

    def bare(*explorers, state=None, width=1280, scheme="light", touch=False):
        page, watch = bare_pages(explorers, state, width, scheme, touch)
        watches.append(watch)
        mounted = page.locator(".live-mount")

        def title_of(explorer):
            mount = mounted.nth(explorers.index(explorer)).locator(".cnnlib-explorer").first
            return mount.get_attribute("aria-label")

        page.title_of = title_of
        return page

    yield bare
    for watch in watches:
        problems, watch.problems = watch.problems, []
        if problems:
            pytest.fail("the page reported:\n  " + "\n  ".join(problems), pytrace=False)


@pytest.fixture
def opened(bare):
    """Open a bare page with one explorer and wait until it is drawn: `page, root = opened(ConvArithmetic())`."""

    def opened(explorer, **options):
        page = bare(explorer, **options)
        root = page.locator(".cnnlib-explorer")
        status(root)
        return page, root

    return opened


@pytest.fixture
def open_chapter(open_page):
    """Open the chapter of the built site with the driver in it: `open_chapter(width=390, fragment="#...")`."""

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
    for explorer in (*classes(), Question):
        for name, function in source.modules(explorer.module, explorer.generated).items():
            if name not in loaded:
                loaded.add(name)
                text = f"cnnlibExplorers.found[{json.dumps(name)}] = ({function})(cnnlibExplorers.load)"
                page.add_script_tag(content=text)
    yield page
    page.close()
