"""Weights in a few bits: integers, and one factor for each output channel."""

import numpy as np

from cnnlib.arguments import integer
from cnnlib.reals import reals

__all__ = ["dequantise", "quantise"]


def quantise(weight, bits=8):
    """Round the weights of a layer to integers, with a factor for each output channel.

    The factor is the smallest with which the largest magnitude of the channel still fits, so a weight is off by half
    of its channel's factor at the most. Zero stays zero.

    Parameters
    ----------
    weight : array (out_channels, ...)
        At least two axes, finite.
    bits : int
        2 to 8. The integers go from -(2**(bits - 1) - 1) to 2**(bits - 1) - 1, so that a weight and its negative
        are rounded alike.

    Returns
    -------
    levels : array of int8, shaped like `weight`
    factors : array (out_channels,) of float32
        1 for a channel of zeros.

    Raises
    ------
    TypeError, ValueError
        If `bits` is not from 2 to 8, or the weights are not finite numbers of two axes or more.

    References
    ----------
    Krishnamoorthi, *Quantizing deep convolutional networks for efficient inference: A whitepaper*, 2018,
    arXiv:1806.08342, sections 2.2 and 3.1.1: symmetric, one factor for each output channel.

    Examples
    --------
    >>> levels, factors = quantise(np.array([[0.6, -1.0], [0.005, 0.02]]))
    >>> levels
    array([[  76, -127],
           [  32,  127]], dtype=int8)
    >>> dequantise(levels, factors)
    array([[ 0.5984252 , -1.        ],
           [ 0.00503937,  0.02      ]], dtype=float32)
    """
    bits = integer("quantise", "bits", bits, 2)
    if bits > 8:
        raise ValueError(f"quantise: bits={bits} do not fit into int8; use 2 to 8")
    weight = reals("quantise", "weight", weight, finite=True)
    if weight.ndim < 2 or not weight.size:
        raise ValueError(f"quantise: weight of shape {weight.shape}; use (out_channels, ...) with something in it")
    most = 2 ** (bits - 1) - 1
    largest = np.abs(weight).reshape(len(weight), -1).max(axis=1)
    factors = np.where(largest > 0, largest / most, 1).astype(np.float32)
    levels = np.rint(weight / factors.reshape(-1, *[1] * (weight.ndim - 1)))
    return np.clip(levels, -most, most).astype(np.int8), factors


def dequantise(levels, factors):
    """The weights that integers stand for: each times the factor of its output channel, in float32.

    Parameters
    ----------
    levels : array (out_channels, ...)
    factors : array (out_channels,)

    Raises
    ------
    TypeError, ValueError
        If they hold anything but real numbers, or there is not one factor for each output channel.

    Examples
    --------
    >>> dequantise([[1, -2], [3, 4]], [0.5, 10.0])
    array([[ 0.5, -1. ],
           [30. , 40. ]], dtype=float32)
    """
    levels, factors = reals("dequantise", "levels", levels), reals("dequantise", "factors", factors)
    if levels.ndim < 2 or factors.shape != levels.shape[:1]:
        raise ValueError(
            f"dequantise: factors of shape {factors.shape} for levels of shape {levels.shape}; use (out_channels,) for "
            "(out_channels, ...)"
        )
    return levels.astype(np.float32) * factors.astype(np.float32).reshape(-1, *[1] * (levels.ndim - 1))
