"""The book's Sphinx extensions on a small book: alternative text, launch buttons, nothing foreign."""

import base64
import re

import pytest
from bs4 import BeautifulSoup

from cnnlib.explore.network_live import assets
from tools.site import BuildFailed


def page(site, name):
    return BeautifulSoup((site / "chapters" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_a_pictures_text_is_its_alternative_text(small_book):
    images = page(small_book, "02-figure").select("article .cell_output img")
    assert [image["alt"] for image in images] == ["A teal rectangle."]


@pytest.fixture(scope="module")
def other_book(build_small_book, tmp_path_factory):
    """A book with an address and with faults: what its build says, and its pages, which are written all the same."""
    folder = tmp_path_factory.mktemp("other")
    texts = ["", "<Figure size 640x480 with 1 Axes>", "A teal rectangle."]
    with pytest.raises(BuildFailed) as failed:
        build_small_book(folder, url="https://github.com/somebody/some-book", descriptions=texts)
    return str(failed.value), folder / "_build/html"


def test_a_picture_without_a_description_fails_the_build(other_book):
    """Without a text, and with the one that Matplotlib gives by itself: both are said, and the third is in order."""
    said, _ = other_book
    assert said.count("a picture without a description") == said.count("WARNING") == 2


def test_without_an_address_no_button_leads_to_one(small_book):
    text = (small_book / "chapters" / "02-figure.html").read_text(encoding="utf-8").lower()
    foreign = ("mybinder", "colab", "github", "edit this page", "suggest edit")
    foreign += ("thebe", "unpkg", "jsdelivr", "requirejs")
    for word in foreign:
        assert word not in text


def test_one_address_turns_launch_and_edit_buttons_on(other_book):
    _, site = other_book
    links = {a["href"] for a in page(site, "02-figure").find_all("a", href=True)}
    assert "https://mybinder.org/v2/gh/somebody/some-book/main?urlpath=lab/tree/chapters/02-figure.ipynb" in links
    assert "https://colab.research.google.com/github/somebody/some-book/blob/main/chapters/02-figure.ipynb" in links
    assert "https://github.com/somebody/some-book/edit/main/chapters/02-figure.ipynb" in links
    plain = {a["href"] for a in page(site, "index").find_all("a", href=True)}
    assert "https://github.com/somebody/some-book/edit/main/chapters/index.md" in plain


def test_mathematics_is_typeset_by_the_sites_own_copy(open_page, small_book):
    opened = open_page((small_book / "chapters" / "01-sum.html").as_uri())
    opened.wait_for_selector("mjx-container")
    assert opened.locator("mjx-assistive-mml").count() == 1
    assert opened.locator("mjx-container").bounding_box()["height"] > 20


ICONS = """() => [...document.querySelectorAll("[class*='fa-']")].filter(e => e.offsetParent).map(e => {
  const style = getComputedStyle(e, "::before");
  return [e.className, style.content, `${style.fontWeight} 16px ${style.fontFamily}`];
})"""


@pytest.mark.parametrize("name", ["index", "02-figure"])
def test_every_icon_in_sight_is_in_the_cut_font(open_page, small_book, name):
    opened = open_page((small_book / "chapters" / f"{name}.html").as_uri(), width=390)
    opened.evaluate("document.fonts.ready")
    icons = opened.evaluate(ICONS)
    assert len(icons) >= 3
    for classes, content, font in icons:
        assert content not in ("none", "normal", '""'), classes
        known = opened.evaluate("([font, text]) => document.fonts.check(font, text)", [font, content.strip('"')])
        assert known, classes
    fonts = list((small_book / "_static/vendor/fontawesome").rglob("*.*"))
    assert sum(path.stat().st_size for path in fonts) < 50_000, fonts


def test_the_cut_font_holds_the_named_glyphs(small_book):
    from fontTools.ttLib import TTFont

    (path,) = small_book.glob("_static/vendor/fontawesome/*/webfonts/fa-solid-900.woff")
    glyphs = set(TTFont(path).getBestCmap())
    assert {0xF0C9, 0xF019} <= glyphs, "the bars and the download arrow of the header"
    assert len(glyphs) < 100


def test_an_explorers_assets_are_scripts_that_no_page_loads_by_itself(small_book):
    script = small_book / "_static" / "live" / "asset-squeezenet.js"
    handed = re.fullmatch(r'cnnlibExplorers\.hand\("squeezenet", "(.*)"\);\n', script.read_text(encoding="utf-8"))
    assert base64.b64decode(handed[1]) == assets.network()
    pages = list(small_book.rglob("*.html"))
    assert pages and not [page for page in pages if "asset-" in page.read_text(encoding="utf-8")]


def test_mathematics_is_loaded_only_where_there_is_some(open_page, small_book):
    loaded = {}
    for name in ("index", "01-sum", "02-figure"):
        page = open_page("about:blank")
        urls = []
        page.on("request", lambda request, urls=urls: urls.append(request.url))
        page.goto((small_book / "chapters" / f"{name}.html").as_uri(), wait_until="networkidle")
        loaded[name] = any("mathjax" in url for url in urls)
    assert loaded == {"index": False, "01-sum": True, "02-figure": False}


def test_pages_name_figures_as_webp(small_book):
    text = (small_book / "chapters" / "02-figure.html").read_text(encoding="utf-8")
    (name,) = [path.name for path in (small_book / "_images").iterdir()]
    assert name.endswith(".webp")
    assert f"_images/{name}" in text
    assert ".png" not in text
