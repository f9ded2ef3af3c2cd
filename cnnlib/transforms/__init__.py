"""Transforms of images: shifts by whole pixels and between them, flips, quarter turns, zoom.

Image axes are the last two, ``(height, width)``; whatever stands before them (batch,
channels) is carried along. A transform is called on an array, and no array is modified.
"""

from .shifts import FractionalShift, Shift
from .turns import Flip, QuarterTurn
from .zoom import Zoom

__all__ = ["Flip", "FractionalShift", "QuarterTurn", "Shift", "Zoom"]
