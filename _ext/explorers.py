"""Make the explorers of the chapters live on the built site, where there is no kernel and no widget manager.

A widget's output is stored as a reference to a model, a picture and a line of text; the model's parameters lie in
the notebook's metadata. Here the output becomes a place where `live/mount.js` mounts the explorer, with the picture in
it until then. The JavaScript comes from cnnlib as it is when the site is built, one script for each module and site.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from cnnlib import explore
from cnnlib.explore import source

LOGGER = logging.getLogger(__name__)
LIVE = Path(__file__).parent / "live"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
FIRST, LAST = ["live/model.js", "live/controls.js", "live/memory.js"], ["live/mount.js"]


class LivePlace(nodes.General, nodes.Element):
    """Where an explorer is mounted; its children are shown until then."""


def visit_live(self, node):
    self.body.append(f'<div class="live-mount" data-model="{self.attval(node["model"])}"><div class="live-still">')


def depart_live(self, node):
    self.body.append("</div></div>\n")


def place_explorers(app, doctree):
    """Put a `LivePlace` in the place of every output that shows a widget."""
    found = False
    for bundle in list(doctree.findall(nodes.container)):
        if bundle.get("nb_element") != "mime_bundle":
            continue
        by_type = {child.get("mime_type"): child for child in bundle.children}
        if VIEW not in by_type:
            continue
        found = True
        model = json.loads(re.search(r"\{.*\}", by_type[VIEW].astext(), re.DOTALL)[0])["model_id"]
        words = by_type["text/plain"].astext() if "text/plain" in by_type else ""
        place = LivePlace(model=model)
        if "image/png" in by_type:
            for image in by_type["image/png"].findall(nodes.image):
                image["alt"] = " ".join(words.split())
            place += by_type["image/png"].children
        else:
            place += nodes.literal_block(words, words, language="none")
        bundle.parent.replace(bundle, place)
    if found:
        app.env.metadata[app.env.docname]["explorers"] = sorted(_classes(app.env.doc2path(app.env.docname)))


def _classes(notebook: str) -> set[str]:
    state = json.loads(Path(notebook).read_text(encoding="utf-8"))["metadata"].get("widgets", {}).get(STATE, {})
    return {
        model["state"]["_anywidget_id"]
        for model in state.get("state", {}).values()
        if "_anywidget_id" in model.get("state", {})
    }


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
        name = f"{explorer.__module__}.{explorer.__name__}"
        scripts = app.explorer_scripts[name] = []
        for module, function in source.modules(explorer.module, explorer.generated).items():
            text = f"cnnlibExplorers.define({json.dumps(module)}, {function});\n"
            if module == explorer.module:
                text += f"cnnlibExplorers.register({json.dumps(name)}, {json.dumps(module)});\n"
            scripts.append(f"live/{module.replace('/', '-').removesuffix('.mjs')}.js")
            (folder / Path(scripts[-1]).name).write_text(text, encoding="utf-8")
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
    app.add_node(LivePlace, html=(visit_live, depart_live))
    app.connect("builder-inited", write_modules, priority=900)
    app.connect("doctree-read", place_explorers, priority=400)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
