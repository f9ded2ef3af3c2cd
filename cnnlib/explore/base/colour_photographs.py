"""Small colour photographs for explorers, as pixels that both halves hold exactly."""

import functools
import json

import numpy as np

from cnnlib import data
from cnnlib.explore.base.photographs import packed

NAMES = ("lemur", "kingfisher", "sheep", "brandenburg_gate")
SIDE = 144


@functools.cache
def levels(name: str) -> np.ndarray:
    """The photograph's red, green and blue levels, (3, height, width) of uint8."""
    pixels = np.round(data.photograph(name, side=SIDE) * 255).astype(np.uint8).transpose(2, 0, 1)
    pixels.flags.writeable = False
    return pixels


def shown(state) -> np.ndarray:
    """The picture of a state with ``photo`` and ``image``, (3, height, width) of float64 from 0 to 1."""
    return np.asarray(state.image, float).transpose(2, 0, 1) if state.photo == "array" else levels(state.photo) / 255


def size(state) -> tuple[int, int]:
    """Its height and width."""
    return state.image.shape[:2] if state.photo == "array" else levels(state.photo).shape[1:]


def centred(name: str) -> np.ndarray:
    """The photograph from 0 to 1 less the mean of each channel, (3, height, width) of float64."""
    pixels = levels(name) / 255
    return pixels - pixels.mean(axis=(1, 2), keepdims=True)


def module() -> str:
    """The JavaScript module with all of them: green, red - green, blue - green, packed as `photographs` does."""
    entries = {}
    for name in NAMES:
        red, green, blue = levels(name)
        height, width = red.shape
        deflated = packed(np.concatenate([green, red - green, blue - green]))
        entries[name] = {"height": height, "width": width, "deflated": deflated}
    return f"export const COLOUR_PHOTOGRAPHS = {json.dumps(entries)};\n"
