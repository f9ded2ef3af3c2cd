"""Transforms of images: shifts by whole pixels and between them, flips, quarter turns, zoom.

Image axes are the last two, ``(height, width)``; whatever stands before them (batch,
channels) is carried along. A transform is called on an array, and no array is modified.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from .arguments import integer, pair

__all__ = ["Flip", "FractionalShift", "QuarterTurn", "Shift", "Zoom"]


@dataclass(frozen=True)
class Shift:
    """Move an image by whole pixels.

    Parameters
    ----------
    offset : int or (down, right)
        Pixels; negative ones move up or to the left.
    boundary : {"zero", "circular"}
        What comes in at the edge: zeros, or what leaves at the other one.

    Raises
    ------
    TypeError, ValueError
        If the offset is no integer, or the boundary is not known.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.array([[1, 2, 3]])
    >>> Shift((0, 1))(row), Shift((0, 1), "circular")(row)
    (array([[0, 1, 2]]), array([[3, 1, 2]]))
    """

    offset: tuple
    boundary: str = "zero"

    def __post_init__(self):
        object.__setattr__(self, "offset", pair("Shift", "offset", self.offset, None))
        if self.boundary not in ("zero", "circular"):
            raise ValueError(f"Shift: boundary={self.boundary!r} is not known; use 'zero' or 'circular'")

    def __call__(self, x):
        """Return the shifted image."""
        x = image("Shift", x)
        moved = np.roll(x, self.offset, axis=(-2, -1))
        if self.boundary == "zero":
            for axis, step in zip((-2, -1), self.offset, strict=True):
                size = x.shape[axis]
                came_in = slice(0, min(step, size)) if step >= 0 else slice(max(size + step, 0), size)
                moved[(..., came_in, slice(None)) if axis == -2 else (..., came_in)] = 0
        return moved

    def on_grid(self, stride):
        """Return the shift that this one is on a map with one value per `stride` pixels."""
        steps = pair("Shift", "stride", stride, 1)
        if any(move % step for move, step in zip(self.offset, steps, strict=True)):
            raise ValueError(
                f"Shift: offset={self.offset} is no multiple of stride={stride!r}, so that no whole shift of the "
                f"output stands for it; use such a multiple, or say with after= what to compare with"
            )
        moves = (move // step for move, step in zip(self.offset, steps, strict=True))
        return Shift(tuple(moves), self.boundary)


@dataclass(frozen=True)
class FractionalShift:
    """Move an image by any distance: between pixels, along the smoothest wave through them.

    Parameters
    ----------
    offset : float or (down, right)
        Pixels; negative ones move up or to the left. Whole ones do what `Shift` does.
    boundary : {"zero", "circular"}
        What comes in at the edge: zeros, or what leaves at the other one.

    Raises
    ------
    TypeError, ValueError
        If the offset is no finite number or pair of them, or the boundary is not known.

    Notes
    -----
    Each axis is multiplied by ``D(i - j - offset)``, where zeros come in with
    ``D(t) = sin(pi t) / (pi t)``; where the image goes round, with the sum of these over all its
    turns, ``sin(pi t) / (P tan(pi t / P))`` for an even size P, with ``sin`` below for an odd one.

    References
    ----------
    Oppenheim and Schafer, "Discrete-Time Signal Processing", on ideal band-limited interpolation.

    Examples
    --------
    A wave of four pixels, moved by half a pixel, is the same wave read half a pixel earlier:

    >>> import numpy as np
    >>> wave = np.array([[0.0, 1.0, 0.0, -1.0]])
    >>> FractionalShift((0, 0.5), "circular")(wave).round(3)
    array([[-0.707,  0.707,  0.707, -0.707]])
    """

    offset: tuple
    boundary: str = "zero"

    def __post_init__(self):
        given = self.offset if isinstance(self.offset, (tuple, list)) else (self.offset,) * 2
        if len(given) != 2:
            raise ValueError(f"FractionalShift: offset={self.offset!r} has {len(given)} numbers; use one or a pair")
        object.__setattr__(self, "offset", tuple(_number("FractionalShift", "offset", value) for value in given))
        if self.boundary not in ("zero", "circular"):
            raise ValueError(f"FractionalShift: boundary={self.boundary!r} is not known; use 'zero' or 'circular'")

    def __call__(self, x):
        """Return the shifted image, as floating-point numbers."""
        x = image("FractionalShift", x)
        if not np.issubdtype(x.dtype, np.floating):
            x = x.astype(np.float64)
        whole = tuple(int(np.floor(move)) for move in self.offset)
        if whole == self.offset:
            return Shift(whole, self.boundary)(x)
        down, across = (
            _slide(size, move, self.boundary).astype(x.dtype)
            for size, move in zip(x.shape[-2:], self.offset, strict=True)
        )
        return down @ x @ across.T

    def on_grid(self, stride):
        """Return the shift that this one is on a map with one value per `stride` pixels."""
        steps = pair("FractionalShift", "stride", stride, 1)
        return FractionalShift(tuple(move / step for move, step in zip(self.offset, steps, strict=True)), self.boundary)


@dataclass(frozen=True)
class Flip:
    """Mirror an image.

    Parameters
    ----------
    axis : {"horizontal", "vertical"}
        "horizontal" swaps left and right, "vertical" top and bottom.

    Raises
    ------
    ValueError
        If the axis is not known.

    Examples
    --------
    >>> import numpy as np
    >>> Flip("horizontal")(np.array([[1, 2, 3]]))
    array([[3, 2, 1]])
    """

    axis: str = "horizontal"

    def __post_init__(self):
        if self.axis not in ("horizontal", "vertical"):
            raise ValueError(f"Flip: axis={self.axis!r} is not known; use 'horizontal' or 'vertical'")

    def __call__(self, x):
        """Return the mirrored image."""
        return np.flip(image("Flip", x), -1 if self.axis == "horizontal" else -2).copy()

    def on_grid(self, stride):
        """Return the same flip: it is one on every grid."""
        pair("Flip", "stride", stride, 1)
        return self


@dataclass(frozen=True)
class QuarterTurn:
    """Turn an image by quarters of a circle, counter-clockwise.

    Parameters
    ----------
    turns : int
        How many; negative ones turn clockwise.

    Raises
    ------
    TypeError
        If `turns` is no integer.

    Examples
    --------
    Turned counter-clockwise, a vertical Prewitt filter is minus the horizontal one:

    >>> import numpy as np
    >>> QuarterTurn(1)(np.array([[1, 0, -1]] * 3))
    array([[-1, -1, -1],
           [ 0,  0,  0],
           [ 1,  1,  1]])
    """

    turns: int = 1

    def __post_init__(self):
        object.__setattr__(self, "turns", integer("QuarterTurn", "turns", self.turns, None))

    def __call__(self, x):
        """Return the turned image; an odd number of turns swaps height and width."""
        return np.rot90(image("QuarterTurn", x), self.turns, axes=(-2, -1)).copy()

    def on_grid(self, stride):
        """Return the same turn: it is one on every square grid."""
        height, width = pair("QuarterTurn", "stride", stride, 1)
        if height != width:
            raise ValueError(f"QuarterTurn: stride={stride!r} is not square; use one number for both axes")
        return self


@dataclass(frozen=True)
class Zoom:
    """Enlarge or shrink an image about its centre, and keep its size.

    Parameters
    ----------
    factor : float
        Above 1 enlarges and cuts off, below 1 shrinks and fills up with zeros. In between
        pixels the four neighbours are mixed (bilinear); nothing is smoothed before shrinking.

    Raises
    ------
    TypeError, ValueError
        If the factor is no number, or not above 0 and finite.

    Examples
    --------
    >>> import numpy as np
    >>> Zoom(2)(np.array([[0.0, 4.0, 0.0]]))
    array([[2., 4., 2.]])
    """

    factor: float

    def __post_init__(self):
        if isinstance(self.factor, (bool, np.bool_)) or not isinstance(
            self.factor, (int, float, np.integer, np.floating)
        ):
            kind = type(self.factor).__name__
            raise TypeError(f"Zoom: factor={self.factor!r} is a {kind}; use a number above 0")
        if not (isfinite(self.factor) and self.factor > 0):
            raise ValueError(f"Zoom: factor={self.factor!r} is not above 0 and finite; use a number such as 2 or 0.5")

    def __call__(self, x):
        """Return the zoomed image, as floating-point numbers."""
        x = image("Zoom", x)
        if not np.issubdtype(x.dtype, np.floating):
            x = x.astype(np.float64)
        down, across = (_stretch(size, self.factor).astype(x.dtype) for size in x.shape[-2:])
        return down @ x @ across.T

    def on_grid(self, stride):
        """Return the same zoom: it is one on every grid, about its own centre."""
        pair("Zoom", "stride", stride, 1)
        return self


def image(function, x):
    """Return `x` as an array that has two axes or more."""
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(
            f"{function}: x has {x.ndim} axes, shape {x.shape}; use an array whose last two are (height, width)"
        )
    return x


def _stretch(size, factor):
    """The matrix that reads an axis at ``centre + (i - centre) / factor``, between two pixels."""
    centre = (size - 1) / 2
    read = centre + (np.arange(size) - centre) / factor
    return np.maximum(0, 1 - np.abs(read[:, None] - np.arange(size)))


def _slide(size, move, boundary):
    """The matrix that moves an axis by `move` pixels, through the sinc or its periodic sum."""
    places = np.arange(size)
    t = places[:, None] - places - move
    if move % 1 == 0:
        return ((t % size if boundary == "circular" else t) == 0).astype(np.float64)
    if boundary == "zero":
        return np.sinc(t)
    around = np.pi * t / size
    return np.sin(np.pi * t) / (size * (np.sin(around) if size % 2 else np.tan(around)))


def _number(function, name, value):
    """Return a finite real number as a float."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{function}: {name}={value!r} is a {type(value).__name__}; use a number of pixels")
    if not isfinite(value):
        raise ValueError(f"{function}: {name}={value!r} is not finite; use a number of pixels")
    return float(value)
