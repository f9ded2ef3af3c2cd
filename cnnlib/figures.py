"""How the book's figures look, and their end: a figure as PNG together with the sentence that says what it shows.

The picture's file says where images lie in it and how small its smallest letters are: so a dark page can turn
everything but the images dark, and a narrow one knows how far the figure may shrink. `cnnlib.plots` hands both out.
"""

import io
import json

from matplotlib import rc_context
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import _ImageBase as Image
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image as pillow

from cnnlib import png
from cnnlib.tables import minus
from cnnlib.values import kind

# Colours that stay apart with any colour vision (after Okabe and Ito), dark enough for PAPER.
BLUE, ORANGE, GREEN, PINK, GREY = "#0072b2", "#d55e00", "#007a5a", "#a8487f", "#6b6b6b"
INK, PAPER = "#1b1b1b", "#ffffff"
LINES, DIM, PALE_INK = "#a9a59b", "#e3e6ea", "#5a6370"

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "axes.edgecolor": "#8a8a8a",
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "image.interpolation": "nearest",
    "mathtext.fontset": "dejavusans",
    "hatch.linewidth": 0.7,
}
DPI = 200  # twice the size at which a page shows it


class Described:
    """A finished figure and the sentence that says what it shows; see `described`."""

    def __init__(self, png, sentence, size):
        self.png, self.sentence, self.size = png, sentence, size

    def __repr__(self):
        return self.sentence

    def _repr_mimebundle_(self, include=None, exclude=None):
        width, height = self.size
        return (
            {"image/png": self.png, "text/plain": self.sentence},
            {"image/png": {"width": width, "height": height}},
        )


def _layout(figure):
    """Where a drawn figure has images, as (left, top, right, bottom) in parts of it, and its smallest font size."""
    whole = figure.bbox
    images = []
    for artist in figure.findobj(lambda one: isinstance(one, (Image, QuadMesh)) and one.get_visible()):
        box = Bbox.intersection(artist.get_window_extent(), artist.axes.bbox)
        if box is not None and box.width and box.height:
            left, right = (round(x / whole.width, 4) for x in (box.x0, box.x1))
            top, bottom = (round(1 - y / whole.height, 4) for y in (box.y1, box.y0))
            images.append((left, top, right, bottom))
    texts = figure.findobj(lambda one: isinstance(one, Text) and one.get_visible() and one.get_text().strip())
    return {"images": sorted(set(images)), "points": min((text.get_fontsize() for text in texts), default=None)}


def described(figure, sentence):
    """End a figure cell with this: the figure as PNG, and a sentence computed from its data.

    The sentence is the output's plain text, with minus signs as in the picture. Notebook tests compare it, because
    they cannot compare pictures, and the site uses it as the picture's alternative text; so let it hold the numbers
    that matter. The same figure gives the same bytes. A figure made through pyplot is closed.

    Raises
    ------
    TypeError, ValueError
        If `figure` is no figure, or `sentence` not one line that ends in a full stop.

    Examples
    --------
    >>> from cnnlib.plots import subplots
    >>> figure, ax = subplots()
    >>> described(figure, "Two empty axes, from 0 to 1 each.")
    Two empty axes, from 0 to 1 each.
    """
    if not isinstance(figure, Figure):
        raise TypeError(
            f"described: figure={figure!r} is {kind(figure)}; use a matplotlib Figure; for an Axes write ax.figure"
        )
    if not isinstance(sentence, str):
        raise TypeError(f"described: sentence={sentence!r} is {kind(sentence)}; use a string")
    if "\n" in sentence.strip() or len(sentence.strip()) < 20 or not sentence.strip().endswith("."):
        raise ValueError(
            f"described: sentence={sentence!r} must be one line of at least 20 characters "
            "ending in a full stop; say what the figure shows, with the numbers that matter"
        )
    buffer = io.BytesIO()
    for text in figure.findobj(Text):
        text.set_text(minus(text.get_text()))
    with rc_context(STYLE):
        if (layout := figure.get_layout_engine()) is not None:
            layout.execute(figure)  # an image keeps its shape and moves; titles get their room in a second pass
        figure.savefig(buffer, format="png", dpi=DPI, facecolor=PAPER, pil_kwargs={"compress_level": 0})
    if figure.canvas.manager is not None:
        import matplotlib.pyplot as plt

        plt.close(figure)
    width, height = (round(inches * DPI / 2) for inches in figure.get_size_inches())
    with pillow.open(buffer) as picture:
        file = png.noted(png.encoded(picture), "Layout", json.dumps(_layout(figure)))
    return Described(file, minus(sentence.strip()), (width, height))
