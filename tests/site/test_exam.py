"""The page of the exam: whole without JavaScript and on paper, filtered and linked with it."""

import re

import pytest

from cnnlib import exam
from cnnlib.exam import ledger

CLAIMS = exam.claims()


@pytest.fixture(scope="module")
def soup(parsed):
    return parsed("chapters/exam-checked.html")


@pytest.fixture
def open_exam(open_page, site_dir):
    """Open the page at an address' end, as ``open_exam("?q=5#C119", width=390)``."""

    def open_exam(end="", **options):
        page = open_page((site_dir / "chapters/exam-checked.html").as_uri() + end, **options)
        page.wait_for_selector("form.exam-filters")
        return page

    return open_exam


def shown(page):
    return page.locator("tr.claim:visible").evaluate_all("rows => rows.map(row => row.id)")


def plain(text):
    """Text without the typographer's quotes."""
    return " ".join(re.sub("[“”]", '"', text.replace("’", "'").replace("‘", "'")).split())


# In the HTML ---------------------------------------------------------------------------------------------------------


def test_every_claim_stands_in_the_page_whole(soup):
    rows = soup.select("tr.claim")
    assert sorted(row["id"] for row in rows) == [claim.id for claim in CLAIMS]
    for row in rows:
        claim, below = exam.claim(row["id"]), row.find_next_sibling("tr")
        _, says, verdict, truth = row.find_all("td")
        assert plain(says.text) == plain(claim.says)
        assert plain(truth.text) == plain(claim.truth)
        assert verdict.text.strip() == claim.verdict
        if claim.checked == "run":
            assert plain(below.select_one(".claim-command").text) == plain(claim.command), claim.id
            assert below.select_one(".claim-output").text.strip(), claim.id
            assert claim.guard.rpartition(".")[2] in below.select_one(".claim-guard").text
        assert len(below.select('a[href^="bibliography"], a.bibtex, a[href*="#"]')) >= len(claim.sources)


def test_every_claim_leads_to_a_section_of_a_chapter(soup):
    rows = soup.select("tr.claim")
    assert len(rows) == len(CLAIMS)
    for row in rows:
        taught = [link["href"] for link in row.find_next_sibling("tr").select('a[href*=".html"]')]
        if row["id"] not in {f"C{number}" for number in range(161, 168)}:
            assert any(re.match(r"(\d\d-[^#]+|index)\.html#.", href) for href in taught), row["id"]


def test_counts_by_verdict(soup):
    counts = {item.find(class_="verdict").text: int(item.a.text) for item in soup.select("ul.exam-counts li")}
    assert counts == {verdict: sum(claim.verdict == verdict for claim in CLAIMS) for verdict in counts}
    assert sum(counts.values()) == len(CLAIMS)


def test_contradictions_and_questions_are_there(soup):
    assert len(soup.select("table.exam-table")[-1].select("tbody tr")) == len(ledger.exam()["contradictions"]) == 12
    questions = soup.select("ol.wrong-ones > li")
    assert len(questions) == 26
    for question, entry in zip(questions, ledger.exam()["questions"], strict=True):
        (wrong,) = question.select("ol.choices > li.is-wrong")
        assert plain(wrong.text) == plain(entry["states"])
        letter = "ABC"[question.select("ol.choices > li").index(wrong)]
        assert question.details.strong.text == f"{letter} is wrong."


# With JavaScript -----------------------------------------------------------------------------------------------------


def test_an_address_filters_and_its_count_is_announced(open_exam):
    page = open_exam("?verdict=wrong&q=5")
    wanted = [claim.id for claim in CLAIMS if (claim.verdict, claim.question) == ("wrong", "5")]
    assert shown(page) == wanted
    assert page.locator("output[aria-live=polite]").inner_text() == f"{len(wanted)} of 177 claims"
    assert page.locator("h2:visible", has_text="Question").count() == 1


def test_filters_are_kept_in_the_address(open_exam):
    page = open_exam()
    page.get_by_label("verdict").select_option("contested")
    page.get_by_label("words").fill("transposed CONVOLUTION")
    wanted = shown(page)
    assert wanted and len(wanted) < 10 and all(exam.claim(name).verdict == "contested" for name in wanted)
    assert page.evaluate("location.search") == "?verdict=contested&text=transposed+CONVOLUTION"
    again = open_exam(page.evaluate("location.search"))
    assert shown(again) == wanted
    again.get_by_role("button", name="Show all").click()
    assert len(shown(again)) == 177 and again.evaluate("location.search") == ""


def test_what_an_address_asks_for_and_does_not_exist_is_left_out(open_exam):
    assert len(shown(open_exam("?verdict=maybe&q=9&kind=&nothing=1#C999"))) == 177
    page = open_exam("?text=zebra")
    assert shown(page) == [] and "No claim fits" in page.locator("form.exam-filters output").inner_text()


def test_a_claim_in_the_address_is_opened_even_if_a_filter_hides_it(open_exam):
    page = open_exam("?verdict=holds#C042")
    assert page.locator("#C042").is_visible()
    assert page.locator("#C042 + tr details").get_attribute("open") is not None
    page.wait_for_function("Math.abs(document.getElementById('C042').getBoundingClientRect().top) < innerHeight / 2")
    page.evaluate("location.hash = 'C119'")
    page.wait_for_function("document.querySelector('#C119 + tr details').open")


def test_a_question_answers(open_exam):
    page = open_exam()
    question = page.locator("ol.wrong-ones > li").nth(4)
    told = question.locator(".told")
    question.locator("ol.choices > li:not(.is-wrong) button").first.click()
    assert told.inner_text() == "No, this statement is true. Try another."
    assert question.locator("details").get_attribute("open") is None
    question.locator("li.is-wrong button").click()
    assert told.inner_text() == "Right: this is the wrong one."
    assert question.locator("details").get_attribute("open") is not None
    assert question.locator("button[aria-pressed=true]").count() == 1


def test_on_a_phone_nothing_is_wider_than_the_screen(open_exam):
    page = open_exam("#C119", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.locator("tr.claim:visible, tr.claim-below:visible").evaluate_all(
        "rows => rows.filter(row => row.scrollWidth > 390).map(row => row.previousElementSibling?.id ?? row.id)"
    )
    assert wide == []
    assert (
        page.locator("#C119 > td").nth(3).evaluate("cell => cell.getBoundingClientRect().width") > 300
    )  # not a column


def test_on_paper_all_is_open_and_the_form_is_gone(open_exam):
    page = open_exam("?q=5")
    page.get_by_role("button", name="Show all").click()
    page.emulate_media(media="print")
    assert not page.locator("form.exam-filters").is_visible()
    for name in (".claim-command", ".claim-output", ".claim-guard"):
        assert page.locator(f"#C119 + tr {name}").evaluate("block => block.checkVisibility()"), name


@pytest.mark.parametrize("width", [718, 794])  # A4 with a browser's margins, and without
def test_on_paper_no_verdict_breaks_within_a_word_and_three_statements_stay_together(open_exam, width):
    page = open_exam()
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(media="print")
    page.add_style_tag(content="tr.claim td, tr.claim td * { overflow-wrap: normal !important }")
    cells = page.locator("tr.claim > td:nth-child(3)")
    assert cells.count() == len(CLAIMS)
    assert cells.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)") == []
    threes = page.locator("ol.wrong-ones > li")
    assert threes.evaluate_all("all => [...new Set(all.map(e => getComputedStyle(e).breakInside))]") == ["avoid"]
