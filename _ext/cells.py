"""Code cells as a reader meets them: the page first, its code behind one switch.

A cell's tags say how its source is shown:

* ``idea``: always, for it carries an idea of the page;
* ``hide-cell`` or ``solution``: the whole cell folds under "Show solution";
* anything else: folded under a small "code" at the corner of what the cell shows, and open on the whole page while the
  reader's switch "show code" is on (`static/reader.js`).

All of it is made of ``details``, so nothing is out of reach where there is no JavaScript.
"""

from docutils import nodes

SOLUTIONS = {"tag_hide-cell", "tag_solution"}


class Fold(nodes.General, nodes.Element):
    """A ``details`` element with its ``summary``."""


def visit_fold(self, node):
    classes = " ".join(node["classes"])
    self.body.append(f'<details class="{classes}"><summary>{self.encode(node["summary"])}</summary>\n')


def depart_fold(self, node):
    self.body.append("</details>\n")


def fold_cells(app, doctree):
    """Fold the sources of cells, and whole cells that hold a solution."""
    cells = [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"]
    for cell in cells:
        classes = set(cell["classes"])
        cell.attributes.pop("hide_mode", None)  # of MyST-NB's own bars
        if classes & SOLUTIONS:
            solution = Fold(classes=["solution"], summary="Show solution")
            cell.parent.replace(cell, solution)
            solution += cell
        elif "tag_idea" not in classes and cell.children:
            fold_source(cell)
            app.env.metadata[app.env.docname]["code"] = True


def fold_source(cell):
    """Fold the source of a cell; a cell that shows nothing else is marked as ``only-code``."""
    source = cell.children[0]
    if source.get("nb_element") != "cell_code_source":
        return
    fold = Fold(classes=["cell-code"], summary="code")
    cell.replace(source, fold)
    fold += source
    if len(cell.children) == 1:
        cell["classes"].append("only-code")


def offer_switch(app, pagename, templatename, context, doctree):
    """Tell the template whether there is code to show."""
    context["page_has_code"] = bool(app.env.metadata.get(pagename, {}).get("code"))


def setup(app):
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.connect("doctree-read", fold_cells, priority=450)
    app.connect("html-page-context", offer_switch)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
