"""Make the explorers of the chapters live on the built site, where there is no kernel and no widget manager.

A widget's output is stored as a reference to a model, a picture and a line of text; the model's parameters lie in
the notebook's metadata. Here the output becomes a mount, where `live/mount.js` draws the explorer; the picture is in it
until then. The JavaScript comes from cnnlib as it is when the site is built, one script for each module and site.
What is large, an explorer's assets, lies beside it, once for the site, and is loaded when a reader asks for it.
"""

import base64
import json
import re
from pathlib import Path

from cells import Fold
from docutils import nodes
from figures import frame
from sphinx.util import logging

from cnnlib import explore
from cnnlib.explore.base import embed, source

LOGGER = logging.getLogger(__name__)
LIVE = Path(__file__).parent / "live"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
FIRST, LAST = ["live/model.js", "live/controls.js", "live/memory.js"], ["live/mount.js"]


class LiveMount(nodes.General, nodes.Element):
    """Where an explorer is mounted; its children are shown until then."""


def visit_live(self, node):
    mount = self.starttag(node, "div", "", CLASS="live-mount", **{"data-model": node["model"]})
    self.body.append(f'{mount}<div class="live-still">')


def depart_live(self, node):
    self.body.append("</div></div>\n")


def mount_explorers(app, doctree):
    """Put a `LiveMount` in place of every output that shows a widget."""
    bundles = [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "mime_bundle"]
    views = [bundle for bundle in bundles if any(child.get("mime_type") == VIEW for child in bundle.children)]
    if not views:
        return
    models = stored_models(app.env.doc2path(app.env.docname))
    metadata = app.env.metadata[app.env.docname]
    metadata["explorers"] = sorted({kind for model in models.values() if (kind := model.get("_anywidget_id"))})
    metadata["explorer_anchors"], metadata["questions"] = [], 0
    for bundle in views:
        by_type = {child.get("mime_type"): child for child in bundle.children}
        model = json.loads(re.search(r"\{.*\}", by_type[VIEW].astext(), re.DOTALL)[0])["model_id"]
        words = by_type["text/plain"].astext() if "text/plain" in by_type else ""
        mount = LiveMount(model=model)
        state = models.get(model, {})
        if state.get("_anywidget_id", "").endswith(".Question"):
            mount += still_question(state)
            metadata["questions"] += 1
            if "$" in state["prompt"]:
                app.env.get_domain("math").data["has_equations"][app.env.docname] = True
        else:
            mount["ids"] = [f"see-explorer-{len(metadata['explorer_anchors']) + 1}"]
            metadata["explorer_anchors"].append((_section(bundle), mount["ids"][0], title(model, models)))
            mount += still_explorer(app, by_type, words)
        bundle.parent.replace(bundle, mount)


def still_explorer(app, by_type, words):
    """The stored picture of an explorer, with its words for who can't see it, or the words alone."""
    if "image/png" not in by_type:
        return [nodes.literal_block(words, words, language="none")]
    for image in list(by_type["image/png"].findall(nodes.image)):
        image["alt"] = " ".join(words.split())
        frame(image, Path(app.srcdir, image["uri"].lstrip("/")))
    return by_type["image/png"].children


def still_question(state):
    """A question as it can be read without a script: what is asked, what there is to choose, the answer folded."""
    prompt = nodes.paragraph("", "", nodes.strong("", state["prompt"].replace("$", "")))
    choices = [nodes.list_item("", nodes.paragraph("", choice)) for choice in state["choices"]]
    answer = f"{state['answer']:,}" if isinstance(state["answer"], int) else f"{state['answer']}"
    answer = nodes.paragraph("", f"{answer} {state['unit']}".strip() + f". {state['why']}")
    fold = Fold("", answer, classes=["answer"], summary="Show answer")
    return [prompt, *([nodes.bullet_list("", *choices)] if choices else []), fold]


def stored_models(notebook: str) -> dict[str, dict]:
    """The state of each model that a notebook stores."""
    stored = json.loads(Path(notebook).read_text(encoding="utf-8"))["metadata"].get("widgets", {}).get(STATE, {})
    return {name: model.get("state", {}) for name, model in stored.get("state", {}).items()}


def title(model: str, models: dict[str, dict]) -> str:
    """What an explorer is headed by; of explorers in a box, the titles of all."""
    state = models.get(model, {})
    if "_anywidget_id" not in state:
        children = [title(child.removeprefix("IPY_MODEL_"), models) for child in state.get("children", ())]
        return " and ".join(dict.fromkeys(filter(None, children)))
    kind = getattr(explore, state["_anywidget_id"].rpartition(".")[2], None)
    if kind is None:
        return ""
    return embed.title(kind)


def _section(node):
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    return node["ids"][0] if node is not None else ""


STYLE = 'document.head.append(Object.assign(document.createElement("style"), {{ textContent: {} }}));\n'


def write_modules(app):
    """Write the scripts and style sheets of all explorers below the build folder, for Sphinx to copy."""
    folder = Path(app.doctreedir, "live_static", "live")
    folder.mkdir(parents=True, exist_ok=True)
    for path in LIVE.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "explorer.css").write_text(source.style(), encoding="utf-8")
    app.explorer_scripts = {}
    for attribute in explore.__all__:
        explorer = getattr(explore, attribute)
        if not hasattr(explorer, "generated"):
            continue  # SideBySide holds explorers and is drawn as a plain box
        name = f"{explorer.__module__}.{explorer.__name__}"
        scripts = app.explorer_scripts[name] = []
        for module, function in source.modules(explorer.module, explorer.generated).items():
            text = f"cnnlibExplorers.define({json.dumps(module)}, {function});\n"
            if module == explorer.module:
                text += f"cnnlibExplorers.register({json.dumps(name)}, {json.dumps(module)});\n"
                if explorer.sheets:
                    text += STYLE.format(json.dumps(source.style(*explorer.sheets)))
            scripts.append(f"live/{module.replace('/', '-').removesuffix('.mjs')}.js")
            (folder / Path(scripts[-1]).name).write_text(text, encoding="utf-8")
        if attribute != "Question":
            kept = f"cnnlibExplorers.embeddings.set({json.dumps(attribute)}, {json.dumps(embed.parts(explorer))});\n"
            (folder / f"embed-{attribute}.js").write_text(kept, encoding="utf-8")
        for asset, make in getattr(explorer, "assets", {}).items():
            text = f"cnnlibExplorers.hand({json.dumps(asset)}, {json.dumps(base64.b64encode(make()).decode())});\n"
            (folder / f"asset-{asset}.js").write_text(text, encoding="utf-8")
    app.config.html_static_path.append(str(folder.parent))


def add_scripts(app, pagename, templatename, context, doctree):
    """Add to a page the scripts that its explorers need, and to no other page any."""
    names = app.env.metadata.get(pagename, {}).get("explorers")
    if names is None:
        return
    scripts = list(FIRST)
    for name in names:
        if name not in app.explorer_scripts:
            LOGGER.warning(
                "explorers: no explorer %s; the page will show the stored picture",
                name,
                location=pagename,
                type="book",
                subtype="explorer",
            )
        scripts += [script for script in app.explorer_scripts.get(name, ()) if script not in scripts]
    for script in [*scripts, *LAST]:
        app.add_js_file(script, loading_method="defer")
    for sheet in ("live/explorer.css", "live/live.css"):
        app.add_css_file(sheet)


def setup(app):
    app.add_node(LiveMount, html=(visit_live, depart_live))
    app.connect("builder-inited", write_modules, priority=900)
    app.connect("doctree-read", mount_explorers, priority=400)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
