"""Two explorers in one row, with a picture for where nothing is live."""

import io

from ipywidgets import HBox
from PIL import Image

from cnnlib.explore.base.explorer import Explorer
from cnnlib.plots import PAPER, described
from cnnlib.png import encoded
from cnnlib.values import kind

SIDES = ("left", "right")


class SideBySide(HBox):
    """Two explorers beside each other: an ipywidgets HBox that also has the picture and the text of both.

    A plain HBox is stored in a notebook without either, and leaves a printed page with a line of code. The picture
    holds one explorer's figure below the other's, as a narrow page does.

    Parameters
    ----------
    left, right : Explorer
        What to show. Join their traits with ``ipywidgets.jslink``, and they move together, also without a kernel.

    Raises
    ------
    TypeError
        If one of them is no explorer.

    Examples
    --------
    >>> from cnnlib.explore import ConvArithmetic
    >>> SideBySide(ConvArithmetic(size=3), ConvArithmetic(size=3, padding=1, stride=2))  # doctest: +ELLIPSIS
    left: ConvArithmetic(size=(3, 3), kernel_size=3, stride=1, padding=0, dilation=1, pattern=...)
    Output 1 x 1 of input 3 x 3, sum 99; ...
    right: ConvArithmetic(size=(3, 3), kernel_size=3, stride=2, padding=1, dilation=1, pattern=...)
    Output 2 x 2 of input 3 x 3, sum 176; ...
    """

    def __init__(self, left, right):
        for side, explorer in zip(SIDES, (left, right), strict=True):
            if not isinstance(explorer, Explorer):
                raise TypeError(
                    f"SideBySide: {side} is {kind(explorer)}; use an explorer, or ipywidgets.HBox for other widgets"
                )
        super().__init__([left, right])

    def __repr__(self):
        return "\n".join(f"{side}: {explorer!r}" for side, explorer in zip(SIDES, self.children, strict=True))

    def _repr_mimebundle_(self, **kwargs):
        data = {**super()._repr_mimebundle_(**kwargs), "text/plain": repr(self)}
        pictures = [_picture(explorer, side) for side, explorer in zip(SIDES, self.children, strict=True)]
        pictures = [picture for picture in pictures if picture]
        if not pictures:
            return data, {}
        width, height = max(p.size[0] for p in pictures), sum(p.size[1] for p in pictures)
        return {**data, "image/png": _stacked(pictures)}, {"image/png": {"width": width, "height": height}}


def _picture(explorer, side):
    """The explorer's figure under its side, or None where it has only words."""
    figure = explorer.figure()
    if figure is None:
        return None
    figure.suptitle(side)
    return described(figure, explorer.result())


def _stacked(pictures):
    """PNG of the pictures, one below the other; the same pictures give the same bytes."""
    images = [Image.open(io.BytesIO(picture.png)).convert("RGB") for picture in pictures]
    sheet = Image.new("RGB", (max(i.width for i in images), sum(i.height for i in images)), PAPER)
    top = 0
    for image in images:
        sheet.paste(image, (0, top))
        top += image.height
    return encoded(sheet)
