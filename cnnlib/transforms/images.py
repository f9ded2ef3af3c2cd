"""What every transform takes: an array with a height and a width."""

import numpy as np

from ..ops.arrays import as_array
from ..reals import reals

__all__ = ["floats", "image"]


def floats(function, x):
    """Return an image of real numbers in float32 or float64: float16 becomes float32, integers and bools float64."""
    x = image(function, x)
    reals(function, "x", x)
    if x.dtype.kind == "f" and x.dtype.itemsize <= 8:
        return x.astype(np.float64 if x.dtype.itemsize == 8 else np.float32, copy=False)
    return x.astype(np.float64)


def image(function, x):
    """Return `x` as an array that has two axes or more."""
    x = as_array(function, "x", x)
    if x.ndim < 2:
        raise ValueError(
            f"{function}: x has {'1 axis' if x.ndim else 'no axes'}, shape {x.shape}; "
            "use an array whose last two are (height, width)"
        )
    return x
