"""What the explorer reads: the sheep at four sizes, and where a trained network looks on each of them."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib.explore.base.photographs import packed
from cnnlib.sheep import sheep_on_grass, sheep_parts, stored_offsets
from cnnlib.sheep.points import CELL
from cnnlib.sheep.scenes import HEIGHTS

CELLS = 24
FINE = 16  # parts of a cell in which offsets are stored

scene = functools.cache(sheep_on_grass)
tables = functools.cache(stored_offsets)


@functools.cache
def magnitudes() -> np.ndarray:
    """How much each tap of each layer counts, (3, 9); nine of them add up to 1."""
    found = tables().magnitudes.astype(float)
    return found / found.sum(1, keepdims=True)


@functools.cache
def positions(height: int) -> np.ndarray:
    """The cells whose middle is on the sheep, (n, 2), row by row."""
    return np.argwhere(scene(height)[1][::CELL, ::CELL])


def _deflated(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()


def module() -> str:
    """The JavaScript module with all of them.

    The grass is the same in all scenes, so all but the first hold only the part that differs from it. Of offsets stand
    the differences down and across, which deflate better.
    """
    base = scene(HEIGHTS[0])[0]
    entries = {}
    for height in HEIGHTS:
        image, mask = scene(height)
        other = np.argwhere((image != base).any(-1) | mask | (height == HEIGHTS[0]))
        (top, left), (bottom, right) = other.min(0), other.max(0) + 1
        red, green, blue = np.moveaxis(image[top:bottom, left:right], -1, 0)
        levels = (FINE * tables().offsets[height]).astype(np.int8)
        levels = np.diff(np.diff(levels, axis=-1, prepend=np.int8(0)), axis=-2, prepend=np.int8(0))
        entries[height] = {
            "top": int(top),
            "left": int(left),
            "height": int(bottom - top),
            "width": int(right - left),
            "deflated": packed(np.concatenate([green, red - green, blue - green])),
            "parts": _deflated(sheep_parts(height)),
            "offsets": _deflated(levels),
        }
    return f"export const STORED = {json.dumps(entries)};\n"
