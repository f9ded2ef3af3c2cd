"""What the JavaScript half must know of an explorer, written from its traits and constants."""

import json
import sys
from functools import reduce


def schema(explorer: type) -> dict:
    """Parameter name to its description: kind, default, whether None is allowed, range, choices.

    >>> from cnnlib.explore import ConvArithmetic
    >>> schema(ConvArithmetic)["stride"]
    {'kind': 'whole', 'default': 1, 'none': False, 'low': 1, 'high': 6}
    """
    traits = explorer.class_traits()
    return {name: traits[name].describe() for name in explorer.parameters}


def module(explorer: type) -> str:
    """The text of an explorer's ``schema.mjs``: its schema, and the constants that both halves use."""
    here = sys.modules[explorer.__module__]
    constants = {name.rpartition(".")[2]: reduce(getattr, name.split("."), here) for name in explorer.constants}
    return _written({"SCHEMA": schema(explorer), **constants})


def tables(explorer: type) -> str:
    """The text of an explorer's ``tables.mjs``: what is computed for both halves, data which may be long."""
    return _written({name: function() for name, function in explorer.computed.items()})


def _written(constants: dict) -> str:
    lines = ["/** Generated from the traits and constants of the Python half. */"]
    lines += [f"export const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()]
    return "\n".join(lines) + "\n"
