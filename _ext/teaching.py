"""What the teaching guide takes from the chapters: links that open an explorer in a state, and answers to predictions.

    {state}`dilations 1, 2, 3 <09-dilated-convolution#DilatedStack-1:d1=1&d2=2&d3=3>`

A link is tried when the site is built: the chapter must have that explorer, and its class must accept the state.
"""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote

import nbformat
from docutils import nodes
from explorers import VIEW, stored_models
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from cnnlib import explore

LOGGER = logging.getLogger(__name__)
LINK = re.compile(
    r"(?P<text>.+?)\s*<(?P<chapter>[\w-]+)#(?P<key>(?P<kind>[A-Za-z]+)-\d+):(?P<values>[^>]*)>", re.DOTALL
)


class State(SphinxRole):
    """A link to an explorer of a chapter in a state of its own."""

    def run(self):
        found = LINK.fullmatch(self.text)
        if not found:
            return [], [
                self.inliner.reporter.error(f"state: {self.text!r} is not TEXT <CHAPTER#KIND-N:NAME=VALUE&...>")
            ]
        given = {name: _value(text) for name, text in parse_qsl(found["values"], keep_blank_values=True)}
        folder = Path(self.env.doc2path(self.env.docname)).parent
        if wrong := problem(folder / f"{found['chapter']}.ipynb", found["key"], found["kind"], given):
            LOGGER.warning("teaching: %s", wrong, location=self.get_location(), type="book", subtype="state")
        values = "&".join(f"{name}={quote(json.dumps(value), safe='[],')}" for name, value in given.items())
        link = f"{found['chapter']}.html#{found['key']}:{values}"
        return [nodes.reference("", found["text"], refuri=link, internal=True)], []


def _value(text: str):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def problem(chapter: Path, key: str, kind: str, given: dict) -> str | None:
    """Why a link would not open what it promises, or None."""
    if not chapter.is_file():
        return f"there is no {chapter.name}"
    known = shown(str(chapter))
    if key not in known:
        return f"{chapter.name} has no {key}; it has {', '.join(known) or 'none'}"
    explorer = getattr(explore, kind)
    stored = {name: value for name, value in known[key].items() if name in explorer.parameters and name not in given}
    plain = {name: value for name, value in stored.items() if not isinstance(value, dict) and value is not None}
    try:
        explorer(**plain | given).close()
    except (TypeError, ValueError) as error:
        return f"{chapter.name}#{key} with {given}: {error}"
    return None


def shown(chapter: str) -> dict[str, dict]:
    """Key to stored state of each explorer of a chapter, as the page counts them."""
    models, found, counts = stored_models(chapter), {}, {}
    notebook = nbformat.read(chapter, 4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    waiting = [output["data"][VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {})]
    while waiting:
        state = models.get(waiting.pop(0).removeprefix("IPY_MODEL_"), {})
        waiting[:0] = state.get("children", [])
        if "_anywidget_id" in state:
            kind = state["_anywidget_id"].rpartition(".")[2]
            counts[kind] = counts.get(kind, 0) + 1
            found[f"{kind}-{counts[kind]}"] = state
    return found


class Prediction(SphinxDirective):
    """The question that a chapter opens with, its answer, and what its wrong answers give away."""

    required_arguments = 1

    def run(self):
        folder = Path(self.env.doc2path(self.env.docname)).parent
        chapter = folder / f"{self.arguments[0]}.ipynb"
        self.env.note_dependency(str(chapter))
        question = shown(str(chapter))["Question-1"]
        answer = question["answer"]
        answer = answer if isinstance(answer, str) else f"{answer:,}" if isinstance(answer, int) else f"{answer:.4g}"
        parts = [("Ask", question["prompt"].replace("$", "")), ("Answer", f"{answer} {question['unit']}".strip() + ".")]
        if question["choices"]:
            parts.insert(1, ("Choices", "; ".join(question["choices"]) + "."))
        found = nodes.paragraph()
        for name, text in parts:
            found += [nodes.strong("", f"{name}: "), nodes.Text(f"{text} ")]
        found += nodes.Text(question["why"])
        item = nodes.definition_list_item("", nodes.term("", "Prediction"), nodes.definition("", found))
        return [nodes.definition_list("", item)]


def setup(app):
    app.add_role("state", State())
    app.add_directive("prediction", Prediction)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
