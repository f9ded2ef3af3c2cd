"""Scenes of 96 x 96 pixels with sheep and woolly shapes at known positions."""

from typing import NamedTuple

import numpy as np

from cnnlib.arguments import flag, integer
from cnnlib.data import area_resize
from cnnlib.sheep.cuttings import background, cut_out, turned, wool_blob

__all__ = ["HEIGHTS", "PARTS", "SIDE", "SheepScenes", "sheep_on_grass", "sheep_parts", "sheep_scenes"]

#: Side of a scene in pixels.
SIDE = 96
#: Heights of the sheep in the four scenes of `sheep_on_grass`, in pixels.
HEIGHTS = (18, 30, 48, 76)
#: What the values of `sheep_parts` stand for.
PARTS = ("no sheep", "body", "head", "legs")
_HEAD, _LEGS = (0.26, 0.39, 0.86), 0.68  # the head's lower, left and right end; where legs begin: shares of the sheep
_MOST = 3  # objects in a scene
_LOWEST, _HIGHEST = 14, 80  # heights of objects in pixels


class SheepScenes(NamedTuple):
    """Scenes and what is in them.

    images (N, 96, 96, 3) uint8; instances (N, 96, 96) uint8, 0 for the background and else the number of the object
    that the pixel belongs to; kinds (N, 4) uint8, what an object of that number is: 0 background, 1 sheep, 2 wool in
    another shape; heights (N, 4) float32, how high it is in pixels before it is turned.
    """

    images: np.ndarray
    instances: np.ndarray
    kinds: np.ndarray
    heights: np.ndarray


def sheep_scenes(count, *, seed, test=False):
    """Paste the photographed sheep and woolly blobs on grass and other photographs.

    Parameters
    ----------
    count : int
        How many scenes.
    seed : int
        Of the random generator.
    test : bool
        False takes grass to the right of the sheep and 59 photographs as backgrounds, True the grass to its left
        and the other 10. There is one sheep: test scenes show the same animal at new positions.

    Returns
    -------
    SheepScenes
        1 to 3 objects each, 14 to 80 pixels high (uniform in the logarithm), mirrored, turned by up to 15 degrees,
        stretched, brightened and tinted. An object may reach over the border by an eighth of its size.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or below 0.

    Examples
    --------
    >>> scenes = sheep_scenes(2, seed=1)
    >>> scenes.images.shape, scenes.kinds.tolist()
    ((2, 96, 96, 3), [[0, 1, 0, 0], [0, 2, 1, 2]])
    """
    count, seed = integer("sheep_scenes", "count", count), integer("sheep_scenes", "seed", seed)
    test = flag("sheep_scenes", "test", test)
    rng = np.random.default_rng(seed)
    scenes = SheepScenes(
        np.zeros((count, SIDE, SIDE, 3), np.uint8),
        np.zeros((count, SIDE, SIDE), np.uint8),
        np.zeros((count, _MOST + 1), np.uint8),
        np.zeros((count, _MOST + 1), np.float32),
    )
    for scene in zip(*scenes, strict=True):
        _paint(rng, test, *scene)
    return scenes


def _paint(rng, test, image, instances, kinds, heights):
    """Fill in one scene."""
    canvas = background(rng, SIDE, grass=rng.random() < 0.65, test=test) * rng.uniform(0.75, 1.2)
    objects = rng.integers(1, _MOST + 1)
    sheep = [rng.random() < (0.3 if number else 0.8) for number in range(objects)]
    number = 0
    for is_sheep in rng.permutation(sheep):
        for _ in range(8):  # tries to find a position where it covers little of what is there
            height = float(np.exp(rng.uniform(np.log(_LOWEST), np.log(_HIGHEST))))
            cutting = _object(rng, is_sheep, round(height))
            ends = [sorted((-(n // 8), SIDE - n + n // 8)) for n in cutting.shape[:2]]
            corner = [int(rng.integers(first, last + 1)) for first, last in ends]
            window, part = _overlap(corner, cutting.shape)
            hit = cutting[part][..., 3] > 0.5
            if hit.any() and (instances[window][hit] > 0).mean() < 0.12:
                number += 1
                _paste(canvas[window], cutting[part])
                instances[window][hit] = number
                kinds[number], heights[number] = 1 if is_sheep else 2, height
                break
    canvas = canvas * rng.uniform(0.85, 1.12) + rng.normal(0, 4 / 255, canvas.shape)
    image[:] = np.rint(255 * np.clip(canvas, 0, 1))


def _object(rng, is_sheep, height):
    """The sheep or a blob at that height, changed at random: (h, w, 4) premultiplied."""
    stretch = rng.uniform(0.88, 1.14)
    if is_sheep:
        sheep = cut_out()
        cutting = area_resize(sheep, (height, max(3, round(height * stretch * sheep.shape[1] / sheep.shape[0]))))
        cutting = cutting.astype(np.float32)
    else:
        cutting = wool_blob(rng, height)
    if rng.random() < 0.5:
        cutting = cutting[:, ::-1]
    cutting = turned(np.ascontiguousarray(cutting), rng.uniform(-15, 15))
    cutting[..., :3] *= rng.uniform(0.7, 1.2) * (1 + rng.uniform(-0.06, 0.06, 3))
    return cutting


def _overlap(corner, size):
    """What of the scene, and what of a picture whose upper left corner is there, cover each other."""
    window = tuple(slice(max(0, c), min(SIDE, c + n)) for c, n in zip(corner, size, strict=False))
    return window, tuple(slice(s.start - c, s.stop - c) for s, c in zip(window, corner, strict=True))


def _paste(canvas, cutting):
    canvas[:] = canvas * (1 - cutting[..., 3:]) + cutting[..., :3]


def sheep_on_grass(height):
    """The sheep in the middle of grass that no training scene shows: the same scene each time, at one of four sizes.

    Parameters
    ----------
    height : int
        18, 30, 48 or 76 pixels.

    Returns
    -------
    image : ndarray of uint8, (96, 96, 3)
    mask : ndarray of bool, (96, 96)
        True on the sheep.

    Raises
    ------
    TypeError, ValueError
        For another height.

    Examples
    --------
    >>> image, mask = sheep_on_grass(76)
    >>> image.shape, int(mask.any(axis=1).sum())
    ((96, 96, 3), 76)
    """
    return _on_grass("sheep_on_grass", height)


def _on_grass(function, height):
    height = integer(function, "height", height)
    if height not in HEIGHTS:
        raise ValueError(f"{function}: height={height} is no stored size; use one of {', '.join(map(str, HEIGHTS))}")
    canvas = background(np.random.default_rng(15), SIDE, grass=True, test=True)
    sheep = cut_out()
    width = round(height * sheep.shape[1] / sheep.shape[0])
    cutting = area_resize(sheep, (height, width))
    window, _ = _overlap([(SIDE - height) // 2, (SIDE - width) // 2], (height, width))
    _paste(canvas[window], cutting)
    mask = np.zeros((SIDE, SIDE), bool)
    mask[window] = cutting[..., 3] >= 0.5
    return np.rint(255 * np.clip(canvas, 0, 1)).astype(np.uint8), mask


def sheep_parts(height):
    """Which part of the sheep each pixel of `sheep_on_grass` shows, (96, 96) uint8: its index in `PARTS`.

    The parts are boxes, drawn by hand on the photograph: ears belong to the head, and the chest to the body. Heights
    are those of `sheep_on_grass`, which refuses any other.

    Raises
    ------
    TypeError, ValueError
        For a height that is not stored.

    Examples
    --------
    >>> {part: int((sheep_parts(76) == number).sum()) for number, part in enumerate(PARTS)}
    {'no sheep': 5933, 'body': 2287, 'head': 550, 'legs': 446}
    """
    _, mask = _on_grass("sheep_parts", height)
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    down, right = ((np.arange(SIDE) - line[0]) / len(line) for line in (rows, columns))
    bottom, left, end = _HEAD
    head = (down < bottom)[:, None] & ((right > left) & (right < end))
    return np.where(mask, np.where(head, 2, np.where((down > _LEGS)[:, None], 3, 1)), 0).astype(np.uint8)
