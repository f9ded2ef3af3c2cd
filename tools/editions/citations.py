"""Citations as links: who and when, with the address that the bibliography gives."""

from pathlib import Path

from pybtex.database import BibliographyData, parse_file
from pybtex.richtext import Text

from . import Unwritable


class Citations:
    """The sources of a BibTeX file, to be named in a sentence."""

    def __init__(self, file: Path | None):
        self._entries = parse_file(str(file)).entries if file else BibliographyData().entries

    def links(self, keys: list[str], *, bare: bool = False) -> str:
        """``([Dumoulin & Visin, 2016](https://arxiv.org/abs/1603.07285))``; `bare` without the outer parentheses."""
        text = "; ".join(self._link(key) for key in keys)
        return text if bare else f"({text})"

    def _link(self, key):
        if key not in self._entries:
            raise Unwritable(f"the source {key} is not in the bibliography")
        entry = self._entries[key]
        words = ", ".join(filter(None, (_names(entry), entry.fields.get("year"))))
        address = _address(entry.fields)
        return f"[{words}]({address})" if address else words


def _names(entry):
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [str(Text(" ").join(person.rich_last_names)) for person in people]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " & ".join(names) or entry.fields.get("title", "").strip("{}")


def _address(fields):
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    if "eprint" in fields:
        return f"https://arxiv.org/abs/{fields['eprint']}"
    return fields.get("url")
