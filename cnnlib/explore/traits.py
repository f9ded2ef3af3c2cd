"""Trait types of the explorers: legal values only, and errors that say what would work."""

import math
import operator
from numbers import Real

import numpy as np
import traitlets


class StateTypeError(traitlets.TraitError, TypeError):
    """A parameter of the wrong kind."""


class StateValueError(traitlets.TraitError, ValueError):
    """A parameter of the right kind with a value that can't be."""


def _owner(obj: object) -> str:
    return type(obj).__name__


class Whole(traitlets.TraitType):
    """An integer from ``low`` to ``high``; no bool, no float."""

    def __init__(self, low: int, high: int, default: int, **kwargs):
        self.low, self.high = low, high
        super().__init__(default_value=default, **kwargs)

    def validate(self, obj, value):
        return whole(f"{_owner(obj)}: {self.name}", value, self.low, self.high)


class Pair(traitlets.TraitType):
    """Two integers ``(first, second)``, each from ``low`` to ``high``, or an array of two; one integer is both."""

    def __init__(self, low: int, high: int, default: tuple[int, int] | None, **kwargs):
        self.low, self.high = low, high
        super().__init__(default_value=default, **kwargs)

    def validate(self, obj, value):
        name = f"{_owner(obj)}: {self.name}"
        if value is None and self.allow_none:
            return None
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if isinstance(value, (tuple, list)):
            if len(value) != 2:
                raise StateValueError(f"{name}={value!r} has {len(value)} numbers; use one integer or a pair of them")
            return tuple(whole(name, v, self.low, self.high) for v in value)
        if not isinstance(value, (Real, np.number)):
            raise StateTypeError(
                f"{name}={value!r} is a {type(value).__name__}; "
                f"use an integer from {self.low} to {self.high} or a pair of them"
            )
        return (whole(name, value, self.low, self.high),) * 2


class Matrix(traitlets.TraitType):
    """None, or a two-dimensional array of at most ``most`` x ``most`` finite numbers; kept as nested lists."""

    def __init__(self, most: int, square: bool = False, **kwargs):
        self.most, self.square = most, square
        super().__init__(default_value=None, allow_none=True, **kwargs)

    def validate(self, obj, value):
        if value is None:
            return None
        remedy = f" to be shown as numbers; use at most {self.most} rows and {self.most} columns"
        name = f"{_owner(obj)}: {self.name}"
        array = _limited(name, value, self.most, remedy)
        if self.square and array.shape[0] != array.shape[1]:
            raise StateValueError(f"{name} of shape {array.shape} are not square; fill the shorter side up with zeros")
        return array.tolist()


class Choice(traitlets.TraitType):
    """One of some names."""

    def __init__(self, names, **kwargs):
        self.names = tuple(names)
        super().__init__(default_value=self.names[0], **kwargs)

    def validate(self, obj, value):
        if not isinstance(value, str):
            raise StateTypeError(
                f"{_owner(obj)}: {self.name}={value!r} is no name; use one of {', '.join(self.names)}"
            )
        if value not in self.names:
            raise StateValueError(
                f"{_owner(obj)}: {self.name}={value!r} is unknown; use one of {', '.join(self.names)}"
            )
        return value


class Image(traitlets.TraitType):
    """None, or an array (height, width) of finite numbers, at most ``most`` a side; kept and synced as float32."""

    def __init__(self, most: int = 512, **kwargs):
        self.most = most
        super().__init__(default_value=None, allow_none=True, **kwargs)
        self.tag(sync=True, to_json=_to_json, from_json=_from_json)

    def validate(self, obj, value):
        if value is None:
            return None
        remedy = f"; use at most {self.most} x {self.most}, array[::2, ::2] for instance"
        return _limited(f"{_owner(obj)}: {self.name}", value, self.most, remedy).astype(np.float32)


def _limited(name, value, most, remedy):
    array = matrix(name, value)
    if max(array.shape) > most:
        raise StateValueError(f"{name} of shape {array.shape} is too large{remedy}")
    return array


def _to_json(array, widget):
    return None if array is None else {"shape": list(array.shape), "data": memoryview(np.ascontiguousarray(array))}


def _from_json(value, widget):
    return None if value is None else np.frombuffer(value["data"], np.float32).reshape(value["shape"])


def whole(name: str, value: object, low: int, high: int) -> int:
    """``value`` as an int between ``low`` and ``high``, or the error that says so."""
    if isinstance(value, (bool, np.bool_)):
        raise StateTypeError(f"{name}={value!r} is a bool; use an integer from {low} to {high}")
    try:
        number = operator.index(value)
    except TypeError:
        raise StateTypeError(
            f"{name}={value!r} is a {type(value).__name__}; use an integer from {low} to {high}"
        ) from None
    if not low <= number <= high:
        raise StateValueError(f"{name}={number} is out of range; use an integer from {low} to {high}")
    return number


def matrix(name: str, value: object) -> np.ndarray:
    """``value`` as a two-dimensional float64 array of finite numbers, or the error that says what is wrong."""
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
    return array


def inside(name: str, value: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int]:
    """``value`` as a row and a column of an output of that ``shape``, or the error that says which there are."""
    if any(at >= length for at, length in zip(value, shape, strict=True)):
        raise StateValueError(
            f"{name}={value} lies outside the output of {shape[0]} x {shape[1]}; "
            f"use a row from 0 to {shape[0] - 1} and a column from 0 to {shape[1] - 1}"
        )
    return value


def real(name: str, value: object) -> float:
    """``value`` as a finite float, or the error that says so."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.number)):
        raise StateTypeError(f"{name}={value!r} is a {type(value).__name__}; use a number")
    if not math.isfinite(value):
        raise StateValueError(f"{name}={value!r} is not finite; use a finite number")
    return float(value)
