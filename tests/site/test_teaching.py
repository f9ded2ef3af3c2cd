"""The teaching guide: its links open states that there are, and every chapter has its paths and its prediction."""

import re
import sys
from pathlib import Path

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import teaching

CHAPTERS = sorted(ROOT.glob("chapters/[0-9]*.ipynb"))
DILATED = ROOT / "chapters/09-dilated-convolution.ipynb"


@pytest.mark.parametrize(
    ("chapter", "key", "given", "wrong"),
    [
        (ROOT / "chapters/99-nothing.ipynb", "DilatedStack-1", {}, "there is no 99-nothing.ipynb"),
        (DILATED, "DilatedStack-2", {}, "09-dilated-convolution.ipynb has no DilatedStack-2; it has Question-1, Dil"),
        (DILATED, "DilatedStack-1", {"d1": 9}, "with {'d1': 9}: DilatedStack: d1=9 is out of range"),
        (DILATED, "DilatedStack-1", {"dilation": 1}, "unknown keyword 'dilation'"),
    ],
    ids=["chapter", "explorer", "value", "parameter"],
)
def test_a_link_that_opens_nothing_is_refused(chapter, key, given, wrong):
    assert wrong in teaching.problem(chapter, key, key.partition("-")[0], given)


def test_a_link_that_opens_something_is_not():
    assert teaching.problem(DILATED, "DilatedStack-1", "DilatedStack", {"d1": 1, "d2": 2, "d3": 3}) is None


def test_every_chapter_has_its_paths_and_its_prediction(parsed):
    page = parsed("chapters/teaching.html")
    sections = [part for part in page.find_all("section") if re.match(r"Chapter \d+", part.find("h2").text)]
    terms = ["5 minutes", "20 minutes", "50 minutes", "Hands up", "Hunt", "Prediction"]
    assert len(sections) == len(CHAPTERS)
    for number, section in enumerate(sections):
        assert section.find("h2").text.startswith(f"Chapter {number}:")
        assert [term.text for term in section.find_all("dt")] == terms
        assert re.search(r"Ask: .+ Answer: .+\.", section.find_all("dd")[-1].text, re.DOTALL)


def test_a_link_opens_its_state(open_page, site_dir):
    """The first link of a chapter, followed as a reader does."""
    page = open_page(Path(site_dir, "chapters/teaching.html").as_uri())
    page.get_by_role("link", name="1, 2, 3", exact=True).click()
    page.wait_for_selector(".live-explorer")
    root = page.locator("#explorer-DilatedStack-1")
    assert [root.locator(f"input[data-parameter=d{n}]").input_value() for n in (1, 2, 3)] == ["1", "2", "3"]
    assert page.locator(".live-link-trouble").count() == 0
