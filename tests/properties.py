"""How many random cases a property is tried on: 300, and in the long form (`LONG=1`) 2,200 new ones."""

from hypothesis import settings


def share(part: float) -> settings:
    """Settings for so large a part of the profile's number of cases, where a case is slow or is shared."""
    return settings(max_examples=max(1, round(part * settings.default.max_examples)), deadline=None)
