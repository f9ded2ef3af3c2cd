"""Single values at the door of an explorer: the value in its one form, or the error that says what would work."""

import math
import operator
from numbers import Real

import numpy as np
import traitlets

from cnnlib.values import kind


class StateTypeError(traitlets.TraitError, TypeError):
    """A parameter of the wrong kind."""


class StateValueError(traitlets.TraitError, ValueError):
    """A parameter of the right kind with a value that can't be."""


def whole(name: str, value: object, low: int, high: int) -> int:
    """``value`` as an int between ``low`` and ``high``, or the error that says so."""
    if isinstance(value, (bool, np.bool_)):
        raise StateTypeError(f"{name}={value!r} is a bool; use an integer from {low} to {high}")
    try:
        number = operator.index(value)
    except TypeError:
        raise StateTypeError(f"{name}={value!r} is {kind(value)}; use an integer from {low} to {high}") from None
    if not low <= number <= high:
        raise StateValueError(f"{name}={number} is out of range; use an integer from {low} to {high}")
    return number


def flag(name: str, value: object) -> bool:
    """``value`` as True or False, or the error that says so; 0 and 1 are numbers."""
    if not isinstance(value, (bool, np.bool_)):
        raise StateTypeError(f"{name}={value!r} is {kind(value)}; use True or False")
    return bool(value)


def one_of(name: str, value: object, names: tuple[str, ...]) -> str:
    """``value`` if it is one of ``names``, or the error that lists them."""
    if not isinstance(value, str):
        raise StateTypeError(f"{name}={value!r} is {kind(value)}; use one of {', '.join(map(repr, names))}")
    if value not in names:
        raise StateValueError(f"{name}={value!r} is unknown; use one of {', '.join(map(repr, names))}")
    return value


def matrix(name: str, value: object) -> np.ndarray:
    """``value`` as a two-dimensional float64 array of finite numbers, or the error that says what is wrong."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise StateTypeError(f"{name} is a masked array with masked values; fill them first, with array.filled(0)")
    try:
        array = np.asarray(value)
        if array.dtype == object or array.dtype.kind not in "bifu":
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError):
        raise StateTypeError(
            f"{name} is not an array of numbers (got {type(value).__name__}); "
            "use a two-dimensional array or rows of equal length"
        ) from None
    if array.ndim != 2:
        hint = "; for a colour image take its mean over the channels, array.mean(-1)" if array.ndim == 3 else ""
        raise StateValueError(
            f"{name} has {array.ndim} dimensions (shape {array.shape}); use two, (height, width){hint}"
        )
    if not array.size:
        raise StateValueError(f"{name} of shape {array.shape} is empty; use at least one row and one column")
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise StateValueError(
            f"{name}[{row}, {column}] is {array[row, column]}; every number must be finite, "
            "np.nan_to_num(array) replaces the others"
        )
    if np.abs(array).max() > MOST:
        row, column = np.unravel_index(np.abs(array).argmax(), array.shape)
        raise StateValueError(
            f"{name}[{row}, {column}] is {array[row, column]:g}; use numbers from -{MOST:g} to {MOST:g}, "
            "whose products can still be shown"
        )
    return array


#: The largest magnitude of a number in a grid or an image: sums of products of such numbers stay finite in float32.
MOST = 1e12


def limited(name: str, value: object, most: int, remedy: str) -> np.ndarray:
    """``value`` as a matrix of at most ``most`` rows and columns, or the error with its remedy."""
    array = matrix(name, value)
    if max(array.shape) > most:
        raise StateValueError(f"{name} of shape {array.shape} is too large{remedy}")
    return array


def inside(name: str, value: tuple[int, int], shape: tuple[int, int], grid: str = "output") -> tuple[int, int]:
    """``value`` as a row and a column of a ``grid`` of that ``shape``, or the error that says which there are."""
    if any(at >= length for at, length in zip(value, shape, strict=True)):
        raise StateValueError(
            f"{name}={value} lies outside the {grid} of {shape[0]} x {shape[1]}; "
            f"use a row from 0 to {shape[0] - 1} and a column from 0 to {shape[1] - 1}"
        )
    return value


def real(name: str, value: object) -> float:
    """``value`` as a finite float, or the error that says so."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.number)):
        raise StateTypeError(f"{name}={value!r} is {kind(value)}; use a number")
    if not math.isfinite(value):
        raise StateValueError(f"{name}={value!r} is not finite; use a finite number")
    return float(value)
