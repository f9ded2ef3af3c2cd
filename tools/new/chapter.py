"""A new chapter: the reader's page with a word in each of its parts, run and stored."""

import re
from pathlib import Path

import jupytext

from ..chapters import start, storage
from ..chapters.execution import execute
from ..chapters.normal import normalise

PATTERN = Path(__file__).with_name("chapter.md")
NAME = re.compile(r"(?P<number>\d\d)-(?P<words>[a-z0-9]+(?:-[a-z0-9]+)*)")


def write(name: str, root: Path) -> list[Path]:
    """Write chapters/NAME.ipynb with its outputs; the table of contents takes it in by its number."""
    match = NAME.fullmatch(name)
    if not match:
        raise ValueError(
            f"write: {name!r} is no name of a chapter; give two digits and words, such as 13-deformable-convolution"
        )
    folder = root / "chapters"
    if taken := sorted(path.name for path in folder.glob(f"{match['number']}-*.ipynb")):
        raise FileExistsError(f"write: number {match['number']} belongs to {taken[0]}; choose another")
    title = match["words"].replace("-", " ").capitalize()
    notebook = jupytext.reads(PATTERN.read_text(encoding="utf-8").replace("TITLE", title), fmt="md:myst")
    start.insert(notebook)
    notebook, problems = execute(notebook, folder)
    if problems:
        raise ValueError("write: the skeleton does not run here: " + "; ".join(problems))
    path = folder / f"{name}.ipynb"
    storage.write(normalise(notebook), path)
    return [path]
