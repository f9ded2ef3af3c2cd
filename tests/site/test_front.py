"""The front page's cards and the exam's map: made from the chapters that there are, and made again when they change."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

EXT = Path(__file__).resolve().parent.parent.parent / "_ext"
CONF = f"""
import sys
sys.path.insert(0, {str(EXT)!r})
extensions = ["myst_parser", "front"]
myst_enable_extensions = ["colon_fence"]
root_doc = "chapters/index"
suppress_warnings = ["toc.not_included"]
"""
FRONT = "# Book\n\n:::{chapter-cards}\nThe chapters.\n:::\n\n:::{exam-map}\nThe map.\n:::\n"
CHAPTERS = {
    "03-third": "# Third thing\n\nWhy *this*? And more words.\n\n**Time** ten minutes.\n\n"
    "## Part\n\n![A flat one](flat.png)\n",
    "00-first": "# First thing\n\nA sentence with 1.5 in it. Another.\n\n![A tall one](tall.png)\n",
}
EXAM = {
    "parts": [
        {"question": "1", "part": "a", "marks": 8, "asks": "how"},
        {"question": "1", "part": "b", "marks": 4, "asks": "why"},
    ],
    "claims": [
        {"id": "C001", "question": "1", "part": "a", "verdict": "holds"},
        {"id": "C002", "question": "1", "part": "a", "verdict": "wrong"},
        {"id": "C003", "question": "1", "part": "b", "verdict": "holds"},
    ],
}
MET = {"C001": [{"chapter": "03-third", "cell": "x"}], "C002": [{"chapter": "03-third", "cell": "y"}]}


def write(folder, chapters=CHAPTERS):
    """A book of a front page and these chapters."""
    (folder / "chapters").mkdir(exist_ok=True)
    (folder / "data/exam").mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "data/exam/claims.json").write_text(json.dumps(EXAM), encoding="utf-8")
    (folder / "data/exam/claims_in_chapters.json").write_text(json.dumps(MET), encoding="utf-8")
    for name, size in (("flat", (40, 20)), ("tall", (20, 40))):
        Image.new("RGB", size, "teal").save(folder / f"chapters/{name}.png")
    for name, text in {"index": FRONT, **chapters}.items():
        (folder / f"chapters/{name}.md").write_text(text, encoding="utf-8")


def build(folder):
    """The front page, built anew or brought up to date."""
    with docutils_namespace():  # or its nodes would be there already in the next book of this process
        app = Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None, warning=None)
        app.build()
    return BeautifulSoup((folder / "out/chapters/index.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    write(folder)
    return build(folder)


def cards(page):
    return page.select("ul.chapter-cards > li")


def test_a_card_has_number_title_first_sentence_time_and_the_way(book):
    first, third = cards(book)
    assert first.a.text == "0. First thing" and first.a["href"] == "00-first.html"
    assert [p.text for p in first.find_all("p")] == ["0. First thing", "A sentence with 1.5 in it."]
    assert [p.text for p in third.find_all("p")] == ["3. Third thing", "Why this?", "Ten minutes."]
    assert len(first.find_all("a")) == 1 and "The chapters." not in book.text


def test_a_card_shows_the_chapters_picture_beside_its_link(book):
    first, third = (card.img for card in cards(book))
    assert first["src"].endswith("tall.png") and "tall" in first["class"]
    assert third["src"].endswith("flat.png") and "tall" not in third.get("class", ())
    assert (first["alt"], third["alt"]) == ("A tall one", "A flat one")


def test_the_map_adds_the_marks_up_and_leads_to_the_chapters_that_meet_the_claims(book):
    rows = [[cell.text.strip() for cell in row.find_all("td")] for row in book.select("table.exam-map tbody tr")]
    missing = "no chapter yet; the operations are in the package"
    assert rows == [["1 (a)", "how", "8", "3. Third thing"], ["1 (b)", "why", "4", missing], ["all", "", "12", ""]]
    assert book.select_one("table.exam-map a")["href"] == "03-third.html"
    assert "found 3 claims: 2 hold, 1 are wrong." in book.text


def test_a_new_chapter_joins_by_itself(tmp_path):
    write(tmp_path)
    assert len(cards(build(tmp_path))) == 2
    (tmp_path / "chapters/12-new.md").write_text("# New thing\n\nIt joined.\n", encoding="utf-8")
    titles = [card.a.text for card in cards(build(tmp_path))]
    assert titles == ["0. First thing", "3. Third thing", "12. New thing"]


def test_the_front_page_invites_and_draws_for_a_chapter(tmp_path):
    write(tmp_path)
    page = tmp_path / "chapters/index.md"
    drawn = "\n::::{container} tag_card-03\n![Drawn here](tall.png)\n::::\n"
    invited = page.read_text(encoding="utf-8").replace("The chapters.", "3. Come and see.\n7. Of no chapter.")
    page.write_text(invited + drawn, encoding="utf-8")
    book = build(tmp_path)
    first, third = cards(book)
    assert [p.text for p in third.find_all("p")] == ["3. Third thing", "Come and see.", "Ten minutes."]
    assert third.img["alt"] == "Drawn here" and "full" in third.img["class"] and first.img["alt"] == "A tall one"
    assert len(book.select("img[alt='Drawn here']")) == 1 and "Of no chapter" not in book.text


def test_the_time_is_found_with_and_without_a_colon(tmp_path):
    write(tmp_path, {"03-third": "# Third thing\n\nWhy?\n\n**Time**: an hour.\n"})
    (card,) = [card for card in cards(build(tmp_path)) if card.a.text.startswith("3.")]
    assert card.select_one(".card-time").text == "An hour."
