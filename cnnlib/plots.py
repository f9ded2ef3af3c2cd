"""Figures for the book: each function draws one thing on ``ax``, returns the Axes and never shows.

A figure is drawn on white. `subplots` makes it, without pyplot and its state, and `described` turns
it into a cell's output together with a sentence that holds its numbers. The picture's file says where
images lie in it and how small its smallest letters are: so a dark page can turn everything but the
images dark, and a narrow one knows how far the figure may shrink.
"""

import io
import json
import re

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import _ImageBase as Image
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image as pillow

from cnnlib import png
from cnnlib.arguments import flag, integer
from cnnlib.reals import reals
from cnnlib.values import kind, number

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PAPER",
    "PINK",
    "Described",
    "described",
    "filter_gallery",
    "image",
    "number_grid",
    "signed_limit",
    "subplots",
]

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


def subplots(rows=1, columns=1, *, width=7.2, height=2.8, **keywords):
    """A figure of ``width`` x ``height`` inches in the book's style, and its axes.

    Further keywords go to ``Figure.subplots`` (``width_ratios``, ``sharex`` ...). Returns (figure, axes)
    as pyplot's function of this name does.
    """
    rows, columns = integer("subplots", "rows", rows, 1), integer("subplots", "columns", columns, 1)
    sides = {"width": width, "height": height}
    width, height = (number("subplots", *side, above=0, meaning="a number of inches > 0") for side in sides.items())
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(rows, columns, **keywords)


def _axes(function, ax):
    if ax is None:
        return subplots(width=3.6, height=3.4)[1]
    if not isinstance(ax, Axes):
        raise TypeError(
            f"{function}: ax={ax!r} is {kind(ax)}; use a matplotlib Axes, or None; for several call once for each"
        )
    return ax


def _array(function, array, *dimensions):
    if isinstance(array, Axes):
        raise TypeError(f"{function}: the array comes first; write {function}(array, ax=ax)")
    array = reals(function, "array", array)
    if array.ndim not in dimensions or 0 in array.shape:
        wanted = " or ".join({2: "(height, width)", 3: "(height, width, 3)"}[d] for d in dimensions)
        raise ValueError(f"{function}: array has shape {array.shape}; it needs {wanted} with no side 0")
    if array.ndim == 3 and array.shape[2] != 3:
        raise ValueError(f"{function}: array has shape {array.shape}; a colour image has 3 channels last")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{function}: array holds {np.sum(~np.isfinite(array))} values that are NaN or "
            "infinite; replace them, with np.nan_to_num for instance"
        )
    return array


def signed_limit(array):
    """The colour limit of a signed map: its largest absolute value, or 1 for a map of zeros."""
    array = reals("signed_limit", "array", array, finite=True)  # in bytes, the absolute value of -128 is -128
    return float(np.abs(array).max(initial=0)) or 1.0


def image(array, *, ax=None, signed=False, title=None, labels=False):
    """Draw an image: grey or colour with 0 black and 1 white, or a signed map.

    Parameters
    ----------
    array : (height, width) or (height, width, 3); values outside 0 to 1 are drawn as the nearest
    signed : True shows (height, width) from blue (negative) over white (0) to red (positive)
    labels : True keeps row and column numbers along the edges

    Returns the Axes.
    """
    signed, labels = flag("image", "signed", signed), flag("image", "labels", labels)
    array = _array("image", array, *((2,) if signed else (2, 3)))
    ax = _axes("image", ax)
    if signed:
        limit = signed_limit(array)
        ax.imshow(array, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")
    else:
        ax.imshow(np.clip(array.astype(float), 0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    if labels:
        ax.set(xlabel="column", ylabel="row")
    else:
        ax.set_axis_off()
    if title is not None:
        ax.set_title(title)
    return ax


def filter_gallery(weights, *, ax=None, columns=16, title=None):
    """Draw a bank of filters (filters, 3, height, width), each in its own colours, grey where it is zero.

    Every filter is scaled by its own largest weight. They stand in rows of ``columns``. Returns the Axes.
    """
    weights, columns = reals("filter_gallery", "weights", weights), integer("filter_gallery", "columns", columns, 1)
    if weights.ndim != 4 or weights.shape[1] != 3 or 0 in weights.shape or not np.isfinite(weights).all():
        raise ValueError(
            f"filter_gallery: weights have shape {weights.shape}; it takes finite (filters, 3, height, width)"
        )
    ax = _axes("filter_gallery", ax)
    height, width = weights.shape[2] + 1, weights.shape[3] + 1
    sheet = np.ones((-(-len(weights) // columns) * height - 1, columns * width - 1, 3))
    for place, one in enumerate(weights):
        row, column = (step * length for step, length in zip(divmod(place, columns), (height, width), strict=True))
        shown = 0.5 + one.transpose(1, 2, 0) / (2 * signed_limit(one))
        sheet[row : row + height - 1, column : column + width - 1] = shown
    return image(sheet, ax=ax, title=title)


def number_grid(
    array, *, ax=None, shade=None, hatch=None, outline=None, dim=None, colour=LINES, decimals=None, title=None
):
    """Draw a small array as a grid of cells with their numbers in them.

    Parameters
    ----------
    array : (height, width), at most 400 cells
    shade : bool array, cells to tint (the taps of a window, for instance)
    hatch : bool array, cells to hatch in `colour` (pixels that nobody reads)
    outline : bool array, cells to frame
    dim : bool array, cells to grey out (padding)
    decimals : digits after the point; None shows integers as integers and others with two

    Returns the Axes, its rows downward as in the array.
    """
    array = _array("number_grid", array, 2)
    if array.size > 400:
        raise ValueError(
            f"number_grid: array has {array.size} cells, shape {array.shape}; at most 400 stay "
            "readable, use image for more"
        )
    masks = {"shade": shade, "hatch": hatch, "outline": outline, "dim": dim}
    for name, mask in masks.items():
        if mask is not None and np.shape(mask) != array.shape:
            raise ValueError(
                f"number_grid: {name} has shape {np.shape(mask)} and array {array.shape}; give one bool for each cell"
            )
    ax = _axes("number_grid", ax)
    if decimals is not None:
        decimals = integer("number_grid", "decimals", decimals, 0)
    else:
        decimals = 0 if np.all(array == np.round(array)) else 2
    height, width = array.shape
    texts = [re.sub(r"^-(?=0\.?0*$)", "", f"{value:.{decimals}f}") for value in array.ravel()]
    size = min(11, 60 / max(height, width, 2 * max(map(len, texts))))
    for (row, column), text in zip(np.ndindex(array.shape), texts, strict=True):
        marked = {name: mask is not None and bool(np.asarray(mask)[row, column]) for name, mask in masks.items()}
        fill = "#bfdcf0" if marked["shade"] else "#e7e5df" if marked["hatch"] else DIM if marked["dim"] else PAPER
        cell = {"xy": (column - 0.5, row - 0.5), "width": 1, "height": 1}
        ax.add_patch(Rectangle(**cell, facecolor=fill, edgecolor="#b5b5b0", linewidth=0.8, zorder=1))
        if marked["hatch"]:
            look = {"hatch": "////", "edgecolor": colour, "linewidth": 0}
            ax.add_patch(Rectangle(**cell, fill=False, zorder=1.5, **look))
        if marked["outline"]:
            ax.add_patch(Rectangle(**cell, fill=False, edgecolor=ORANGE, linewidth=2.2, zorder=3))
        card = {"facecolor": fill, "edgecolor": "none", "pad": 0.8} if marked["hatch"] else None
        ink = PALE_INK if fill == DIM else INK
        look = {"ha": "center", "va": "center", "color": ink, "fontsize": size}
        ax.text(column, row, text, bbox=card, zorder=4, **look)
    ax.set(xlim=(-0.56, width - 0.44), ylim=(height - 0.44, -0.56), aspect="equal")
    ax.set_axis_off()
    if title is not None:
        ax.set_title(title)
    return ax


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

    The sentence is the output's plain text. Notebook tests compare it, because they cannot compare
    pictures, and the site uses it as the picture's alternative text; so let it hold the numbers
    that matter. The same figure gives the same bytes. A figure made through pyplot is closed.
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
    return Described(file, sentence.strip(), (width, height))
