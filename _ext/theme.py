"""The book's own layer over the theme: a lighter head, and style corrections."""

from pathlib import Path

HERE = Path(__file__).parent


def add_paths(app, config):
    """Put the book's templates before the theme's and its style sheet after."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_favicon = str(HERE / "static" / "favicon.svg")
    config.html_context.setdefault("default_mode", "auto")  # light or dark, as the reader's system


def setup(app):
    app.connect("config-inited", add_paths)
    app.add_css_file("book.css", priority=950)
    app.add_js_file("book.js", priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
