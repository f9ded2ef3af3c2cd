"""One axis at a time: adding lines of an image back to where they were read."""

import numpy as np

__all__ = ["add_lines_back"]


def add_lines_back(dy, pixels, axis, length):
    """Give every line of `dy` to the pixel that it was read from: the adjoint of ``take``.

    Parameters
    ----------
    dy : ndarray
        One line for each entry of `pixels`, along `axis`.
    pixels : ndarray of int
        Where each line came from; -1 for a line that came from no pixel.
    axis : int
    length : int
        How many pixels there are.

    Returns
    -------
    ndarray
        Shaped like `dy`, with `length` lines: at each pixel the sum of its own.

    Examples
    --------
    >>> add_lines_back(np.array([1, 10, 100, 1000]), np.array([2, 0, -1, 2]), 0, 3)
    array([  10,    0, 1001])
    """
    lines = np.moveaxis(dy, axis, 0)
    total = np.zeros((length, *lines.shape[1:]), dy.dtype)
    for pixel, line in zip(pixels, lines, strict=True):
        if pixel >= 0:
            total[pixel] += line
    return np.ascontiguousarray(np.moveaxis(total, 0, axis))
