"""Fixtures that several parts of the suite share: the built site, and a browser cut off the net.

`LONG=1` is the long form of the suite: new random cases and more of them, and every view in full.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

LONG = bool(os.environ.get("LONG"))

# The same cases in every run, so that a run tells what a change did; in the long form new ones every time.
settings.register_profile("book", deadline=None, max_examples=300, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2200, derandomize=False, print_blob=True)
settings.load_profile("long" if LONG else "book")

# A busy machine may take its time; what waits this long in vain would wait for ever. In milliseconds.
PATIENCE = 60_000

# Waits until every colour has faded to the one that it is changed to: in between, a contrast may be anything.
# One that is paused never ends, so it is not waited for longer than any of the book's takes.
FADED = """() => Promise.race([new Promise(done => setTimeout(done, 2000)), Promise.all(document.getAnimations()
  .filter(each => each.effect.getComputedTiming().endTime < Infinity)
  .map(each => each.finished.catch(() => {})))])"""


def pytest_addoption(parser):
    parser.addoption("--site", metavar="FOLDER", help="test this built site instead of building it first")


@pytest.fixture(scope="session")
def site_dir(request) -> Path:
    """Folder of the built site; built once, every page, unless --site names one."""
    if given := request.config.getoption("--site"):
        return Path(given).resolve()
    from tools.site import build

    return build(everything=True)


@pytest.fixture(scope="session")
def site_url(site_dir):
    """Address at which the built site is served, ending in a slash."""
    from tools.serve import FolderServer

    with FolderServer(site_dir, port=None) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium or Chrome that can reach no host but this machine."""
    from playwright.sync_api import expect, sync_playwright

    from tools.browser import find_or_install, flags

    path = find_or_install()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags(), timeout=3 * PATIENCE)
        browser.new_context = _patient(browser.new_context)
        yield browser
        browser.close()


def _patient(new_context):
    """Contexts whose every wait lasts as long as PATIENCE."""

    def made(**options):
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    return made


class Watch:
    """What went wrong on the pages of one test: errors, warnings, failed or foreign requests."""

    def __init__(self):
        self.problems: list[str] = []

    def follow(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _request(self, request):
        parts = urlsplit(request.url)
        local = parts.scheme in ("file", "data", "blob", "about") or parts.hostname == "127.0.0.1"
        if not local:
            self.problems.append(f"request to another host: {request.url}")

    def _failed(self, request):
        # The icon is asked for after everything else, so a test that leaves the page may give it up half-way; one that
        # is missing fails otherwise.
        if not (request.url.endswith("/favicon.svg") and request.failure == "net::ERR_ABORTED"):
            self.problems.append(f"failed: {request.url} ({request.failure})")

    def _response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch():
    """Problems seen on this test's pages; the test fails if any are left in `watch.problems`.

    A test that provokes a problem takes it out of the list after looking at it.
    """
    watch = Watch()
    yield watch
    if watch.problems:
        pytest.fail("the page reported:\n  " + "\n  ".join(watch.problems), pytrace=False)


@pytest.fixture
def open_page(browser, site_url, watch):
    """Open a page of the site: `open_page("chapters/index.html", width=390, scheme="dark")`.

    A relative address is the site's; `file://...` and `about:blank` are taken as they are. Every
    call has a browser context of its own, closed after the test. `init` is a script that runs
    before the page's own.
    """
    contexts = []

    def open_page(address="", *, width=1280, height=900, scheme="light", init=None, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        watch.follow(page)
        if "://" not in address and not address.startswith("about:"):
            address = site_url + address
        page.goto(address, wait_until="load")
        return page

    open_page.url = site_url
    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    """One empty page, watched; go on with `page.goto(site_url + ...)`."""
    return open_page("about:blank")
