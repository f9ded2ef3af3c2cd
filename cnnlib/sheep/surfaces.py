"""What a picture shows around each pixel, flat, an edge or a texture, by its structure tensor."""

from typing import NamedTuple

import numpy as np

from cnnlib.reals import reals
from cnnlib.values import number

__all__ = ["Structure", "structure"]


class Structure(NamedTuple):
    """Each (H, W). energy: mean squared slope; coherence: from 0, slopes in all directions, to 1, all in one.

    along (H, W, 2): unit vector (row, column) along the edge, at a right angle to the slopes.
    """

    energy: np.ndarray
    coherence: np.ndarray
    along: np.ndarray


def structure(grey, sigma=6.0):
    """The structure tensor of a grey picture, averaged by a Gaussian window.

    Parameters
    ----------
    grey : array_like, (H, W)
    sigma : float
        Standard deviation of the window in pixels; it reaches to three of them, and mirrors the picture at its border.

    Returns
    -------
    Structure

    Raises
    ------
    TypeError, ValueError
        If `grey` holds no finite numbers or has another shape, or `sigma` is no number above 0.

    References
    ----------
    J. Bigun and G. H. Granlund, "Optimal orientation detection of linear symmetry", ICCV 1987.

    Examples
    --------
    Vertical stripes: their edges run down, along (1, 0), and all slopes have one direction.

    >>> stripes = np.tile(np.sin(np.arange(40.0)), (40, 1))
    >>> found = structure(stripes)
    >>> round(float(found.coherence[20, 20]), 6), np.abs(found.along[20, 20]).round(6).tolist()
    (1.0, [1.0, 0.0])
    """
    grey, sigma = reals("structure", "grey", grey, finite=True), number("structure", "sigma", sigma, above=0)
    reach = int(3 * sigma)
    if grey.ndim != 2 or min(grey.shape) < max(2, reach + 1):
        raise ValueError(
            f"structure: grey of shape {grey.shape} for a window of {reach} pixels each way (sigma={sigma}); use "
            f"(height, width) of at least {max(2, reach + 1)}, or a smaller sigma"
        )
    down, right = np.gradient(grey)
    rows, both, columns = (_blurred(product, sigma, reach) for product in (down * down, down * right, right * right))
    energy = rows + columns
    difference = np.hypot(rows - columns, 2 * both)
    angle = 0.5 * np.arctan2(2 * both, columns - rows)  # of the slopes, from the row axis of columns
    along = np.stack([np.cos(angle), -np.sin(angle)], axis=-1)
    return Structure(energy, difference / np.maximum(energy, 1e-12), along)


def _blurred(image, sigma, reach):
    line = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    line /= line.sum()
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, padding, mode="reflect"), len(line), axis)
        image = windows @ line
    return image
