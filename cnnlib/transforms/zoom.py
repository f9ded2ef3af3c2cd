"""Zoom about the centre."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from ..arguments import pair
from .images import image

__all__ = ["Zoom"]


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
        """Return the same zoom, about the grid's own centre; see `Flip` for where that is the image's."""
        pair("Zoom", "stride", stride, 1)
        return self


def _stretch(size, factor):
    """The matrix that reads an axis at ``centre + (i - centre) / factor``, between two pixels."""
    centre = (size - 1) / 2
    read = centre + (np.arange(size) - centre) / factor
    return np.maximum(0, 1 - np.abs(read[:, None] - np.arange(size)))
