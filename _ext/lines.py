"""What the end of a line must not part: a size such as 3 × 3, and a formula from the comma behind it."""

import re

from contents import chapter_number
from docutils import nodes

SIZE = re.compile(r"(?<=\d) × (?=\d)")
MARK = re.compile(r"[.,;:?!)]+")


def keep_together(app, doctree):
    """No-break spaces around × between numbers; an inline formula and the marks behind it in one span."""
    if chapter_number(app.env.docname) is None:
        return
    for paragraph in doctree.findall(nodes.paragraph):
        for text in list(paragraph.findall(nodes.Text)):
            if SIZE.search(text) and not isinstance(text.parent, nodes.literal | nodes.math):
                text.parent.replace(text, nodes.Text(SIZE.sub("\u00a0×\u00a0", text)))
        for formula in list(paragraph.findall(nodes.math)):
            holder, index = formula.parent, formula.parent.index(formula)
            behind = holder[index + 1] if index + 1 < len(holder) else None
            if isinstance(behind, nodes.Text) and (marks := MARK.match(behind)):
                holder[index + 1] = nodes.Text(behind[marks.end() :])
                holder[index] = nodes.inline("", "", formula, nodes.Text(marks[0]), classes=["one-line"])


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", keep_together, priority=700)  # after the glossary's terms are linked
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
