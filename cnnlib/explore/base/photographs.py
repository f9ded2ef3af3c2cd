"""The photographs that explorers offer, small and grey, as pixels that both halves hold exactly."""

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
