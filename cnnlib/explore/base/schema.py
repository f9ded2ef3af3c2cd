"""What the JavaScript half must know of an explorer, written from its traits and constants."""

import json


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
    constants = {name: value for name, value in explorer.constants.items() if not callable(value)}
    return _written({"SCHEMA": schema(explorer), **constants})


def tables(explorer: type) -> str:
    """The text of an explorer's ``tables.mjs``: the constants that are computed, which are data and may be long."""
    return _written({name: value() for name, value in explorer.constants.items() if callable(value)})


def _written(constants: dict) -> str:
    lines = ["/** Generated from the traits and constants of the Python half. */"]
    lines += [f"export const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()]
    return "\n".join(lines) + "\n"
