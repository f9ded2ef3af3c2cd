"""The cell by which a chapter also runs away from the book's folder, on Colab for instance.

A chapter needs the package and the data that lie beside it. Where the package can be imported the cell does nothing; in
a folder of the book it takes the book's; elsewhere it fetches the repository whose address stands in _config.yml. It is
the same in every chapter, comes after the title, is not shown on the site, and is written by nothing but this file.
"""

import nbformat
import yaml

from . import ROOT

METADATA = {"jupyter": {"source_hidden": True}, "tags": ["fetch-book", "remove-cell"]}
CODE = """\
# Nothing happens here where the package is installed. Elsewhere this looks for the book in the folders above, or
# fetches it, on Colab for instance.
from importlib.util import find_spec

if find_spec("cnnlib") is None:
    import subprocess
    import sys
    from pathlib import Path

    address, branch, here = {address!r}, {branch!r}, Path.cwd()
    above = [place for place in (here, *here.parents) if (place / "cnnlib/__init__.py").is_file()]
    folder = above[0] if above else here / "book"
    if not above and not address:
        raise ModuleNotFoundError(
            "the package cnnlib is not here, and this copy of the chapter does not know where to fetch it; "
            "open it in the book's folder by `make lab`, or run `pip install -e FOLDER` with that folder"
        )
    if not above and not folder.is_dir():
        subprocess.run(["git", "clone", "-q", "--depth=1", "--branch", branch, address, str(folder)], check=True)
    if not above or find_spec("anywidget") is None:
        wanted = f"{{folder}}[explore,plots,train]"
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-e", wanted], check=True)
    sys.path.insert(0, str(folder))"""


def source(config=ROOT / "_config.yml") -> str:
    """The cell's code, with the address that stands in a configuration file."""
    repository = yaml.safe_load(config.read_text(encoding="utf-8")).get("repository") or {}
    address = (repository.get("url") or "").strip()
    return CODE.format(address=address, branch=repository.get("branch") or "main")


def insert(notebook: nbformat.NotebookNode) -> None:
    """Put the cell where it belongs, in place of an older one."""
    code = source()
    if faults(notebook):
        notebook.cells = [cell for cell in notebook.cells if not _is_start(cell)]
        index = 1 if notebook.cells and notebook.cells[0].cell_type == "markdown" else 0
        cell = nbformat.v4.new_code_cell(code, execution_count=1, metadata=nbformat.from_dict(METADATA))
        notebook.cells.insert(index, cell)


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """A sentence if the cell is missing, not the first one with code, or not what this file writes."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [cell for cell in code if _is_start(cell)]
    first = bool(found) and found[0] is code[0] and len(found) == 1
    if first and found[0].source == source() and found[0].metadata == METADATA:
        return []
    return [
        "it does not begin with the cell that fetches the book, with the address of _config.yml; "
        "run `python -m tools.chapters normalise`"
    ]


def _is_start(cell):
    return METADATA["tags"][0] in cell.metadata.get("tags", ())
