"""What a cell shows: text as it is printed, and a value in all the forms that a page can show."""

import base64
import io
import json
import sys
import time

LINES = 200  # of a cell that are sent one by one
PAUSE = 0.1  # seconds between two messages after that


class Stream(io.TextIOBase):
    """sys.stdout of a cell: each line goes to the page at once, and where there are very many, some times a second."""

    def __init__(self, name, send):
        self.name, self.send, self.waiting, self.sent, self.last = name, send, "", 0, 0.0

    def writable(self):
        return True

    def write(self, text):
        self.waiting += text
        if "\n" in text and (self.sent < LINES or time.monotonic() - self.last > PAUSE):
            self.flush()
        return len(text)

    def flush(self):
        if self.waiting:
            self.send({"type": "stream", "name": self.name, "text": self.waiting})
            self.waiting, self.sent, self.last = "", self.sent + 1, time.monotonic()


def bundle(value) -> dict:
    """MIME type to content, as a notebook stores an output; pictures in base64.

    An explorer is handed over as the model that the page draws, without the picture that stands for it on paper.
    """
    if "ipywidgets" in sys.modules:
        from ipywidgets import Widget

        if isinstance(value, Widget):
            view = {"model_id": value.model_id}
            return {"application/vnd.jupyter.widget-view+json": view, "text/plain": repr(value)}
    data = {"text/plain": repr(value)}
    if hasattr(value, "_repr_mimebundle_"):
        found = value._repr_mimebundle_()
        data.update(found[0] if isinstance(found, tuple) else found or {})
    for kind, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_"), ("image/png", "_repr_png_")):
        if kind not in data and hasattr(value, method):
            data[kind] = getattr(value, method)()
    if "image/png" not in data and "matplotlib.figure" in sys.modules:
        from matplotlib.figure import Figure

        if isinstance(value, Figure):
            data |= drawn(value)
    if "image/png" in data:
        data["image/png"], data["layout"] = encoded(data["image/png"])
    return {kind: content for kind, content in data.items() if content is not None}


def drawn(figure) -> dict:
    """A figure that nobody described, with the titles that stand in it for a description."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=200)
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    return {"image/png": buffer.getvalue(), "text/plain": f"Figure: {'; '.join(titles) or 'without a title'}"}


def pyplot_figures():
    """The figures that pyplot has open, which it then forgets, as a notebook shows them after a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    found = [drawn(pyplot.figure(number)) for number in pyplot.get_fignums()]
    pyplot.close("all")
    for data in found:
        data["image/png"], data["layout"] = encoded(data["image/png"])
    return found


def encoded(png):
    """A picture in base64, and its size and what its file says of its letters and images."""
    from PIL import Image

    content = base64.b64decode(png) if isinstance(png, str) else bytes(png)
    with Image.open(io.BytesIO(content)) as picture:
        layout = json.loads(getattr(picture, "text", {}).get("Layout", "{}"))
        layout["size"] = picture.size
    return base64.b64encode(content).decode(), layout
