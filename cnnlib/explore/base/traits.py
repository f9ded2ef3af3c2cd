"""The kinds of parameter that an explorer can have: what is legal, in which form it is kept, and its schema.

Each trait is the one description of a parameter. `describe` hands it to the JavaScript half (see `schema`), so that
limits, choices and defaults are written once.
"""

from numbers import Real as Number

import numpy as np
import traitlets

from cnnlib.data import GREY_WEIGHTS
from cnnlib.explore.base.values import (
    StateTypeError,
    StateValueError,
    flag,
    inside,
    limited,
    matrix,
    one_of,
    real,
    whole,
)
from cnnlib.values import kind

__all__ = [
    "Choice",
    "Flag",
    "GreyPicture",
    "Image",
    "Matrix",
    "Pair",
    "Parameter",
    "Picture",
    "Real",
    "StateTypeError",
    "StateValueError",
    "Whole",
    "flag",
    "inside",
    "limited",
    "matrix",
    "one_of",
    "real",
    "whole",
]


class Parameter(traitlets.TraitType):
    """One parameter of an explorer, synced with the JavaScript half.

    Parameters
    ----------
    within : str, optional
        The explorer's attribute that says how many values there are at present: an int for a whole number, which then
        goes from ``low`` to ``low`` + that many - 1, or ``(rows, columns)`` for a pair, which then goes from (0, 0). A
        value outside is refused when it is set, and moves to the last when another parameter makes it one too many.
    shows : (str, value), optional
        Another parameter, and the value that it takes where this one is given and the other is not: values of one's
        own are of no use while the explorer shows something else.
    """

    kind = ""

    def __init__(self, default, *, within=None, shows=None, **options):
        self.within, self.shows = within, shows
        super().__init__(default_value=default, **options)
        self.tag(sync=True)

    def describe(self) -> dict:
        """What the JavaScript half must know."""
        found = {"kind": self.kind, "default": self.default_value, "none": self.allow_none}
        if self.within:
            found["within"] = self.within
        if self.shows:
            found["shows"] = list(self.shows)
        return found

    def full_name(self, obj) -> str:
        return f"{type(obj).__name__}: {self.name}"


class Whole(Parameter):
    """An integer from ``low`` to ``high``, or None where ``allow_none``; no bool, no float."""

    kind = "whole"

    def __init__(self, low: int, high: int, default: int | None, **options):
        self.low, self.high = low, high
        super().__init__(default, **options)

    def describe(self):
        return {**super().describe(), "low": self.low, "high": self.high}

    def validate(self, obj, value):
        return whole(self.full_name(obj), value, self.low, self.high)


class Real(Parameter):
    """A number from ``low`` to ``high``, whole or not; no bool, no NaN."""

    kind = "real"

    def __init__(self, low: float, high: float, default: float, **options):
        self.low, self.high = low, high
        super().__init__(default, **options)

    def describe(self):
        return {**super().describe(), "low": self.low, "high": self.high}

    def validate(self, obj, value):
        name = self.full_name(obj)
        number = real(name, value)
        if not self.low <= number <= self.high:
            raise StateValueError(f"{name}={number:.12g} is out of range; use a number from {self.low} to {self.high}")
        return number


class Pair(Whole):
    """Two integers ``(first, second)``, each from ``low`` to ``high``, or an array of two; one integer is both."""

    kind = "pair"

    def validate(self, obj, value):
        name = self.full_name(obj)
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if isinstance(value, (tuple, list)):
            if len(value) != 2:
                raise StateValueError(f"{name}={value!r} has {len(value)} numbers; use one integer or a pair of them")
            return tuple(whole(name, v, self.low, self.high) for v in value)
        if not isinstance(value, (Number, np.number)):
            raise StateTypeError(
                f"{name}={value!r} is {kind(value)}; use an integer from {self.low} to {self.high} or a pair of them"
            )
        return (whole(name, value, self.low, self.high),) * 2


class Flag(Parameter):
    """True or False, NumPy's too; no number."""

    kind = "flag"

    def validate(self, obj, value):
        return flag(self.full_name(obj), value)


class Choice(Parameter):
    """One of some names, by default the first; ``former`` names, as in old links, are taken for what they are now."""

    kind = "choice"

    def __init__(self, names, default=None, *, former=None, **options):
        self.names, self.former = tuple(names), former or {}
        super().__init__(self.names[0] if default is None else default, **options)

    def describe(self):
        return {**super().describe(), "choices": list(self.names)} | ({"former": self.former} if self.former else {})

    def validate(self, obj, value):
        if isinstance(value, str):
            value = self.former.get(value, value)
        return one_of(self.full_name(obj), value, self.names)


class Matrix(Parameter):
    """None, or a two-dimensional array of at most ``most`` x ``most`` finite numbers; kept as nested lists.

    With ``line`` a one-dimensional array is a single row.
    """

    kind = "matrix"

    def __init__(self, most: int, *, square: bool = False, line: bool = False, **options):
        self.most, self.square, self.line = most, square, line
        super().__init__(None, allow_none=True, **options)

    def describe(self):
        return {**super().describe(), "most": self.most, "square": self.square}

    def array(self, obj, value) -> np.ndarray:
        """``value`` as an array that may be shown."""
        if self.line and np.ndim(value) == 1 and np.size(value):
            value = [value]
        name = self.full_name(obj)
        remedy = f" to be shown as numbers; use at most {self.most} rows and {self.most} columns"
        array = limited(name, value, self.most, remedy)
        if self.square and array.shape[0] != array.shape[1]:
            raise StateValueError(f"{name} of shape {array.shape} are not square; fill the shorter side up with zeros")
        return array

    def shape(self, value) -> tuple[int, int] | None:
        """Rows and columns of what is given, None where it can't be shown and `validate` will say why."""
        try:
            return self.array(None, value).shape
        except traitlets.TraitError:
            return None

    def validate(self, obj, value):
        return self.array(obj, value).tolist()


class Frame(np.ndarray):
    """A read-only array that ``==`` compares as a whole, which is what traits and their links need."""

    def __eq__(self, other):
        return isinstance(other, np.ndarray) and np.array_equal(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None


class Image(Parameter):
    """None, or an array (height, width) of finite numbers, at most ``most`` a side; kept and synced as float32."""

    kind = "image"

    def __init__(self, most: int = 512, **options):
        self.most = most
        super().__init__(None, allow_none=True, **options)
        self.tag(to_json=_to_json, from_json=_from_json)

    def describe(self):
        return {**super().describe(), "most": self.most}

    def validate(self, obj, value):
        remedy = f"; use at most {self.most} x {self.most}, array[::2, ::2] for instance"
        frame = limited(self.full_name(obj), value, self.most, remedy).astype(np.float32).view(Frame)
        frame.flags.writeable = False
        return frame


class GreyPicture(Image):
    """None, or a grey picture (height, width) of numbers from 0 to 1. Kept as float32, at most ``most`` a side.

    Levels of uint8, 0 to 255, are taken as well, and of a colour picture (height, width, 3) the luma.
    """

    def validate(self, obj, value):
        levels = isinstance(value, np.ndarray) and value.dtype == np.uint8
        array = isinstance(value, np.ndarray) and value.dtype.kind in "uif"
        coloured = array and value.ndim == 3 and value.shape[-1] == 3
        grey = value @ np.array(GREY_WEIGHTS) if coloured else value
        return _lit(self.full_name(obj), super().validate(obj, grey), levels)


class Picture(Image):
    """None, or a colour picture (height, width, 3) of numbers from 0 to 1, red, green, blue, or a grey one.

    Levels of uint8, 0 to 255, are taken as well. Kept as float32, at most ``most`` a side.
    """

    def describe(self):
        return {**super().describe(), "colour": True}

    def validate(self, obj, value):
        name = self.full_name(obj)
        levels = isinstance(value, np.ndarray) and value.dtype == np.uint8
        if not isinstance(value, (np.ndarray, list, tuple)):
            raise StateTypeError(f"{name} is {kind(value)}; use an array (height, width, 3) from 0 to 1")
        try:
            planes = np.asarray(value)
        except ValueError:
            raise StateValueError(f"{name} has rows of unequal length; use an array (height, width, 3)") from None
        if planes.ndim == 2:
            planes = np.repeat(planes[..., None], 3, axis=-1)
        if planes.ndim != 3 or planes.shape[-1] != 3:
            raise StateValueError(
                f"{name} of shape {planes.shape} is no picture; use (height, width, 3), red, green and blue"
            )
        rows = [super(Picture, self).validate(obj, planes[..., channel]) for channel in range(3)]
        return _lit(name, np.stack(rows, axis=-1), levels)


def _lit(name, values, levels) -> Frame:
    """What a picture holds, from 0 to 1, read only, or the error that says so; ``levels`` go from 0 to 255."""
    frame = (np.asarray(values) / (255 if levels else 1)).astype(np.float32).view(Frame)
    if frame.min() < 0 or frame.max() > 1:
        raise StateValueError(
            f"{name} has values from {frame.min():g} to {frame.max():g}; use 0 to 1, or uint8 from 0 to 255"
        )
    frame.flags.writeable = False
    return frame


def _to_json(array, widget):
    return None if array is None else {"shape": list(array.shape), "data": memoryview(np.ascontiguousarray(array))}


def _from_json(value, widget):
    return None if value is None else np.frombuffer(value["data"], np.float32).reshape(value["shape"])
