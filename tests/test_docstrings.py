"""Every public function of every module is documented: what it does, an example that runs, and what it refuses."""

import inspect
import re
from importlib import import_module

import pytest

import cnnlib

pytestmark = pytest.mark.filterwarnings("ignore:Widget.* is deprecated:DeprecationWarning")

#: How a docstring says what is refused: in a section, or by naming the function that refuses the same.
REFUSALS = r"Raises\n-+\n|[Ee]rrors.* (those of|as for) `|Takes and returns what `"
FUNCTIONS = [
    f"{module}.{name}"
    for module in cnnlib._MODULES
    for name in import_module(f"cnnlib.{module}").__all__
    if callable(getattr(import_module(f"cnnlib.{module}"), name))
]
#: A checker of an exercise says what is wrong in its verdict and raises nothing; an example of one would give the
#: answer away. `tests/exercises` runs each with the right answer and with the usual wrong ones.
VERDICTS = {name for name in FUNCTIONS if name.startswith("exercises.")}
#: Draw what they are given; `cnnlib.geometry` and matplotlib refuse the rest.
DRAWN = {"drawings.chain", "drawings.windows"}


def test_there_are_functions():
    assert len(FUNCTIONS) > 250 and 20 < len(VERDICTS) < 40


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_whole(name):
    module, _, public = name.partition(".")
    thing = getattr(import_module(f"cnnlib.{module}"), public)
    text = inspect.getdoc(thing)
    assert text and "." in text.partition("\n\n")[0], f"{name}: {text}"
    if inspect.isclass(thing) or name in VERDICTS:
        return
    assert ">>> " in text, f"{name} has no example"
    if inspect.signature(thing).parameters and name not in DRAWN:
        assert re.search(REFUSALS, text), f"{name} does not say what it refuses"
