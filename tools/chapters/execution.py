"""Run a chapter in a fresh kernel, and notice what a run usually swallows."""

import copy
import json
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from . import ROOT

SECONDS_PER_CELL = 120
DRIVE = "import sys; sys.path.insert(0, {root!r})\nfrom tools.chapters import callbacks\ncallbacks.main()"


def execute(notebook, folder: Path) -> tuple[nbformat.NotebookNode, list[str]]:
    """The notebook run from top to bottom in a kernel of its own, and a list of what went wrong.

    Besides an exception in a cell, which nbclient raises as CellExecutionError, these count as
    wrong: anything written to stderr, an error shown inside an output, an exception in a widget's
    callback (every control is moved once after the last cell), and a traceback in the kernel's log.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=True,
    )
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        with client.setup_kernel(stderr=log, env=environment):
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            client.set_widgets_metadata()
            result = copy.deepcopy(notebook)
            problems = _drive(client, notebook)
        log.seek(0)
        problems = [*_noise(result), *problems, *_log(log.read())]
    return result, problems


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
    text = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
    return json.loads(text.splitlines()[-1])


def _log(text):
    return [f"the kernel logged an exception:\n{text.strip()}"] if "Traceback" in text else []
