"""What both halves of the deformable grid read: a piece of the photograph with its sheep, kernels, random offsets."""

import functools

import numpy as np

from cnnlib import data
from cnnlib.explore.base import photographs

SIDE, PHOTO_SIDE = 12, 32
PHOTO, CORNER = "sheep", (4, 92)  # where the piece of the photograph begins
FARTHEST = 16  # pixels that an offset may have
KERNELS = {
    "binomial": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "ones": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "sobel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
}
SEEDS = 10
#: Offsets in eighths of a pixel, so that both halves hold them exactly; one table of nine pairs for each seed.
RANDOM = (np.random.default_rng(13).integers(-12, 13, (SEEDS, 9, 2)) / 8).tolist()


@functools.cache
def piece() -> list[list[int]]:
    """Grey levels of a piece of the photograph, 32 x 32, at half its size."""
    (top, left), side = CORNER, 2 * PHOTO_SIDE
    levels = photographs.levels(PHOTO)[top : top + side, left : left + side].astype(float)
    return np.round(levels.reshape(PHOTO_SIDE, 2, PHOTO_SIDE, 2).mean((1, 3))).astype(int).tolist()


@functools.cache
def sheep() -> list[list[int]]:
    """1 where the piece's pixels are sheep, 0 where they are grass, 32 x 32."""
    (top, left), side = CORNER, 2 * PHOTO_SIDE
    mask = data.sheep_mask(side=photographs.SIDE)[top : top + side, left : left + side]
    return (mask.reshape(PHOTO_SIDE, 2, PHOTO_SIDE, 2).mean((1, 3)) >= 0.5).astype(int).tolist()
