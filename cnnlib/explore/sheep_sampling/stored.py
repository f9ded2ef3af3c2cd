"""What the explorer reads: the sheep at four sizes, and where a trained network looks on each of them."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib import data
from cnnlib.explore.base.photographs import packed
from cnnlib.sheep import sheep_on_grass
from cnnlib.sheep.points import CELL
from cnnlib.sheep.scenes import HEIGHTS

CELLS, LAYERS = 24, 3
FINE = 16  # parts of a cell in which offsets are stored


@functools.cache
def tables() -> dict[str, np.ndarray]:
    """The file of offsets."""
    with np.load(data.folder() / "sheep_offsets.npz") as file:
        return {name: file[name] for name in file.files}


@functools.cache
def scene(height: int) -> tuple[np.ndarray, np.ndarray]:
    """Picture (96, 96, 3) uint8 and mask (96, 96) of a sheep so many pixels tall."""
    return sheep_on_grass(height)


@functools.cache
def offsets(height: int) -> np.ndarray:
    """Each layer's offsets in cells, (3, 18, 24, 24), (dy, dx) of each tap."""
    return tables()[f"offsets_{height}"] / FINE


@functools.cache
def mean_offsets() -> np.ndarray:
    """Each layer's mean offset of each tap in cells, (3, 18)."""
    return tables()["mean_offsets"] / FINE


@functools.cache
def magnitudes() -> np.ndarray:
    """How large each layer's weights are at each tap, (3, 9); nine of them add up to 1."""
    found = tables()["magnitudes"].astype(float)
    return found / found.sum(1, keepdims=True)


@functools.cache
def places(height: int) -> np.ndarray:
    """The cells whose middle is on the sheep, (n, 2), row by row."""
    return np.argwhere(scene(height)[1][::CELL, ::CELL])


def _deflated(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()


def module() -> str:
    """The JavaScript module with all of them.

    The grass is the same in all scenes, so all but the first hold only the part that differs from it. Offsets are less
    the one to their left, which deflates better.
    """
    base = scene(HEIGHTS[0])[0]
    entries = {}
    for height in HEIGHTS:
        image, mask = scene(height)
        other = np.argwhere((image != base).any(-1) | mask | (height == HEIGHTS[0]))
        (top, left), (bottom, right) = other.min(0), other.max(0) + 1
        red, green, blue = np.moveaxis(image[top:bottom, left:right], -1, 0)
        found = tables()[f"offsets_{height}"]
        entries[height] = {
            "top": int(top),
            "left": int(left),
            "height": int(bottom - top),
            "width": int(right - left),
            "deflated": packed(np.concatenate([green, red - green, blue - green])),
            "mask": _deflated(np.packbits(mask)),
            "offsets": _deflated(np.diff(found, axis=-1, prepend=np.int8(0))),
        }
    return f"export const STORED = {json.dumps(entries)};\n"
