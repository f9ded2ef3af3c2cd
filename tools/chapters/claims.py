"""Which cell of the book meets which claim of the exam.

A cell that meets a claim carries the tag `claim-C024`. `python -m tools.chapters claims` reads the tags of all
chapters and writes `data/exam/claims_in_chapters.json`: for each claim the chapters and cells, in the book's order.
What the claims are, and what each part of the exam is worth, stands in `data/exam/claims.json`.
"""

import json
import re
from pathlib import Path

from . import FOLDER, ROOT, storage

EXAM = ROOT / "data/exam/claims.json"
RESULT = ROOT / "data/exam/claims_in_chapters.json"
TAG = re.compile(r"claim-(.*)")


def exam() -> dict:
    """``{"parts": [{question, part, marks, asks}, ...], "claims": [{id, question, part, kind, verdict}, ...]}``."""
    return json.loads(EXAM.read_text(encoding="utf-8"))


def named(cell) -> list[str]:
    """The claims that a cell's tags name."""
    return [match[1] for tag in cell.metadata.get("tags", ()) if (match := TAG.fullmatch(tag))]


def faults(notebook) -> list[str]:
    """One sentence for each tag that names no claim of the exam."""
    known = {claim["id"] for claim in exam()["claims"]}
    return [
        f"cell {number}: its tag claim-{name} names no claim of data/exam/claims.json"
        for number, cell in enumerate(notebook.cells, 1)
        for name in named(cell)
        if name not in known
    ]


def collect(folder: Path = FOLDER) -> dict[str, list[dict[str, str]]]:
    """``{claim: [{"chapter": file name without its ending, "cell": id}, ...]}`` of all notebooks of a folder."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in storage.read(path).cells:
            for name in named(cell):
                found.setdefault(name, []).append({"chapter": path.stem, "cell": cell.id})
    return dict(sorted(found.items()))


def text(found: dict) -> str:
    """The collected claims as they are stored: a line for each."""
    lines = [f" {json.dumps(name)}: {json.dumps(cells)}" for name, cells in found.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write() -> dict:
    """Store what `collect` finds, and return it."""
    found = collect()
    RESULT.write_text(text(found), encoding="utf-8", newline="\n")
    return found
