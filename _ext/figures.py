"""Figures of the chapters: described, readable on a phone, right on a light and on a dark page, and small.

A figure is stored as a picture (`image/png`) with one sentence computed from the data that it shows (`text/plain`).
nbval compares the sentence; the site reads it to whoever cannot see the picture.

The picture's file says how small its smallest letters are and where images lie in it (`cnnlib.plots.described`). So the
figure shrinks only as far as its letters stay readable, and scrolls in its frame on a phone. On a dark page a filter
turns it dark, over which its images are laid once more as they are: one file, and light on paper whatever the screen.

It is served as lossless WebP, which holds the same pixels in about a third of the bytes of PNG; where photographs make
it large, as WebP of high quality, which differs by less than the eye sees and is far smaller.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
DENSITY = 2  # pixels of the file to a pixel of the page, as cnnlib.plots draws
LEAST = 9  # pixels: the smallest letters that can be read
POINTS = 10  # the size of letters in a file that does not say

LARGE, SPARED = 40_000, 0.3  # bytes, and a share of them


class Frame(nodes.General, nodes.Element):
    """A figure of a size that is known before it is loaded, and its images to be laid over it on a dark page."""


def visit_frame(self, node):
    width, height = node["size"]
    style = f"--width: {width}px; --ratio: {width} / {height}; --least: {node['least']}px"
    theme = " both-themes" if node["images"] is not None else ""
    self.body.append(f'<div class="figure-frame{theme}" style="{style}">')


def depart_frame(self, node):
    if node["images"]:
        cut = ", ".join(["0 0", *(corner for box in node["images"] for corner in _corners(*box))])
        style = f"background-image: url({node.children[0]['uri']}); clip-path: polygon({cut})"
        self.body.append(f'<span class="figure-images" style="{style}"></span>')
    self.body.append("</div>\n")


def _corners(left, top, right, bottom):
    """The way round a box and back to the corner of the figure, in CSS."""
    way = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (0, 0)]
    return [f"{x:.2%} {y:.2%}" for x, y in way]


def frame(image: nodes.image, path: Path):
    """Put a picture into its frame."""
    for side in ("width", "height"):
        image.attributes.pop(side, None)  # of the notebook; the frame gives the size, and Sphinx would make it a link
    if path.suffix != ".png" or not path.is_file():
        return
    with Image.open(path) as picture:
        layout = json.loads(picture.text.get("Layout", "{}"))
        width, height = (length / DENSITY for length in picture.size)
    letters = (layout.get("points") or POINTS) * 100 / 72
    least = min(width, round(width * LEAST / letters))
    holder = Frame(size=(width, height), least=least, images=layout.get("images"))
    image["classes"].append("dark-light")  # the theme lays no card under it
    image.parent.replace(image, holder)
    holder += image


def describe(app, doctree):
    """Copy each output's text to the alt of its picture; warn about a picture that has none."""
    for bundle in doctree.findall(nodes.container):
        if bundle.get("nb_element") != "mime_bundle":
            continue
        by_type = {child.get("mime_type"): child for child in bundle.children}
        images = [image for kind in PICTURES if kind in by_type for image in by_type[kind].findall(nodes.image)]
        for image in images:
            frame(image, Path(app.srcdir, image["uri"].lstrip("/")))
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
    """Replace a PNG file by a WebP file of the same pixels; False when that would be no smaller.

    A file that is `LARGE` even so is mostly photographs: it is stored in high quality if that spares `SPARED` of it.
    """
    smaller = path.with_suffix(".webp")
    with Image.open(path) as image:
        image.save(smaller, "WEBP", lossless=True, exact=True, quality=100, method=4)  # 6: 30 times as long for 5 %
        lossless = smaller.read_bytes()
        if len(lossless) > LARGE:
            image.save(smaller, "WEBP", quality=85, method=4)
            if smaller.stat().st_size > (1 - SPARED) * len(lossless):
                smaller.write_bytes(lossless)
    if smaller.stat().st_size >= path.stat().st_size:
        smaller.unlink()
        return False
    path.unlink()
    return True


def setup(app):
    app.add_node(Frame, html=(visit_frame, depart_frame))
    app.connect("doctree-read", describe)
    app.connect("build-finished", shrink_pictures, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
