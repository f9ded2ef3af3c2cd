"""The values in an explorer's grid where none, or too few, are given."""

import numpy as np


def framed(values, height: int, width: int) -> np.ndarray:
    """``values`` cut or filled up with zeros at the end to (height, width)."""
    values = np.asarray(values, float)[:height, :width]
    return np.pad(values, ((0, height - values.shape[0]), (0, width - values.shape[1])))


def pixels(image, height: int, width: int) -> np.ndarray:
    """``image`` framed to (height, width); without one 10*row + column, so that each number says where it stands.

    >>> pixels(None, 2, 3)
    array([[ 0.,  1.,  2.],
           [10., 11., 12.]])
    >>> pixels([[7]], 2, 3)
    array([[7., 0., 0.],
           [0., 0., 0.]])
    """
    if image is None:
        return 10.0 * np.arange(height)[:, None] + np.arange(width)
    return framed(image, height, width)
