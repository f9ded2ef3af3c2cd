"""Let other pages link to the rows of a table that a cell computed: to every id in its HTML.

A link `[padding](conventions.ipynb#same-padding)` is looked for among a page's headings; the ids in the HTML outputs of
its cells are added to these, each with the caption that follows it.
"""

import re

from docutils import nodes

ROW = re.compile(r'<table id="([^"]+)">\s*<caption>(.*?)</caption>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def note_rows(app, doctree):
    """Add the page's rows to what links may name."""
    page = app.env.metadata[app.env.docname]
    rows = {
        name: (0, name, TAG.sub("", caption))
        for raw in doctree.findall(nodes.raw)
        if "html" in raw.get("format", "")
        for name, caption in ROW.findall(raw.astext())
    }
    if rows:
        page["myst_slugs"] = {**page.get("myst_slugs", {}), **rows}


def setup(app):
    app.connect("doctree-read", note_rows)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
