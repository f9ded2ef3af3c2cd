"""Widget state in a stored chapter: the parameters of its explorers, under ids that stay.

A run gives every widget model a random id and stores each explorer's whole source. The normal form
numbers the models in the order in which the chapter shows them, drops those that nothing shows, and
keeps no source: the site takes that from cnnlib when it is built. It keeps no default of ipywidgets' own either, and
writes whole numbers as such, because that is how JupyterLab saves a state and so a save changes nothing.
"""

import functools
import re

import nbformat
from ipywidgets.widgets.widget import _registry as registry

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
REFERENCE = "IPY_MODEL_"
OWN = "@jupyter-widgets/"  # the modules of ipywidgets
OF_EVERY_WIDGET = {"_dom_classes": [], "_view_count": None, "tabbable": None, "tooltip": None}
EXACT = 2**53  # whole numbers up to here are the same as floats
LINKS = ("LinkModel", "DirectionalLinkModel")

STUB = 'export default { render({ el }) { el.textContent = "Run this cell to start the explorer."; } };\n'


class StateLost(ValueError):
    """An explorer is shown whose state is not stored, so that nothing could bring it to life on the site."""


def lost(notebook) -> list[int]:
    """Numbers of the cells, counted from 1, that show a widget of which the notebook holds no state.

    JupyterLab leaves them behind when it runs a chapter and saves it without the state of its widgets.
    """
    stored = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    cells = enumerate(notebook.cells, 1)
    return [number for number, cell in cells if any(view["model_id"] not in stored for view in _views(cell))]


def normalise(notebook) -> None:
    """Bring the widget state and every view of it to the normal form, in place; without a view's state StateLost."""
    if cells := lost(notebook):
        raise StateLost(
            f"normalise: the state of what cells {', '.join(map(str, cells))} show is not stored, and the normal form "
            "cannot invent it; execute the chapter"
        )
    views = [view for cell in notebook.cells for view in _views(cell)]
    stored = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    order = reachable(stored, [view["model_id"] for view in views])
    names = {old: f"{number:032x}" for number, old in enumerate(order, 1)}
    for view in views:
        view["model_id"] = names.get(view["model_id"], view["model_id"])
    if not names:
        return
    models = {names[old]: _model(stored[old], names) for old in order}
    notebook.metadata.widgets = nbformat.from_dict({STATE: {"state": models, "version_major": 2, "version_minor": 0}})


def _views(cell):
    """References to the widgets that a cell shows."""
    outputs = cell.get("outputs", ()) if cell.cell_type == "code" else ()
    return [output["data"][VIEW] for output in outputs if VIEW in output.get("data", {})]


def reachable(models, roots) -> list[str]:
    """Ids of the models that the roots lead to, in order; then the links between two of those."""
    order = []

    def visit(name):
        if name in models and name not in order:
            order.append(name)
            for reference in references(models[name]["state"]):
                visit(reference)

    for root in roots:
        visit(root)
    links = []
    for name, model in models.items():
        if model.get("model_name") in LINKS and name not in order:
            ends = list(references([model["state"]["source"], model["state"]["target"]]))
            if len(ends) == 2 and all(end in order for end in ends):
                traits = (model["state"]["source"][1], model["state"]["target"][1])
                links.append(([order.index(end) for end in ends], traits, name))
    for *_, name in sorted(links):
        visit(name)
    return order


def references(value):
    """Ids of the models that a state refers to, in the order of its sorted keys."""
    if isinstance(value, str):
        if value.startswith(REFERENCE):
            yield value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from references(value[key])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from references(item)


def _model(model, names):
    model = _renamed(model, names)
    state, known = model["state"], defaults(model["model_module"], model["model_name"])
    model["state"] = state = {key: value for key, value in state.items() if key not in known or value != known[key]}
    if "_esm" in state:
        state["_esm"] = STUB
        if "_css" in state:
            state["_css"] = ""
    return model


@functools.cache
def defaults(module: str, name: str) -> dict:
    """The values that a model of ipywidgets has without being told; of any other, those that every widget has."""
    kinds = [kind for key, kind in registry.items() if key[0] == module and key[2] == name]
    if not module.startswith(OWN) or len(kinds) != 1:
        return OF_EVERY_WIDGET
    found = {key: trait.default() for key, trait in kinds[0].class_traits(sync=True).items()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def _renamed(value, names):
    if isinstance(value, str):
        match = re.fullmatch(f"{REFERENCE}(.+)", value)
        return REFERENCE + names.get(match[1], match[1]) if match else value
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(item, names) for item in value]
    return value
