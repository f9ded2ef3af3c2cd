"""What every transform takes: an array with a height and a width."""

import numpy as np

__all__ = ["image"]


def image(function, x):
    """Return `x` as an array that has two axes or more."""
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(
            f"{function}: x has {'1 axis' if x.ndim else 'no axes'}, shape {x.shape}; "
            "use an array whose last two are (height, width)"
        )
    return x
