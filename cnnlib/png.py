"""PNG files that are small, and that carry a note."""

import io
import struct
import zlib

import numpy as np
from PIL.Image import Dither, Quantize

UNSEEN = 1.5  # of 255 levels: a root mean square change of the pixels that nobody sees


def encoded(picture):
    """A PIL image as an opaque PNG file: with 256 colours where that makes no difference that could be seen.

    White stays white, because a dark page turns it into its own colour.
    """
    whole = picture.convert("RGB")
    few = whole.quantize(256, method=Quantize.MEDIANCUT, kmeans=3, dither=Dither.NONE)
    pixels, close = (np.asarray(image.convert("RGB")) for image in (whole, few))
    white = (pixels == 255).all(axis=2)
    squares = sum(_squares(pixels[..., channel], close[..., channel]) for channel in range(3))
    alike = np.sqrt(squares / pixels.size) < UNSEEN and (close[white] == 255).all()
    buffer = io.BytesIO()
    (few if alike else whole).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _squares(one, other):
    """The sum of the squared differences of two planes of bytes, in integers, which take little memory."""
    return int(np.square(one.astype(np.int16) - other, dtype=np.int32).sum(dtype=np.int64))


def noted(png, key, text):
    """The file with a text in it, in a chunk after its header, which takes 33 bytes."""
    chunk = b"tEXt" + key.encode("latin-1") + b"\0" + text.encode("latin-1")
    return png[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]
