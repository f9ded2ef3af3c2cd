"""Real numbers at the public door: one of them, or an array; what `cnnlib.arguments` is for integers and flags."""

import numbers

import numpy as np

from .ops.arrays import as_array

__all__ = ["callable_", "number", "reals"]


def number(function, name, value, *, above=None, meaning="a number"):
    """Return a finite real number as a float.

    Parameters
    ----------
    function, name : str
        For the message.
    value : int, float, or a NumPy number
        What the caller passed; no bool, no text.
    above : float or None
        The value must be larger than this.
    meaning : str
        What would work, for the message.

    Raises
    ------
    TypeError
        If `value` is no real number.
    ValueError
        If it is NaN, infinite or not above `above`.

    Examples
    --------
    >>> number("Zoom", "factor", np.float16(2), above=0)
    2.0
    >>> number("Zoom", "factor", float("nan"))
    Traceback (most recent call last):
    ValueError: Zoom: factor=nan is not finite; use a number
    """
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{function}: {name}={value!r} is a {type(value).__name__}; use {meaning}")
    try:
        found = float(value)
    except OverflowError:
        found = np.inf
    if not np.isfinite(found):
        raise ValueError(f"{function}: {name}={value!r} is not finite; use {meaning}")
    if above is not None and not found > above:
        raise ValueError(f"{function}: {name}={value!r} is not above {above}; use {meaning}")
    return found


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


def callable_(function, name, value):
    """Refuse what can't be called."""
    if not callable(value):
        raise TypeError(
            f"{function}: {name} is a {type(value).__name__} and can't be called; use a function of an array"
        )
    return value
