"""What can be done to a picture before the network sees it; `picture.mjs` does the same."""

import functools

import numpy as np

from cnnlib.data import GREY_WEIGHTS, area_resize
from cnnlib.squeezenet import MEANS, SIDE

#: Half the side: what the reader's `coarse` prediction is made from.
COARSE = 113
#: Name to the side of the tiles that are shuffled; 0 leaves the picture as it is.
SHUFFLES = {"nothing": 0, "tiles of 56": 56, "tiles of 32": 32, "tiles of 16": 16, "tiles of 8": 8, "pixels": 1}
#: Name to red, green and blue, from 0 to 1. "mean" is what the network takes for nothing: it is subtracted from all.
FILLS = {"mean": tuple(mean / 255 for mean in reversed(MEANS)), "black": (0, 0, 0), "white": (1, 1, 1)}


def moved(image, shift, turn, zoom):
    """Shift by whole pixels, turn clockwise by degrees, enlarge by per cent, about the middle; mirrored at the edges.

    Between pixels it is bilinear, so what is made smaller is not smoothed first.
    """
    if tuple(shift) == (0, 0) and turn == 0 and zoom == 100:
        return image
    middle = (SIDE - 1) / 2
    down, across = np.indices((SIDE, SIDE)).astype(float) - middle - np.reshape(shift, (2, 1, 1))
    angle, factor = np.deg2rad(turn), zoom / 100
    rows = middle + (np.cos(angle) * down - np.sin(angle) * across) / factor
    columns = middle + (np.sin(angle) * down + np.cos(angle) * across) / factor
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    found = np.zeros_like(image)
    for i, part_down in ((0, 1 - rows + top), (1, rows - top)):
        for j, part_across in ((0, 1 - columns + left), (1, columns - left)):
            found += (part_down * part_across)[..., None] * image[_mirrored(top + i), _mirrored(left + j)]
    return found


def _mirrored(index):
    index = index % (2 * SIDE)
    return np.minimum(index, 2 * SIDE - 1 - index)


@functools.cache
def order(count: int) -> np.ndarray:
    """The same shuffled indices from 0 to ``count`` - 1 in both halves, by a linear congruential generator."""
    indices, state = list(range(count)), 1
    for last in range(count - 1, 0, -1):
        state = (1664525 * state + 1013904223) % 2**32
        other = state * (last + 1) // 2**32
        indices[last], indices[other] = indices[other], indices[last]
    return np.array(indices)


def shuffled(image, side):
    """The tiles of that side in another order; what is left over at the right and below stays."""
    if not side:
        return image
    tiles = SIDE // side
    whole = tiles * side
    blocks = image[:whole, :whole].reshape(tiles, side, tiles, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    blocks = blocks[order(tiles**2)].reshape(tiles, tiles, side, side, 3).swapaxes(1, 2)
    found = image.copy()
    found[:whole, :whole] = blocks.reshape(whole, whole, 3)
    return found


def hidden_square(cover, cover_size):
    """First and last row and column, the last not in it, of the square about ``cover``, within the picture's edges."""
    first = [at - cover_size // 2 for at in cover]
    return [(max(0, at), min(SIDE, at + cover_size)) for at in first]


def changed(image, state):
    """The picture that the network is given, (side, side, 3), from its square (227, 227, 3)."""
    image = moved(image, state.shift, state.turn, state.zoom)
    if state.grey:
        image = np.repeat((image @ np.array(GREY_WEIGHTS))[..., None], 3, axis=-1)
    image = shuffled(image, SHUFFLES[state.shuffle])
    if state.cover_size:
        image = image.copy()
        (top, bottom), (left, right) = hidden_square(state.cover, state.cover_size)
        image[top:bottom, left:right] = FILLS[state.cover_fill]
    return area_resize(image, (COARSE, COARSE)) if state.coarse else image
