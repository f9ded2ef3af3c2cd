"""Give every figure its description as alternative text, and store it as lossless WebP.

A figure of a chapter is stored as a picture (`image/png`) with one sentence computed from the data
that it shows (`text/plain`). nbval compares the sentence; the site reads it to whoever cannot see
the picture. WebP holds the same pixels in about a third of the bytes of PNG.
"""

import re
from pathlib import Path

from docutils import nodes
from PIL import Image
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


def shrink_pictures(app, exception):
    """Convert the copied PNG files where it helps, and let the pages name the new files."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    converted = {path.name for path in (site / "_images").glob("*.png") if shrink(path)}
    if not converted:
        return
    pattern = re.compile("_images/(" + "|".join(re.escape(name) for name in converted) + ")")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        renamed = pattern.sub(lambda match: match[0].removesuffix(".png") + ".webp", text)
        if renamed != text:
            page.write_text(renamed, encoding="utf-8")


def shrink(path: Path) -> bool:
    """Replace a PNG file by a WebP file of the same pixels; False when that would be no smaller."""
    smaller = path.with_suffix(".webp")
    with Image.open(path) as image:
        image.save(smaller, "WEBP", lossless=True, exact=True, quality=80, method=4)
    if smaller.stat().st_size >= path.stat().st_size:
        smaller.unlink()
        return False
    path.unlink()
    return True


def setup(app):
    app.connect("doctree-read", describe)
    app.connect("build-finished", shrink_pictures, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
