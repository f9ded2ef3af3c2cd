"""The four pixels around a fractional position: which ones, and how much of each.

What `bilinear_sample` and `deform_conv2d` share. Pixels are kept as rows of a table,
one row of C values per pixel, so that a point costs four rows and not 4 C single reads.
A frame two pixels wide surrounds the image in that table; every point outside is moved
onto it, and so reads zeros, and has a gradient of zero, without a test in the loop.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["FRAME", "Corners", "Reader", "chunks", "corners", "image_from", "pixel_table"]

FRAME = 2


class Corners(NamedTuple):
    """The pixels around P points; made by `corners`.

    Attributes
    ----------
    index : ndarray of int, (..., P, 4)
        Rows of the pixel table: upper left, upper right, lower left, lower right.
    down, right : ndarray, (..., P)
        How far the point lies below and to the right of the upper left pixel, in [0, 1).
    """

    index: np.ndarray
    down: np.ndarray
    right: np.ndarray

    def weights(self):
        """How much of each corner, (..., P, 4)."""
        down, right = self.down, self.right
        mix = np.empty((*down.shape, 4), down.dtype)
        both = down * right
        mix[..., 3] = both
        mix[..., 2] = down - both
        mix[..., 1] = right - both
        mix[..., 0] = 1 - down - mix[..., 1]
        return mix

    def slopes(self, values):
        """Gradient with respect to the point's coordinates, from the values at its corners.

        Parameters
        ----------
        values : ndarray, (..., P, 4)

        Returns
        -------
        ndarray, (..., P, 2)
            By row: the lower pair less the upper pair, mixed by `right`; by column likewise.
        """
        a, b, c, d = np.moveaxis(values, -1, 0)
        by_row = (c - a) * (1 - self.right) + (d - b) * self.right
        by_column = (b - a) * (1 - self.down) + (d - c) * self.down
        return np.stack([by_row, by_column], -1)


def corners(rows, columns, size):
    """Find the four pixels around each point.

    Parameters
    ----------
    rows, columns : ndarray of float, (..., P)
        Coordinates in pixels; 0 is the centre of the first pixel. What is far outside, infinity
        too, lands on the frame; so does a point with a NaN, and all its weights are NaN.
    size : tuple of int
        Height and width of the image.

    Returns
    -------
    Corners
        By floor, so that -0.25 lies between the pixels -1 and 0; truncation would put it
        between 0 and 1.

    Examples
    --------
    >>> corners(np.array([-0.25]), np.array([1.0]), (2, 2)).weights()
    array([[0.25, 0.  , 0.75, 0.  ]])
    """
    width = size[1] + 2 * FRAME
    rows = np.minimum(np.maximum(rows, -FRAME), size[0])
    columns = np.minimum(np.maximum(columns, -FRAME), size[1])
    if np.isnan(rows.sum() + columns.sum()):
        lost = np.isnan(rows + columns)
        rows, columns = np.where(lost, np.nan, rows), np.where(lost, np.nan, columns)
        top, left = (np.where(lost, -FRAME, np.floor(line)) for line in (rows, columns))
    else:
        top, left = np.floor(rows), np.floor(columns)
    first = top.astype(np.intp) * width + left.astype(np.intp)  # in floats, large tables would round
    index = np.empty((*first.shape, 4), np.intp)
    for k, step in enumerate((0, 1, width, width + 1)):
        np.add(first, step + FRAME * (width + 1), out=index[..., k])
    return Corners(index, rows - top, columns - left)


def pixel_table(image):
    """``(C, H, W)`` to a table with one row of C values per pixel, the frame included."""
    c, h, w = image.shape
    table = np.zeros((h + 2 * FRAME, w + 2 * FRAME, c), image.dtype)
    table[FRAME:-FRAME, FRAME:-FRAME] = image.transpose(1, 2, 0)
    return table.reshape(-1, c)


class Reader:
    """Reads corners from a pixel table, again and again into the same memory.

    Fresh memory for every chunk would cost as much as the reading.
    """

    def __init__(self, table, points):
        channels = table.shape[1]
        self.table = table
        self.pixels = np.empty((points, 4, channels), table.dtype)
        self.mixed = np.empty((points, 1, channels), table.dtype)

    def corners(self, index):
        """The pixels at (P, 4) rows of the table: (P, 4, C), until the next call."""
        # no index is out of range, and "clip" does not check each one twice
        return self.table.take(index, 0, out=self.pixels[: len(index)], mode="clip")

    def mix(self, index, weights):
        """Their sum with (P, 4) weights: (P, C), until the next call."""
        mixed = self.mixed[: len(index)]
        np.matmul(weights[:, None], self.corners(index), out=mixed)
        return mixed[:, 0]


def image_from(sums, size):
    """``(C, pixels of the frame and the image)`` back to ``(C, H, W)``."""
    h, w = size
    framed = sums.reshape(len(sums), h + 2 * FRAME, w + 2 * FRAME)
    return framed[:, FRAME:-FRAME, FRAME:-FRAME]


def chunks(points, channels, budget=2**18):
    """Cut `points` points so that their corners, 4 C values each, stay near the cache."""
    step = max(1, budget // (4 * channels))
    return [slice(first, min(first + step, points)) for first in range(0, max(1, points), step)]
