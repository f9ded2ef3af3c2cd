"""The page of practice papers: stored questions, the scripts that pick and judge them, and one paper without a script.

The questions are made by `cnnlib.exam` when the site is built, so the page and a notebook have the same ones. They lie
in the page itself, deflated, since a page from a folder may not fetch anything.
"""

import base64
import json
import zlib
from pathlib import Path

from cells import Fold
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from cnnlib import exam
from cnnlib.exam.misconceptions import MISCONCEPTIONS
from cnnlib.exam.papers import shown, stored
from cnnlib.exam.picking import LEAST_MARKS, MOST_SEEDS, VARIANTS
from cnnlib.exam.summary import where
from cnnlib.exam.template import TEMPLATES
from cnnlib.explore.base import source

LOGGER = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "papers"
ENTRY = "practice/page.mjs"
STILL = {"seed": 1, "marks": 30}  # the paper that is there without a script, and the first one with it
DATA = '<div class="practice-papers"></div>\n<script type="application/json" id="practice-data">{}</script>'


class PaperMount(nodes.General, nodes.Element):
    """Where the papers go once the chapters that they link to have been read."""


class PracticePapers(SphinxDirective):
    """``{practice-papers}``: the form and the paper, and in their place a paper that is read without a script."""

    def run(self):
        self.env.metadata[self.env.docname]["papers"] = True
        return [PaperMount(), still_paper()]


def still_paper():
    """A paper as it can be read without a script: questions, choices, answers folded."""
    questions = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
    for item in exam.paper(**STILL).items:
        question = nodes.list_item()
        question += nodes.paragraph("", f"{item.prompt} (Part {item.part}, {item.marks} marks.)")
        if item.choices:
            question += nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", c)) for c in item.choices))
        answer = shown(item.answer, item.unit)
        body = nodes.paragraph("", f"{answer}. {' '.join(item.worked)}")
        question += Fold("", body, classes=["answer"], summary="Show answer")
        questions += question
    return nodes.container("", questions, classes=["practice-still"])


def fill(app, doctree, docname):
    """Put the data in its place, with links from this page."""
    for mount in list(doctree.findall(PaperMount)):
        text = json.dumps(data(app, docname), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        mount.replace_self(nodes.raw("", DATA.format(text), format="html"))


def data(app, docname) -> dict:
    """All that the page needs, as `practice` in `practice/page.mjs` describes it."""
    asks = json.loads(Path(app.srcdir, "data/exam/claims.json").read_text(encoding="utf-8"))["parts"]
    items = {
        name: [
            {
                "part": item.part,
                "marks": item.marks,
                "state": item.state(),
                "hint": item.hint,
                "worked": item.worked,
                "misconceptions": [wrong.misconception for wrong in item.wrong],
            }
            for item in stored(name)
        ]
        for name in TEMPLATES
    }
    packed = zlib.compress(json.dumps(items, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return {
        "parts": [{"part": part["question"] + part["part"], "asks": part["asks"]} for part in asks],
        "templates": [{"name": name, "part": t.part, "marks": t.marks} for name, t in TEMPLATES.items()],
        "variants": VARIANTS,
        "leastMarks": LEAST_MARKS,
        "mostSeeds": MOST_SEEDS,
        "misconceptions": {
            key: {"name": value.name, "where": where(key), "href": address(app, docname, value)}
            for key, value in MISCONCEPTIONS.items()
        },
        "items": base64.b64encode(packed).decode(),
    }


def address(app, docname, misconception) -> str:
    """The address of the section that mends a misconception; a warning where there is no such section."""
    page = f"{docname.rpartition('/')[0]}/{misconception.chapter}".lstrip("/")
    target = app.builder.get_relative_uri(docname, page)
    if not misconception.section:
        return target
    for section in app.env.get_doctree(page).findall(nodes.section):
        if _plain(section.next_node(nodes.title).astext()) == misconception.section:
            return f"{target}#{section['ids'][0]}"
    text = "papers: chapter %s has no section %r; name one in cnnlib/exam/misconceptions.py"
    LOGGER.warning(text, page, misconception.section, location=docname, type="book", subtype="papers")
    return target


def _plain(title):
    """A title with the typewriter's marks in place of those that smartquotes sets."""
    return title.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


def write_scripts(app):
    """Write the page's own modules beside those of the explorers, for Sphinx to copy."""
    folder = Path(app.doctreedir, "papers_static", "papers")
    folder.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    app.paper_scripts = []
    for module, function in source.modules(ENTRY).items():
        name = f"{module.replace('/', '-').removesuffix('.mjs')}.js"
        text = f"cnnlibExplorers.define({json.dumps(module)}, {function});\n"
        (folder / name).write_text(text, encoding="utf-8")
        app.paper_scripts.append(f"papers/{name}")
    app.config.html_static_path.append(str(folder.parent))


def add_scripts(app, pagename, templatename, context, doctree):
    """Add to the page of papers what it needs, and to no other page anything."""
    if not app.env.metadata.get(pagename, {}).get("papers"):
        return
    for script in ["live/model.js", *app.paper_scripts, "papers/start.js"]:
        app.add_js_file(script, loading_method="defer")
    for sheet in ("live/explorer.css", "papers/papers.css"):
        app.add_css_file(sheet)


def read_again(app, env, added, changed, removed):
    """The page is written in every build: its links follow the chapters' headings."""
    return [name for name, entry in env.metadata.items() if entry.get("papers")]


def setup(app):
    app.add_node(PaperMount)
    app.add_directive("practice-papers", PracticePapers)
    app.connect("builder-inited", write_scripts, priority=910)
    app.connect("env-get-outdated", read_again)
    app.connect("doctree-resolved", fill)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
