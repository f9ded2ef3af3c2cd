"""The book's own layer over the theme: a lighter head, style corrections, and the site's very first page."""

import html
from pathlib import Path

HERE = Path(__file__).parent

# The table of contents writes a bare redirect, for which a browser asks the host's root for an icon.
FIRST_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="data:,">
<meta http-equiv="refresh" content="0; url={root}">
</head>
<body><a href="{root}">{title}</a></body>
</html>
"""


def add_paths(app, config):
    """Put the book's templates before the theme's and its style sheet after."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_favicon = str(HERE / "static" / "favicon.svg")
    config.html_context.setdefault("default_mode", "auto")  # light or dark, as the reader's system


def write_first_page(app, exception):
    """Lead from the site's folder to the front page, unless that is it."""
    if exception or app.builder.format != "html" or app.config.root_doc == "index":
        return
    title = html.escape(app.config.html_title or app.config.project)
    page = FIRST_PAGE.format(
        language=app.config.language, title=title, root=app.builder.get_target_uri(app.config.root_doc)
    )
    Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def setup(app):
    app.connect("config-inited", add_paths)
    app.connect("build-finished", write_first_page, priority=100)
    for sheet in ("book.css", "reader.css"):
        app.add_css_file(sheet, priority=950)
    for script in ("book.js", "reader.js"):
        app.add_js_file(script, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
