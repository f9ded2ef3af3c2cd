"""Run a chapter in a fresh kernel, and notice what a run usually swallows."""

import copy
import json
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError

from . import ROOT

# On a machine that does other things a cell takes many times as long, and its messages come late. These limits only
# end a run that will never end by itself.
SECONDS_PER_CELL = 600
SECONDS_PER_MESSAGE = 120
SECONDS_TO_START = 300
DRIVE = "import sys; sys.path.insert(0, {root!r})\nfrom tools.chapters import callbacks\ncallbacks.main()"


class NoAnswer(RuntimeError):
    """A kernel did not answer in time, or a message of it was lost."""


def execute(notebook, folder: Path) -> tuple[nbformat.NotebookNode, list[str]]:
    """The notebook run from top to bottom in a kernel of its own, and a list of what went wrong.

    Besides an exception in a cell, which nbclient raises as CellExecutionError, these count as
    wrong: anything written to stderr, an error shown inside an output, an exception in a widget's
    callback (every control is moved once after the last cell), and a traceback in the kernel's log. A kernel
    that does not answer raises NoAnswer.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        startup_timeout=SECONDS_TO_START,
        iopub_timeout=SECONDS_PER_MESSAGE,
        raise_on_iopub_timeout=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=True,
    )
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w", encoding="utf-8") as log:
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        with client.setup_kernel(stderr=log, env=environment):
            try:
                for index, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
                client.set_widgets_metadata()
                result = copy.deepcopy(notebook)
                problems = _drive(client, notebook)
                # read while the kernel lives: what it says as it is shut down is not the chapter's
                said = Path(log.name).read_text(encoding="utf-8", errors="replace")
            except CellTimeoutError as error:
                raise NoAnswer(
                    f"the kernel gave no answer for minutes; run it again, with fewer other programs beside it: {error}"
                ) from error
    return result, [*_noise(result), *problems, *_log(said)]


def _noise(notebook):
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {number} writes to stderr: {output.text.strip()}"
            elif output.output_type == "error":
                yield f"cell {number} shows an error: {output.ename}: {output.evalue}"


def _drive(client, notebook):
    notebook.cells.append(nbformat.v4.new_code_cell(DRIVE.format(root=str(ROOT))))
    cell = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
    return _told("".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"))


def _told(text):
    """The problems that `callbacks.main` printed as the last line of a text."""
    try:
        return json.loads(text.splitlines()[-1])
    except (IndexError, ValueError):
        return [
            "the kernel did not say what its controls did when they were moved (its message was lost, or a callback "
            f"printed without end); run it again, with fewer other programs beside it. It said {text[-200:]!r}"
        ]


def _log(text):
    return [f"the kernel logged an exception:\n{text.strip()}"] if "Traceback" in text else []
