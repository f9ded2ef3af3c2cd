"""Running the cells of a page in its own Python, and what they showed beside what is stored."""

import re

import nbformat

from tools.environment import ROOT

READY = "document.querySelector('.python-bar span')?.textContent.startsWith('Python is ready')"

# What a session tells the page is noted before the page shows it.
RECORD = """async () => {
  await cnnlibPython.later();
  globalThis.shown = {};
  const note = (cell, kind, text) => (shown[cell.number] ??= []).push([kind, text]);
  const { stream, bundle, error } = cnnlibPython.outputs;
  cnnlibPython.outputs.stream = (cell, message) => (note(cell, message.name, message.text), stream(cell, message));
  cnnlibPython.outputs.bundle = (cell, data) => (note(cell, "value", data["text/plain"]), bundle(cell, data));
  cnnlibPython.outputs.error = (cell, data, above) => (note(cell, "error", data.text), error(cell, data, above));
}"""
RUN = """async number => {
  delete shown[number];
  await cnnlibPython.run(cnnlibPython.cells[number]);
  return shown[number] ?? [];
}"""


def start(page):
    """Load what a reader's first click loads, and note from then on what is shown; the page again."""
    page.evaluate(RECORD)
    return page


def run_cell(page, number):
    """Run a cell with those that it needs, wait for its end, and give what it showed."""
    return joined(page.evaluate(RUN, number))


def write(page, number, code):
    """Put other code into a cell."""
    page.evaluate("([number, code]) => cnnlibPython.cells[number].write(code)", [number, code])


def cell(page, number):
    """The element of a code cell."""
    return page.locator(".bd-article .cell").filter(has=page.locator(".cell_input pre")).nth(number)


def press(page, number, name):
    """Press one of a cell's own buttons."""
    cell(page, number).locator(f".cell-tools button[aria-label^='{name}:']").click()


def bar(page):
    """What the line at the foot of the window says."""
    return page.locator(".python-bar").inner_text()


def stored_cells(name):
    """The code cells of a chapter that its page holds, in their order."""
    cells = nbformat.read(ROOT / f"chapters/{name}.ipynb", 4).cells
    tags = [set(c.metadata.get("tags", [])) for c in cells]
    gone = [any(tag == "remove-cell" or re.fullmatch(r"card-\d\d", tag) for tag in own) for own in tags]
    return [c for c, left_out in zip(cells, gone, strict=True) if c.cell_type == "code" and not left_out]


def stored_outputs(cell):
    """[kind, text] of each output as the notebook holds it."""
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
