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
    """The text of an explorer's ``schema.mjs``: its schema, and every constant that both halves use."""
    lines = ["/** Generated from the traits and constants of the Python half. */"]
    for name, value in {"SCHEMA": schema(explorer), **explorer.constants}.items():
        value = value() if callable(value) else value
        lines.append(f"export const {name} = {json.dumps(value, ensure_ascii=False)};")
    return "\n".join(lines) + "\n"
