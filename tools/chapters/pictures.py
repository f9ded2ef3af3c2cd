"""The size in which a stored picture is shown, which JupyterLab reads from the output's metadata."""

import base64
import io

from PIL import Image

SIDES = ("width", "height")
DENSITY = 2  # pixels of a figure's file to a pixel of the page, as cnnlib.plots draws


def sizes(output) -> dict[str, dict]:
    """``{"image/png": {"width", "height"}}`` of an output: of the book's own figures by their file, else as stored.

    The file is asked because JupyterLab, VS Code and others do not all keep what they were given. A description, "alt",
    which pictures of the editions have, stays.
    """
    found = {}
    for kind, content in output.data.items():
        given = output.metadata.get(kind)
        if kind == "image/png" and (own := _of_figure(content)):
            found[kind] = own
        elif kind.startswith("image/") and isinstance(given, dict) and set(SIDES) <= set(given):
            found[kind] = {side: given[side] for side in SIDES}
        if kind in found and isinstance(given, dict) and "alt" in given:
            found[kind] = found[kind] | {"alt": given["alt"]}
    return found


def _of_figure(content: str) -> dict[str, int] | None:
    """The size of a picture that `plots.described` has drawn; None for any other."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
            drawn, pixels = "Layout" in picture.info, picture.size
    except (OSError, ValueError):
        return None
    return dict(zip(SIDES, (round(length / DENSITY) for length in pixels), strict=True)) if drawn else None
