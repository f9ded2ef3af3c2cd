"""What a cell finds around it in the page: no torch, data that come when they are opened, widgets that talk to it."""

import gzip
import json
import re
import sys
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from pathlib import Path

import comm
from comm.base_comm import BaseComm

NO_TORCH = (
    "torch does not run in a browser. To run this cell, open the chapter in JupyterLab from the book's folder: make lab"
)


def adopt_fonts():
    """Let Matplotlib take the list of fonts that its wheel brings; to make its own takes the page some seconds.

    Pyodide's wheel of Matplotlib 3.8 holds the list under a version that this Matplotlib's reader does not take.
    """
    folder = Path(find_spec("matplotlib").origin).parent
    wanted = re.search(r"__version__ = (\d+)", (folder / "font_manager.py").read_text(encoding="utf-8"))[1]
    fonts = folder / "fontlist.json"
    text = fonts.read_text(encoding="utf-8")
    fonts.write_text(re.sub(r'"_version": \d+', f'"_version": {wanted}', text, count=1), encoding="utf-8")


class NeedsFile(BaseException):
    """A data file that the page must hand in first; the cell is then run again."""


class NoTorch(MetaPathFinder):
    """`import torch` gets a sentence that helps."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(NO_TORCH, name=name)
        return None


class Data:
    """The data folder: an empty file for each that the site has, which is filled when it is first opened.

    ``fetch`` gives the content of a file at once, or None where only the page can bring it.
    """

    def __init__(self, folder, names, fetch):
        self.folder, self.fetch = Path(folder), fetch
        self.missing = {str(self.folder / name): name for name in names}
        for path in map(Path, self.missing):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        sys.addaudithook(self._opened)

    def put(self, name, content):
        """Store a file as the site has it, which is gzipped where that makes it smaller."""
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        self.missing.pop(str(self.folder / name), None)
        (self.folder / name).write_bytes(content)

    def _opened(self, event, arguments):
        if event != "open" or not self.missing or not isinstance(arguments[0], str | Path):
            return
        name = self.missing.get(str(arguments[0]))
        if name is None:
            return
        content = self.fetch(name)
        if content is None:
            raise NeedsFile(name)
        self.put(name, content)


def connect_widgets(send):
    """Let each widget tell the page what it is and how it changes."""

    class PageComm(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            if self.target_name != "jupyter.widget" or (data or {}).get("method") == "echo_update":
                return
            content = json.loads(json.dumps(data or {}))
            send({"type": msg_type, "model": self.comm_id, "data": content}, [bytes(each) for each in buffers or []])

    comm.create_comm = PageComm


def hear(model: str, state: dict) -> None:
    """A change that the reader made in the page."""
    if widget := comm.get_comm_manager().get_comm(model):
        widget.handle_msg(
            {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}
        )
