"""The book's own layer over the theme: its style sheets and scripts, the bar above a page, its very first page."""

import html
import posixpath
import textwrap
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).parent
SHEETS = ("book.css", "start.css", "print.css", "reader.css")
SCRIPTS = ("book.js", "reader.js", "kept.js")
PARTS = {
    "article_header_end": ["code-switch.html", "article-header-buttons.html"],
    "secondary_sidebar_items": ["page-toc.html", "answers.html"],
}

# Where a book with an address can be run: `repository: url:` in _config.yml is the one place that says it.
LAUNCHERS = {
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}

# Docutils gives each entry of a bibliography a role that is deprecated and may not stand in its list.
ROLES = {'role="doc-biblioentry"': 'role="listitem"'}

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
    """Put the book's templates before the theme's and its style sheets after."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_favicon = str(HERE / "static" / "favicon.svg")
    config.html_context.setdefault("default_mode", "auto")  # light or dark, as the reader's system
    config.html_theme_options |= PARTS


def set_buttons(app, config):
    """With an address: Binder, Colab and "edit this page". Without: none of them."""
    options = config.html_theme_options
    buttons = dict(options.get("launch_buttons") or {})
    address = (options.get("repository_url") or "").strip()
    for name, host in LAUNCHERS.items():
        buttons[name] = (buttons.get(name) or host) if address else ""
    if "github.com" not in address:
        buttons["colab_url"] = ""  # Colab opens notebooks from GitHub only
    options["repository_url"] = address
    options["launch_buttons"] = buttons
    options["use_edit_page_button"] = bool(address)


def correct_roles(app, pagename, templatename, context, doctree):
    """Put right what the writers get wrong for those who do not see the page."""
    for wrong, right in ROLES.items():
        if "body" in context:
            context["body"] = context["body"].replace(wrong, right)


def describe_page(app, pagename, templatename, context, doctree):
    """Say in the head what the page is about, for lists of results and previews of links."""
    if doctree is None:
        return
    title = app.env.titles[pagename].astext()
    words = next((p.astext() for p in doctree.findall(nodes.paragraph) if len(p.astext()) > 60), title)
    words = textwrap.shorten(words, 200, placeholder=" ...")
    tags = {"description": words, "og:title": title, "og:description": words, "og:type": "article"}
    tags["og:site_name"] = app.config.html_title
    if picture := next((image["uri"] for image in doctree.findall(nodes.image)), None):
        base = app.config.html_baseurl
        tags["og:image"] = posixpath.join(base, picture.lstrip("./")) if base else picture
    for name, content in tags.items():
        kind = "property" if name.startswith("og:") else "name"
        context["metatags"] += f'\n<meta {kind}="{name}" content="{html.escape(content)}">'
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # the book's title is the page's, and need not stand twice in a tab


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
    app.connect("config-inited", set_buttons)
    app.connect("html-page-context", correct_roles)
    app.connect("html-page-context", describe_page)
    app.connect("build-finished", write_first_page, priority=100)
    for sheet in SHEETS:
        app.add_css_file(sheet, priority=950)
    for script in SCRIPTS:
        app.add_js_file(script, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
