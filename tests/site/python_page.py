"""Running the cells of a page in its own Python, and what they showed beside what is stored."""

import nbformat

from tools.environment import ROOT

# What a session tells the page is noted before the page shows it.
RECORD = """() => {
  globalThis.shown = {};
  const note = (cell, kind, text) => (shown[cell.number] ??= []).push([kind, text]);
  const { stream, bundle, error } = cnnlibPython.outputs;
  cnnlibPython.outputs.stream = (cell, message) => (note(cell, message.name, message.text), stream(cell, message));
  cnnlibPython.outputs.bundle = (cell, data) => (note(cell, "value", data["text/plain"]), bundle(cell, data));
  cnnlibPython.outputs.error = (cell, data, above) => (note(cell, "error", data.text), error(cell, data, above));
}"""


def stored_cells(name):
    """The code cells of a chapter that its page holds, in their order."""
    cells = nbformat.read(ROOT / f"chapters/{name}.ipynb", 4).cells
    return [c for c in cells if c.cell_type == "code" and "remove-cell" not in c.metadata.get("tags", [])]


def stored_outputs(cell):
    """[kind, text] of each output as the notebook holds it, texts of one stream in one."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append([output.name, output.text])
        elif "text/plain" in output.get("data", {}):
            found.append(["value", output.data["text/plain"]])
    return joined(found)


def joined(outputs):
    """The same outputs with pieces of one stream put together."""
    whole = []
    for kind, text in outputs:
        if whole and whole[-1][0] == kind != "value":
            whole[-1][1] += text
        else:
            whole.append([kind, text])
    return [[kind, text.strip("\n")] for kind, text in whole]


def load_python(page):
    """Load what a reader's first click loads, without running anything yet."""
    page.evaluate("cnnlibPython.later()")
    page.evaluate(RECORD)


def run_cell(page, number):
    """Run a cell with those that it needs, wait for its end, and give what it showed."""
    page.evaluate("number => { delete shown[number]; }", number)
    page.evaluate("number => cnnlibPython.run(cnnlibPython.cells[number])", number)
    return joined(page.evaluate("number => shown[number] ?? []", number))
