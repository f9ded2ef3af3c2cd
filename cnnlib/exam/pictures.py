"""What several checks read: the book's photographs and its stored results, each loaded once."""

from functools import cache

import numpy as np

from cnnlib import data

stored = cache(data.stored_result)


@cache
def photographs() -> tuple[np.ndarray, ...]:
    """All photographs of the book in grey, 256 pixels on the longer side, brightness from 0 to 1."""
    return tuple(data.photograph(name, side=256, grey=True).astype(float) for name in data.photograph_names())


@cache
def windows() -> np.ndarray:
    """A piece of 64 x 65 pixels from the middle of each photograph, (photographs, 64, 65)."""
    corners = [(photo, photo.shape[0] // 2 - 32, photo.shape[1] // 2 - 32) for photo in photographs()]
    return np.stack([photo[row : row + 64, column : column + 65] for photo, row, column in corners])
