"""The table of photographs on the page of credits: each with its licence, its author and a link to where it is from.

Read from ``data/photos.tsv`` as it is: an address that goes through Markdown loses its underscores.
"""

import csv
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

PHOTOS = Path(__file__).resolve().parent.parent / "data" / "photos.tsv"
HEADS = {"name": 23, "pixels": 14, "licence": 12, "author": 21, "source": 30}  # shares of the width


class Photographs(SphinxDirective):
    """``{photographs}``: a row for each."""

    def run(self):
        self.env.note_dependency(str(PHOTOS))
        with PHOTOS.open(encoding="utf-8", newline="") as file:
            rows = [[nodes.Text(cell) for cell in HEADS], *map(_cells, csv.DictReader(file, delimiter="\t"))]
        made = [nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in row)) for row in rows]
        columns = [nodes.colspec(colwidth=width) for width in HEADS.values()]
        group = nodes.tgroup("", *columns, nodes.thead("", made[0]), nodes.tbody("", *made[1:]), cols=len(HEADS))
        return [nodes.table("", group, classes=["colwidths-given", "photographs"])]


def _cells(photo):
    file = unquote(photo["source"].rsplit("File:")[-1]).replace("_", " ")
    link = nodes.reference("", file, internal=False, refuri=photo["source"])
    size = f"{photo['width']}\u00a0×\u00a0{photo['height']}"
    return [*map(nodes.Text, (photo["name"], size, photo["licence"], " ".join(photo["author"].split()))), link]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("photographs", Photographs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
