"""The explorers that the contract is tried on: each that there is, in each state that its `check.py` names.

An explorer's `check.py` gives STATES, the keywords of those in which it is tried, and `check(explorer, seen)`, which
holds what the page shows to what the Python half computes in the same state; `own_check` says what else it may give.
"""

import json
import re

import pytest

from tests.conftest import LONG
from tests.explore.contract.page import as_python, classes, folder, own_check

CHECKED = [kind for kind in classes() if own_check(kind)]
EVERY = pytest.mark.parametrize("kind", CHECKED, ids=folder)
STARTS = [(kind, index) for kind in CHECKED for index in range(len(own_check(kind).STATES))]
#: In the form that is not long, what costs most is done in full for the first state and by half for the others.
FULL, HALF = ((400, 300), (400, 300)) if LONG else ((12, 60), (6, 30))
START = pytest.mark.parametrize(("kind", "index"), STARTS, ids=[f"{folder(kind)}-{index}" for kind, index in STARTS])


def most(index):
    """How many values of a slider are tried from a state, and how many steps a walk from it has."""
    return HALF if index else FULL


def made(kind, index=0):
    return kind(**own_check(kind).STATES[index])


def compared(explorer, seen):
    """Hold a list of what was seen to the Python half: texts, pictures, and which controls rest.

    What looks the same in every respect, as after a Reset, is held once.
    """
    own = own_check(type(explorer))
    different = {json.dumps({**one, "moved": None, "to": None}): one for one in reversed(seen)}
    for one in different.values():
        assert one["trouble"] is None, (one["moved"], one["to"], one["trouble"])
        assert one["status"], one["moved"]
        assert not re.search(r"\d\s%", one["status"] + one["formula"]), "5%, not 5 %"
        python = as_python(explorer, one["parameters"])
        own.check(python, one)
        without_effect = python.hidden() - getattr(own, "ACTIVE", set())
        assert set(one["resting"]) <= without_effect <= set(python.parameters) - set(one["moving"]), one["parameters"]
