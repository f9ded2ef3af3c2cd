"""Which code of a chapter a reader sees."""

import nbformat

from tools.environment import ROOT

SHOWN = """() => [...document.querySelectorAll(".bd-article .cell .cell_input")].filter(e => e.checkVisibility())
  .map(e => e.closest(".cell").className)"""


def code_cells(name):
    """A chapter's code cells that its page holds, as lists of tags."""
    cells = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", 4).cells
    tags = [cell.metadata.get("tags", []) for cell in cells if cell.cell_type == "code"]
    return [one for one in tags if "remove-cell" not in one]


def only_ideas(page, name):
    """Code that carries an idea is all that is shown, until the switch is on; then all is but solutions; off again."""
    assert all("tag_idea" in classes for classes in page.evaluate(SHOWN))
    assert page.get_by_text("Show code cell").count() == 0
    cells = code_cells(name)
    folded = [tags for tags in cells if not {"idea", "hide-cell", "solution"} & set(tags)]
    assert len(folded) > 5
    switch = page.get_by_role("switch", name="Show code")
    switch.click()
    shown = page.evaluate(SHOWN)
    assert len(shown) == len(cells) - page.locator("details.solution").count()
    assert page.locator("details.cell-code > summary:visible").count() == 0
    switch.click()
    assert all("tag_idea" in classes for classes in page.evaluate(SHOWN))
