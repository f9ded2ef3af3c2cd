"""The check that all tables with variants share."""


def choose(function, variant, *known):
    """Refuse a `variant` that the table does not have."""
    if variant not in known:
        names = ", ".join(map(repr, known))
        raise ValueError(f"{function}: variant={variant!r} is not known; use {names}")
