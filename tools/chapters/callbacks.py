"""Move every control of a finished chapter once, inside its kernel, and report what raises.

An exception in a widget's callback is shown to nobody: the kernel logs it, an Output widget keeps it,
a button prints it, and the stored notebook looks fine. Here each live widget gets new values the way a
browser sends them, and each exception is caught where it comes out.
"""

import json
import sys

# Exceptions by which a widget refuses a value. They are fine from cnnlib, not from a chapter's cell.
REFUSALS = ("TraitError", "ValueError")


def main() -> None:
    """Print the problems as one line of JSON."""
    print(json.dumps(drive()))


def drive() -> list[str]:
    """One sentence for each widget and value whose callbacks raised."""
    if "ipywidgets" not in sys.modules:
        return []
    from ipywidgets.widgets import widget

    problems = []
    with _Caught() as caught:
        for control in list(widget._instances.values()):
            for state in states(control):
                _send(control, state, caught)
                problems += [_sentence(control, state, error) for error in caught.take()]
    return list(dict.fromkeys(problems))


def states(control) -> list[dict]:
    """States that a browser could send for this widget: its ends, its options, its neighbours."""
    found = []
    names = control.trait_names(sync=True)
    if {"value", "min", "max"} <= set(names):
        found += [{"value": control.min}, {"value": control.max}]
    if hasattr(control, "options") and "index" in names:
        found += [{"index": index} for index in range(len(control.options))]
    if hasattr(control, "click"):
        found += [{}]
    if hasattr(control, "_esm"):
        for name in names:
            if not name.startswith("_"):
                found += [{name: value} for value in _neighbours(control, name)]
    elif isinstance(getattr(control, "value", None), bool):
        found += [{"value": not control.value}]
    return found


def _neighbours(control, name):
    """Values near the present one, by its kind; for an optional one that is not set, the plainest."""
    value, trait = getattr(control, name), control.traits()[name]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if isinstance(value, str):
        names = getattr(trait, "names", None) or getattr(trait, "values", None) or ()
        return [other for other in names if other != value]
    if value is None and hasattr(trait, "plain"):
        return [trait.plain]
    if value is None:
        return [_plain(trait)] if hasattr(trait, "most") or hasattr(trait, "low") else []
    if hasattr(value, "dtype"):
        return [_buffer(value + 1)]
    if isinstance(value, list | tuple) and value:
        if all(isinstance(item, int) for item in value):
            indices = range(len(value))
            return [[n + step * (i == index) for i, n in enumerate(value)] for index in indices for step in (1, -1)]
        if hasattr(trait, "most"):
            return [[[number + 1 for number in row] for row in value]]
        return [list(value[:-1]), [*value, value[-1]]]
    return []


def _plain(trait):
    """The least pair, or zeros as large as the trait allows."""
    if not hasattr(trait, "most"):
        return [trait.low, trait.low]
    zeros = [[0.0] * trait.most for _ in range(trait.most)]
    if "from_json" not in trait.metadata:
        return zeros
    import numpy as np

    return _buffer(np.array(zeros))


def _buffer(array):
    """An array as a browser sends it."""
    return {"shape": list(array.shape), "data": memoryview(array.astype("float32").tobytes())}


def _send(control, state, caught):
    before = control.get_state(list(state))
    try:
        if state:
            control.set_state(state)
            control.set_state(before)
        else:
            control.click()
    except Exception as error:
        caught.add(error)


def _sentence(control, state, error):
    what = f"set to {_short(state)}" if state else "clicked"
    return f"a callback of {type(control).__name__} raises when it is {what}: {error}"


def _short(state):
    text = str(state)
    return text if len(text) < 100 else f"{text[:99]}…"


class _Caught:
    """Exceptions, also those that a widget hands to the shell to print."""

    def __enter__(self):
        from IPython import get_ipython

        self.errors, self.shell = [], get_ipython()
        self.show = self.shell.showtraceback
        self.shell.showtraceback = self._shown
        return self

    def __exit__(self, *exc_info):
        self.shell.showtraceback = self.show

    def _shown(self, exc_tuple=None, *args, **kwargs):
        self.add((exc_tuple or sys.exc_info())[1])

    def add(self, error):
        frames, cursor = [], error.__traceback__
        while cursor:
            frames.append(cursor.tb_frame.f_globals.get("__name__"))
            cursor = cursor.tb_next
        refused = not {base.__name__ for base in type(error).__mro__}.isdisjoint(REFUSALS)
        if not refused or "__main__" in frames:
            self.errors.append(f"{type(error).__name__}: {error}")

    def take(self):
        errors, self.errors = self.errors, []
        return errors
