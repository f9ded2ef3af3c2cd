"""What all explorers share: the widget, its parameters, its errors, its text and its picture."""

import difflib
import inspect
from functools import partial
from os import PathLike
from pathlib import Path
from types import SimpleNamespace

import anywidget
import numpy as np

from cnnlib.explore.base import embed, schema, source
from cnnlib.explore.base.traits import Pair, Parameter, StateValueError, inside
from cnnlib.values import kind

#: What every explorer raises, which its docstring says without writing it down.
RAISES = "Raises\n------\nTypeError\n    For an unknown keyword, or a parameter of the wrong kind.\n"


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
        return "" if instance is None else source.style(*source.SHARED, *owner.sheets)


class Explorer(anywidget.AnyWidget):
    """A widget with a Python half and a JavaScript half that compute the same.

    A subclass lives in a folder of its own, declares its parameters as traits (`Parameter`), in the order in which
    they are shown, and gives ``result()`` and ``figure()``. Its JavaScript half is ``view.mjs`` in the same folder.
    """

    #: The file with the JavaScript half, the modules that are generated for it, and constants that both halves use: in
    #: its schema.mjs, or in its tables.mjs those that are functions, which compute them.
    module: str
    generated: dict = {}
    constants: dict = {}
    #: Style sheets of its own, which come after those that all share.
    sheets: tuple[str, ...] = ()
    #: What is too large for a page: name (letters, digits, hyphens) to a function that gives the bytes. The JavaScript
    #: half asks for one by its name, of the kernel or of the built site, when a reader does.
    assets: dict = {}
    #: Those of them that a saved file takes along, besides what it shows; None takes all.
    carried: tuple[str, ...] | None = None
    parameters: tuple[str, ...] = ()
    #: Parameters that the text of the widget always leaves out.
    silent: tuple[str, ...] = ()
    _ready = False

    _esm = _Script()
    _css = _Style()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        folder = cls.__module__.rpartition(".")[2]
        declared = tuple(name for name, value in vars(cls).items() if isinstance(value, Parameter))
        if not declared:
            return
        cls.__doc__ = inspect.cleandoc(cls.__doc__ or "").replace("Raises\n------\n", RAISES, 1)
        cls.parameters = declared
        cls.module = vars(cls).get("module", f"{folder}/view.mjs")
        cls.generated = {**cls.generated, f"{folder}/schema.mjs": partial(schema.module, cls)}
        if any(map(callable, cls.constants.values())):
            cls.generated[f"{folder}/tables.mjs"] = partial(schema.tables, cls)

    def __init__(self, *positional, **values):
        if positional:
            called, first = type(self).__name__, self.parameters[0]
            raise TypeError(
                f"{called}: takes no arguments by position, and got {positional[0]!r}; "
                f"name it, as in {called}({first}={positional[0]!r})"
            )
        known = [*self.parameters, "layout"]
        for name in values:
            if name not in known:
                raise TypeError(self._unknown("keyword", name, "takes"))
        own = [name for name in self.parameters if isinstance(self.traits()[name], Parameter)]
        self._register_validator(type(self)._check, own)
        all_values = {**self.implied(values), **values}
        super().__init__(**{name: all_values[name] for name in known if name in all_values})
        try:
            self._check_all()
        except StateValueError:
            self.close()
            raise
        self.observe(self._settle, list(self.parameters))
        if self.assets:
            self.on_msg(self._hand)
        self._ready = True

    def __setattr__(self, name, value):
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(self._unknown("attribute", name, "has"))
        if not self._ready or name not in self.parameters:
            return super().__setattr__(name, value)
        with self.hold_trait_notifications():
            super().__setattr__(name, value)
            for other, needed in self.implied({name: value}).items():
                super().__setattr__(other, needed)

    def _unknown(self, kind, name, verb):
        close = difflib.get_close_matches(name, [*self.parameters, "layout"], n=1, cutoff=0.4)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return f"{type(self).__name__}: unknown {kind} {name!r}; {hint}it {verb} {', '.join(self.parameters)}"

    def implied(self, given: dict) -> dict:
        """Values of other parameters that the ``given`` ones ask for, so that what is given is shown.

        A choice that is given as well stands: values of one's own may wait behind it.
        """
        found = {}
        for name, value in given.items():
            other, needed = getattr(self.traits().get(name), "shows", None) or (None, None)
            if other and value is not None and other not in given:
                found[other] = needed
        return found

    def misfit(self, state) -> str | None:
        """Why these parameters can't stand together, with each value by name and what would work, or None.

        ``state`` has every parameter as an attribute. The JavaScript half has a function of this name and says the
        same.
        """
        return None

    def _check(self, proposal):
        """One new value against the others; what it is made with is checked once all of it is there."""
        name, value = proposal["trait"].name, proposal["value"]
        if self._ready:
            self._check_together({name: value})
            self._check_within(name, value)
        return value

    def _check_all(self):
        self._check_together({})
        for name in self.parameters:
            self._check_within(name, getattr(self, name))

    def _check_together(self, new):
        state = SimpleNamespace(**{name: getattr(self, name) for name in self.parameters} | new)
        missing = (
            f"{choice}='{needed}' needs {name}; give some, or use another {choice}"
            for name, (choice, needed) in self._shows().items()
            if getattr(state, choice) == needed and getattr(state, name) is None
        )
        wrong = next(missing, None) or self.misfit(state)
        if wrong:
            raise StateValueError(f"{type(self).__name__}: {wrong}")

    def _check_within(self, name, value):
        trait = self.traits()[name]
        if not getattr(trait, "within", None) or value is None:
            return
        there, full_name = getattr(self, trait.within), f"{type(self).__name__}: {name}"
        if isinstance(trait, Pair):
            grid, _, shape = trait.within.rpartition("_")  # "map_shape" is that of the map
            inside(full_name, value, there, grid if shape == "shape" and grid else "output")
        elif value >= trait.low + there:
            raise StateValueError(
                f"{full_name}={value} is out of range; use an integer from {trait.low} to {trait.low + there - 1}"
            )

    def _settle(self, change):
        """Move to the last whatever another parameter has left out of range."""
        for name in self.parameters:
            trait, value = self.traits()[name], getattr(self, name)
            if name == change.name or not getattr(trait, "within", None) or value is None:
                continue
            there = getattr(self, trait.within)
            if isinstance(trait, Pair):
                last = tuple(min(at, length - 1) for at, length in zip(value, there, strict=True))
            else:
                last = min(value, trait.low + there - 1)
            if last != value:
                self.set_trait(name, last)

    def _hand(self, _, message, buffers):
        """Send the JavaScript half an asset that it asks for."""
        name = message.get("asset") if isinstance(message, dict) else None
        if not isinstance(name, str):
            return
        if name not in self.assets:
            known = ", ".join(self.assets) or "none"
            self.send({"asset": name, "error": f"{type(self).__name__}: asset={name!r} is unknown; it has {known}"})
            return
        try:
            found = self.assets[name]()
        except Exception as error:  # whatever it is: without an answer the page would wait for ever
            self.send({"asset": name, "error": f"{type(error).__name__}: {error}"})
            raise
        self.send({"asset": name}, buffers=[found])

    def needs(self) -> set[str]:
        """The assets of what is shown, which a saved file takes along."""
        return set()

    def result(self) -> str:
        """What the explorer shows, in one line with numbers."""
        raise NotImplementedError

    def figure(self):
        """The present state as a matplotlib figure, for where nothing is live; None where text will do."""
        raise NotImplementedError

    def save(self, path) -> None:
        """Write the explorer in its present state as one file that needs nothing else.

        Parameters
        ----------
        path : str or Path
            A name that ends in ``.html``, for a page to open or to put into a frame, or in ``.mjs`` or ``.js``, for a
            module ``export default {render}`` that hosts of anywidgets load, such as newer Jupyter Books.

        Raises
        ------
        TypeError, ValueError
            For what is no name, and for a name with another ending.
        """
        if not isinstance(path, str | PathLike):
            raise TypeError(f"{type(self).__name__}.save: path={path!r} is {kind(path)}; use a string or a Path")
        path = Path(path)
        if path.suffix not in (".html", ".mjs", ".js"):
            raise ValueError(
                f"{type(self).__name__}.save: path={str(path)!r} ends in {path.suffix or 'nothing'!r}; "
                "use .html for a page, .mjs for a module"
            )
        text = embed.page(self) if path.suffix == ".html" else embed.module(self)
        path.write_text(text, encoding="utf-8")

    def shapes(self, given: dict) -> dict[str, tuple[int, int]]:
        """Rows and columns of the ``given`` matrices that are shown; of one that can't be, none."""
        found = {}
        for name, (choice, needed) in self._shows().items():
            trait, value = self.traits()[name], given.get(name)
            if trait.kind == "matrix" and value is not None and given.get(choice, needed) == needed:
                shape = trait.shape(value)
                found |= {name: shape} if shape else {}
        return found

    def _shows(self) -> dict[str, tuple[str, str]]:
        """Parameter to the choice and the value of it under which it is shown."""
        traits = self.traits()
        return {name: shows for name in self.parameters if (shows := getattr(traits[name], "shows", None))}

    def hidden(self) -> set[str]:
        """Parameters that have no effect at present, which the text of the widget leaves out."""
        return {name for name, (choice, needed) in self._shows().items() if getattr(self, choice) != needed}

    def shown(self, name: str) -> str:
        """How a parameter stands in the text of the widget; arrays by their shape and sum."""
        value, trait = getattr(self, name), self.traits()[name]
        if value is None or trait.kind not in ("matrix", "image"):
            return repr(value)
        array = np.asarray(value, float)
        return f"<{array.shape[0]} x {array.shape[1]}, sum {array.sum():.5g}>"

    def __repr__(self) -> str:
        left_out = self.hidden() | set(self.silent)
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters if name not in left_out)
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
