"""Calls that do not fit a signature, refused in the package's words and with the right spelling.

Python says "takes from 2 to 3 positional arguments but 4 were given", and stops there. Who comes
from torch, and writes ``conv2d(x, weight=w)`` or ``conv2d(x, w, b, 2)``, needs the way out too.
"""

from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, signature
from types import FunctionType

__all__ = ["public"]

#: What other libraries call an argument, and the names that it may have here.
_ELSEWHERE = {
    "b": ("bias",),
    "bias": ("b",),
    "dilation_rate": ("dilation",),
    "filters": ("w",),
    "grad_output": ("dy",),
    "image": ("x",),
    "input": ("x",),
    "kernel": ("w", "kernel_size"),
    "logits": ("x",),
    "pad": ("padding",),
    "running_mean": ("mean",),
    "running_var": ("var",),
    "strides": ("stride",),
    "w": ("weight",),
    "weight": ("w", "kernel"),
}


def public(function):
    """Let a function or a constructor say how to call it when a call does not fit.

    Parameters
    ----------
    function : callable
        A function, or the ``__init__`` of a class.

    Returns
    -------
    callable
        The same; a call that does not fit its signature raises a TypeError that names what
        does not fit and writes the call out. Any other error passes through.

    Examples
    --------
    >>> @public
    ... def double(x, *, times=1):
    ...     return 2**times * x
    >>> double(3, times=2)
    12
    >>> double(3, 2)
    Traceback (most recent call last):
    TypeError: double: takes 1 argument by position (x), and got 2; name the options: double(x, times=2)
    >>> double(input=3)
    Traceback (most recent call last):
    TypeError: double: got an unexpected keyword argument 'input', which is x here; use double(x, *, times=1)
    """

    misfit = _misfit

    def door(*arguments, **options):
        try:
            return function(*arguments, **options)
        except TypeError:
            message = misfit(function, arguments, options)
            if message is None:
                raise
        raise TypeError(message)

    # at home where the function is, or doctest would pass its examples over
    door = FunctionType(door.__code__, function.__globals__, function.__name__, None, door.__closure__)
    return wraps(function)(door)


def _misfit(function, arguments, options):
    """What is wrong with the call, and how to write it; None if the call fits."""
    name, form = function.__qualname__.split(".<locals>.")[-1], signature(function)
    if name.endswith(".__init__"):
        name, (_, *parameters), (_, *arguments) = name[:-9], form.parameters.values(), arguments
        form = form.replace(parameters=parameters)
    parameters, usage = form.parameters, f"{name}{form}"
    placed = [p.name for p in parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
    for option in options:
        if option not in parameters:
            here = _here(option, parameters)
            return f"{name}: got an unexpected keyword argument {option!r}{here}; use {usage}"
    if len(arguments) > len(placed):
        count = f"{len(placed)} argument{'s' * (len(placed) != 1)} by position ({', '.join(placed)})"
        named = [p for p in parameters if p not in placed and p not in options]
        more = [_written(*both) for both in zip(named, arguments[len(placed) :], strict=False)]
        way = f"name the options: {name}({', '.join(placed + more)})" if more else f"use {usage}"
        return f"{name}: takes {count}, and got {len(arguments)}; {way}"
    for given in placed[: len(arguments)]:
        if given in options:
            return f"{name}: got {given} twice, by position and by name; use {usage}"
    for parameter in parameters.values():
        if parameter.default is Parameter.empty and parameter.name not in (*placed[: len(arguments)], *options):
            return f"{name}: {parameter.name} is missing; use {usage}"
    return None


def _here(option, parameters):
    """What an unknown option is called here, if that can be told."""
    for known in _ELSEWHERE.get(option, ()):
        if known in parameters:
            return f", which is {known} here"
    close = get_close_matches(option, parameters, 1)
    return f" (perhaps {close[0]})" if close else ""


def _written(name, value):
    """``name=value``, where the value is short enough to be written."""
    short = isinstance(value, (bool, int, float, str, tuple, type(None))) and len(repr(value)) < 30
    return f"{name}={value!r}" if short else f"{name}=..."
