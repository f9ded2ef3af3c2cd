"""Finding a shift by descent, small enough to be computed anew in the browser: windows, what is sought, the ways."""

import functools
import json

import numpy as np

from cnnlib import data, ops
from cnnlib.explore.base.photographs import middle_square, packed
from cnnlib.registration import Descent, find_shift

PHOTO, PHOTO_SIDE = "sheep", 256
CORNERS = {"head and wool": (60, 60), "grass": (100, 190), "body": (70, 90)}
WINDOW, FRAME = 40, 12  # pixels of a window's side, and around it
SHIFT = (2.3, -1.6)  # by which the target was cut
STEPS, RATE = 150, 0.3
REACH = 8  # pixels that the map reaches from no shift, and the start may lie away from it
FINE = 2  # shifts per pixel in the map
FAR = FRAME - 1  # a way that goes so far has left the piece and ends


def piece(state) -> str | bytes:
    """What the functions below take as ``window``: its name, or of a picture of one's own the levels as bytes."""
    if state.window != "own":
        return state.window
    square = middle_square(np.asarray(state.photograph), WINDOW + 2 * FRAME)
    return np.round(255 * square).astype(np.uint8).tobytes()


@functools.lru_cache(64)
def levels(window: str | bytes) -> np.ndarray:
    """Grey levels of the window and the frame around it, (64, 64) of uint8."""
    if isinstance(window, bytes):
        return np.frombuffer(window, np.uint8).reshape((WINDOW + 2 * FRAME,) * 2)
    whole = np.round(data.photograph(PHOTO, side=PHOTO_SIDE, grey=True) * 255).astype(np.uint8)
    top, left = (at - FRAME for at in CORNERS[window])
    side = WINDOW + 2 * FRAME
    return whole[top : top + side, left : left + side]


def read(window: str | bytes, shift) -> np.ndarray:
    """The window, shifted by (rows, columns), (40, 40) from 0 to 1."""
    points = np.moveaxis(np.indices((WINDOW, WINDOW)), 0, -1) + FRAME + np.array(shift)
    return ops.bilinear_sample(levels(window)[None, None] / 255, points[None])[0, 0]


@functools.lru_cache(64)
def way(window: str | bytes, method: str, start: tuple[float, float]) -> Descent:
    """The way from ``start``; it ends early where it leaves the piece."""
    found = find_shift(
        levels(window) / 255,
        read(window, SHIFT),
        corner=(FRAME, FRAME),
        start=start,
        method=method,
        steps=STEPS,
        rate=RATE,
    )
    outside = np.flatnonzero(np.abs(found.shifts).max(1) >= FAR)
    count = outside[0] + 1 if len(outside) else STEPS + 1
    return Descent(found.shifts[:count], found.errors[:count])


@functools.lru_cache(64)
def errors(window: str | bytes) -> np.ndarray:
    """The mean squared error of every shift on the map, (33, 33), from -8 to 8 pixels in half pixels."""
    target, shifts = read(window, SHIFT), np.arange(-REACH * FINE, REACH * FINE + 1) / FINE
    return np.array([[((read(window, (down, right)) - target) ** 2).mean() for right in shifts] for down in shifts])


def module() -> str:
    """The JavaScript module with the pieces, packed."""
    side = WINDOW + 2 * FRAME
    entries = {name: {"height": side, "width": side, "deflated": packed(levels(name))} for name in CORNERS}
    return f"export const PIECES = {json.dumps(entries)};\n"
