"""What lies beyond the border: zeros, or pixels of the image itself."""

import numpy as np

from cnnlib.geometry.windows import AXES
from cnnlib.ops.lines import add_lines_back
from cnnlib.values import choice

__all__ = ["MODES", "check_mode", "extended", "give_back_border", "sources"]

#: torch's names, and NumPy's for the same.
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def sources(size, before, after, mode):
    """Which pixel stands at each position of a padded line.

    Parameters
    ----------
    size, before, after : int
        Pixels of the line, and of its padding.
    mode : {"zeros", "reflect", "replicate", "circular"}

    Returns
    -------
    ndarray of int, (before + size + after,)
        Indices of pixels; -1 for a zero.

    Examples
    --------
    >>> for mode in MODES:
    ...     print(sources(4, 2, 1, mode), mode)
    [-1 -1  0  1  2  3 -1] zeros
    [2 1 0 1 2 3 2] reflect
    [0 0 0 1 2 3 3] replicate
    [2 3 0 1 2 3 0] circular
    """
    positions = np.arange(-before, size + after)
    if mode == "zeros":
        return np.where((positions < 0) | (positions >= size), -1, positions)
    if mode == "circular":
        return positions % size
    if mode == "replicate":
        return positions.clip(0, size - 1)
    return size - 1 - np.abs(size - 1 - np.abs(positions))


def check_mode(function, mode, size, sides, names=AXES, cure=None):
    """Refuse an unknown mode, and a line that is too short to be reflected.

    Examples
    --------
    >>> check_mode("conv2d", "reflect", (5, 3), (1, 1, 0, 3))
    Traceback (most recent call last):
    ValueError: conv2d: width=3 is too small to be reflected by 3; use at most 2, or padding_mode='replicate'
    """
    if type(mode) is str and mode == "zeros":
        return  # the usual case, soon done
    choice(function, "padding_mode", mode, MODES)
    for axis in (0, 1):
        longest = max(sides[2 * axis : 2 * axis + 2])
        if mode == "reflect" and longest >= size[axis]:
            raise ValueError(
                f"{function}: {names[axis]}={size[axis]} is too small to be reflected by {longest}; "
                f"{cure or f'use at most {size[axis] - 1}'}, or padding_mode='replicate'"
            )


def extended(x, window, mode):
    """Give images the border that their `Windows` reach beyond, unless it is zeros.

    Returns
    -------
    x : ndarray, (N, C, top + H + bottom, left + W + right)
    window : Windows
        The same windows, which need no padding any more. With zeros both stay as they are:
        the operations add those themselves.
    """
    if mode == "zeros" or not any(window.padding):
        return x, window
    top, bottom, left, right = window.padding
    for axis, before, after in ((2, top, bottom), (3, left, right)):
        if before or after:
            x = x.take(sources(x.shape[axis], before, after, mode), axis)
    return x, window._replace(size=x.shape[2:], padding=(0, 0, 0, 0))


def give_back_border(dx, window, mode):
    """Give each pixel what its copies in the border got: the adjoint of `extended`.

    Parameters
    ----------
    dx : ndarray
        Shaped as `extended` returned x.
    window : Windows
        As `extended` took it.
    mode : str

    Returns
    -------
    ndarray, (N, C, H, W)
    """
    if mode == "zeros":
        return dx
    top, bottom, left, right = window.padding
    for axis, before, after in ((2, top, bottom), (3, left, right)):
        if before or after:
            size = window.size[axis - 2]
            dx = add_lines_back(dx, sources(size, before, after, mode), axis, size)
    return dx
