"""The explorers that the contract is tried on: each that there is, in each state that its `check.py` names.

An explorer's `check.py` gives STATES, the keywords of those in which it is tried, and `check(explorer, seen)`, which
holds what the page shows to what the Python half computes in the same state.
"""

import pytest

from tests.conftest import LONG
from tests.explore.contract.page import classes, folder, own_check

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
