"""Every page in a real browser with the network cut: over http and from a folder, light, dark, narrow, wide, paper.

A page is loaded once over http and once from the folder, and nothing that it does later, while its views are looked at,
goes unseen. Every view is the same page at another width or in the other scheme, so a fault that only a fresh load at a
phone's width would show is not seen here; `test_reader_pages` and the explorers' own tests open them at that width.
"""

import pytest

from tests.conftest import FADED, LONG

from .judging import ALL, COLOUR, NONE, SHAPE, judged
from .loading import DRAWN, goto, loaded
from .weight import answers, overweight, weights

# What axe says of colours does not depend on a page's width: it is looked at once in the light and once in the dark,
# everything else also on a phone; in the long form all of it in every view.
VIEWS = [
    (1280, "light", ALL),
    (768, "light", NONE),
    (390, "light", SHAPE),
    (390, "dark", NONE),
    (1280, "dark", COLOUR),
    (1920, "dark", NONE),
]
if LONG:
    VIEWS = [(width, scheme, ALL) for width, scheme, _ in VIEWS]

OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter(e => !e.closest("pre") && (e.getBoundingClientRect().right > wide + 1 || e.scrollWidth > wide + 1))
    .map(e => e.tagName + "." + e.className).slice(-5);
}"""

CUT = """() => [...document.querySelectorAll(".bd-article pre, .bd-article img, .bd-article table")]
  .filter(e => e.offsetParent && (e.scrollWidth > e.clientWidth + 1
               || e.getBoundingClientRect().right > document.documentElement.clientWidth))
  .map(e => e.outerHTML.slice(0, 100))"""

# The theme lets the keyboard reach what scrolls sideways, a moment after the width has changed.
REACHABLE = """() => [...document.querySelectorAll("pre, .nboutput > .output_area, .cell_output > .output")]
  .every(e => e.scrollWidth <= e.clientWidth || e.tabIndex === 0 || getComputedStyle(e).overflowX === "visible")"""

BACKGROUND = "getComputedStyle(document.body).backgroundColor"

CONTROLS = [".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".prev-next-footer", ".headerlink"]

SHOWN = """controls => controls.filter(selector => [...document.querySelectorAll(selector)].some(e =>
  e.checkVisibility({ visibilityProperty: true }) && e.offsetWidth && e.offsetHeight))"""


def turn(page, width, scheme):
    """Show a loaded page at another width and in another scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
    page.evaluate(DRAWN)
    page.evaluate(FADED)
    page.wait_for_function(REACHABLE)


def faults(page, axe):
    """What sticks out at the side, and what axe finds."""
    found = [f"sticks out: {name}" for name in page.evaluate(OVERFLOW)]
    if axe == NONE:
        return found
    said = judged(page, axe)
    assert said["rules"] > (0 if axe == COLOUR else 10)
    assert said["texts"] >= 5 or axe == SHAPE  # the page of the search has six
    return found + said["faults"]


def on_paper(page):
    """What a printed page shows that it should not, or cuts."""
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate(DRAWN)
    shown = [f"shown on paper: {selector}" for selector in page.evaluate(SHOWN, CONTROLS)]
    return shown + [f"cut: {html}" for html in page.evaluate(CUT)]


def test_is_light_sound_in_every_view_and_on_paper_and_loads_from_a_folder(open_page, site_dir, page_name):
    """The folder's copy is loaded beside the other; it has to bring no complaint. Both are watched to the end."""
    copy = open_page((site_dir / page_name).as_uri())
    page = open_page("about:blank")
    visit = answers(page)
    goto(page, open_page.url + page_name)
    found = []
    for width, scheme, axe in VIEWS:
        turn(page, width, scheme)
        found += [f"{width} px, {scheme}: {what}" for what in faults(page, axe)]
    found += on_paper(page)
    for each in (page, copy):
        loaded(each)
        each.wait_for_load_state("networkidle")
    found += [f"first visit: {what}" for what in overweight(weights(visit))]
    assert not found, page.url + "\n" + "\n".join(found)


def test_a_view_is_judged_at_its_width_and_in_its_scheme(open_page):
    """The page that is turned is another one each time: what is wrong in one view alone is found there."""
    page = open_page("chapters/index.html")
    page.add_style_tag(
        content="@media (max-width: 400px) { h1 { width: 500px } }"
        "@media print { .headerlink { display: inline !important; visibility: visible !important } }"
        "html[data-theme=dark] h1 { color: #222 !important }"
    )
    found = {}
    for width, scheme in ((1280, "light"), (390, "light"), (1280, "dark")):
        turn(page, width, scheme)
        found[width, scheme] = " ".join(faults(page, ALL))
    assert found[1280, "light"] == ""
    assert "sticks out" in found[390, "light"] and "contrast" not in found[390, "light"]
    assert "color-contrast" in found[1280, "dark"] and "sticks out" not in found[1280, "dark"]
    assert on_paper(page) == ["shown on paper: .headerlink"]


def test_the_folders_index_leads_to_the_front_page(open_page, site_dir):
    for start in ("index.html", (site_dir / "index.html").as_uri()):
        page = open_page(start)
        page.wait_for_url("**/chapters/index.html")
        page.wait_for_load_state("networkidle")
    # Without an icon a browser asks the host's root for one, and leaves before a real one has come.
    assert '<link rel="icon" href="data:,">' in (site_dir / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["search.html", "genindex.html"])
def test_pages_of_the_theme_are_sound_too(open_page, name):
    page = open_page(name)
    loaded(page)
    found = []
    for width, scheme in ((390, "light"), (1280, "dark")):
        turn(page, width, scheme)
        found += faults(page, ALL)
    assert not found, name + "\n" + "\n".join(found)


def test_sources_are_sound_too(open_page, site_dir, other_pages):
    """They are made from one template: the shortest, the longest and three between; in the long form all of them."""
    assert {"search.html", "genindex.html"} <= set(other_pages)
    sources = sorted(
        (name for name in other_pages if name.startswith("_modules/")), key=lambda n: (site_dir / n).stat().st_size
    )
    assert len(sources) > 20
    tried = sources if LONG else [sources[k * (len(sources) - 1) // 4] for k in range(5)]
    page = open_page("about:blank", width=390)  # not a page that may still load something when it is left
    found = []
    for name in tried:
        goto(page, open_page.url + name)  # or what still loads is given up, and reported
        axe = ALL if name == tried[0] else SHAPE if name == tried[-1] else NONE
        found += [f"{name}: {what}" for what in faults(page, axe)]
    assert not found, "\n".join(found)


def test_the_search_finds_and_works_from_a_folder(open_page, site_dir):
    for start in ("search.html", (site_dir / "search.html").as_uri()):
        page = open_page(start + "?q=convolutional")
        page.wait_for_selector("#search-results li a")


def test_follows_the_readers_scheme(open_page):
    light, dark = (open_page("chapters/index.html", scheme=scheme).evaluate(BACKGROUND) for scheme in ("light", "dark"))
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
