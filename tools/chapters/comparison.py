"""What a fresh run shows and the stored chapter does not: text, pictures, the state of explorers.

Strict nbval compares text. It skips pictures and widget views, so these are compared here: pictures
by their pixels, with room for another system's font rendering; numbers in a widget's state to six
digits.

Another system draws letters and lines a little differently, which changes single pixels by a lot and hardly any region
on average. So three things are looked at: the mean over the whole picture, the share of pixels that differ by far, and
the mean of every small square, in which a patch is seen that the whole picture would outweigh.
"""

import base64
import io
import math

import numpy as np
from PIL import Image

from .widgets import STATE

MEAN_DIFFERENCE = 1.0  # of 255: the whole picture, on average
FAR_PIXELS = 0.005  # share of pixels that may differ by more than 64 of 255
SQUARE = 16  # side in pixels of the squares, so that a patch of 31 x 31 covers one wherever it lies
SQUARE_DIFFERENCE = 40.0  # of 255: a square's mean in one channel; twice what letters moved by a pixel come to
PICTURES = ("image/png", "image/jpeg")


def differences(stored, fresh) -> list[str]:
    """Sentences that say where a fresh run of the chapter differs from what is stored."""
    problems = []
    if len(stored.cells) != len(fresh.cells):
        return [f"{len(stored.cells)} cells are stored, a run gives {len(fresh.cells)}"]
    for number, (old, new) in enumerate(zip(stored.cells, fresh.cells, strict=True), 1):
        if old.cell_type == "code":
            problems += [f"cell {number}: {what}" for what in _outputs(old.outputs, new.outputs)]
    old = stored.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    new = fresh.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    if not _same(old, new):
        problems.append("the stored widget state is not what a run gives")
    return problems


def _outputs(old, new):
    if [_kind(output) for output in old] != [_kind(output) for output in new]:
        yield "its outputs are not of the kinds that a run gives"
        return
    for stored, fresh in zip(old, new, strict=True):
        if stored.output_type == "stream" and stored.text != fresh.text:
            yield f"it prints {fresh.text!r}, stored is {stored.text!r}"
        for kind, value in stored.get("data", {}).items():
            if kind in PICTURES:
                yield from _pictures(value, fresh.data[kind])
            elif kind.startswith("text/") and value != fresh.data[kind]:
                yield f"its {kind} is {fresh.data[kind]!r}, stored is {value!r}"


def _kind(output):
    return output.output_type, output.get("name"), sorted(output.get("data", {}))


def _pictures(stored, fresh):
    old, new = _pixels(stored), _pixels(fresh)
    if old.shape != new.shape:
        yield f"its picture is {new.shape} pixels, stored is {old.shape}"
        return
    distance = np.abs(old - new).max(axis=2)
    mean, far = distance.mean(), (distance > 64).mean()
    if mean > MEAN_DIFFERENCE or far > FAR_PIXELS:
        yield (
            f"its picture differs from the stored one: by {mean:.2f} of 255 on average, "
            f"and far in {100 * far:.2f} % of the pixels"
        )
    elif (squares := np.abs(_squares(old) - _squares(new)).max(axis=2)).max() > SQUARE_DIFFERENCE:
        row, column = (int(SQUARE * index) for index in np.unravel_index(squares.argmax(), squares.shape))
        yield (
            f"its picture differs from the stored one in one region: by {squares.max():.0f} of 255 on average in the "
            f"{SQUARE} x {SQUARE} pixels from row {row} and column {column}"
        )


def _squares(pixels):
    """The mean of each square of a picture; the last rows and columns belong to squares that overlap the others."""
    means = pixels
    for axis in (0, 1):
        starts = [*range(0, max(means.shape[axis] - SQUARE, 0), SQUARE), max(means.shape[axis] - SQUARE, 0)]
        parts = [means.take(range(start, min(start + SQUARE, means.shape[axis])), axis).mean(axis) for start in starts]
        means = np.stack(parts, axis)
    return means


def _pixels(encoded):
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        return np.asarray(image.convert("RGBA"), dtype=np.float32)


def _same(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=1e-6, abs_tol=1e-9)
    return type(old) is type(new) and old == new
