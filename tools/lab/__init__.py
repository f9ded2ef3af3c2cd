"""JupyterLab as `make lab` starts it: what it saves of a chapter is in the normal form, with its explorers.

JupyterLab by itself writes a chapter with new ids and without the state of its explorers, which are then dead on the
site. Two things are different here: its setting "Save Jupyter widget state" is on (`settings/overrides.json`), and its
server brings what it is about to write to the normal form.
"""

import copy
from pathlib import PurePosixPath

import nbformat

from ..chapters import start, widgets
from ..chapters.normal import normalise


def save_in_normal_form(model: dict, path: str, contents_manager) -> None:
    """Bring a chapter that is to be saved to its normal form, in place; any other file stays as it is.

    So does a chapter that shows explorers of which nothing is stored, as after its kernel was restarted. The build
    says what to do about it.
    """
    if model.get("type") != "notebook" or PurePosixPath(path).parent.name != "chapters" or not model.get("content"):
        return
    notebook = nbformat.from_dict(copy.deepcopy(model["content"]))
    trusted = {cell.source.strip("\n"): cell.metadata.get("trusted") for cell in notebook.cells}
    start.insert(notebook)
    try:
        saved = normalise(notebook)
    except widgets.StateLost as error:
        contents_manager.log.warning("%s is saved as it is: %s", path, error)
        return
    for cell in saved.cells:
        if trusted.get(cell.source):
            cell.metadata.trusted = True  # which the server reads and does not store
    model["content"] = saved


def _jupyter_server_extension_points():
    return [{"module": "tools.lab"}]


def _load_jupyter_server_extension(server):
    server.contents_manager.register_pre_save_hook(save_in_normal_form)
