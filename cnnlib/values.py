"""Single values at the public door that are no integers: names, real numbers, functions; and what a kind is called.

`cnnlib.arguments` has the integers, pairs and flags, `cnnlib.reals` the arrays. Every public function uses these, so
that a refusal reads the same everywhere.
"""

import difflib
import math
import numbers
from collections.abc import Iterable, Mapping

import numpy as np

__all__ = ["callable_", "choice", "entries", "kind", "listed", "number"]

MANY = 80  # names, of which only the first and the last are listed
SIGNS = (">", ">=", "<=")  # of the bounds of a number


def choice(function, name, value, known, *, also=""):
    """Return `value` if it is one of the strings in `known`.

    Parameters
    ----------
    function, name : str
        The public function and its argument, for the message.
    value : str
        What the caller passed.
    known : iterable of str
        What it may be.
    also : str
        What else would work, for the message, such as "None or ".

    Returns
    -------
    str
        The same value.

    Raises
    ------
    TypeError
        If `value` is no string.
    ValueError
        If it is another one.

    Examples
    --------
    >>> choice("conv2d", "padding_mode", "mirror", ["zeros", "reflect"])
    Traceback (most recent call last):
    ValueError: conv2d: padding_mode='mirror' is unknown; use one of 'zeros', 'reflect'
    """
    if isinstance(value, str) and value in known:
        return value
    error, what = (ValueError, "unknown") if isinstance(value, str) else (TypeError, kind(value))
    names = list(map(str, known))
    near = difflib.get_close_matches(value, names, n=3) if isinstance(value, str) else []
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    names = [repr(name) for name in names] if len(names) <= MANY else [repr(names[0]), "...", repr(names[-1])]
    raise error(f"{function}: {name}={value!r} is {what}; {hint}use {also}one of {', '.join(names)}")


def number(function, name, value, *, above=None, least=None, most=None, meaning=None, whole=None):
    """Return a finite real number as a float.

    Parameters
    ----------
    function, name : str
        As in `choice`.
    value : int, float, or a NumPy number, also as an array without axes
        What the caller passed; no bool, no text.
    above, least, most : float or None
        The value must be larger than the first, and from the second to the third.
    meaning : str
        What would work, for the message, if the bounds do not say it.
    whole : object
        What the caller wrote, if `value` is one entry of it.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `value` is no real number.
    ValueError
        If it is NaN, infinite or out of bounds.

    Examples
    --------
    >>> number("Zoom", "factor", np.float16(2), above=0)
    2.0
    >>> number("Zoom", "factor", float("nan"))
    Traceback (most recent call last):
    ValueError: Zoom: factor=nan is not finite; use a number
    >>> number("batch_norm", "eps", -1, least=0)
    Traceback (most recent call last):
    ValueError: batch_norm: eps=-1 is out of range; use a number >= 0
    """
    is_ = f"{name}={value!r} is" if whole is None or whole is value else f"{name}={whole!r} holds {value!r}, which is"
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value[()]
    if meaning is None:
        given = zip(SIGNS, (above, least, most), strict=True)
        bounds = [f"{sign} {bound:g}" for sign, bound in given if bound is not None]
        meaning = f"a number {' and '.join(bounds)}".rstrip()
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{function}: {is_} {kind(value)}; use {meaning}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"{function}: {is_} not finite; use {meaning}")
    low, high = (-math.inf if least is None else least), (math.inf if most is None else most)
    if not low <= found <= high or (above is not None and found <= above):
        raise ValueError(f"{function}: {is_} out of range; use {meaning}")
    return found


def callable_(function, name, value, *, meaning="a function of an array"):
    """Return `value` if it can be called.

    Raises
    ------
    TypeError
        If it can't.

    Examples
    --------
    >>> callable_("matrix_of", "operation", 3)
    Traceback (most recent call last):
    TypeError: matrix_of: operation=3 is an int and can't be called; use a function of an array
    """
    if not callable(value):
        name = name if getattr(value, "shape", ()) else f"{name}={value!r}"
        raise TypeError(f"{function}: {name} is {kind(value)} and can't be called; use {meaning}")
    return value


def listed(function, name, value, meaning):
    """Return what a sequence or any other iterable holds, as a list; text is none, though Python would take it apart.

    Raises
    ------
    TypeError
        If it can't be iterated over.

    Examples
    --------
    >>> listed("Network", "nodes", None, "a list of rows")
    Traceback (most recent call last):
    TypeError: Network: nodes=None is a NoneType; use a list of rows
    """
    if isinstance(value, str | bytes) or not isinstance(value, Iterable) or getattr(value, "shape", None) == ():
        raise TypeError(f"{function}: {name}={value!r} is {kind(value)}; use {meaning}")
    return list(value)


def entries(function, name, value, wanted, meaning):
    """Return a mapping that has every key in `wanted`.

    Raises
    ------
    TypeError
        If it is no mapping.
    ValueError
        If a key is missing.

    Examples
    --------
    >>> entries("scores", "weights", {}, ["conv1/w", "conv1/b"], "those of the network")
    Traceback (most recent call last):
    ValueError: scores: weights has no 'conv1/w' and 1 more; use those of the network
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{function}: {name}={value!r} is {kind(value)}; use {meaning}")
    if missing := [key for key in wanted if key not in value]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ValueError(f"{function}: {name} has no {missing[0]!r}{more}; use {meaning}")
    return value


def kind(value):
    """What to call a value of the wrong kind, with its article.

    Examples
    --------
    >>> kind(3), kind(np.float64(3)), kind(np.ones(2))
    ('an int', 'a float64', 'an array of shape (2,)')
    """
    if shape := getattr(value, "shape", ()):
        return f"an array of shape {tuple(shape)}"
    name = str(getattr(value, "dtype", type(value).__name__))
    return f"an {name}" if name[0] in "aeiouAEIOU" and not name.startswith("uint") else f"a {name}"
