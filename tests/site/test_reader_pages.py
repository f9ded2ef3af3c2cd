"""Figures, wide things, code and questions on a phone, in the dark, on paper and without a script."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from cnnlib import plots
from tools.environment import ROOT

from .code_shown import only_ideas
from .loading import loaded

CHAPTERS = sorted(path.stem for path in ROOT.glob("chapters/[0-9]*.ipynb"))
SOME = f"chapters/{CHAPTERS[-2]}.html"


def figure():
    """A figure of two panels, an image and a curve with small letters."""
    drawn, (left, right) = plots.subplots(1, 2)
    plots.image(np.zeros((4, 4)), ax=left)
    right.plot([1, 2])
    right.set_xlabel("small", fontsize=7.5)
    return plots.described(drawn, "A black square beside a line from 1 to 2.")


def test_a_figures_file_says_what_a_page_needs():
    with Image.open(io.BytesIO(figure().png)) as picture:
        layout = json.loads(picture.text["Layout"])
        pixels, size = np.asarray(picture.convert("L")), picture.size
    assert layout["points"] == 7.5
    ((left, top, right, bottom),) = layout["images"]
    box = [round(part * length) for part, length in zip((left, top, right, bottom), size * 2, strict=True)]
    inside = pixels[box[1] + 2 : box[3] - 2, box[0] + 2 : box[2] - 2]
    assert inside.size and (inside == 0).all(), "the black image, and nothing else"
    assert pixels[0, 0] == 255


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_on_a_phone_on_a_screen_and_on_paper(open_page, name):
    """One visit that begins on a phone; the screen is turned dark at last, and what it shows is printed."""
    page = open_page(f"chapters/{name}.html", width=390)
    begins(page)
    on_a_phone(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    on_a_screen(page)
    only_ideas(page, name)
    page.set_viewport_size({"width": 794, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    on_paper(page)


def begins(page):
    """A picture is within a screen and a half, though the page tells first what it asks.

    "Before you start" is a line that opens, by touch and by keys.
    """
    title = page.locator(".admonition.start > .admonition-title")
    text = page.locator(".admonition.start > p").last
    assert title.get_attribute("aria-expanded") == "false" and not text.is_visible()
    pictures = "[...document.querySelectorAll('.bd-article :is(img, .cnnlib-explorer .stage)')]"
    tops = page.evaluate(f"""() => {pictures}.filter((one) => one.getBoundingClientRect().height > 20)
      .map((one) => one.getBoundingClientRect().top + scrollY)""")
    assert min(tops) <= 1.5 * 844
    title.click()
    assert text.is_visible() and title.get_attribute("aria-expanded") == "true"
    title.press("Enter")
    assert not text.is_visible()


def on_a_screen(page):
    """What is a line that opens on a phone is open."""
    title = page.locator(".admonition.start > .admonition-title")
    page.wait_for_function("(title) => !title.hasAttribute('role')", arg=title.element_handle())
    assert page.locator(".admonition.start > p").last.is_visible()


def on_a_phone(page):
    """A figure keeps its letters' size and its shape; a formula keeps its end, or is said to go on."""
    frames = page.evaluate(
        """() => [...document.querySelectorAll(".cell_output > .figure-frame, .cell_output .output .figure-frame")]
          .filter(e => e.checkVisibility()).map(e => {
            const style = e.style, box = e.getBoundingClientRect();
            const [least, width] = ["--least", "--width"].map(name => parseFloat(style.getPropertyValue(name)));
            return [box.width, box.height, least, width, eval(style.getPropertyValue("--ratio"))];
          })"""
    )
    assert frames
    for width, height, least, natural, ratio in frames:
        assert min(least, natural) - 1 <= width <= natural + 1
        assert abs(width / height - ratio) < 0.05 * ratio, "its room is kept before it is loaded"
    loaded(page)
    cut = page.evaluate(
        """() => [...document.querySelectorAll("mjx-container[display='true']")]
          .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && !e.dataset.more)
          .map(e => e.outerHTML.slice(0, 99))"""
    )
    assert cut == []


def on_paper(page):
    """It is light and holds everything, though the screen is dark."""
    page.wait_for_selector(".cnnlib-explorer")
    page.emulate_media(media="print")
    page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'")
    stills = page.locator(".live-mount:has(> .live-still img)")
    for still in stills.all():
        assert still.locator("> .live-still").is_visible()
        assert (
            still.locator(".cnnlib-explorer").count() == 0 or not still.locator(".cnnlib-explorer").first.is_visible()
        )
    found = page.evaluate(
        """() => [...document.querySelectorAll(".bd-article *")].filter(e => e.checkVisibility()
          && (getComputedStyle(e).filter !== "none" || e.getBoundingClientRect().right > innerWidth + 1)
          && !e.closest("mjx-container")).map(e => e.outerHTML.slice(0, 99))"""
    )
    assert found == []


PAPER = """() => {
  const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
  const style = selector => getComputedStyle(document.querySelector(selector));
  return {
    margin: rules.filter(rule => rule instanceof CSSPageRule).map(rule => rule.style.marginTop),
    lines: style(".bd-article p").widows + style(".bd-article li").orphans,
    sources: style("#sources").breakInside,
    formula: style("div.math").breakBefore,
  };
}"""


def test_paper_has_a_margin_and_breaks_between_what_belongs_together(open_page):
    page = open_page("chapters/00-one-convolution.html")
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == {"margin": ["12mm"], "lines": "33", "sources": "avoid", "formula": "avoid"}


def test_what_goes_on_at_the_side_says_so_and_is_reached_by_keys(open_page):
    page = open_page(SOME, width=390)
    page.wait_for_selector("[data-more=end]")
    wide = page.locator(".cell_output[data-more=end]").first
    assert wide.get_attribute("tabindex") == "0"
    assert "gradient" in wide.evaluate("e => getComputedStyle(e).maskImage")
    wide.evaluate("e => e.scrollTo(e.scrollWidth, 0)")
    page.wait_for_function("document.querySelector('.cell_output[data-more=start]')")


def test_the_formula_of_the_windows_is_whole_on_a_phone(open_page):
    page = open_page("chapters/06-stride-padding-dilation.html", width=390)
    page.evaluate("MathJax.startup.promise")
    formula = page.locator("mjx-container[display='true']").first
    formula.wait_for()
    assert formula.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_question_can_be_read_without_a_script(open_page):
    page = open_page(SOME, java_script_enabled=False)
    question = page.locator(".live-mount:has(details.answer)").first
    assert len(question.locator("p strong").inner_text().split()) > 5
    fold = question.locator("details.answer")
    assert not fold.locator("p").is_visible()
    fold.locator("summary").click()
    assert fold.locator("p").is_visible()
    assert "Question(" not in question.inner_text()


def test_a_column_of_numbers_given_as_text_stands_at_the_right(open_page):
    page = open_page("chapters/05-receptive-fields.html")
    page.evaluate("MathJax.startup.promise")
    sides = page.evaluate(
        """() => {
          const tables = [...document.querySelectorAll(".book-table table")];
          const table = tables.find(e => e.textContent.includes("AlexNet (paper)"));
          return [...table.tBodies[0].rows[0].cells].map(cell => getComputedStyle(cell).textAlign);
        }"""
    )
    assert sides == ["start", "end", "end", "end", "end"]


@pytest.mark.parametrize("scripts", [True, False], ids=["paper", "no script"])
def test_on_paper_and_without_scripts_what_one_needs_is_there(browser, site_url, scripts):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site_url}{SOME}")
    if scripts:
        page.emulate_media(media="print")
    assert page.locator(".admonition.start > p").last.is_visible()
    context.close()
