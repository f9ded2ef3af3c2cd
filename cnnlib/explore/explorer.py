"""What all explorers share: the widget, its errors, its text and its picture."""

import difflib

import anywidget

from cnnlib.explore import source


class _Script:
    """The JavaScript of an instance's class, put together when the first instance asks for it."""

    def __get__(self, instance, owner):
        if instance is None:
            return ""
        if "_script" not in owner.__dict__:
            owner._script = source.joined(owner.module, owner.generated)
        return owner._script


class _Style:
    def __get__(self, instance, owner):
        return "" if instance is None else source.style()


class Explorer(anywidget.AnyWidget):
    """A widget with a Python half and a JavaScript half that compute the same.

    A subclass names its ``module`` (the file with the JavaScript half), its ``parameters`` (the traits that make up
    its state, in the order in which they are shown), and gives ``result()`` and ``figure()``.
    """

    module: str
    parameters: tuple[str, ...]
    generated: dict = {}
    #: Parameters that, set from Python, bring others along, so that what is given is shown: see ``brought``.
    bringing: tuple[str, ...] = ()
    _made = False

    _esm = _Script()
    _css = _Style()

    def __init__(self, **values):
        known = [*self.parameters, "layout"]
        for name in values:
            if name not in known:
                raise TypeError(self._unknown("keyword", name, "takes"))
        super().__init__(**values)
        self._made = True

    def __setattr__(self, name, value):
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(self._unknown("attribute", name, "has"))
        if name not in self.bringing or value is None or not self._made:
            return super().__setattr__(name, value)
        with self.hold_trait_notifications():
            super().__setattr__(name, value)
            for other, needed in self.brought(name).items():
                super().__setattr__(other, needed)

    def _unknown(self, kind, name, verb):
        close = difflib.get_close_matches(name, [*self.parameters, "layout"], n=1, cutoff=0.4)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return f"{type(self).__name__}: unknown {kind} {name!r}; {hint}it {verb} {', '.join(self.parameters)}"

    def brought(self, name: str) -> dict:
        """The other parameters' values that the new value of ``name`` asks for."""
        raise NotImplementedError

    def result(self) -> str:
        """What the explorer shows, in one line with numbers."""
        raise NotImplementedError

    def figure(self):
        """The present state as a matplotlib figure, for where nothing is live; None where text will do."""
        raise NotImplementedError

    def shown(self, name: str) -> str:
        """How a parameter stands in the text of the widget."""
        return repr(getattr(self, name))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters)
        return f"{type(self).__name__}({values})\n{self.result()}"

    def _repr_mimebundle_(self, **kwargs):
        from cnnlib.plots import described

        data = super()._repr_mimebundle_(**kwargs)
        data, metadata = data if isinstance(data, tuple) else (data, {})
        data = {**data, "text/plain": repr(self)}
        figure = self.figure()
        if figure is None:
            return data, metadata
        picture, size = described(figure, self.result())._repr_mimebundle_()
        return {**picture, **data}, {**metadata, **size}
