"""Give every figure its description as alternative text.

A figure of a chapter is stored as a picture (`image/png`) with one sentence computed from the data
that it shows (`text/plain`). nbval compares the sentence; the site reads it to whoever cannot see
the picture.
"""

from docutils import nodes
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def describe(app, doctree):
    """Copy each output's text to the alt of its picture; warn about a picture that has none."""
    for bundle in doctree.findall(nodes.container):
        if bundle.get("nb_element") != "mime_bundle":
            continue
        by_type = {child.get("mime_type"): child for child in bundle.children}
        for image in (i for kind in PICTURES if kind in by_type for i in _images(by_type[kind])):
            if image.get("alt"):
                continue
            text = by_type["text/plain"].astext().strip() if "text/plain" in by_type else ""
            if text and not text.startswith("<"):
                image["alt"] = " ".join(text.split())
            else:
                LOGGER.warning(
                    "figures: a picture without a description (text/plain is %r); "
                    "end the cell in plots.described(figure, sentence)",
                    text,
                    location=image,
                    type="book",
                    subtype="figure",
                )


def _images(node):
    return node.findall(nodes.image)


def setup(app):
    app.connect("doctree-read", describe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
