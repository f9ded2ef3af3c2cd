"""Checkers for the exercises on shared weights: the matrix of a layer, and the gradient of a shared weight."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check
from cnnlib.matrices import matrix_of

__all__ = ["check_shared_gradient", "check_shared_matrix"]


def check_shared_matrix(function):
    """Check ``function(weights, size, stride)``: the matrix of a 1-D shared layer, no padding (chapter 4)."""
    rng = np.random.default_rng(4)
    cases = [
        (rng.permutation(np.arange(1.0, 10))[:taps], size, stride)
        for taps, size, stride in ((3, 8, 1), (2, 5, 1), (4, 11, 3), (3, 9, 2))
    ]
    return check(
        function, cases, _shared, praise="every matrix does what cnnlib.ops.conv1d does, at strides 1, 2 and 3."
    )


def _shared(weights, size, stride):
    want = _matrix(weights, size, stride)
    rows, line = len(want), np.pad(weights, (0, size - len(weights)))
    return want, {
        "the stride is not used: each row is one column further, not `stride` columns": _matrix(weights, size, 1),
        "each row is one column further than the one above; it must be `stride` columns": _matrix(weights, size, 1)[
            :rows
        ],
        "the weights run backwards along the row; W1 belongs to the first pixel of the window": _matrix(
            weights[::-1], size, stride
        ),
        "the last row is missing: the count is floor((size - taps) / stride) + 1": want[:-1],
        "a window that hangs over the end comes back at the start; leave it out": np.stack(
            [np.roll(line, row * stride) for row in range(size // stride)]
        ),
        "every row has the first row's position: the window must move": np.repeat(want[:1], rows, axis=0),
        "the zeros are right, but the weights are not the same in every row": lambda got: _own_weights(got, want),
    }


def _matrix(weights, size, stride):
    return matrix_of(lambda x: ops.conv1d(x, weights[None, None], stride=stride), (1, size))


def _own_weights(got, want):
    """The first row is right, and the others too but for the values of their weights."""
    same = got.shape == want.shape and np.array_equal(got != 0, want != 0) and np.allclose(got[0], want[0])
    return same and not np.allclose(got, want)


def check_shared_gradient(function):
    """Check ``function(dy, x)``: the gradient of the weights of a 1-D shared layer, stride 1 (chapter 4)."""
    rng = np.random.default_rng(44)
    cases = []
    for taps, size in ((3, 8), (2, 7), (5, 9)):
        x = rng.integers(-9, 10, size).astype(float)
        cases.append((rng.integers(-9, 10, size - taps + 1).astype(float), x))
    praise = "every weight has the sum over its positions, as cnnlib.ops.conv1d_backward has."
    return check(function, cases, _gradient, praise=praise)


def _gradient(dy, x):
    taps = len(x) - len(dy) + 1
    want = ops.conv1d_backward(dy[None, None], x[None, None], np.zeros((1, 1, taps)))[1][0, 0]
    windows = np.lib.stride_tricks.sliding_window_view(x, taps)
    return want, {
        "this is the mean over the positions; a gradient is the sum": want / len(dy),
        "this is the first position's share alone; add up all positions": dy[0] * windows[0],
        "this is the last position's share alone; are the others overwritten?": dy[-1] * windows[-1],
        "this leaves out dy: each position counts by its own upstream gradient": windows.sum(axis=0),
        "this is one share for each position and weight, not yet summed over the positions": dy[:, None] * windows,
        "dy meets the windows in the wrong order": dy[::-1] @ windows,
        "this is the gradient of x, not of the weights": ops.conv1d_backward(
            dy[None, None], x[None, None], np.ones((1, 1, taps))
        )[0][0, 0],
    }
