"""Arrays of real numbers at the public door; `cnnlib.values` has a single one."""

import numpy as np

from .ops.arrays import as_array

__all__ = ["reals", "up_to_one"]

ROUNDING = 1e-6  # of a mean over areas, or of float32


def reals(function, name, value, *, finite=False):
    """Return an array of real numbers in float64; it may be the caller's own, so it is read and not written.

    Raises
    ------
    TypeError
        If it holds anything but real numbers, something is masked, or it is a tensor that requires grad.
    ValueError
        If `finite` and it holds NaN or infinity, which a sum would spread.

    Examples
    --------
    >>> reals("sparseness", "responses", [1j])
    Traceback (most recent call last):
    TypeError: sparseness: responses holds complex128; use real numbers
    """
    array = as_array(function, name, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{function}: {name} holds {array.dtype}; use real numbers")
    if finite and not np.isfinite(array).all():
        raise ValueError(
            f"{function}: {name} holds {np.sum(~np.isfinite(array))} values that are NaN or infinite; replace them "
            "first, with np.nan_to_num for instance"
        )
    return array.astype(np.float64, copy=False)


def up_to_one(function, name, largest):
    """Refuse values of a picture of which the `largest` is above 1: it counts levels up to 255.

    NaN and infinity pass, for they show in whatever is computed from them.

    Examples
    --------
    >>> up_to_one("pixels", "images", 255)
    Traceback (most recent call last):
    ValueError: pixels: images holds 255, and white is 1; use values from 0 to 1, as images / 255 gives
    """
    if 1 + ROUNDING < largest < np.inf:
        raise ValueError(
            f"{function}: {name} holds {largest:g}, and white is 1; use values from 0 to 1, as {name} / 255 gives"
        )
