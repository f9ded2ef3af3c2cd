"""Every claim of the exam's questions that have chapters is met by a cell, and the list of these cells is current."""

import json

import nbformat
import pytest

from tools.chapters import FOLDER, claims, storage
from tools.chapters.__main__ import main

EXAM = claims.exam()
WRITTEN = "01234"  # the questions whose chapters exist; 0 is the paper as a whole
PARTS = sorted({(claim["question"], claim["part"]) for claim in EXAM["claims"] if claim["question"] in WRITTEN})


def tagged(*tags):
    """A notebook of one cell with these tags."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("text", metadata={"tags": list(tags)})])


# By hand -------------------------------------------------------------------------------------------------------------


def test_tags_are_collected_chapter_by_chapter(tmp_path):
    for name, *tags in (("02-b", "claim-C020", "claim-C001", "idea"), ("01-a", "claim-C020"), ("index",)):
        storage.write(tagged(*tags), tmp_path / f"{name}.ipynb")
    ids = {path.stem: storage.read(path).cells[0].id for path in tmp_path.glob("*.ipynb")}
    assert claims.collect(tmp_path) == {
        "C001": [{"chapter": "02-b", "cell": ids["02-b"]}],
        "C020": [{"chapter": "01-a", "cell": ids["01-a"]}, {"chapter": "02-b", "cell": ids["02-b"]}],
    }


def test_what_is_stored_is_what_was_found():
    found = {"C001": [{"chapter": "a", "cell": "b"}], "C020": [{"chapter": "a", "cell": "b"}] * 2}
    assert json.loads(claims.text(found)) == found
    assert len(claims.text(found).splitlines()) == 4  # a line for each claim, so that a diff shows which one moved


@pytest.mark.parametrize(
    ("tags", "faults"),
    [
        (["claim-C024", "claim-C025", "idea"], []),
        (["claim-C999"], ["cell 1: its tag claim-C999 names no claim of data/exam/claims.json"]),
        (["claim-24"], ["cell 1: its tag claim-24 names no claim of data/exam/claims.json"]),
    ],
)
def test_faults_of_tags(tags, faults):
    assert claims.faults(tagged(*tags)) == faults


def test_check_names_them(tmp_path, capsys):
    path = tmp_path / "chapter.ipynb"
    storage.write(tagged("claim-C999"), path)
    assert main(["check", str(path)]) == 1
    assert "claim-C999 names no claim" in capsys.readouterr().err


# The exam ------------------------------------------------------------------------------------------------------------


def test_the_exam_has_150_marks_in_six_questions_and_177_claims():
    totals = [sum(part["marks"] for part in EXAM["parts"] if part["question"] == question) for question in "123456"]
    assert totals == [25, 22, 20, 25, 28, 30] and sum(totals) == 150
    ids = [claim["id"] for claim in EXAM["claims"]]
    assert ids == [f"C{number:03}" for number in range(1, 178)]
    parts = {(part["question"], part["part"]) for part in EXAM["parts"]}
    assert {(claim["question"], claim["part"]) for claim in EXAM["claims"]} == parts | {("0", "")}


# The book ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS, ids="".join)
def test_every_claim_of_a_part_is_met(part):
    found = claims.collect()
    wanted = [claim["id"] for claim in EXAM["claims"] if (claim["question"], claim["part"]) == part]
    assert [name for name in wanted if name not in found] == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_tag_names_a_claim(path):
    assert claims.faults(storage.read(path)) == []


def test_the_list_is_current():
    stored = claims.RESULT.read_text(encoding="utf-8")
    assert stored == claims.text(claims.collect()), "run `python -m tools.chapters claims`"


def test_every_cell_of_the_list_exists_and_carries_the_tag():
    for name, found in json.loads(claims.RESULT.read_text(encoding="utf-8")).items():
        assert found, f"{name} has no cell"
        for one in found:
            cells = {cell.id: cell for cell in storage.read(FOLDER / f"{one['chapter']}.ipynb").cells}
            assert name in claims.named(cells[one["cell"]]), f"{name}: {one}"
