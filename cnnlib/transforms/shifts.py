"""Shifts: by whole pixels, and by any distance."""

from dataclasses import dataclass

import numpy as np

from ..arguments import pair
from ..values import choice, number
from .images import floats, image

__all__ = ["FractionalShift", "Shift"]


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
        choice("Shift", "boundary", self.boundary, ("zero", "circular"))

    def __call__(self, x):
        """Return the shifted image."""
        x = image("Shift", x)
        turned = [step % max(size, 1) for step, size in zip(self.offset, x.shape[-2:], strict=True)]
        moved = np.roll(x, turned, axis=(-2, -1))
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
    ``D(t) = sin(pi t) / (pi t)``; where the image wraps around, with the sum of these over all its
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
        moves = tuple(
            number("FractionalShift", "offset", v, meaning="a number of pixels", whole=self.offset) for v in given
        )
        object.__setattr__(self, "offset", moves)
        choice("FractionalShift", "boundary", self.boundary, ("zero", "circular"))

    def __call__(self, x):
        """Return the shifted image, as floating-point numbers."""
        x = floats("FractionalShift", x)
        whole = tuple(int(move) if move.is_integer() else 0 for move in self.offset)
        x = Shift(whole, self.boundary)(x)  # an axis that moves by whole pixels mixes nothing, not even a NaN
        (height, width), (down, across) = x.shape[-2:], self.offset
        if not down.is_integer():
            x = _slide(height, down, self.boundary).astype(x.dtype) @ x
        if not across.is_integer():
            x = x @ _slide(width, across, self.boundary).astype(x.dtype).T
        return x

    def on_grid(self, stride):
        """Return the shift that this one is on a map with one value per `stride` pixels."""
        steps = pair("FractionalShift", "stride", stride, 1)
        return FractionalShift(tuple(move / step for move, step in zip(self.offset, steps, strict=True)), self.boundary)


def _slide(size, move, boundary):
    """The matrix that moves an axis by `move` pixels, through the sinc or its periodic sum."""
    positions = np.arange(size)
    t = positions[:, None] - positions - move
    if boundary == "zero":
        return np.sinc(t)
    around = np.pi * t / size
    return np.sin(np.pi * t) / (size * (np.sin(around) if size % 2 else np.tan(around)))
