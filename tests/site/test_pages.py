"""Every page in a real browser with the network cut: over http and from a folder, light, dark, narrow, wide, printed."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import expected_pages

WIDTHS = (390, 768, 1280, 1920)

# `preload` makes axe fetch style sheets again, by addresses that it gets wrong for nested @import.
AXE_OPTIONS = {"preload": False}

OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > wide + 1)
    .map(e => e.tagName + "." + e.className).slice(0, 5);
}"""


def settle(page):
    """Scroll to the end, so that everything lazy loads, and wait until nothing more does."""
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")


def test_no_page_is_left_untested(site_dir):
    built = {path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html")}
    built = {name for name in built if not name.startswith("_")}
    assert built == set(expected_pages())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_loads_over_http_without_a_complaint(open_page, page_name, scheme):
    settle(open_page(page_name, scheme=scheme))


def test_loads_from_a_folder_without_a_complaint(open_page, site_dir, page_name):
    settle(open_page((site_dir / page_name).as_uri()))


@pytest.mark.parametrize("width", WIDTHS)
def test_never_scrolls_sideways(open_page, page_name, width):
    page = open_page(page_name, width=width)
    settle(page)
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(open_page, page_name, scheme, width):
    page = open_page(page_name, width=width, scheme=scheme)
    settle(page)
    result = Axe().run(page, options=AXE_OPTIONS)
    assert len(result.response["passes"]) > 10
    found = [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in result.response["violations"]
        for node in rule["nodes"]
    ]
    assert not found, "\n".join(found)


def test_follows_the_readers_scheme(open_page):
    light, dark = (
        open_page("chapters/index.html", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    )
    assert light == "rgb(255, 255, 255)"
    assert light != dark


@pytest.mark.parametrize("selector", [".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".headerlink"])
def test_paper_shows_no_controls(open_page, page_name, selector):
    page = open_page(page_name, width=794, height=1123)
    page.emulate_media(media="print")
    assert not any(item.is_visible() for item in page.locator(selector).all())


def test_paper_cuts_nothing_off(open_page, page_name):
    page = open_page(page_name, width=794, height=1123)
    settle(page)
    page.emulate_media(media="print")
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".bd-article pre, .bd-article img, .bd-article table")]
             .filter(e => e.offsetParent && (e.scrollWidth > e.clientWidth + 1
                          || e.getBoundingClientRect().right > document.documentElement.clientWidth))
             .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert cut == []
