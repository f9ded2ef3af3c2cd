"""The book's own layer over the theme: a lighter head, and style corrections."""

from pathlib import Path

HERE = Path(__file__).parent


def add_paths(app, config):
    """Put the book's templates and style sheet after those of the theme."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def setup(app):
    app.connect("config-inited", add_paths)
    app.add_css_file("book.css", priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
