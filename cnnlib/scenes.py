"""Scenes whose truth is known: seeded generators that put real pictures together."""

import functools

import numpy as np

from cnnlib.arguments import flag, integer
from cnnlib.data import area_resize, fashion_mnist, photograph, photograph_names

__all__ = ["garment_masks", "garments_on_photographs"]


def garments_on_photographs(count, *, seed, side=40, garment_side=20, test=False):
    """Paste a small garment of Fashion-MNIST at random on a piece of a grey photograph.

    Parameters
    ----------
    count : number of scenes
    seed : of the random generator; the same seed gives the same scenes
    side, garment_side : size of the scene and of the garment in pixels
    test : False draws from the training garments and 60 photographs, True from the test garments
        and the other 10

    Returns
    -------
    scenes (count, side, side) float32 in [0, 1], labels (count,), and centres (count, 2) as
    (row, column) in pixels, 0 being the middle of the first; a garment of even side has its centre
    between two.

    Raises
    ------
    TypeError, ValueError
        If a count or a side is no integer or out of range, or `test` no flag.

    Examples
    --------
    >>> scenes, labels, centres = garments_on_photographs(2, seed=0)
    >>> scenes.shape, labels.shape, centres.shape
    ((2, 40, 40), (2,), (2, 2))
    """
    return _scenes("garments_on_photographs", count, seed, side, garment_side, test)[:3]


def garment_masks(count, *, seed, side=40, garment_side=20, test=False):
    """Say which pixels of the scenes of `garments_on_photographs` are garment: what a segmentation has to find.

    Parameters
    ----------
    count, seed, side, garment_side, test : as for `garments_on_photographs`, which draws the same scenes

    Returns
    -------
    scenes (count, side, side) float32 in [0, 1], and masks (count, side, side) of bool, true on the garment.

    Raises
    ------
    TypeError, ValueError
        If a count or a side is no integer or out of range, or `test` no flag.

    Examples
    --------
    >>> scenes, masks = garment_masks(3, seed=5)
    >>> again, *_ = garments_on_photographs(3, seed=5)
    >>> masks.shape, bool((scenes == again).all()), bool((scenes[masks] > 0.1).all())
    ((3, 40, 40), True, True)
    """
    scenes, _, _, masks = _scenes("garment_masks", count, seed, side, garment_side, test)
    return scenes, masks


def _scenes(function, count, seed, side, garment_side, test):
    """Scenes, labels, centres and masks."""
    given = {"count": count, "side": side, "garment_side": garment_side}
    count, side, garment_side = (integer(function, name, value, 1) for name, value in given.items())
    seed, test = integer(function, "seed", seed), flag(function, "test", test)
    if not garment_side <= min(28, side) or side > 160:
        raise ValueError(
            f"{function}: garment_side={garment_side}, side={side} do not fit; use "
            "garment_side <= 28, garment_side <= side and side <= 160"
        )
    rng = np.random.default_rng(seed)
    fashion = fashion_mnist()
    garments, labels = (fashion.x_test, fashion.y_test) if test else (fashion.x_train, fashion.y_train)
    names = photograph_names()
    kept_for_test = names[3::7]
    backgrounds = [name for name in names if (name in kept_for_test) is test]
    shrunk = functools.cache(lambda name: photograph(name, side=320, grey=True))  # four scenes need four at the most
    chosen = rng.integers(len(garments), size=count)
    small = np.moveaxis(area_resize(np.moveaxis(garments[chosen], 0, 2), (garment_side, garment_side)), 2, 0)
    corners = rng.integers(side - garment_side + 1, size=(count, 2))
    scenes = np.empty((count, side, side), np.float32)
    masks = np.zeros((count, side, side), bool)
    for scene, mask, garment, (row, column) in zip(scenes, masks, small, corners, strict=True):
        photo = shrunk(backgrounds[rng.integers(len(backgrounds))])
        top, left = (rng.integers(length - side + 1) for length in photo.shape)
        scene[:] = photo[top : top + side, left : left + side]
        window = slice(row, row + garment_side), slice(column, column + garment_side)
        mask[window] = garment > 0.1
        scene[mask] = garment[garment > 0.1]
    return scenes, labels[chosen], corners + (garment_side - 1) / 2, masks
