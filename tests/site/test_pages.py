"""Every page in a real browser with the network cut: over http and from a folder, light, dark, narrow, wide, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

VIEWS = [("390", "light"), ("390", "dark"), ("768", "light"), ("1280", "light"), ("1280", "dark"), ("1920", "dark")]

# `preload` makes axe fetch style sheets again, by addresses that it gets wrong for nested @import.
AXE_OPTIONS = {"preload": False}

OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > wide + 1)
    .map(e => e.tagName + "." + e.className).slice(0, 5);
}"""


CONTROLS = (".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".prev-next-footer", ".headerlink")


def settle(page):
    """Scroll to the end, so that everything lazy loads, and wait until nothing more does."""
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")


def test_the_folders_index_leads_to_the_front_page(open_page, site_dir):
    for start in ("index.html", (site_dir / "index.html").as_uri()):
        page = open_page(start)
        page.wait_for_url("**/chapters/index.html")
        page.wait_for_load_state("networkidle")


def check(page):
    """Nothing sticks out at the side and axe finds nothing; the fixture sees to complaints."""
    settle(page)
    assert page.evaluate(OVERFLOW) == []
    result = Axe().run(page, options=AXE_OPTIONS)
    assert len(result.response["passes"]) > 10
    found = [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in result.response["violations"]
        for node in rule["nodes"]
    ]
    assert not found, page.url + "\n" + "\n".join(found)


@pytest.mark.parametrize("view", VIEWS, ids="-".join)
def test_is_sound_over_http(open_page, page_name, view):
    width, scheme = view
    check(open_page(page_name, width=int(width), scheme=scheme))


def test_loads_from_a_folder_without_a_complaint(open_page, site_dir, page_name):
    settle(open_page((site_dir / page_name).as_uri()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_nobody_wrote_are_sound_too(open_page, other_pages, scheme):
    """Search, index and sources: each page once over http, narrow in the light and wide in the dark."""
    assert {"search.html", "genindex.html"} <= set(other_pages)
    for name in other_pages:
        page = open_page(name, width=390 if scheme == "light" else 1280, scheme=scheme)
        check(page)
        page.context.close()


def test_the_search_finds_and_works_from_a_folder(open_page, site_dir):
    for start in ("search.html", (site_dir / "search.html").as_uri()):
        page = open_page(start + "?q=convolutional")
        page.wait_for_selector("#search-results li a")


def test_follows_the_readers_scheme(open_page):
    light, dark = (
        open_page("chapters/index.html", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    )
    assert light == "rgb(255, 255, 255)"
    assert light != dark


def test_paper_shows_everything_and_no_controls(open_page, page_name):
    page = open_page(page_name, width=794, height=1123)
    settle(page)
    page.emulate_media(media="print")
    for selector in CONTROLS:
        assert not any(item.is_visible() for item in page.locator(selector).all()), selector
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".bd-article pre, .bd-article img, .bd-article table")]
             .filter(e => e.offsetParent && (e.scrollWidth > e.clientWidth + 1
                          || e.getBoundingClientRect().right > document.documentElement.clientWidth))
             .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert cut == []
