"""Where a reader is: chapters by number, explorers in the page's contents, sources with the way back.

A chapter's number is that of its file, `06-stride-padding-dilation.ipynb`, so that chapter 0 can be one. It stands
before the title wherever the title is shown.
"""

import copy
import html
import re

from bs4 import BeautifulSoup
from docutils import nodes

CHAPTER = re.compile(r"(?:^|/)(\d\d)-[^/]*$")
ENTRY = (
    '<li class="toc-explorer nav-item toc-entry">'
    '<a class="reference internal nav-link" href="#{anchor}">{title}</a></li>'
)
LIST = '<ul class="nav section-nav flex-column visible"></ul>'
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def chapter_number(docname: str) -> int | None:
    """The number in a chapter's file name; None for any other page."""
    found = CHAPTER.search(docname)
    return int(found[1]) if found else None


def number_title(app, doctree):
    """Put a chapter's number before its title, from where Sphinx takes it for every list and link."""
    number = chapter_number(app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if number is not None and title is not None:
        title.insert(0, nodes.Text(f"{number}. "))


def list_explorers(app, pagename, templatename, context, doctree):
    """Add to the page's contents an entry for each of its explorers, under the section that holds it."""
    anchors = app.env.metadata.get(pagename, {}).get("explorer_anchors")
    plain = context.get("generate_toc_html")
    if not anchors or plain is None:
        return

    def with_explorers(kind="html"):
        contents = copy.copy(plain(kind))  # the theme keeps its own for the next call
        if kind != "html" or not contents:
            return contents
        for section, anchor, title in reversed(anchors):
            link = contents.find("a", href=f"#{section}")
            if link is None:  # above the page's first heading
                contents.insert(0, entry(anchor, title))
                continue
            if link.parent.ul is None:
                link.parent.append(BeautifulSoup(LIST, "html.parser"))
            link.parent.ul.insert(0, entry(anchor, title))
        return contents

    context["generate_toc_html"] = with_explorers


def name_toggles(app, pagename, templatename, context, doctree):
    """Say what the arrows in the sidebar open, which the theme leaves to the eye."""
    plain = context.get("generate_toctree_html")
    if plain is None:
        return

    def with_names(kind, *args, **kwargs):
        tree = plain(kind, *args, **kwargs)
        for toggle in tree.find_all("summary") if tree else ():
            toggle["aria-label"] = f"Pages of {toggle.find_parent('li').a.get_text()}"
        return tree

    context["generate_toctree_html"] = with_names


def entry(anchor: str, title: str) -> BeautifulSoup:
    """One line of the contents that leads to an explorer."""
    return BeautifulSoup(ENTRY.format(anchor=anchor, title=html.escape(title)), "html.parser")


def lead_back(app, doctree, docname):
    """After each source in the bibliography, links to where it is cited; an arXiv number leads to arXiv."""
    if "cite" not in app.env.domains:
        return  # a book that cites nothing
    domain = app.env.get_domain("cite")
    keys = {citation.citation_id: citation.key for citation in domain.citations}
    for source in list(doctree.findall(nodes.citation)):
        key = next((keys[name] for name in source["ids"] if name in keys), None)
        if key is None or not isinstance(source.children[-1], nodes.paragraph):
            continue
        link_arxiv(source.children[-1])
        refs = [ref for ref in domain.citation_refs if key in {target.key for target in ref.targets}]
        if cited := {ref.docname: ref for ref in reversed(refs)}:  # the first citation on each page
            source.children[-1] += citing_links(app, docname, sorted(cited.items()))


def citing_links(app, docname, cited):
    """``Cited in 1, 3.``, each a link to the citation."""
    line = nodes.inline(classes=["cited-in"])
    line += nodes.Text(" Cited in ")
    for index, (page, ref) in enumerate(cited):
        number = chapter_number(page)
        name = app.env.titles[page].astext() if number is None else f"chapter {number}"
        address = app.builder.get_relative_uri(docname, page) + f"#{ref.citation_ref_id}"
        if index:
            line += nodes.Text(", ")
        line += nodes.reference("", name, internal=True, refuri=address, reftitle=app.env.titles[page].astext())
    line += nodes.Text(".")
    return line


def link_arxiv(paragraph):
    """Make links of the arXiv numbers that stand in a source as plain text."""
    for text in list(paragraph.findall(nodes.Text)):
        found = ARXIV.search(text)
        if found and not isinstance(text.parent, nodes.reference):
            link = nodes.reference("", found[0], internal=False, refuri=f"https://arxiv.org/abs/{found[1]}")
            new = [nodes.Text(text[: found.start()]), link, nodes.Text(text[found.end() :])]
            text.parent.replace(text, [node for node in new if node.astext()])


def setup(app):
    app.connect("doctree-read", number_title, priority=300)  # before Sphinx collects the titles
    app.connect("html-page-context", list_explorers, priority=900)  # after the theme made the contents
    app.connect("html-page-context", name_toggles, priority=900)
    app.connect("doctree-resolved", lead_back)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
