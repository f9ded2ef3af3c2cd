"""Zoom about the centre."""

from dataclasses import dataclass

import numpy as np

from ..arguments import pair
from ..values import number
from .images import floats

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
        factor = number("Zoom", "factor", self.factor, above=0, meaning="a number above 0 such as 2 or 0.5")
        object.__setattr__(self, "factor", factor)

    def __call__(self, x):
        """Return the zoomed image, as floating-point numbers."""
        x = floats("Zoom", x)
        return _stretch(_stretch(x, -2, self.factor), -1, self.factor)

    def on_grid(self, stride):
        """Return the same zoom, about the grid's own centre; see `Flip` for where that is the image's."""
        pair("Zoom", "stride", stride, 1)
        return self


def _stretch(x, axis, factor):
    """Read an axis at ``centre + (i - centre) / factor``, between two pixels; zeros lie outside."""
    size = x.shape[axis]
    centre = (size - 1) / 2
    with np.errstate(over="ignore"):  # a tiny factor reads far outside
        read = np.clip(centre + (np.arange(size) - centre) / factor, -1, size)
    low = np.floor(read).astype(int)
    x = np.moveaxis(x, axis, -1)
    result = np.zeros(x.shape, x.dtype)
    for at, weight in ((low, 1 - (read - low)), (low + 1, read - low)):
        here = np.flatnonzero((at >= 0) & (at < size) & (weight > 0))  # what counts for nothing may be NaN
        result[..., here] += weight[here].astype(x.dtype) * x[..., at[here]]
    return np.moveaxis(result, -1, axis)
