"""A search of sections, terms and names that works from a folder too: its index is a script.

Sphinx's own search leads to pages only, cuts its excerpts from the page's contents and fetches them, which a page from
a folder may not do; Pagefind needs a server too (its issue 202). `static/search.js` ranks what is written here; the
stemmer is Sphinx's (`language_data.js`).
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

INDEX = "search-entries.js"
LONGEST = 4000  # letters of one entry
SKIPPED = {"cell_code_source", "cell_code_output"}


def write_index(app, exception):
    """Write the entries of all pages: [page, title, anchor on the page, text], and the pages' titles and addresses."""
    if exception or app.builder.format != "html":
        return
    pages, entries = [], []
    for docname in sorted(app.env.all_docs):
        title = app.env.titles[docname].astext() if docname in app.env.titles else docname
        entries += [[len(pages), *entry] for entry in page_entries(app.env.get_doctree(docname))]
        pages.append([title, app.builder.get_target_uri(docname)])
    text = json.dumps([pages, entries], ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, "_static", INDEX).write_text(f"globalThis.searchEntries = {text};\n", encoding="utf-8")


def page_entries(doctree):
    """The entries of one page, the first with an empty anchor: the page itself."""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        anchor = "" if isinstance(section.parent, nodes.document) else section["ids"][0]
        yield title.astext() if title else "", anchor, _words(section, title)
    for item in doctree.findall(nodes.definition_list_item):
        term = item.next_node(nodes.term)
        if term is not None and term["ids"]:
            yield term.astext(), term["ids"][0], _words(item, term)
    for description in doctree.findall(addnodes.desc):
        signature = description.next_node(addnodes.desc_signature)
        content = description.next_node(addnodes.desc_content)
        if signature is not None and signature["ids"]:
            first = content.next_node(nodes.paragraph) if content is not None else None
            yield signature.get("fullname", signature.astext()), signature["ids"][0], first.astext() if first else ""


def _words(holder, heading):
    """The text of a section but for its heading, its subsections, its code and what has an entry of its own."""
    parts = []

    def walk(node):
        for child in node.children:
            if child is heading or isinstance(child, (nodes.section, nodes.comment, nodes.raw, nodes.literal_block)):
                continue
            if isinstance(child, (addnodes.desc, addnodes.index)) or child.tagname in ("LiveMount", "glossary"):
                continue
            if isinstance(child, nodes.container) and child.get("nb_element") in SKIPPED:
                continue
            if isinstance(child, nodes.TextElement):
                parts.append(_plain(child))
            else:
                walk(child)

    walk(holder)
    return " ".join(" ".join(parts).split())[:LONGEST]


def _plain(node):
    """A paragraph's text without the keys of what it cites and without displayed formulas."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math_block) or node.get("refdomain") == "cite":
        return ""
    if isinstance(node, nodes.math):
        return re.sub(r"\\[A-Za-z]+|[\\{}$]", "", node.astext())
    return "".join(_plain(child) for child in node.children)


def setup(app):
    app.connect("build-finished", write_index, priority=200)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
