"""What the book stores of its trained detector: its weights, and its offsets in four scenes."""

from typing import NamedTuple

import numpy as np

from cnnlib.data import _arrays
from cnnlib.sheep.scenes import HEIGHTS

__all__ = ["StoredOffsets", "finder_weights", "stored_offsets"]


def finder_weights():
    """The trained detector: a dictionary of 38 float32 arrays, named as in ``SheepFinder().state_dict()``.

    >>> weights = finder_weights()
    >>> len(weights), weights["last.0.offset_branch.weight"].shape
    (38, (18, 32, 3, 3))
    """
    arrays = _arrays("finder_weights", "weights", "sheep_finder.npz")
    return {name: array.astype(np.float32) for name, array in arrays.items()}


class StoredOffsets(NamedTuple):
    """Offsets of the three deformable layers in cells, (dy, dx) of each tap, and how much each tap counts.

    offsets: for each height of `sheep_on_grass`, (3, 18, 24, 24) float32; mean: the mean over all positions on sheep
    of the test scenes, (3, 18) float32; magnitudes: (3, 9) float32, each layer of sum 1.
    """

    offsets: dict
    mean: np.ndarray
    magnitudes: np.ndarray


def stored_offsets():
    """The trained detector's offsets in the four scenes of `sheep_on_grass`, rounded to sixteenths of a cell.

    >>> stored = stored_offsets()
    >>> list(stored.offsets), stored.offsets[76].shape, stored.mean.shape
    ([18, 30, 48, 76], (3, 18, 24, 24), (3, 18))
    """
    arrays = _arrays("stored_offsets", "sheep_offsets.npz")
    cells = {name: array / np.float32(16) for name, array in arrays.items() if name != "magnitudes"}
    offsets = {height: cells[f"offsets_{height}"] for height in HEIGHTS}
    return StoredOffsets(offsets, cells["mean_offsets"], arrays["magnitudes"])
