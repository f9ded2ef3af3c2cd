"""The detector of `cnnlib.layers.SheepFinder` in NumPy, with the weights that the book trained."""

from typing import NamedTuple

import numpy as np

from cnnlib import ops
from cnnlib.ops.arrays import as_array
from cnnlib.reals import reals
from cnnlib.sheep.points import DILATION
from cnnlib.sheep.stored import finder_weights
from cnnlib.values import entries, listed

__all__ = ["Found", "find_sheep"]

_LAST = range(3)  # the deformable layers


class Found(NamedTuple):
    """What the detector says, and where its deformable layers look.

    scores (N, 3, H, W) of background, sheep, wool; reaches (N, 4, H, W), how far the object of a cell goes up, down,
    left and right, in pixels; offsets, for each layer (N, 18, H, W), (dy, dx) of each tap in cells.
    """

    scores: np.ndarray
    reaches: np.ndarray
    offsets: list


def find_sheep(images, weights=None, offsets=None):
    """Classify each cell of 4 x 4 pixels, and return where the network looked.

    Parameters
    ----------
    images : ndarray of uint8, (N, H, W, 3)
        As `sheep_scenes` gives them; H and W divisible by 4.
    weights : dict of arrays, optional
        As `finder_weights` gives; those by default.
    offsets : list of arrays, optional
        For each deformable layer offsets that are used instead of the network's own, (N, 18, H/4, W/4) or what
        broadcasts to it. They are what comes back.

    Returns
    -------
    Found

    Raises
    ------
    TypeError
        If the images are not uint8, or the weights or offsets of another kind.
    ValueError
        If something has another shape, or weights are missing.

    Examples
    --------
    How many of the cells on a large sheep are called sheep:

    >>> from cnnlib.sheep import sheep_on_grass
    >>> image, mask = sheep_on_grass(76)
    >>> found, cells = find_sheep(image[None]), mask[::4, ::4]
    >>> int((found.scores[0].argmax(0)[cells] == 1).sum()), int(cells.sum())
    (201, 203)
    """
    images = as_array("find_sheep", "images", images)
    if images.dtype != np.uint8:
        raise TypeError(f"find_sheep: images hold {images.dtype}; use uint8 from 0 to 255, as sheep_scenes gives")
    if images.ndim != 4 or images.shape[3] != 3 or images.shape[1] % 4 or images.shape[2] % 4:
        raise ValueError(f"find_sheep: images of shape {images.shape}; use (N, H, W, 3), H and W divisible by 4")
    if weights is None:
        weights = finder_weights()
    else:
        meaning = "arrays under the names of sheep.finder_weights()"
        weights = entries("find_sheep", "weights", weights, finder_weights(), meaning)
    cells = (len(images), 18, images.shape[1] // 4, images.shape[2] // 4)
    if offsets is not None:
        given = listed("find_sheep", "offsets", offsets, "a list of arrays, one for each deformable layer")
        offsets = [_for_layer(each, cells) for each in given]
    if offsets is not None and len(offsets) != len(_LAST):
        raise ValueError(f"find_sheep: offsets for {len(offsets)} layers; use one array for each of the {len(_LAST)}")
    x = ((images.transpose(0, 3, 1, 2) / np.float32(255) - np.float32(0.43)) / np.float32(0.235)).astype(np.float32)
    for number, stride in enumerate((2, 2, 1)):
        x = ops.conv2d(x, weights[f"stem.{number}.0.weight"], stride=stride, padding=1)
        x = ops.relu(_normal(x, weights, f"stem.{number}.1"))
    used, window = [], {"padding": DILATION, "dilation": DILATION}
    for number in _LAST:
        if offsets is None:
            branch = [weights[f"last.{number}.offset_branch.{part}"] for part in ("weight", "bias")]
            used.append(ops.conv2d(x, *branch, **window))
        else:
            used.append(offsets[number])
        x = ops.deform_conv2d(x, used[-1], weights[f"last.{number}.weight"], **window)
        x = ops.relu(_normal(x, weights, f"norms.{number}"))
    output = ops.conv2d(x, weights["head.weight"], weights["head.bias"])
    return Found(output[:, :3], 32 * output[:, 3:], used)


def _for_layer(offset, cells):
    offset = reals("find_sheep", "offsets", offset, finite=True).astype(np.float32)
    try:
        return np.broadcast_to(offset, cells)
    except ValueError:
        raise ValueError(
            f"find_sheep: offsets of shape {offset.shape} for {cells}; use what broadcasts to (N, 18, H/4, W/4)"
        ) from None


def _normal(x, weights, name):
    parts = {part: weights[f"{name}.{key}"] for part, key in (("mean", "running_mean"), ("var", "running_var"))}
    return ops.batch_norm(x, weights[f"{name}.weight"], weights[f"{name}.bias"], **parts)
