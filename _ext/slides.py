"""A deck of slides from each chapter: `make slides`, built by sphinx-revealjs from the same notebooks as the site.

A chapter's first slide is its title and its first sentences, the next one its prediction. Each section gives one slide
with its heading and what there is to see in it: its explorers, or else its figures, or else its first table or formula;
what does not fit beside the first stands below it, as a slide of its own. The section's text is in the speaker's notes,
which the key S opens. Explorers are as live as on the site.
"""

from copy import deepcopy

from docutils import nodes
from explorers import LiveMount
from figures import Frame

#: What a slide can show, the best first.
SHOWN = (
    lambda node: isinstance(node, LiveMount),
    lambda node: isinstance(node, Frame),
    lambda node: isinstance(node, nodes.raw) and "book-table" in node.astext(),
    lambda node: isinstance(node, nodes.math_block),
)
LEFT_OUT = ("Exercises", "Sources", "What you can do now")
MOST = 3  # slides of one section


def cut_to_slides(app, doctree, docname):
    """Leave of a chapter what its slides show, and put its text into notes."""
    chapter = next(doctree.findall(nodes.section), None)
    if chapter is None:
        return
    heading = chapter.next_node(nodes.title)
    opening = [child for child in chapter.children if not isinstance(child, nodes.section)]
    sections = [child for child in chapter.children if isinstance(child, nodes.section)]
    first = slide(heading.astext(), [hook(opening)], opening)
    names = ["What do you think?", *[heading.astext()] * MOST]
    deck = [slide(name, [node], []) for name, node in zip(names, seen_in(opening), strict=False)]
    for section in sections:
        title = section.next_node(nodes.title).astext()
        if title not in LEFT_OUT:
            deck += slides_of(title, section)
    chapter.children = []
    chapter.extend([*first.children, *deck])


def slides_of(title: str, section) -> list[nodes.section]:
    """The slides of one section: what it shows, one to a slide."""
    seen = seen_in(section.children)
    if not seen:
        return [slide(title, [hook(section.children)], section.children)]
    return [slide(title, [what], section.children if number == 0 else []) for number, what in enumerate(seen[:MOST])]


def seen_in(parts: list) -> list:
    """Everything of the best kind that there is to see in parts of a chapter; of tables and formulas the first."""
    for number, is_it in enumerate(SHOWN):
        found = [node for part in parts for node in part.findall(is_it)]
        if found:
            return found if number < 2 else found[:1]
    return []


def hook(children) -> nodes.Node:
    """The first paragraph, which says what it is about."""
    return next((node for node in children if isinstance(node, nodes.paragraph)), nodes.paragraph())


def slide(title: str, shown: list, said: list) -> nodes.section:
    """One slide, with the text of what is ``said`` in its notes."""
    made = nodes.section("", nodes.title("", title), *(deepcopy(node) for node in shown), ids=[nodes.make_id(title)])
    text = [paragraph.astext() for node in said for paragraph in node.findall(nodes.paragraph)]
    if text:
        made.append(nodes.comment("", "\n\n".join(text)))
    return made


def stand_alone(app, doctree):
    """A deck stands by itself, in no table of contents."""
    app.env.metadata[app.env.docname]["orphan"] = True


def setup(app):
    app.setup_extension("sphinx_revealjs")
    app.connect("doctree-read", stand_alone)
    app.connect("doctree-resolved", cut_to_slides, priority=990)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
