"""Arguments, brought into one form at the public door.

Every public function of the package accepts an option as one integer or as a
``(height, width)`` pair, and padding also as ``(top, bottom, left, right)``.
The functions here turn what the caller wrote into plain tuples of Python
integers, or raise the sentence that says what is wrong and what would work.
They refuse what Python would let pass in silence: ``True`` (which counts as 1),
``1.0`` (which would make every size a float), and strings.

The usual arguments, an ``int`` or a tuple of ``int``, take the short way through
each function; it costs a fraction of a microsecond.
"""

import operator

from .values import kind

__all__ = ["flag", "integer", "integers", "padding4", "pair"]


def integer(function, name, value, minimum=0):
    """Return `value` as a Python int.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    name : str
        Name of the argument, for the message.
    value : int or numpy integer
        What the caller passed.
    minimum : int or None
        The smallest value that is allowed; None allows every integer.

    Returns
    -------
    int
        The same value.

    Raises
    ------
    TypeError
        If `value` is no integer: a bool, a float, a string, a list.
    ValueError
        If `value` is below `minimum`.

    Examples
    --------
    >>> integer("conv2d", "groups", 4, minimum=1)
    4
    >>> integer("conv2d", "groups", True, minimum=1)
    Traceback (most recent call last):
    TypeError: conv2d: groups=True is a bool; use an integer >= 1
    """
    if type(value) is int and (minimum is None or value >= minimum):
        return value
    return _integer(function, name, value, value, minimum, "an integer{}")


def integers(function, name, value, minimum=0):
    """Return a tuple of Python ints, of any length; one integer stands for a tuple of one.

    Parameters and errors are those of `integer`.

    Examples
    --------
    >>> integers("matrix_of", "shape", 4, 1), integers("matrix_of", "shape", [2, 3], 1)
    ((4,), (2, 3))
    >>> integers("matrix_of", "shape", (2, -3), 1)
    Traceback (most recent call last):
    ValueError: matrix_of: shape=(2, -3) holds -3; use an integer >= 1 or a tuple of them
    """
    wanted = "an integer{} or a tuple of them"
    if not isinstance(value, tuple | list):
        return (_integer(function, name, value, value, minimum, wanted),)
    return tuple(_integer(function, name, value, entry, minimum, wanted) for entry in value)


def flag(function, name, value):
    """Return `value` as a Python bool.

    Parameters
    ----------
    function, name : str
        As in `integer`.
    value : bool or numpy bool
        What the caller passed.

    Returns
    -------
    bool
        The same value.

    Raises
    ------
    TypeError
        If `value` is anything else. Python would count "no" as True, and None as False.

    Examples
    --------
    >>> flag("max_pool2d", "ceil_mode", "no")
    Traceback (most recent call last):
    TypeError: max_pool2d: ceil_mode='no' is a str; use True or False
    """
    if value is True or value is False:
        return value
    if _is_bool(value):
        return bool(value)
    raise TypeError(f"{function}: {name}={value!r} is {kind(value)}; use True or False")


def pair(function, name, value, minimum=0, meaning="(height, width)"):
    """Return `value` as ``(height, width)``, one integer standing for both.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    name : str
        Name of the argument, for the message.
    value : int, numpy integer, or a tuple or list of two
        What the caller passed.
    minimum : int or None
        The smallest value that is allowed; None allows every integer.
    meaning : str
        What the two are, for the message.

    Returns
    -------
    tuple of int
        ``(height, width)``.

    Raises
    ------
    TypeError
        If an entry is no integer.
    ValueError
        If there are not one or two entries, or one is below `minimum`.

    Examples
    --------
    >>> pair("conv2d", "stride", 2, minimum=1)
    (2, 2)
    >>> pair("conv2d", "stride", (2, 0), minimum=1)
    Traceback (most recent call last):
    ValueError: conv2d: stride=(2, 0) holds 0; use an integer >= 1 or a pair (height, width)
    """
    if type(value) is int:
        if minimum is None or value >= minimum:
            return value, value
    elif type(value) is tuple and len(value) == 2:
        height, width = value
        whole = type(height) is int and type(width) is int
        if whole and (minimum is None or (height >= minimum and width >= minimum)):
            return value
    return _tuple(function, name, value, minimum, (2,), f"an integer{{}} or a pair {meaning}")


def padding4(function, value, name="padding"):
    """Return a padding as ``(top, bottom, left, right)``, counted per side.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    value : int, a pair, or four integers
        ``p`` pads every side by `p` pixels; ``(p, q)`` pads top and bottom by
        `p`, left and right by `q`; ``(top, bottom, left, right)`` says all four.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    tuple of int
        ``(top, bottom, left, right)``, each >= 0.

    Raises
    ------
    TypeError
        If an entry is no integer.
    ValueError
        If there are not one, two or four entries, or one is negative.

    Examples
    --------
    >>> padding4("conv2d", (1, 2))
    (1, 1, 2, 2)
    >>> padding4("conv2d", -1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: conv2d: padding=-1 is below 0; use an integer >= 0, a pair (height, width) or ...
    """
    if type(value) is int and value >= 0:
        return value, value, value, value
    wanted = "an integer{}, a pair (height, width) or (top, bottom, left, right)"
    if isinstance(value, str) and value == "same":
        wanted += ", which geometry.same_padding gives"
    sides = _tuple(function, name, value, 0, (2, 4), wanted)
    if len(sides) == 2:
        height, width = sides
        return height, height, width, width
    return sides


def _tuple(function, name, value, minimum, lengths, wanted):
    """The long way: an integer of any kind, or a tuple or list of them."""
    if not isinstance(value, (tuple, list)):
        return (_integer(function, name, value, value, minimum, wanted),) * 2
    if len(value) not in lengths:
        entries = "1 entry" if len(value) == 1 else f"{len(value)} entries"
        wanted = _range(wanted, minimum)
        raise ValueError(f"{function}: {name}={value!r} has {entries}; use {wanted}")
    return tuple(_integer(function, name, value, entry, minimum, wanted) for entry in value)


def _integer(function, name, value, entry, minimum, wanted):
    """Check one `entry` of the `value` that the caller wrote."""
    verb = "is" if entry is value else "holds"
    try:
        if _is_bool(entry):
            raise TypeError
        number = operator.index(entry)
    except TypeError:
        raise TypeError(f"{function}: {name}={value!r} {verb} {kind(entry)}; use {_range(wanted, minimum)}") from None
    if minimum is not None and number < minimum:
        what = f"is below {minimum}" if entry is value else f"holds {number}"
        raise ValueError(f"{function}: {name}={value!r} {what}; use {_range(wanted, minimum)}")
    return number


def _is_bool(value):
    """A bool of Python, NumPy or torch; no array of them."""
    return "bool" in str(getattr(value, "dtype", type(value).__name__)) and not getattr(value, "shape", ())


def _range(wanted, minimum):
    return wanted.format("" if minimum is None else f" >= {minimum}")
