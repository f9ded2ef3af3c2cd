"""The check that all tables with variants share."""


def choose(function, variant, *known):
    """Refuse a `variant` that the table does not have."""
    names = ", ".join(map(repr, known))
    if not isinstance(variant, str):
        raise TypeError(f"{function}: variant={variant!r} is a {type(variant).__name__}; use {names}")
    if variant not in known:
        raise ValueError(f"{function}: variant={variant!r} is not known; use {names}")
