"""Code behind one switch: hidden until asked for, remembered, never out of reach.

That it does so on every chapter is seen in test_reader_pages, where each is visited.
"""

import pytest

from tools.environment import ROOT

from .code_shown import SHOWN

CHAPTERS = sorted(path.stem for path in ROOT.glob("chapters/[0-9]*.ipynb"))
CHAPTER = f"chapters/{CHAPTERS[1]}.html"  # the first with a solution


def test_the_switch_is_remembered_on_every_page_and_worked_by_keys(open_page):
    page = open_page(CHAPTER)
    switch = page.get_by_role("switch", name="Show code")
    assert switch.get_attribute("aria-checked") == "false"
    switch.focus()
    page.keyboard.press("Space")
    assert switch.get_attribute("aria-checked") == "true"
    page.goto(open_page.url + f"chapters/{CHAPTERS[-1]}.html")
    assert page.get_by_role("switch", name="Show code").get_attribute("aria-checked") == "true"
    assert len(page.evaluate(SHOWN)) > 5
    page.keyboard.press("Control+Home")
    page.get_by_role("switch", name="Show code").click()
    page.reload()
    assert page.locator("details.cell-code[open]").count() == 0


def test_the_switch_keeps_what_is_read_where_it_is(open_page):
    """In a Safari before 17.4 too, which lacks a function that looks made for it."""
    page = open_page(CHAPTER, init="delete Element.prototype.checkVisibility")
    heading = page.locator("article h2").nth(3)
    heading.evaluate("e => scrollTo({top: e.getBoundingClientRect().top + scrollY - 100, behavior: 'instant'})")
    # as it is at the moment of the click, for an explorer above may still be growing
    heading.evaluate(
        "e => addEventListener('click', () => (e.before = e.getBoundingClientRect().top), {capture: true})"
    )
    page.get_by_role("switch", name="Show code").click()
    assert page.locator("details.cell-code[open]").count() > 5
    before, after = heading.evaluate("e => [e.before, e.getBoundingClientRect().top]")
    assert abs(after - before) < 3


def test_a_single_cells_code_opens_at_its_corner(open_page):
    page = open_page(CHAPTER)
    fold = page.locator(".cell:not(.only-code) > details.cell-code").first
    corner, output = fold.locator("summary").bounding_box(), fold.locator("+ .cell_output").bounding_box()
    assert corner["width"] < 120
    assert 24 <= corner["height"] <= 30
    assert abs(corner["x"] + corner["width"] - output["x"] - output["width"]) < 2
    assert -2 <= output["y"] - corner["y"] - corner["height"] < 8
    fold.locator("summary").click()
    assert fold.locator(".cell_input").is_visible()
    assert len([classes for classes in page.evaluate(SHOWN) if "tag_idea" not in classes]) == 1


def test_a_cells_buttons_can_be_pressed_where_no_margin_is_left_around_what_is_cut_off(open_page):
    """Safari knows no `overflow-clip-margin`: the buttons above a cell were there, but neither seen nor pressed."""

    def older(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("overflow-clip-margin", "unknown-margin"))

    page = open_page("about:blank")
    page.route("**/*.css*", older)
    page.goto(open_page.url + CHAPTER)
    assert page.evaluate("() => getComputedStyle(document.querySelector('div.cell')).overflowClipMargin") == "0px"
    buttons = page.locator(":is(.cell-tools button, details.cell-code > summary):visible")
    reached = buttons.evaluate_all(
        """all => all.map(each => {
        each.scrollIntoView({ block: "center", behavior: "instant" });
        const box = each.getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === each; })"""
    )
    assert len(reached) > 20 and all(reached)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_solution_folds(open_page, script):
    page = open_page(CHAPTER, java_script_enabled=script)
    solution = page.locator("details.solution").first
    assert solution.locator("summary").inner_text() == "Show solution"
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").click()
    assert solution.locator("pre").first.is_visible()


def test_without_a_script_all_code_can_be_opened(open_page):
    page = open_page(CHAPTER, java_script_enabled=False)
    assert not page.locator(".code-switch").is_visible()
    folds = page.locator("details.cell-code")
    assert folds.locator("> summary:visible").count() == folds.count() > 5


def test_paper_follows_the_switch(open_page):
    page = open_page(CHAPTER, width=794)
    page.emulate_media(media="print")
    assert [classes for classes in page.evaluate(SHOWN) if "tag_idea" not in classes] == []
    assert page.locator(".bd-article summary:visible").count() == 0
    page.emulate_media(media="screen")
    page.get_by_role("switch", name="Show code").click()
    page.emulate_media(media="print")
    assert len(page.evaluate(SHOWN)) > 5
