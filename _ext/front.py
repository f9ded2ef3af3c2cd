"""The parts of the front page that follow from the chapters: a card for each, and the exam's map.

Both are made when the site is built, from what the chapters hold then, so that a new chapter joins by itself: this is
the root page, which Sphinx writes in every build. In a notebook's own view the directive's body stands in their place.

A line ``7. What awaits you.`` in the body of the cards is the text of chapter 7's card, and a cell of the front page
with the tag ``card-07`` draws its picture. A chapter without them shows its first sentence and its first picture.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.util.docutils import SphinxDirective

CHAPTER = re.compile(r"(?:.*/)?(\d\d)-[^/]+")
SENTENCE = re.compile(r".+?[.?!](?=\s|$)", re.DOTALL)
INVITATION = re.compile(r"(\d+)\. (.+)")
TIME = re.compile(r"Time:? +(.+)")
DRAWN = re.compile(r"tag[_-]card-(\d\d)")
VERDICTS = {
    "holds": "hold",
    "holds with condition": "hold under a condition that goes unsaid",
    "contested": "are contested",
    "wrong": "are wrong",
    "not testable": "cannot be tested",
}
CHECKED = "chapters/exam-checked"
TALL = 0.7  # height over width from which a card shows the upper part of a picture only


class Placeholder(nodes.General, nodes.Element):
    """Where the cards or the map go once all chapters have been read."""


class _OnFrontPage(SphinxDirective):
    has_content = True

    def run(self):
        texts = {int(found[1]): found[2] for line in self.content if (found := INVITATION.fullmatch(line.strip()))}
        return [Placeholder(what=self.name, texts=texts)]


def fill(app, doctree, docname):
    """Put cards and map where they belong."""
    drawn = _drawn_here(app, doctree)
    for placeholder in list(doctree.findall(Placeholder)):
        if placeholder["what"] == "chapter-cards":
            placeholder.replace_self(cards(app, docname, placeholder["texts"], drawn))
        else:
            placeholder.replace_self(exam_map(app, docname))


def chapters(env) -> list[str]:
    """Names of the documents that are chapters, in the book's order."""
    return sorted(name for name in env.found_docs if CHAPTER.fullmatch(name))


def cards(app, docname, texts, drawn):
    """A list of all chapters: picture, number and title as a link, what awaits the reader, the time it takes."""
    shelf = nodes.bullet_list(classes=["chapter-cards"])
    for name in chapters(app.env):
        doctree = app.env.get_doctree(name)
        card = nodes.list_item()
        number = _number(name)
        if picture := drawn.get(number) or _picture(app, doctree):
            card += picture
        card += nodes.paragraph(
            "", "", _link(app, docname, name, f"{number}. {title(doctree)}"), classes=["card-title"]
        )
        opening = _paragraphs(doctree)
        sentence = SENTENCE.match(opening[0]) if opening else None
        if text := texts.get(number) or (sentence and sentence[0]):
            card += nodes.paragraph("", text)
        if found := [match[1] for text in opening if (match := TIME.match(text))]:
            card += nodes.paragraph("", found[0].capitalize(), classes=["card-time"])
        if parts := _tasks(app, name):
            card += nodes.paragraph("", "", *parts, classes=["card-progress"])
        shelf += card
    return [shelf]


def exam_map(app, docname):
    """The exam's parts with their marks, the chapters that meet their claims, and what became of the claims."""
    folder = Path(app.srcdir, "data", "exam")
    exam = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    met = json.loads((folder / "claims_in_chapters.json").read_text(encoding="utf-8"))
    known = {name.rpartition("/")[2]: name for name in chapters(app.env)}
    rows, total = [], 0
    for part in exam["parts"]:
        total += part["marks"]
        ids = [
            claim["id"]
            for claim in exam["claims"]
            if (claim["question"], claim["part"]) == (part["question"], part["part"])
        ]
        meetings = [{meeting["chapter"] for meeting in met.get(name, ())} & set(known) for name in ids]
        often = {name: sum(name in found for found in meetings) for name in known}
        most = [name for name, count in often.items() if count and 4 * count >= max(often.values())]
        links = [
            _link(app, docname, known[name], f"{_number(name)}. {title(app.env.get_doctree(known[name]))}")
            for name in most
        ]
        cell = nodes.paragraph()
        for number, link in enumerate(links):
            cell += [nodes.Text(", ")] * bool(number) + [link]
        if not links:
            cell += nodes.Text("no chapter yet; the operations are in the package")
        rows.append([f"{part['question']} ({part['part']})", part["asks"], str(part["marks"]), cell])
    rows.append(["all", "", str(total), nodes.paragraph()])
    sentence = nodes.paragraph("", verdicts(exam["claims"]))
    if CHECKED in app.env.found_docs:
        sentence += [nodes.Text(" "), _link(app, docname, CHECKED, "All of them, one by one"), nodes.Text(".")]
    return [_table(["question", "what it asks", "marks", "chapter"], rows, widths=(12, 40, 10, 38)), sentence]


def verdicts(claims) -> str:
    """How many of the claims hold, in one sentence."""
    count = {}
    for claim in claims:
        count[claim["verdict"]] = count.get(claim["verdict"], 0) + 1
    named = [f"{number} {VERDICTS[verdict]}" for verdict, number in sorted(count.items(), key=lambda pair: -pair[1])]
    return f"The audit of the exam's answers found {len(claims)} claims: {', '.join(named)}."


def title(doctree) -> str:
    """The title of a document, without a number before it."""
    return re.sub(r"^\d+[.:·]?\s+", "", next(doctree.findall(nodes.title)).astext())


def _tasks(app, name):
    """How many questions and exercises a chapter has; `static/progress.js` says how many are done."""
    metadata = app.env.metadata.get(name, {})
    found = []
    for kind in ("questions", "exercises"):
        if count := metadata.get(kind):
            found += [nodes.Text(", ")] * bool(found) + [
                nodes.inline("", f"{count}", classes=[f"count-{kind}"]),
                nodes.Text(f" {kind if count > 1 else kind[:-1]}"),
            ]
    return found


def _number(name):
    return int(CHAPTER.fullmatch(name)[1])


def _paragraphs(doctree):
    """The texts of the paragraphs up to the second heading."""
    section = next(doctree.findall(nodes.section))
    found = []
    for child in section.children[1:]:
        if isinstance(child, nodes.section):
            break
        found += [" ".join(paragraph.astext().split()) for paragraph in child.findall(nodes.paragraph)]
    return found


def _picture(app, doctree):
    """The picture of the cell with the tag `card`, else the chapter's first, with its alternative text."""
    images = [image for image in doctree.findall(nodes.image) if image["uri"] in app.env.images]
    chosen = [image for image in images if _tagged(image)]
    if not images:
        return None
    return _card_image(app, (chosen or images)[0])


def _card_image(app, picture):
    uri, words = picture["uri"], picture.get("alt", "")
    with Image.open(Path(app.srcdir, uri)) as file:
        width, height = file.size
    return nodes.image(uri=uri, candidates={"*": uri}, alt=words, classes=["tall"] if height > TALL * width else [])


def _drawn_here(app, doctree):
    """The pictures that this page's own cells draw for the cards, by chapter; the cells leave the page."""
    found = {}
    for cell in list(doctree.findall(nodes.container)):
        if matches := list(filter(None, map(DRAWN.fullmatch, cell.get("classes", ())))):
            for image in list(cell.findall(nodes.image))[:1]:
                found[int(matches[0][1])] = _card_image(app, image)
            cell.parent.remove(cell)
    for image in found.values():
        image["classes"] = ["full"]
    return found


def _tagged(node):
    while node is not None:
        if isinstance(node, nodes.Element) and "tag_card" in node.get("classes", ()):
            return True
        node = node.parent
    return False


def _link(app, docname, name, text):
    address = app.builder.get_relative_uri(docname, name)
    return nodes.reference("", text, internal=True, refuri=address)


def _table(head, rows, widths):
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    for part, lines in ((nodes.thead(), [head]), (nodes.tbody(), rows)):
        for line in lines:
            row = nodes.row()
            for cell in line:
                row += nodes.entry("", nodes.paragraph("", cell) if isinstance(cell, str) else cell)
            part += row
        group += part
    return nodes.table("", group, classes=["exam-map", "colwidths-given"])


def setup(app):
    """Called by Sphinx."""
    app.add_node(Placeholder)
    for name in ("chapter-cards", "exam-map"):
        app.add_directive(name, _OnFrontPage)
    app.connect("doctree-resolved", fill)
    app.add_css_file("front.css", priority=960)
    app.add_js_file("progress.js", priority=310)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
