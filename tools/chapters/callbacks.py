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
    value, trait = getattr(control, name), control.traits()[name]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, str):
        return [other for other in getattr(trait, "values", None) or () if other != value]
    return []


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
    what = f"set to {state}" if state else "clicked"
    return f"a callback of {type(control).__name__} raises when it is {what}: {error}"


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
