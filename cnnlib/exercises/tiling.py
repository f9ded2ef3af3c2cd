"""A checker for the exercise on kernels that take turns."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_tiled"]


def check_tiled(function):
    """Check ``function(line, kernels)``: output i by ``kernels[i % P]``, kernels (P, K), no flip (chapter 8)."""
    rng = np.random.default_rng(8)
    cases = []
    for length, period, taps in ((7, 2, 3), (10, 3, 2), (11, 4, 3), (10, 2, 2)):
        kernels = rng.permutation(np.arange(1.0, 30))[: period * taps].reshape(period, taps)
        cases.append((rng.integers(-9, 10, length).astype(float), kernels))
    return check(
        function, cases, _tiled, praise="every value agrees with cnnlib.ops.tiled_conv2d, at periods 2, 3 and 4."
    )


def _tiled(line, kernels):
    want = _turns(line, kernels)
    period, taps = kernels.shape
    count = len(want)
    every = _every(line, kernels)  # every kernel at every position
    at = np.arange(count)
    return want, {
        "the kernel is chosen by the window's last pixel; choose it by the output": every[(at + taps - 1) % period, at],
        "the kernel is chosen by the window's middle pixel; choose it by the output": every[
            (at + taps // 2) % period, at
        ],
        "the kernels stand in blocks, i // P; they must take turns, i % P": every[
            np.minimum(at // period, period - 1), at
        ],
        "each kernel serves one block of the line; they must take turns, i % P": every[at * period // count, at],
        "the turns start with the second kernel; output 0 uses kernels[0]": every[(at + 1) % period, at],
        "the turns run backwards; output 1 uses kernels[1]": every[-at % period, at],
        "the kernels are flipped, as mathematicians do it and frameworks do not": _turns(line, kernels[:, ::-1]),
        "one kernel, the mean of all, is used everywhere": every.mean(axis=0),
        "the first kernel is used everywhere": every[0],
        "the sum over all kernels is used everywhere": every.sum(axis=0),
        "the period and the taps are exchanged: kernels has a row for each kernel": _turns(line, kernels.T),
        "the last window is missing: there are len(line) - K + 1 of them": want[:-1],
        "the windows move on by P: with stride 1 there is one at every pixel": want[::period],
    }


def _every(line, kernels):
    return np.stack([ops.conv1d(line[None, None], kernel[None, None])[0, 0] for kernel in kernels])


def _turns(line, kernels):
    weights = kernels.T[None, None, None, :, None, :]  # (O, C, KH, KW, TH, TW)
    return ops.tiled_conv2d(line[None, None, None], weights)[0, 0, 0]
