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


def module() -> str:
    """The JavaScript module with all of them: each row less the one above, deflated, in base64."""
    entries = {}
    for name in NAMES:
        pixels = levels(name)
        packed = zlib.compress(np.diff(pixels, axis=0, prepend=np.uint8(0)).tobytes(), 9)
        entries[name] = {
            "height": pixels.shape[0],
            "width": pixels.shape[1],
            "deflated": base64.b64encode(packed).decode(),
        }
    return f"export const PHOTOGRAPHS = {json.dumps(entries)};\n"
