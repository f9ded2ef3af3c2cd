"""Mirror images and quarter turns."""

from dataclasses import dataclass

import numpy as np

from ..arguments import integer, pair
from ..values import choice
from .images import image

__all__ = ["Flip", "QuarterTurn"]


@dataclass(frozen=True)
class Flip:
    """Mirror an image.

    Parameters
    ----------
    axis : {"horizontal", "vertical"}
        "horizontal" swaps left and right, "vertical" top and bottom.

    Raises
    ------
    TypeError, ValueError
        If the axis is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> Flip("horizontal")(np.array([[1, 2, 3]]))
    array([[3, 2, 1]])
    """

    axis: str = "horizontal"

    def __post_init__(self):
        choice("Flip", "axis", self.axis, ("horizontal", "vertical"))

    def __call__(self, x):
        """Return the mirrored image."""
        return np.flip(image("Flip", x), -1 if self.axis == "horizontal" else -2).copy()

    def on_grid(self, stride):
        """Return the same flip.

        It maps the grid onto itself only if windows lie in the image as in its mirror image: if
        they end as far from one edge as they begin from the other. At stride 2 the pixels 0, 2, 4
        of five do, and 0, 2, 4 of six do not. Where they do not, the error measures that too.
        """
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
        """Return the same turn, on a square grid; as with `Flip`, it must lie evenly in the image."""
        height, width = pair("QuarterTurn", "stride", stride, 1)
        if height != width:
            raise ValueError(f"QuarterTurn: stride={stride!r} is not square; use one number for both axes")
        return self
