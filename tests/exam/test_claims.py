"""The exam's claims: each that can be computed has a function, and what it computes is what the page says."""

import json
import re
import sys

import pytest

from cnnlib import exam
from cnnlib.exam import ledger
from tools.chapters import FOLDER, ROOT
from tools.chapters import claims as tagged

sys.path.append(str(ROOT / "_ext"))
from claims import cells_of, meet

CLAIMS = exam.claims()
RUN = [claim for claim in CLAIMS if claim.checked == "run"]
KEYS = set(re.findall(r"^@\w+\{([^,]+),", (FOLDER / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
VERDICTS = {"holds": 32, "holds with condition": 89, "contested": 28, "wrong": 26, "not testable": 2}
NUMBER = re.compile(r"(?<![\w.])−?\d[\d,]*(?:\.\d+)?%?")


def numbers(value):
    """All numbers within a value."""
    if isinstance(value, dict):
        return [found for part in value.items() for found in numbers(list(part))]
    if isinstance(value, list):
        return [found for part in value for found in numbers(part)]
    if isinstance(value, str):
        return [read(text) for text in NUMBER.findall(value)]
    return [value]


def read(text):
    return float(text.replace(",", "").replace("−", "-").rstrip("%"))


# The data ------------------------------------------------------------------------------------------------------------


def test_as_many_of_each_verdict_as_the_audit_found():
    assert {verdict: sum(claim.verdict == verdict for claim in CLAIMS) for verdict in VERDICTS} == VERDICTS
    assert [claim.id for claim in CLAIMS] == [f"C{number:03}" for number in range(1, 178)]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_whole(claim):
    assert claim.kind in {"arithmetic", "formula", "definition", "empirical", "historical"}
    assert claim.checked in {"run", "literature", "definition", "argument", "chapter", "not tested"}
    for text in (claim.says, claim.truth):
        assert text[0].isupper() or text[0] in "[({⟨0123456789", text
        assert text.endswith((".", ".)")) and "  " not in text, text
    for source in claim.sources:
        assert source.key in KEYS, f"{source.key} is not in references.bib"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d|second hand", source.seen), source
    assert claim.checked != "literature" or claim.sources, "settled in which literature?"


# What is computed ----------------------------------------------------------------------------------------------------


def test_every_claim_that_is_run_has_a_guard_and_every_guard_a_claim():
    assert {claim.id for claim in RUN} == set(ledger.guards())
    assert all((claim.value is not None) == (claim.checked == "run") for claim in CLAIMS)


@pytest.mark.parametrize("claim", RUN, ids=lambda claim: claim.id)
def test_the_value_still_holds(claim):
    assert exam.check(claim.id) == claim.value


@pytest.mark.parametrize("claim", RUN, ids=lambda claim: claim.id)
def test_the_numbers_in_the_text_are_those_that_were_computed(claim):
    """Held to the value are numbers with a decimal point or four digits; the rest are sizes of kernels and the like."""
    known = numbers(claim.value) + numbers(claim.says) + FROM_ELSEWHERE.get(claim.id, [])
    known += [scale * number for number in known for scale in (100, 1e-3, 1e-9) if isinstance(number, int | float)]
    for text in NUMBER.findall(claim.truth):
        if "." in text or len(text.replace(",", "")) >= 4 or text.endswith("%"):
            digits = len(text.rstrip("%").partition(".")[2])
            assert any(round(number, digits) == read(text) for number in known), f"{text} in {claim.truth!r}"


#: Years, and numbers that the source of the claim gives or the sentence itself explains.
FROM_ELSEWHERE = {
    "C012": [2014],
    "C024": [0.05],  # two unrelated photographs with brightness removed: chapter 2's table
    "C039": [1965],
    "C050": [1986, 1989],
    "C054": [2012, 1_281_167],
    "C071": [1000],  # pixels a side
    "C075": [1000],
    "C116": [1000],
    "C139": [70.6, 71.7],  # MobileNet's paper
}


@pytest.mark.parametrize("claim", RUN, ids=lambda claim: claim.id)
def test_the_command_can_be_read(claim):
    compile(claim.command, claim.id, "exec")
    assert len(claim.command.splitlines()) <= 26


# Where it is taught --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def meetings():
    """For each claim the chapters with the numbers of section and box, as the site finds them."""
    found = {}
    for path in sorted(FOLDER.glob("*.ipynb")):
        for claim, there in meet(cells_of(path))[0].items():
            found.setdefault(claim, {})[path.stem] = there
    return found


def test_the_site_finds_the_cells_that_are_tagged(meetings):
    met = json.loads(tagged.RESULT.read_text(encoding="utf-8"))
    chapters = {name: {one["chapter"] for one in there} for name, there in met.items()}
    assert {name: set(there) for name, there in meetings.items()} == chapters


def test_every_claim_is_taught_except_some_of_the_sheep(meetings):
    assert {claim.id for claim in CLAIMS} - set(meetings) <= {f"C{number}" for number in range(161, 168)}


# What else the page shows --------------------------------------------------------------------------------------------


def test_each_wrong_claim_is_asked_for_among_two_true_statements():
    questions = ledger.exam()["questions"]
    assert [entry["wrong"] for entry in questions] == [claim.id for claim in CLAIMS if claim.verdict == "wrong"]
    statements = [
        text for entry in questions for text in (entry["states"], *(true["states"] for true in entry["true"]))
    ]
    assert len(statements) == len(set(statements)) == 78
    for entry in questions:
        assert len(entry["true"]) == 2 and all(exam.claim(true["claim"]) for true in entry["true"])


def test_twelve_contradictions_name_two_claims_each():
    entries = ledger.exam()["contradictions"]
    assert len(entries) == 12
    for entry in entries:
        first, second = (exam.claim(name) for name in entry["claims"])
        assert first.id != second.id and entry["one"] != entry["other"]


# The functions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [exam.claim, exam.check])
@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("C999", ValueError, "name='C999' is unknown; did you mean"),
        ("c119", ValueError, "name='c119' is unknown; did you mean .* use one of 'C001', ..., 'C177'"),
        (119, TypeError, "name=119 is an int"),
    ],
)
def test_refusals(function, name, kind, words):
    with pytest.raises(kind, match=words) as error:
        function(name)
    assert str(error.value).startswith(f"{function.__name__}: ")


def test_nothing_to_compute():
    with pytest.raises(ValueError, match="C030 has nothing to compute, it was settled by: literature"):
        exam.check("C030")


def test_values_are_as_json_keeps_them():
    for claim in RUN:
        assert json.loads(json.dumps(claim.value)) == claim.value
