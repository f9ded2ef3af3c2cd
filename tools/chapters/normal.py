"""The normal form of a stored chapter: what a run repeats stays, what a run makes up goes.

Two runs of the same chapter give the same bytes, so a diff shows only what changed.
"""

import copy
import hashlib

import nbformat

from . import pictures, widgets

NOTEBOOK_METADATA = ("kernelspec", "language_info", "mystnb", "widgets")
CELL_METADATA = ("tags", "mystnb", "slideshow")

# What the site folds away is closed in JupyterLab and Notebook 7 too, which read no tags.
SOURCE_HIDDEN = {"hide-input", "hide-cell", "remove-cell", "solution"}
OUTPUTS_HIDDEN = {"hide-cell", "solution"}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy in the normal form; normalising it again changes nothing."""
    notebook = copy.deepcopy(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = _kept(notebook.metadata, NOTEBOOK_METADATA)
    notebook.metadata.kernelspec = nbformat.from_dict(KERNEL)
    notebook.metadata.language_info = nbformat.from_dict(LANGUAGE)
    count, ids = 0, set()
    for cell in notebook.cells:
        cell.source = cell.source.strip("\n")
        cell.id = cell_id(cell, ids)
        ids.add(cell.id)
        cell.metadata = _kept(cell.metadata, CELL_METADATA)
        if cell.cell_type == "code":
            if closed := closed_parts(cell.metadata.get("tags", ())):
                cell.metadata.jupyter = nbformat.from_dict(closed)
            ran = cell.source.strip() != "" and (cell.execution_count or cell.outputs)
            count += bool(ran)
            cell.execution_count = count if ran else None
            cell.outputs = _outputs(cell.outputs, cell.execution_count)
    widgets.normalise(notebook)
    return notebook


def cell_id(cell, taken=()) -> str:
    """A cell's id: a hash of its kind and source, so that it changes only with the cell."""
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    name, copy_number = digest, 1
    while name in taken:
        copy_number += 1
        name = f"{digest}-{copy_number}"
    return name


def closed_parts(tags) -> dict[str, bool]:
    """The `jupyter` metadata of a code cell, which close its source or its outputs, from its tags."""
    closed = {"source_hidden": SOURCE_HIDDEN, "outputs_hidden": OUTPUTS_HIDDEN}
    return {part: True for part, names in closed.items() if not names.isdisjoint(tags)}


def _kept(metadata, names):
    return nbformat.from_dict({name: metadata[name] for name in names if name in metadata})


def _outputs(outputs, count):
    merged = []
    for output in outputs:
        if output.output_type == "stream":
            last = merged[-1] if merged else None
            if last and last.output_type == "stream" and last.name == output.name:
                last.text += output.text
                continue
        elif output.output_type in ("display_data", "execute_result"):
            output.metadata = nbformat.from_dict(pictures.sizes(output))
            output.pop("transient", None)
            if output.output_type == "execute_result":
                output.execution_count = count
        merged.append(output)
    return merged
