"""What the explorer loads when a reader asks for it: the network in 8 bits, and the photographs as it sees them."""

import functools
import io
import json
import struct
import zlib

import numpy as np

from cnnlib import data, squeezenet

#: All photographs of the book. The page has none of them before one is chosen, 41 to 110 KB each.
PHOTOGRAPHS = tuple(data.photograph_names())
FIRST = "cow"  # the one that is shown at first, with its stages
#: Those that a saved file takes along, besides the one it shows; all would make it 5 MB heavier.
CARRIED = (
    "sheep", "cow", "giraffe", "horse", "cat", "dog", "owl", "duck", "moose", "kangaroo", "panda", "koala",
    "polar_bear", "chameleon", "kingfisher", "hedgehog", "lemur", "eiffel_tower", "brandenburg_gate",
    "machu_picchu",
)  # fmt: skip


@functools.cache
def network() -> bytes:
    """The layers and the names of the classes, deflated, as ``unpackNetwork`` in ``mirror/squeezenet.mjs`` reads them.

    The length of a header in four bytes, the header, and for each layer its factors, biases and levels.
    """
    layers = data.squeezenet_int8()
    sizes = [(name, *layer.levels.shape[:3]) for name, layer in layers.items()]
    header = json.dumps({"layers": sizes, "classes": data.imagenet_classes()}).encode()
    parts = [part.tobytes() for layer in layers.values() for part in (layer.factors, layer.bias, layer.levels)]
    return zlib.compress(b"".join([struct.pack("<I", len(header)), header, *parts]), 9)


@functools.cache
def levels(photo: str) -> np.ndarray:
    """The middle of a photograph as the network sees it, (227, 227, 3) of uint8; read only."""
    square = np.round(255 * squeezenet.centre_square(data.photograph(photo))).astype(np.uint8)
    square.flags.writeable = False
    return square


@functools.cache
def packed(photo: str) -> bytes:
    """The same as a WebP file without loss, which every browser unpacks to the same levels.

    Method 2 takes 18 ms; method 4, 45 ms for 3% less.
    """
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(levels(photo)).save(file, "webp", lossless=True, method=2)
    return file.getvalue()


#: Asset to the function that gives its bytes.
ASSETS = {"squeezenet": network, **{f"photo-{name}": functools.partial(packed, name) for name in PHOTOGRAPHS}}
