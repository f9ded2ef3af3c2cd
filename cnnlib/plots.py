"""Figures for the book: each function draws one thing on ``ax``, returns the Axes and never shows.

A figure is drawn on white. `subplots` makes it, without pyplot and its state, and `described` turns
it into a cell's output together with a sentence that holds its numbers. The picture's file says where
images lie in it and how small its smallest letters are: so a dark page can turn everything but the
images dark, and a narrow one knows how far the figure may shrink.
"""

import re

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cnnlib.arguments import flag, integer
from cnnlib.figures import (
    BLUE,
    DIM,
    GREEN,
    GREY,
    INK,
    LINES,
    ORANGE,
    PALE_INK,
    PAPER,
    PINK,
    STYLE,
    Described,
    described,
)
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


def subplots(rows=1, columns=1, *, width=7.2, height=2.8, **keywords):
    """A figure of ``width`` x ``height`` inches in the book's style, and its axes.

    Further keywords go to ``Figure.subplots`` (``width_ratios``, ``sharex`` ...). Returns (figure, axes)
    as pyplot's function of this name does.

    Raises
    ------
    TypeError, ValueError
        If `rows` or `columns` is no integer >= 1, or a side no number > 0.

    Examples
    --------
    >>> figure, (left, right) = subplots(1, 2, width=5, width_ratios=(1, 2))
    >>> figure.get_size_inches()
    array([5. , 2.8])
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
    """The colour limit of a signed map: its largest absolute value, or 1 for a map of zeros.

    Raises
    ------
    TypeError, ValueError
        If `array` holds no finite real numbers.

    Examples
    --------
    >>> signed_limit([[1, -3]]), signed_limit([[0, 0]])
    (3.0, 1.0)
    """
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

    Raises
    ------
    TypeError, ValueError
        If `array` holds no finite real numbers, or has another shape, or an option is of another kind.

    Examples
    --------
    >>> image([[0, 0.5, 1]], title="grey").images[0].get_array().shape
    (1, 3)
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

    Raises
    ------
    TypeError, ValueError
        If `weights` holds no finite real numbers, or has another shape, or an option is of another kind.

    Examples
    --------
    Three filters of 2 x 2 in rows of two, with a pixel between them:

    >>> filter_gallery(np.ones((3, 3, 2, 2)), columns=2).images[0].get_array().shape
    (5, 5, 3)
    """
    weights, columns = reals("filter_gallery", "weights", weights), integer("filter_gallery", "columns", columns, 1)
    if weights.ndim != 4 or weights.shape[1] != 3 or 0 in weights.shape or not np.isfinite(weights).all():
        raise ValueError(
            f"filter_gallery: weights have shape {weights.shape}; it takes finite (filters, 3, height, width)"
        )
    ax = _axes("filter_gallery", ax)
    height, width = weights.shape[2] + 1, weights.shape[3] + 1
    sheet = np.ones((-(-len(weights) // columns) * height - 1, columns * width - 1, 3))
    for index, one in enumerate(weights):
        row, column = (step * length for step, length in zip(divmod(index, columns), (height, width), strict=True))
        shown = 0.5 + one.transpose(1, 2, 0) / (2 * signed_limit(one))
        sheet[row : row + height - 1, column : column + width - 1] = shown
    return image(sheet, ax=ax, title=title)


def number_grid(
    array, *, ax=None, shade=None, hatch=None, outline=None, dim=None, colour=LINES, decimals=None, title=None
):
    """Draw a small array as a grid of cells with their values in them.

    Parameters
    ----------
    array : (height, width), at most 400 cells
    shade : bool array, cells to tint (the taps of a window, for instance)
    hatch : bool array, cells to hatch in `colour` (pixels that nobody reads)
    outline : bool array, cells to frame
    dim : bool array, cells to grey out (padding)
    decimals : digits after the point; None shows integers as integers and others with two

    Returns the Axes, its rows downward as in the array.

    Raises
    ------
    TypeError, ValueError
        If `array` holds no finite real numbers, or has another shape, or an option is of another kind.

    Examples
    --------
    >>> [text.get_text() for text in number_grid([[1, -2.5]]).texts]
    ['1.00', '-2.50']
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
    longest, most = max(map(len, texts)), 60 / max(height, width)
    # where cells are wide for what is in them, it may be taller than long numbers are elsewhere
    size = min(11, max(min(most, 30 / longest), min(most, 1.3 * _cell(ax, height, width) / longest)))
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


def _cell(ax, height, width):
    """How wide a cell of a grid is on ``ax``, in points, before the layout gives it what room is left."""
    across, down = ax.get_position().size * ax.figure.get_size_inches() * 72
    return min(across / width, down / height)
