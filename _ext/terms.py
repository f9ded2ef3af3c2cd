"""Links between chapters and the glossary: each term from its first use in each chapter, and back.

An author links a use with ``{term}``, and that is then the chapter's anchor of the term. For every other term the first
mention in running text is linked here, except for those in `ORDINARY`, which are everyday words too: they mean the term
only where an author says so, with ``{term}`` or ``{index}``. Nothing is linked inside quotation marks: who is quoted
may mean something else, as with "without significant accuracy loss".
"""

import re
from pathlib import Path

from contents import chapter_number
from docutils import nodes
from sphinx import addnodes

PAGE = "chapters/glossary"
ORDINARY = {
    *("attention", "gather", "jump", "modulation", "offset", "phase", "rank"),
    *("ridge", "scatter", "span", "stationary", "stem", "tap"),
}
CLOSED = (nodes.reference, nodes.literal, nodes.math, nodes.title, nodes.caption, nodes.citation, addnodes.pending_xref)
QUOTED = re.compile(r'“[^”]*”|"[^"]*"')
BLOCK = re.compile(r"^```\{glossary\}\n(.*?)^```", re.MULTILINE | re.DOTALL)


def glossary(path: Path) -> list[str]:
    """The terms of a glossary, as they stand in its source."""
    found = BLOCK.search(path.read_text(encoding="utf-8"))
    lines = found[1].splitlines() if found else []
    return [line.strip() for line in lines if line and not line.startswith((" ", ":"))]


def pattern(terms):
    """What finds any of these terms in a text, the longest first, in the plural as well."""
    ordered = sorted(terms, key=len, reverse=True)
    words = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in ordered)
    return re.compile(rf"(?<![\w-])({words})(s|es)?(?![\w-])", re.IGNORECASE)


def key(term):
    return " ".join(term.lower().split())


def anchor_of(term):
    return "term-use-" + re.sub(r"\W+", "-", key(term))


def link_first_uses(app, doctree):
    """Give each term one anchor in a chapter: where its author links it, or its first mention."""
    env = app.env
    path = Path(app.srcdir, PAGE + ".md")
    if chapter_number(env.docname) is None or not path.is_file():
        return
    terms = {key(term): term for term in glossary(path)}
    used = {}
    for link in list(doctree.findall(addnodes.pending_xref)):
        term = key(link.get("reftarget", "")) if link.get("reftype") == "term" else None
        if term in terms and term not in used and not _inside(link, nodes.title):
            used[term] = anchor_of(term)
            link.replace_self(nodes.inline("", "", link.deepcopy(), ids=[used[term]], classes=["term-use"]))
    find = pattern(terms)
    open_terms = {term for term in terms if term not in used and term not in ORDINARY}
    for text in [node for block in doctree.findall(nodes.paragraph) for node in block.findall(nodes.Text)]:
        if not _inside(text, CLOSED) and not _in_output(text):
            _link(text, find, open_terms, used, marked=_marked(text, terms))
    env.metadata[env.docname]["terms"] = used


def _link(text, find, open_terms, used, marked):
    """Link in one text the first mention of each term that is still open; all of it, if its author marked it as one."""
    quoted = [range(*match.span()) for match in QUOTED.finditer(text)]
    found = [(m.span(), key(m[1])) for m in find.finditer(text) if not any(m.start() in quote for quote in quoted)]
    if marked and marked not in used:
        found, open_terms = [((0, len(text)), marked)], open_terms | {marked}
    new, end = [], 0
    for (start, stop), term in found:
        if term in open_terms and term not in used:
            used[term] = anchor_of(term)
            words = nodes.inline("", text[start:stop], classes=["xref", "std", "std-term"])
            link = addnodes.pending_xref(
                "", words, refdomain="std", reftype="term", reftarget=term, refexplicit=True, refwarn=True
            )
            new += [nodes.Text(text[end:start]), nodes.inline("", "", link, ids=[used[term]], classes=["term-use"])]
            end = stop
    if new:
        text.parent.replace(text, [node for node in [*new, nodes.Text(text[end:])] if node.astext()])


def _marked(text, terms):
    """The term that the role ``{index}`` names for this text, if any."""
    siblings = text.parent.children
    before = siblings[: next(index for index, node in enumerate(siblings) if node is text)]
    for node in before[-2:]:
        if isinstance(node, addnodes.index) and key(node["entries"][0][1]) in terms:
            return key(node["entries"][0][1])
    return None


def _inside(node, kinds):
    while node is not None:
        if isinstance(node, kinds):
            return True
        node = node.parent
    return False


def _in_output(node):
    """Whether a text is shown by a cell, and not written by an author."""
    while node is not None:
        if isinstance(node, nodes.container) and node.get("nb_element", "").startswith("cell_code"):
            return True
        node = node.parent
    return False


def lead_back(app, doctree, docname):
    """After each entry of the glossary, the chapters that use it, each a link to the first use."""
    if docname != PAGE:
        return
    numbered = [(chapter_number(name), name) for name in app.env.found_docs]
    chapters = sorted((number, name) for number, name in numbered if number is not None)
    for item in doctree.findall(nodes.definition_list_item):
        terms = [key(term.astext()) for term in item.findall(nodes.term)]
        line = nodes.paragraph(classes=["term-uses"])
        for number, name in chapters:
            used = app.env.metadata.get(name, {}).get("terms", {})
            if term := next((term for term in terms if term in used), None):  # one link for all names of an entry
                address = app.builder.get_relative_uri(docname, name) + "#" + used[term]
                line += [nodes.Text(", ")] * bool(len(line))
                line += nodes.reference("", str(number), internal=True, refuri=address)
        if len(line):
            line.insert(0, nodes.Text("In chapters " if len(line) > 1 else "In chapter "))
            item[-1] += line


def write_again(app, env):
    """The glossary's links follow from the chapters, so it is written whenever one of them was."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", link_first_uses, priority=600)
    app.connect("doctree-resolved", lead_back)
    app.connect("env-updated", write_again)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
