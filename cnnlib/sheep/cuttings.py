"""What a scene with sheep is pasted together from: the real sheep, wool in other shapes, grass, other photographs.

There is one photograph of a sheep and one mask, so every sheep in every scene is the same animal. What tells it from
a distractor is its shape: both are covered in its wool.
"""

from functools import lru_cache

import numpy as np

from cnnlib.data import area_resize, photograph, photograph_names, sheep_mask
from cnnlib.ops.sampling import bilinear_sample

__all__ = ["background", "cut_out", "turned", "wool_blob"]

_BOX = slice(88, 670), slice(233, 728)  # the bounding box of the mask, in pixels
_BODY = slice(170, 440), slice(262, 470)  # nothing but wool
_GRASS = {False: (740, 1024), True: (0, 222)}  # columns free of sheep: for training, for testing


@lru_cache
def _photograph():
    return photograph("sheep")


@lru_cache
def cut_out():
    """The photographed sheep, (291, 248, 4) float32: red, green, blue times what of the pixel is sheep, and that.

    >>> cut_out().shape, round(float(cut_out()[..., 3].mean()), 2)
    ((291, 248, 4), 0.66)
    """
    rows, columns = _BOX
    opaque = sheep_mask()[rows, columns, None].astype(np.float32)
    sheep = np.concatenate([_photograph()[rows, columns] * opaque, opaque], axis=2)
    return area_resize(sheep, (291, 248)).astype(np.float32)


def wool_blob(rng, height):
    """A shape of 3 to 5 ellipses, covered in the sheep's wool, darker below: (height, width, 4), as `cut_out`.

    >>> blob = wool_blob(np.random.default_rng(0), 20)
    >>> blob.shape, float(blob.max()) <= 1
    ((20, 17, 4), True)
    """
    rows, columns = np.mgrid[-1:1:48j, -1:1:48j]
    inside = np.zeros(rows.shape, bool)
    for _ in range(rng.integers(3, 6)):
        down, right = rng.uniform(-0.45, 0.45, 2)
        long, short = rng.uniform(0.25, 0.55, 2)
        turn = rng.uniform(0, np.pi)
        u = (columns - right) * np.cos(turn) + (rows - down) * np.sin(turn)
        v = (rows - down) * np.cos(turn) - (columns - right) * np.sin(turn)
        inside |= (u / long) ** 2 + (v / short) ** 2 < 1
    there = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    inside = inside[there[0][0] : there[0][-1] + 1, there[1][0] : there[1][-1] + 1]
    width = max(3, round(height * inside.shape[1] / inside.shape[0]))
    opaque = _resized(inside[..., None].astype(np.float32), (height, width))
    body = _photograph()[_BODY]
    side = int(rng.uniform(60, 200))
    top, left = (rng.integers(length - side + 1) for length in body.shape[:2])
    wool = _resized(body[top : top + side, left : left + side], (height, width))
    wool = wool * (1 - rng.uniform(0, 0.45) * np.linspace(0, 1, height)[:, None, None] ** 2)
    return np.concatenate([wool * opaque, opaque], axis=2).astype(np.float32)


def turned(picture, degrees):
    """Turn a picture of premultiplied colours anticlockwise on a canvas that holds all of it.

    >>> turned(np.ones((10, 20, 4), np.float32), 90).shape
    (20, 10, 4)
    """
    height, width = picture.shape[:2]
    sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    size = [round(abs(a * cosine) + abs(b * sine)) for a, b in ((height, width), (width, height))]
    down, right = np.meshgrid(*(np.arange(n) - (n - 1) / 2 for n in size), indexing="ij")
    row, column = down * cosine + right * sine, right * cosine - down * sine
    points = np.stack([row + (height - 1) / 2, column + (width - 1) / 2], axis=-1)
    return bilinear_sample(picture.transpose(2, 0, 1)[None], points[None].astype(np.float32))[0].transpose(1, 2, 0)


@lru_cache
def _photographs(test):
    names = [name for name in photograph_names() if name != "sheep"]
    kept = names[3::7]
    return [photograph(name, side=256) for name in names if (name in kept) is test]


def background(rng, side, *, grass, test):
    """A random crop, (side, side, 3): grass beside the photographed sheep, or a piece of another photograph.

    Training and testing draw grass from different sides of the sheep, and photographs from different ones.

    >>> background(np.random.default_rng(0), 96, grass=True, test=True).shape
    (96, 96, 3)
    """
    if grass:
        first, last = _GRASS[test]
        picture = _photograph()[:, first:last]
        size = int(rng.integers(side, min(picture.shape[1], 285) + 1))
    else:
        pictures = _photographs(test)
        picture = pictures[rng.integers(len(pictures))]
        size = int(rng.integers(side, min(picture.shape[:2]) + 1))
    top, left = (rng.integers(length - size + 1) for length in picture.shape[:2])
    return area_resize(picture[top : top + size, left : left + size], (side, side)).astype(np.float32)


def _resized(picture, size):
    """Shrink by averages over areas, enlarge between pixels: (H, W, C) to (*size, C)."""
    size = tuple(size)
    small = tuple(min(old, new) for old, new in zip(picture.shape[:2], size, strict=True))
    picture = area_resize(picture, small).astype(np.float32)
    if small == size:
        return picture
    lines = [np.linspace(0, old - 1, new) for old, new in zip(small, size, strict=True)]
    points = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).astype(np.float32)
    return bilinear_sample(picture.transpose(2, 0, 1)[None], points[None])[0].transpose(1, 2, 0)
