"""The photographs that can be dragged, 64 x 64 and grey, and what SqueezeNet calls them at each shift."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib import data
from cnnlib.explore.base.photographs import NAMES
from cnnlib.explore.break_equivariance.stack import SIDE


@functools.cache
def levels(name):
    """The centre square of a photograph as grey levels, (64, 64) of uint8."""
    image = data.photograph(name, grey=True)
    side = min(image.shape)
    top, left = ((length - side) // 2 for length in image.shape)
    square = data.area_resize(image[top : top + side, left : left + side], (SIDE, SIDE))
    pixels = np.round(square * 255).astype(np.uint8)
    pixels.flags.writeable = False
    return pixels


@functools.cache
def shifts(photo, boundary):
    """SqueezeNet's stored predictions: own label, and tables of labels, per cents, and per cents of the own one."""
    stored = data.stored_result("squeezenet_shifts")
    names, entry = stored["names"], stored["tables"][photo]
    rows = entry[boundary]
    named = [[names[str(label)] for label in row] for row in rows["label"]]
    return names[str(entry["own"])], named, rows["percent"], rows["own_percent"]


def _packed(pixels):
    rows = np.diff(pixels.astype(np.uint8), axis=0, prepend=np.uint8(0))
    deflated = base64.b64encode(zlib.compress(rows.tobytes(), 9)).decode()
    return {"height": pixels.shape[0], "width": pixels.shape[1], "deflated": deflated}


def module():
    """The JavaScript module with the small photographs and SqueezeNet's tables (labels, per cents, own per cents)."""
    entries = {}
    for name in NAMES:
        entry = {"picture": _packed(levels(name))}
        for boundary in ("circular", "zero"):
            own, named, percent, own_percent = shifts(name, boundary)
            labels = sorted({label for row in named for label in row} | {own})
            indices = [[labels.index(label) for label in row] for row in named]
            entry |= {"own": own}
            entry[boundary] = {"labels": labels, "table": _packed(np.array(indices + percent + own_percent))}
        entries[name] = entry
    return f"export const SHIFTED = {json.dumps(entries)};\n"
