"""Make the built site self-contained: no page asks any other host for anything.

Jupyter Book would load MathJax, RequireJS, the widget manager and thebe from content networks. The
first comes with the site from its pinned package, on pages that hold mathematics; the others are
left out, because the explorers need none of them.
"""

from importlib.metadata import files
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util.fileutil import copy_asset_file
from sphinx.util.osutil import ensuredir

# Extensions that Jupyter Book always loads and that only talk to other hosts.
UNWANTED = ("sphinx_thebe", "sphinx_comments")

MATHJAX_PACKAGE = "sphinx-mathjax-offline"
MATHJAX_PARTS = ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]
MATHJAX_FILES = (
    "startup.js",
    "core.js",
    "input/tex.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "a11y/assistive-mml.js",
    "output/chtml/fonts/woff-v2/*.woff",
    "input/tex/extensions/*.js",  # fetched only when a page uses one of their commands
)


def drop_unwanted(app, config=None):
    """Disconnect every handler of the unwanted extensions."""
    for event in app.events.listeners.values():
        event[:] = [listener for listener in event if listener.handler.__module__.partition(".")[0] not in UNWANTED]


def set_mathjax(app, config):
    """Point Sphinx at the site's own MathJax and ask it for the parts that the book uses."""
    config.mathjax_path = "mathjax/startup.js"
    settings = dict(config.mathjax3_config or {})
    settings["loader"] = {"load": MATHJAX_PARTS}
    config.mathjax3_config = settings


def copy_mathjax(app, exception):
    """Copy the used parts of MathJax beside the pages, if any page holds mathematics."""
    domain = app.env.get_domain("math")
    if exception or app.builder.format != "html" or not domain.has_equations():
        return
    source, target = _mathjax_folder(), Path(app.outdir, "_static", "mathjax")
    for pattern in MATHJAX_FILES:
        for path in source.glob(pattern):
            if path.name == "all-packages.js":
                continue
            destination = target / path.relative_to(source)
            ensuredir(destination.parent)
            copy_asset_file(str(path), str(destination))


def _mathjax_folder() -> Path:
    for entry in files(MATHJAX_PACKAGE) or ():
        if entry.name == "startup.js":
            return Path(entry.locate()).parent
    raise ExtensionError(f"offline: the package {MATHJAX_PACKAGE} holds no startup.js; install requirements.txt")


def tidy_head(app, pagename, templatename, context, doctree):
    """Drop what a page does not need.

    That is the unwanted extensions' style sheet, scripts that a second start of the builder
    repeats, and MathJax where only pages further down the table of contents hold mathematics.
    """
    mathematics = app.env.get_domain("math").data["has_equations"].get(pagename)
    names = {sheet: str(getattr(sheet, "filename", sheet)) for sheet in context["css_files"]}
    context["css_files"] = [sheet for sheet, name in names.items() if Path(name).name != "sphinx-thebe.css"]
    seen, kept = set(), []
    for script in context["script_files"]:
        key = (script.filename or "", script.attributes.get("body") or "")
        is_mathjax = "mathjax/" in key[0] or key[1].startswith("window.MathJax")
        if key not in seen and (mathematics or not is_mathjax):
            seen.add(key)
            kept.append(script)
    context["script_files"] = kept


def setup(app):
    app.connect("config-inited", drop_unwanted, priority=1)
    app.connect("config-inited", set_mathjax, priority=900)
    app.connect("html-page-context", tidy_head, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
