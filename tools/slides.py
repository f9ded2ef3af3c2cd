"""Build a deck of slides from each chapter: _build/slides/chapters/NAME.html, which open from a folder."""

import subprocess
import sys
from html import escape
from pathlib import Path

from .site import BuildFailed

ROOT = Path(__file__).resolve().parent.parent
#: The site's own extensions that slides use as well; the others dress its pages.
WANTED = ("offline", "cells", "figures", "explorers", "slides")
#: Kinds of output that a slide can show, the best first.
KINDS = ("text/html", "image/png", "text/plain")
#: Links to what has no slides: other chapters, terms, sources.
LEFT_OUT = ("myst.xref_missing", "ref.term", "ref.ref", "bibtex.key_not_found", "toc.not_included", "ref.doc")


def configuration(book: Path, chapters: list[str]) -> dict:
    """What Sphinx needs for decks of these chapters."""
    import yaml

    settings = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    return {
        "project": settings["title"],
        "author": settings["author"],
        "extensions": ["sphinx.ext.mathjax", "myst_nb", "sphinxcontrib.bibtex", *WANTED],
        "include_patterns": [f"chapters/{name}.ipynb" for name in chapters],
        "root_doc": f"chapters/{chapters[0]}",
        "bibtex_bibfiles": settings["bibtex_bibfiles"],
        "nb_execution_mode": "off",
        "nb_ipywidgets_js": {},
        "nb_mime_priority_overrides": [("revealjs", kind, rank) for rank, kind in enumerate(KINDS)],
        "myst_enable_extensions": settings["parse"]["myst_enable_extensions"],
        "suppress_warnings": list(LEFT_OUT),
        "html_theme": "basic",
        "revealjs_style_theme": "white",
        "revealjs_css_files": ["live/explorer.css", "live/live.css", "slides.css"],
        "revealjs_js_files": ["kept.js"],
        "revealjs_static_path": [str(book / "_ext/static")],
        "revealjs_script_plugins": [{"src": "revealjs/plugin/notes/notes.js", "name": "RevealNotes"}],
        "revealjs_script_files": ["slides.js"],
        "revealjs_script_conf": "deckSettings",
        "revealjs_notes_from_comments": True,
    }


def build(chapters: list[str], *, book: Path = ROOT, into: Path | None = None) -> Path:
    """Build the decks, a warning being an error, and return their folder.

    Sphinx runs in a process of its own, since it leaves its parsers behind.
    """
    known = {path.stem for path in book.glob("chapters/[0-9]*.ipynb")}
    if unknown := set(chapters) - known:
        raise BuildFailed(f"slides: no chapter {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    into = into or book / "_build/slides"
    command = [sys.executable, "-m", "tools.slides", "--here", str(into), *(chapters or sorted(known))]
    run = subprocess.run(command, cwd=book, check=False, text=True, encoding="utf-8", stderr=subprocess.PIPE)
    if run.returncode:
        raise BuildFailed(f"slides: Sphinx ended with {run.returncode}:\n{run.stderr}")
    return into


def build_here(chapters: list[str], book: Path, into: Path) -> int:
    """The same in this process; returns Sphinx's exit code."""
    from sphinx.application import Sphinx

    sys.path.insert(0, str(book / "_ext"))
    app = Sphinx(
        srcdir=str(book),
        confdir=None,
        outdir=str(into),
        doctreedir=str(into / ".doctrees"),
        buildername="revealjs",
        confoverrides=configuration(book, chapters),
        status=None,
        freshenv=True,
        warningiserror=True,
        keep_going=True,
    )
    app.build()
    titles = {name: escape(title.astext()) for name, title in app.env.titles.items()}
    entries = "\n".join(f'<li><a href="{name}.html">{titles[name]}</a></li>' for name in sorted(titles))
    page = f"<!doctype html><meta charset=utf-8><title>Slides</title><h1>Slides</h1><ul>{entries}</ul>"
    (into / "index.html").write_text(page, encoding="utf-8")
    return app.statuscode


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--here"]:
        return build_here(arguments[2:], ROOT, Path(arguments[1]))
    try:
        print(f"slides: {build(arguments)}")
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
