"""The search finds the chapter of a name first, says where else, and leads there; also from a folder."""

import pytest

FIRST = [
    ("receptive field", "5. Receptive fields"),
    ("parameter explosion", "1. Parameter explosion"),
    ("equivariance", "2. Equivariance and invariance"),
    ("filter banks", "7. Channels and filter banks"),
    ("aliasing", "aliasing"),
    ("conv_output_size", "cnnlib.geometry.conv_output_size"),
]


def results(page):
    page.wait_for_selector("#search-results > li")
    return page.locator("#search-results > li")


@pytest.mark.parametrize("start", ["http", "folder"])
@pytest.mark.parametrize(("words", "title"), FIRST)
def test_the_page_of_the_name_comes_first(open_page, site_dir, start, words, title):
    address = "search.html" if start == "http" else (site_dir / "search.html").as_uri()
    page = open_page(f"{address}?q={words}")
    found = results(page)
    first = found.first.locator("a").inner_text()
    assert first in (title, title.rpartition(".")[2].strip(), title.rpartition("cnnlib.geometry.")[2])
    assert found.first.locator("mark").count() >= len(words.split())


@pytest.mark.parametrize(
    "word", ["dilation", "overfitting", "equivariance", "constructor", "toString", "the", "3", "a*b("]
)
def test_no_word_breaks_it(open_page, word):
    page = open_page(f"search.html?q={word}")
    assert word in page.locator("#search-summary").inner_text()


def test_a_hit_lands_at_its_section(open_page):
    page = open_page("search.html?q=padding dilation window formula")
    link = results(page).locator("a[href*='#']").first
    title = link.inner_text()
    link.click()
    page.wait_for_load_state()
    anchor = page.url.partition("#")[2]
    target = page.locator(f"[id='{anchor}']")
    assert title.split()[0].lower() in target.inner_text().lower()
    page.wait_for_function("id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200", arg=anchor)


def test_excerpts_are_text_of_the_section_with_what_was_found(open_page):
    page = open_page("search.html?q=aliasing")
    for item in results(page).all()[:5]:
        text = item.locator("p").inner_text()
        assert "Contents" not in text
        assert item.locator("mark").count(), text


def test_nothing_found_is_said(open_page):
    page = open_page("search.html?q=xylophone")
    assert "Nothing was found" in page.locator("#search-summary").inner_text()


def test_no_icon_covers_the_letters(open_page):
    """In the theme's dialog; the search page's own field has none."""
    page = open_page("chapters/index.html")
    page.keyboard.press("Control+k")
    field = page.locator("input[type=search]:focus")
    icon = field.locator("xpath=preceding-sibling::i")
    assert icon.count() == 1
    box = icon.bounding_box()
    start = field.evaluate("e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)")
    assert start >= box["x"] + box["width"]
