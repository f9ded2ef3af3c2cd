"""The small package that every chapter of the book runs.

``import cnnlib`` itself loads nothing but this file. A module is loaded when it is
first named, ``cnnlib.geometry`` or ``from cnnlib import geometry``, so that a
chapter pays only for what it uses: torch comes with `cnnlib.layers`, matplotlib
with `cnnlib.plots`, the widgets with `cnnlib.explore`, and with nothing else.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"

#: A star import brings no module along, or it would bring torch.
__all__ = ["__version__"]

#: Lightest first: integers, NumPy, then what needs a library.
_MODULES = (
    "geometry",
    "networks",
    "ops",
    "transforms",
    "equivariance",
    "matrices",
    "kernels",
    "quantisation",
    "registration",
    "retina",
    "exercises",
    "exam",
    "data",
    "filters",
    "mosaics",
    "scenes",
    "sheep",
    "spectrum",
    "squeezenet",
    "squeezenet_gradient",
    "tables",
    "boxes",
    "conventions",
    "plots",
    "drawings",
    "layers",
    "explore",
)


def __getattr__(name):
    """Load a module of the package when it is first asked for."""
    if name in _MODULES:
        return _import_module(f"{__name__}.{name}")
    known = ", ".join(_MODULES)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {known}")


def __dir__():
    return sorted([*globals(), *_MODULES])
