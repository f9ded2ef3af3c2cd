"""A deck made from a chapter: what its slides show, that its explorers are live, and that it needs no network."""

import nbformat
import pytest
from playwright.sync_api import expect

from tools.environment import ROOT
from tools.site import BuildFailed
from tools.slides import build

CHAPTER = "09-dilated-convolution"


@pytest.fixture(scope="module")
def deck(tmp_path_factory, browser):
    """The chapter's deck, opened from its folder with every request to a host refused."""
    folder = build([CHAPTER], into=tmp_path_factory.mktemp("slides"))
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.trouble = []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda line: page.trouble.append(line.text) if line.type in ("error", "warning") else None)
    page.route("http*://**", lambda route: (page.trouble.append(route.request.url), route.abort()))
    page.goto((folder / f"chapters/{CHAPTER}.html").as_uri())
    page.wait_for_function("Reveal.isReady() && document.querySelector('.live-explorer canvas')")
    yield page
    assert page.trouble == []
    context.close()


def headings(page) -> list[str]:
    return page.locator(".slides h1, .slides h2").all_text_contents()


def test_every_section_has_a_slide(deck):
    notebook = nbformat.reads((ROOT / f"chapters/{CHAPTER}.ipynb").read_text(encoding="utf-8"), 4)
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    sections = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    left_out = {"What you can do now", "Exercises", "Sources"}
    assert left_out < set(sections)
    assert set(headings(deck)) == {*sections, "Dilated convolution", "What do you think?"} - left_out


def test_each_slide_shows_something(deck):
    """A slide holds something to see, or the words of a section that has none; and text for whoever speaks."""
    slides = deck.locator(".slides section:not(.stack)")
    seen = ":scope > :is(.live-mount, .figure-frame, .text_html, .math, p)"
    assert slides.count() > 6
    assert all(slide.locator(seen).count() == 1 for slide in slides.all())
    assert "neighbouring taps" in deck.locator(".slides aside.notes").first.text_content()


def test_explorers_are_live_and_keep_their_keys(deck):
    deck.evaluate("Reveal.slide(2)")
    explorer = deck.locator("section.present .cnnlib-explorer")
    chart = explorer.locator("canvas[role=slider]")
    before = chart.get_attribute("aria-valuenow")
    chart.focus()
    deck.keyboard.press("ArrowLeft")
    expect(chart).not_to_have_attribute("aria-valuenow", before)
    explorer.get_by_role("button", name="Reset").focus()
    deck.keyboard.press("Space")  # presses the button, and would be the next slide
    expect(chart).to_have_attribute("aria-valuenow", before)
    assert deck.evaluate("Reveal.getIndices().h") == 2
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate("Reveal.getIndices().h") == 3


def test_an_explorer_stands_where_it_is_drawn(deck):
    """Nothing is scaled: a scaled slide would put the pointer beside the cell that it is on."""
    deck.evaluate("Reveal.slide(2)")
    assert deck.evaluate("Reveal.getScale()") == 1
    controls = deck.locator("section.present .cnnlib-explorer .controls")
    assert controls.evaluate("e => getComputedStyle(e).position") == "static"


def test_an_unknown_chapter_is_named(tmp_path):
    with pytest.raises(BuildFailed, match=r"^slides: no chapter 99-nothing; there are 00-one-convolution, .*$"):
        build(["99-nothing"], into=tmp_path)
