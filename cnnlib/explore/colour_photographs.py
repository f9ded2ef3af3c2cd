"""Small colour photographs for explorers, as pixels that both halves hold exactly."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib import data

NAMES = ("lemur", "kingfisher", "sheep", "brandenburg_gate")
SIDE = 144


@functools.cache
def levels(name: str) -> np.ndarray:
    """The photograph's red, green and blue levels, (3, height, width) of uint8."""
    pixels = np.round(data.photograph(name, side=SIDE) * 255).astype(np.uint8).transpose(2, 0, 1)
    pixels.flags.writeable = False
    return pixels


def centred(name: str) -> np.ndarray:
    """The photograph from 0 to 1 less the mean of each channel, (3, height, width) of float64."""
    pixels = levels(name) / 255
    return pixels - pixels.mean(axis=(1, 2), keepdims=True)


def module() -> str:
    """The JavaScript module with all of them: green, red - green, blue - green, packed as `photographs` does."""
    entries = {}
    for name in NAMES:
        red, green, blue = levels(name)
        planes = np.concatenate([green, red - green, blue - green])
        packed = zlib.compress(np.diff(planes, axis=0, prepend=np.uint8(0)).tobytes(), 9)
        entries[name] = {
            "height": red.shape[0],
            "width": red.shape[1],
            "deflated": base64.b64encode(packed).decode(),
        }
    return f"export const COLOUR_PHOTOGRAPHS = {json.dumps(entries)};\n"
