"""One chapter as an edition holds it."""

import copy
import json
from pathlib import Path

import nbformat

from ..chapters import start, storage
from ..chapters.normal import normalise
from ..chapters.widgets import STATE, VIEW
from . import ROOT, Unwritable, questions
from .prose import Prose

COSTS = ROOT / "data/results/chapter_costs.json"
COST = "Running all cells took {seconds} s and at most {peak_mb} MB in the kernel, on two processor cores."


def edition(path: Path, name: str, prose: Prose) -> nbformat.NotebookNode:
    """A chapter in the edition for "students" or for "instructors".

    Outputs stay, with the pictures of explorers in place of their views, which live only where their state is
    stored. What has no plain form raises Unwritable, with the chapter and the cell.
    """
    notebook = copy.deepcopy(storage.read(path))
    widgets = notebook.metadata.pop("widgets", {})
    start.insert(notebook)
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            try:
                cell.source = prose.plain(cell.source)
            except Unwritable as error:
                raise Unwritable(f"{path.name}: cell {number}: {error}") from None
    if name == "students":
        notebook.cells = [cell for cell in notebook.cells if not is_solution(cell)]
        try:
            questions.seal(notebook.cells, widgets)
        except Unwritable as error:
            raise Unwritable(f"{path.name}: {error}") from None
    else:
        _open_solutions(notebook)
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_for_instructors(path, notebook, widgets)))
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            data.pop(VIEW, None)
            if "image/png" in data:  # nbconvert reads a picture's description here
                output.metadata.setdefault("image/png", {})["alt"] = " ".join(data["text/plain"].split())
    return normalise(notebook)


def is_solution(cell) -> bool:
    """Whether a cell holds the solution of an exercise."""
    return "solution" in cell.metadata.get("tags", ())


def _open_solutions(notebook):
    """Solutions are open and marked by a word above them."""
    cells = []
    for cell in notebook.cells:
        if is_solution(cell):
            cell.metadata.tags = ["idea", *(tag for tag in cell.metadata.tags if tag not in ("hide-cell", "solution"))]
            cells.append(nbformat.v4.new_markdown_cell("**Solution**"))
        cells.append(cell)
    notebook.cells = cells


def _for_instructors(path, notebook, widgets):
    """What a chapter holds and takes, as a quotation below its title."""
    models = widgets.get(STATE, {}).get("state", {}).values()
    kinds = [model["state"].get("_anywidget_id", "").rpartition(".")[2] for model in models]
    asked = kinds.count("Question")
    shown = sorted({kind for kind in kinds if kind} - {"Question"})
    solved = sum(cell.source == "**Solution**" for cell in notebook.cells)
    stored = json.loads(COSTS.read_text(encoding="utf-8")) if COSTS.is_file() else {}
    lines = [
        "**For instructors**",
        "",
        f"- {asked} questions (answers and hints stand in their cells), {solved} exercises in code with solutions.",
        *([f"- Explorers: {', '.join(shown)}."] if shown else []),
        *([f"- {COST.format(**stored[path.stem])}"] if path.stem in stored else []),
    ]
    return "\n".join(f"> {line}".rstrip() for line in lines)
