"""Where chapters meet the claims of the exam: an anchor for each claim, and the way from each box to its claims.

A cell's tag ``claim-C119`` says that it meets claim C119. Cells of text leave no trace in a document, so this reads
the notebook beside it: headings and boxes stand in both in the same order. A box without tags of its own meets those
claims that cells have met since the box before it.

Other pages find the anchors in ``env.metadata[chapter]["claims"]``: for each claim the chapter's anchors with the title
of their section, boxes first.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from markdown_it import MarkdownIt

BOX = "The exam, checked"
OPENING = re.compile(r"\s*:::+\s*\{admonition\}\s+(.*?)\s*$")
TAG = re.compile(r"claim-(C\d{3})")
PAGE = "chapters/exam-checked"
MAP = "index"  # where a box's link leads in a notebook: the exam's map on the front page


def cells_of(path: Path):
    """For each cell of a notebook its claims and what begins in it: ``"heading"`` or ``"box"``, in order."""
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        claims = [match[1] for tag in cell["metadata"].get("tags", ()) if (match := TAG.fullmatch(tag))]
        begins = []
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            lines = [(token.map[0], "heading") for token in MarkdownIt().parse(source) if token.type == "heading_open"]
            for number, line in enumerate(source.splitlines()):
                if (opening := OPENING.match(line)) and opening[1] == BOX:
                    lines.append((number, "box"))
            begins = [(what, number == 0) for number, what in sorted(lines)]
        found.append((claims, begins))
    return found


def meet(cells):
    """``({claim: [(section number, box number or None), ...]}, [claims of box 0, of box 1, ...])``."""
    meetings, boxes, section, box, since = {}, [], -1, -1, []
    for claims, begins in cells:
        since += [claim for claim in claims if claim not in since]
        at = section + (begins[:1] == [("heading", True)])  # a cell belongs where it begins
        in_box = None
        for what, _ in begins:
            if what == "heading":
                section += 1
            else:
                box += 1
                boxes.append(claims or since)
                since = []
                in_box, at = (box, section) if in_box is None else (in_box, at)
        for claim in claims:
            meetings.setdefault(claim, []).append((at, in_box))
    for number, claims in enumerate(boxes):  # a box that took over the claims of cells before it is their anchor
        for claim in claims:
            if not any(met_in == number for _, met_in in meetings[claim]):
                meetings[claim].append((meetings[claim][-1][0], number))
    return {claim: sorted(found, key=lambda meeting: meeting[1] is None) for claim, found in meetings.items()}, boxes


def is_box(node):
    return isinstance(node, nodes.admonition) and node.children and node[0].astext() == BOX


def read(app, doctree):
    """Give each box an anchor and its claims, and note where the chapter meets each claim."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    meetings, claims_of = meet(cells_of(path))
    sections, boxes = list(doctree.findall(nodes.section)), list(doctree.findall(is_box))
    if len(boxes) != len(claims_of):
        raise ValueError(f"claims: {app.env.docname} shows {len(boxes)} boxes of {len(claims_of)} in its notebook")
    for number, (box, claims) in enumerate(zip(boxes, claims_of, strict=True), 1):
        box["ids"].append(f"exam-{number}")
        box["claims"] = claims
    app.env.metadata[app.env.docname]["claims"] = {
        claim: [
            (sections[at]["ids"][0] if box is None else f"exam-{box + 1}", sections[at][0].astext())
            for at, box in found
        ]
        for claim, found in meetings.items()
    }


def lead_on(app, doctree, docname):
    """In each box, link to its claims on the exam's page rather than to the map."""
    if PAGE not in app.env.found_docs:
        return
    page = app.builder.get_relative_uri(docname, PAGE)
    for box in doctree.findall(is_box):
        if not (claims := box.get("claims")):
            continue
        for link in box.findall(nodes.reference):
            if link.get("refuri", "").partition("#")[0] == app.builder.get_relative_uri(docname, f"chapters/{MAP}"):
                link["refuri"] = f"{page}#{claims[0]}"
                words = re.sub("exam.s map", "exam, checked", link.astext())
                link.children = [nodes.inline("", words)]
        line = nodes.paragraph("", "Claims " if len(claims) > 1 else "Claim ", classes=["box-claims"])
        for index, claim in enumerate(claims):
            line += [nodes.Text(", ")] * bool(index)
            line += nodes.reference("", claim, internal=True, refuri=f"{page}#{claim}")
        box += line


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", read)
    app.connect("doctree-resolved", lead_on)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
