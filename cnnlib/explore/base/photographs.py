"""The photographs that explorers offer, small and grey, as pixels that both halves hold exactly, and own ones."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib import data

NAMES = ("sheep", "lemur", "lincoln_memorial", "kingfisher", "hedgehog")
SIDE = 224


@functools.cache
def levels(name: str) -> np.ndarray:
    """The photograph's grey levels, (height, width) of uint8."""
    pixels = np.round(data.photograph(name, side=SIDE, grey=True) * 255).astype(np.uint8)
    pixels.flags.writeable = False
    return pixels


def shown(state) -> np.ndarray:
    """The picture of a state with ``photo`` and ``image``, (height, width) of float32; photographs from 0 to 1."""
    return np.array(state.image) if state.photo == "array" else levels(state.photo).astype(np.float32) / 255


def size(state) -> tuple[int, int]:
    """Its height and width."""
    return state.image.shape if state.photo == "array" else levels(state.photo).shape


def too_small(state, side: int) -> str | None:
    """Why a state's own image has no piece of that side, or None; `tooSmall` in ``kit/pictures.mjs`` says the same."""
    if state.photo != "array" or min(state.image.shape[:2]) >= side:
        return None
    height, width = state.image.shape[:2]
    return f"image of {height} x {width} pixels is too small; use at least {side} x {side}"


def middle_piece(image, side: int) -> tuple[int, int]:
    """Row and column at which the piece of that side begins in the middle of a given image; (0, 0) of what is none."""
    try:
        shape = np.shape(image)
    except ValueError:  # rows of unequal length, which the trait will refuse
        shape = ()
    return tuple(max(0, (length - side) // 2) for length in shape[:2]) if len(shape) > 1 else (0, 0)


def middle_square(image: np.ndarray, side: int) -> np.ndarray:
    """The middle of a picture (height, width) or (height, width, 3) as a square: averaged, or its pixels repeated.

    As ``middleSquare`` in ``mirror/area.mjs``.

    >>> middle_square(np.arange(12).reshape(2, 6), 1)
    array([[5.5]])
    >>> middle_square(np.array([[1, 2], [3, 4]]), 3)
    array([[1., 1., 2.],
           [1., 1., 2.],
           [3., 3., 4.]])
    """
    length = min(image.shape[:2])
    top, left = ((extent - length) // 2 for extent in image.shape[:2])
    middle = image[top : top + length, left : left + length].astype(float)
    if length >= side:
        return data.area_resize(middle, (side, side))
    nearest = np.arange(side) * length // side
    return middle[nearest[:, None], nearest]


def packed(rows: np.ndarray) -> str:
    """Rows of uint8 as the text that `unpack` in pixels.mjs reads: each less the one above, deflated, in base64."""
    return base64.b64encode(zlib.compress(np.diff(rows, axis=0, prepend=np.uint8(0)).tobytes(), 9)).decode()


def module(names=NAMES) -> str:
    """The JavaScript module with the photographs of these names, packed."""
    entries = {}
    for name in names:
        height, width = levels(name).shape
        entries[name] = {"height": height, "width": width, "deflated": packed(levels(name))}
    return f"export const PHOTOGRAPHS = {json.dumps(entries)};\n"
