"""The page around the practice papers: its form, links, a phone, paper, a folder, and no script."""

import re

import pytest

from cnnlib import exam
from cnnlib.exam.misconceptions import MISCONCEPTIONS
from cnnlib.exam.papers import PARTS
from cnnlib.exam.picking import MOST_SEEDS

from .judging import ALL
from .practising import PAGE, asked, expected, link, question
from .test_pages import faults


# ------------------------------------------------------------- form and links
def test_the_form_makes_a_paper_and_a_link_to_it(practice):
    page = practice()
    page.get_by_text("Parts of the exam: all 18").click()
    page.get_by_role("button", name="None").click()
    page.get_by_role("button", name="Show this paper").click()
    assert page.get_by_role("alert").inner_text() == "Choose at least one part."
    for part in ("6a", "2b"):
        page.get_by_role("checkbox", name=part).check()
    page.get_by_role("radio", name="15 marks").check()
    page.get_by_role("textbox", name="Seed").fill("1e3")
    page.get_by_role("button", name="Show this paper").click()
    assert "The seed 1e3 must be a whole number below 1,000,000." in page.get_by_role("alert").inner_text()
    page.get_by_role("textbox", name="Seed").fill("77")
    page.get_by_role("textbox", name="Seed").press("Enter")
    assert asked(page) == expected(seed=77, marks=15, parts=["2b", "6a"])
    assert page.get_by_role("alert").inner_text() == ""
    assert page.url.endswith(link(77, 15, ("2b", "6a")))
    assert page.evaluate("document.activeElement.textContent") == "Paper 77: 15 marks, parts 2b, 6a"
    page.get_by_role("button", name="Another paper").click()
    seed = int(re.search(r"#seed=(\d+)", page.url)[1])
    assert seed < MOST_SEEDS
    assert asked(page) == expected(seed=seed, marks=15, parts=["2b", "6a"])


def test_the_link_is_copied(practice):
    page = practice(link(seed=6, marks=15), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link to this paper").click()
    page.get_by_text("Link copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.url.endswith(link(seed=6, marks=15))


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("#seed=x&marks=15", "it has seed=x; use a whole number below 1,000,000."),
        ("#seed=1000000", "it has seed=1000000; use a whole number below 1,000,000."),
        ("#seed=3&marks=20", "it has marks=20; use 15, 30, 60."),
        ("#seed=3&mode=race", "it has mode=race; use practice or exam."),
        ("#seed=3&parts=5a.9z", f"it has parts=5a.9z; use some of {'.'.join(PARTS)}."),
    ],
)
def test_a_link_that_cannot_be_followed_is_said(practice, fragment, said):
    page = practice(fragment)
    assert said in page.get_by_role("alert").inner_text()
    assert page.locator(".paper-questions > li").count() > 3


# ------------------------------------------- folder, phone, paper, no script
def test_works_from_a_folder_by_keyboard_alone(practice, site_dir):
    page = practice(link(seed=5, marks=15), address=(site_dir / PAGE).as_uri())
    item = exam.paper(seed=5, marks=15).items[0]
    assert not item.choices
    question(page, 0).get_by_role("textbox").focus()
    page.keyboard.type(str(item.answer))
    page.keyboard.press("Enter")
    assert question(page, 0).get_by_role("status").inner_text().startswith("✓ Yes.")


def test_a_marked_exam_is_sound_on_a_phone_and_in_the_dark(practice):
    page = practice(link(seed=8, marks=15, mode="exam"), width=390, scheme="dark")
    for _ in range(2):
        page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Worked answer").first.click()
    page.get_by_text("Parts of the exam: all 18").click()
    assert faults(page, ALL) == []


def test_a_reply_is_read_to_its_end_on_a_phone(practice):
    page = practice(link(seed=1, marks=30), width=390)
    page.locator(".question input[type=text]").first.fill("7")
    page.locator(".question").first.get_by_role("button", name="Check").click()
    reply = page.locator(".question .verdict").first
    page.wait_for_function("document.querySelector('.question .verdict').textContent.length > 50")
    assert reply.evaluate("e => e.scrollWidth <= e.clientWidth && e.clientHeight > 30")


def test_on_paper_the_answers_have_a_page_of_their_own(practice):
    page = practice(link(seed=4, marks=15))
    items = exam.paper(seed=4, marks=15).items
    assert page.locator(".paper-answers").is_hidden()
    page.emulate_media(media="print")
    answers = page.locator(".paper-answers")
    assert answers.is_visible()
    assert answers.evaluate("e => getComputedStyle(e).breakBefore") == "page"
    assert answers.locator("li").count() == len(items)
    for item in items:
        assert item.worked[0].replace("10^9", "10⁹") in answers.inner_text()
    for name in (".paper-choice", ".paper-hint", ".paper-summary", ".question button"):
        assert not any(element.is_visible() for element in page.locator(name).all()), name


def test_without_a_script_there_is_a_paper_with_folded_answers(open_page):
    page = open_page(PAGE, java_script_enabled=False)
    items = exam.paper(seed=1, marks=30).items
    still = page.locator(".practice-still")
    text = still.inner_text().replace("’", "'")
    for item in items:
        assert item.prompt in text
    folds = still.locator("details.answer")
    assert folds.count() == len(items)
    folds.first.locator("summary").click()
    assert items[0].worked[0] in folds.first.inner_text()


def test_every_misconception_leads_to_a_section_of_the_site(practice, site_dir):
    page = practice()
    entries = page.evaluate('JSON.parse(document.querySelector("#practice-data").textContent).misconceptions')
    assert set(entries) == set(MISCONCEPTIONS)
    for name, entry in entries.items():
        chapter, _, anchor = entry["href"].partition("#")
        html = (site_dir / "chapters" / chapter).read_text(encoding="utf-8")
        assert bool(anchor) == bool(MISCONCEPTIONS[name].section)
        assert not anchor or f'id="{anchor}"' in html, name
