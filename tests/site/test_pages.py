"""Every page in a real browser with the network cut: over http and from a folder, light, dark, narrow, wide, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# Contrast takes most of axe's time, grows with the square of a page and does not depend on its width:
# it is looked at once in the light and once in the dark, everything else also on a phone.
FULL, STRUCTURE, NONE = "full axe", "axe but for contrast", "no axe"
VIEWS = [
    (390, "light", STRUCTURE),
    (390, "dark", NONE),
    (768, "light", NONE),
    (1280, "light", FULL),
    (1280, "dark", FULL),
    (1920, "dark", NONE),
]

# `preload` makes axe fetch style sheets again, by addresses that it gets wrong for nested @import.
AXE_OPTIONS = {
    FULL: {"preload": False, "resultTypes": ["violations"]},
    STRUCTURE: {"preload": False, "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}},
}

OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter(e => !e.closest("pre") && (e.getBoundingClientRect().right > wide + 1 || e.scrollWidth > wide + 1))
    .map(e => e.tagName + "." + e.className).slice(-5);
}"""


BACKGROUND = "getComputedStyle(document.body).backgroundColor"

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
    # Without an icon a browser asks the host's root for one, and leaves before a real one has come.
    assert '<link rel="icon" href="data:,">' in (site_dir / "index.html").read_text(encoding="utf-8")


def check(page, axe):
    """Nothing sticks out at the side and axe finds nothing; the fixture sees to complaints."""
    settle(page)
    assert page.evaluate(OVERFLOW) == []
    if axe == NONE:
        return
    result = Axe().run(page, options=AXE_OPTIONS[axe])
    assert len(result.response["passes"]) > 10
    found = [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in result.response["violations"]
        for node in rule["nodes"]
    ]
    assert not found, page.url + "\n" + "\n".join(found)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_is_sound_over_http(open_page, page_name, view):
    width, scheme, axe = view
    check(open_page(page_name, width=width, scheme=scheme), axe)


def test_loads_from_a_folder_without_a_complaint(open_page, site_dir, page_name):
    settle(open_page((site_dir / page_name).as_uri()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["search.html", "genindex.html"])
def test_pages_of_the_theme_are_sound_too(open_page, name, scheme):
    check(open_page(name, width=390 if scheme == "light" else 1280, scheme=scheme), FULL)


@pytest.mark.parametrize("part", range(4))
def test_sources_are_sound_too(open_page, site_dir, other_pages, part):
    """They are made alike: axe looks at the shortest and, but for contrast, at the longest. Parts spread over cores."""
    assert {"search.html", "genindex.html"} <= set(other_pages)
    sources = sorted(
        (name for name in other_pages if name.startswith("_modules/")), key=lambda n: (site_dir / n).stat().st_size
    )
    assert len(sources) > 20
    page = open_page("about:blank", width=390)  # not a page that may still load something when it is left
    for name in sources[part::4]:
        page.goto(open_page.url + name, wait_until="networkidle")  # or what still loads is given up, and reported
        check(page, FULL if name == sources[0] else STRUCTURE if name == sources[-1] else NONE)


def test_the_search_finds_and_works_from_a_folder(open_page, site_dir):
    for start in ("search.html", (site_dir / "search.html").as_uri()):
        page = open_page(start + "?q=convolutional")
        page.wait_for_selector("#search-results li a")


def test_follows_the_readers_scheme(open_page):
    light, dark = (
        open_page("chapters/index.html", scheme=scheme).evaluate(BACKGROUND)
        for scheme in ("light", "dark")
    )
    assert light == "rgb(255, 255, 255)"
    assert light != dark


def test_paper_is_light_whatever_the_screen_is(open_page):
    page = open_page("chapters/index.html", scheme="dark")
    dark = page.evaluate(BACKGROUND)
    page.emulate_media(media="print")
    page.wait_for_function(f"({BACKGROUND}) === 'rgb(255, 255, 255)'")
    page.emulate_media(media="screen")
    page.wait_for_function(f"({BACKGROUND}) === '{dark}'")
    assert dark != "rgb(255, 255, 255)"


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
