"""Checkers for the exercises on what a layer costs."""

import numpy as np

from cnnlib import geometry
from cnnlib.exercises.verdict import check

__all__ = ["check_layer_parameters"]


def check_layer_parameters(function):
    """Check ``function(sides, channels, kernel_size, units, filters)``: parameters, (3, sides) (chapter 1).

    Rows: a dense layer of ``units``; ``filters`` with a window and weights of their own at every position; the same
    filters shared. Biases count, and the size of the image stays.
    """
    cases = [([4, 6, 9, 11], 3, 5, 7, 4), ([28, 32], 1, 5, 10, 6), ([8, 12, 20], 16, 1, 13, 4)]
    return check(function, cases, _answer, praise="every count agrees with cnnlib.geometry, at every side.")


def _answer(sides, channels, kernel_size, units, filters):
    args = channels, kernel_size, units, filters
    want, positions = _parameters(sides, *args), np.square(sides)
    flat = _parameters(sides, 1, kernel_size, units, filters)
    fitting = np.maximum(np.subtract(sides, kernel_size) + 1, 0)  # windows along a side without padding
    once = _parameters(sides, *args, bias=False)[1] + filters
    return want, {
        "the biases are missing: one for each unit, each position of each filter, each filter": _parameters(
            sides, *args, bias=False
        ),
        "the channels are not counted: every unit reads all of them": flat,
        "the windows read a single channel: each has kernel_size x kernel_size weights for every channel": (
            np.concatenate([want[:1], flat[1:]])
        ),
        "each local filter has one bias; it has one at every position": np.stack([want[0], once, want[2]]),
        "local filters stand only where they fit; padding keeps the maps as large as the image": np.stack(
            [want[0], want[2] * fitting**2, want[2]]
        ),
        "the side is not squared: an image has side x side positions": _parameters(np.sqrt(sides), *args, exact=False),
        "the window is not squared: it has kernel_size x kernel_size taps": _parameters(
            sides, channels, np.sqrt(kernel_size), units, filters, exact=False
        ),
        "the last two rows are exchanged: shared weights do not grow with the image": want[[0, 2, 1]],
        "the shared filters are counted at every position": want * np.stack([positions**0, positions**0, positions]),
        "local filters have weights of their own at every position; these are counted once": want[[0, 2, 2]],
        "a local or shared layer has filters, not units": np.concatenate(
            [want[:1], _parameters(sides, channels, kernel_size, units, units)[1:]]
        ),
    }


def _parameters(sides, channels, kernel_size, units, filters, *, bias=True, exact=True):
    """Rows dense, local, shared; with ``exact=False`` by formula, for sides that are no integers."""
    if exact:
        return np.array([
            [geometry.count_parameters(channels * side * side, units, bias=bias) for side in sides],
            [geometry.count_parameters(channels, filters, kernel_size, positions=side, bias=bias) for side in sides],
            [geometry.count_parameters(channels, filters, kernel_size, bias=bias)] * len(sides),
        ])  # fmt: skip
    positions, taps = np.square(sides), kernel_size**2 * channels + 1
    return np.stack([(channels * positions + 1) * units, taps * filters * positions, taps * filters * positions**0])
