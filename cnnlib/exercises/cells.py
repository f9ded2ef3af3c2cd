"""Checkers for the exercises on simple and complex cells."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_complex_plane", "check_energy"]


def check_energy(function):
    """Check ``function(image, even, odd)``: a filter pair's energy at each position, no padding (chapter 3)."""
    rng = np.random.default_rng(31)
    cases = []
    for size, taps in (((6, 8), (3, 2)), ((9, 7), (2, 4))):
        image = rng.integers(-9, 10, size).astype(float)
        cases.append((image, *rng.integers(-9, 10, (2, *taps)).astype(float)))
    return check(function, cases, _energy, praise="the energy is right at every position, whatever the signs.")


def _energy(image, even, odd):
    a, b = _conv(image, even), _conv(image, odd)
    return np.hypot(a, b), {
        "the square root is missing: these are the summed squares": a**2 + b**2,
        "these are absolute values added; square first, and take the root at the end": np.abs(a) + np.abs(b),
        "only the even filter is used": np.abs(a),
        "this is the even filter's own response": a,
        "only the odd filter is used": np.abs(b),
        "the responses are added, not their squares": np.abs(a + b),
        "both responses were cut at zero before squaring; an energy keeps the negative ones": np.hypot(
            np.maximum(a, 0), np.maximum(b, 0)
        ),
        "the kernels are flipped, as mathematicians do it and frameworks do not": np.hypot(
            _conv(image, even[::-1, ::-1]), _conv(image, odd[::-1, ::-1])
        ),
    }


def _conv(image, kernel):
    return ops.conv2d(image[None, None], kernel[None, None])[0, 0]


def check_complex_plane(function):
    """Check ``function(simple, reach)``: the strongest simple cell up to `reach` away each way (chapter 3)."""
    rng = np.random.default_rng(32)
    cases = [
        (np.maximum(rng.integers(-5, 10, size), 0).astype(float), reach)
        for size, reach in (((5, 7), 1), ((8, 6), 2), ((4, 5), 0))
    ]
    return check(
        function, cases, _complex_plane, praise="every complex cell hears the strongest simple cell around it."
    )


def _complex_plane(simple, reach):
    def pool(simple, padding):
        return ops.max_pool2d(simple[None, None], 2 * reach + 1, stride=1, padding=padding)[0, 0]

    mistakes = {
        "this is the mean around each cell; a complex cell of this kind takes the strongest": ops.avg_pool2d(
            simple[None, None], 2 * reach + 1, stride=1, padding=reach
        )[0, 0],
        "the windows start at each cell instead of lying around it": pool(
            np.pad(simple, ((0, 2 * reach), (0, 2 * reach))), 0
        ),
        "there are no cells near the edge: let the window hang over, with nothing beyond": pool(simple, 0),
        "the windows do not overlap: there is one complex cell for every simple cell": simple[
            :: 2 * reach + 1, :: 2 * reach + 1
        ],
        "this is the plane of simple cells itself": simple,
    }
    if reach:
        (height, width), padded = simple.shape, np.pad(simple, reach)
        offsets = np.ndindex(2 * reach, 2 * reach)
        mistakes["the window is 2 * reach wide; it should be 2 * reach + 1, the cell itself in the middle"] = np.max(
            [padded[i : i + height, j : j + width] for i, j in offsets], axis=0
        )
    return pool(simple, reach), mistakes
