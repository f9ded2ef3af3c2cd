"""What a chapter costs a class: seconds and memory of its kernel, from a fresh start to the last cell.

    python experiments/chapter_costs.py [chapters/06-*.ipynb ...]     # all chapters: a few minutes

Seconds are wall-clock time on the machine that it runs on, with two threads; memory is the most that the kernel's
process ever held, its libraries included, as Linux counts it. Thirty kernels on one server need thirty times that.

Result: data/results/chapter_costs.json
"""

import json
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "data/results/chapter_costs.json"
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"  # KiB on Linux
THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}


def title_of(notebook):
    """A chapter's title, the first line of its first cell."""
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ")


def cost(path):
    """``{"title", "seconds", "peak_mb"}`` of one notebook in a fresh kernel."""
    notebook = nbformat.read(path, as_version=4)
    title = title_of(notebook)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    began = time.perf_counter()
    with client.setup_kernel(env=os.environ | THREADS):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    seconds = time.perf_counter() - began
    peak = round(int(notebook.cells[-1].outputs[0].text) * 1024 / 1e6)
    return {"title": title, "seconds": round(seconds, 1), "peak_mb": peak}


def main(arguments):
    paths = [Path(a).resolve() for a in arguments] or sorted(ROOT.glob("chapters/[0-9]*.ipynb"))
    stored = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    for path in paths:
        stored[path.stem] = cost(path)
        print(f"{path.stem}: {stored[path.stem]}", flush=True)
    RESULT.write_text(json.dumps(dict(sorted(stored.items())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
