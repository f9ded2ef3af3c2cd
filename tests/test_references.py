"""The bibliography: every entry leads to its source, or says that no address could be confirmed."""

import re
from pathlib import Path

import pytest
from pybtex.database import BibliographyData, parse_string

SOURCE = Path(__file__).resolve().parent.parent / "chapters/references.bib"
ADDRESSES = {"doi": r"10\.\d{4,9}/\S+", "eprint": r"\d{4}\.\d{4,5}", "url": r"https?://[^\s{}]+"}
UNKNOWN = "no address confirmed"


def faults(bibliography: BibliographyData) -> list[str]:
    """One sentence for each entry without an address, or with one of the wrong form."""
    found = []
    for key, entry in bibliography.entries.items():
        given = {name: entry.fields[name] for name in ADDRESSES if name in entry.fields}
        unknown = UNKNOWN in entry.fields.get("note", "").lower()
        if not given and not unknown:
            found.append(f"{key}: no doi, eprint or url; look it up, or write note = {{No address confirmed}}")
        if given and unknown:
            found.append(f"{key}: it has an address, and a note that none was confirmed")
        for name, value in given.items():
            if not re.fullmatch(ADDRESSES[name], value):
                found.append(f"{key}: {name} = {value} is not of the form {ADDRESSES[name]}")
    return found


def test_every_entry_leads_to_its_source():
    assert faults(parse_string(SOURCE.read_text(encoding="utf-8"), "bibtex")) == []


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("", "a: no doi, eprint or url"),
        ("doi = {https://doi.org/10.1000/182}", "a: doi = https"),
        ("eprint = {arXiv:1603.07285}", "a: eprint = arXiv:1603.07285"),
        ("url = {www.example.org}", "a: url = www.example.org"),
        ("doi = {10.1000/182}, note = {No address confirmed}", "a: it has an address, and a note"),
    ],
)
def test_a_new_entry_without_an_address_is_a_fault(field, fault):
    entry = "@misc{a, title = {A}, year = {2020}, " + field + "}"
    assert [sentence for sentence in faults(parse_string(entry, "bibtex")) if sentence.startswith(fault)]


@pytest.mark.parametrize(
    "field", ["doi = {10.1000/182}", "eprint = {1603.07285}", "note = {Lost; no address confirmed}"]
)
def test_any_of_them_is_enough(field):
    assert faults(parse_string("@misc{a, title = {A}, " + field + "}", "bibtex")) == []


def test_names_are_not_cut_short_and_keys_not_taken_twice():
    text = SOURCE.read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,\s]+),", text, re.M)
    assert len(keys) == len(set(keys)) == len(parse_string(text, "bibtex").entries)
