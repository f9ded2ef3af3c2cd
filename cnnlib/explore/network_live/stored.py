"""What is shown before the network is loaded: the best classes of each photograph, and the first one's stages."""

import base64

import numpy as np

from cnnlib import data, squeezenet
from cnnlib.explore.network_live.assets import FIRST, PHOTOGRAPHS, levels


def stored_predictions() -> dict:
    """Photograph to its five best classes, as the book has them stored: what is shown before the network is loaded."""
    names, stored = data.imagenet_classes(), data.stored_result("squeezenet_int8")["photographs"]
    return {photo: [[names[number], p] for number, p in stored[photo]["shown"]] for photo in PHOTOGRAPHS}


def first_stages() -> list[str]:
    """The first photograph's stages as the strip shows them, 14 x 14 levels each: for before the network is loaded."""
    image = levels(FIRST).transpose(2, 0, 1)[None] / 255
    every, found = squeezenet.maps(image, weights=squeezenet.int8_weights()), []
    for name in squeezenet.ROWS:
        if name.endswith("_squeeze"):
            continue
        maps = every[name][0]
        strongest = maps[maps.mean(axis=(1, 2)).argmax()]
        tile = data.area_resize(strongest, (14, 14))
        found.append(base64.b64encode(np.round(255 * tile / tile.max()).astype(np.uint8).tobytes()).decode())
    return found
