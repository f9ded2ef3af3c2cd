"""Checkers for the exercises on simple and complex cells."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check


def check_energy(function):
    """Check ``function(image, even, odd)``: the energy of a pair of filters at each place, no padding (chapter 3)."""
    rng = np.random.default_rng(31)

    def conv(image, kernel):
        return ops.conv2d(image[None, None], kernel[None, None])[0, 0]

    cases = []
    for size, taps in (((6, 8), (3, 2)), ((9, 7), (2, 4))):
        image = rng.integers(-9, 10, size).astype(float)
        even, odd = rng.integers(-9, 10, (2, *taps)).astype(float)
        a, b = conv(image, even), conv(image, odd)
        mistakes = {
            "the square root is missing: these are the summed squares": a**2 + b**2,
            "these are absolute values added; square first, and take the root at the end": np.abs(a) + np.abs(b),
            "only the even filter is used": np.abs(a),
            "this is the even filter's own answer": a,
            "only the odd filter is used": np.abs(b),
            "the answers are added, not their squares": np.abs(a + b),
            "both answers were cut at zero before squaring; an energy keeps the negative ones": np.hypot(
                np.maximum(a, 0), np.maximum(b, 0)
            ),
            "the kernels are flipped, as mathematicians do it and frameworks do not": np.hypot(
                conv(image, even[::-1, ::-1]), conv(image, odd[::-1, ::-1])
            ),
        }
        cases.append(((image, even, odd), np.hypot(a, b), mistakes))
    return check(function, cases, praise="the energy is right at every place, whatever the signs.")


def check_complex_plane(function):
    """Check ``function(simple, reach)``: the strongest simple cell up to `reach` away each way (chapter 3)."""
    rng = np.random.default_rng(32)

    def pool(simple, reach, padding):
        return ops.max_pool2d(simple[None, None], 2 * reach + 1, stride=1, padding=padding)[0, 0]

    cases = []
    for size, reach in (((5, 7), 1), ((8, 6), 2), ((4, 5), 0)):
        simple = np.maximum(rng.integers(-5, 10, size), 0).astype(float)
        want = pool(simple, reach, reach)
        after = np.pad(simple, ((0, 2 * reach), (0, 2 * reach)))
        mistakes = {
            "this is the mean around each cell; a complex cell of this kind takes the strongest": ops.avg_pool2d(
                simple[None, None], 2 * reach + 1, stride=1, padding=reach
            )[0, 0],
            "the windows start at each cell instead of lying around it": pool(after, reach, 0),
            "there are no cells near the edge: let the window hang over, with nothing beyond": pool(simple, reach, 0),
            "the windows do not overlap: there is one complex cell for every simple cell": simple[
                :: 2 * reach + 1, :: 2 * reach + 1
            ],
            "this is the plane of simple cells itself": simple,
        }
        if reach:
            mistakes["the window is 2 * reach wide; it should be 2 * reach + 1, the cell itself in the middle"] = (
                np.max(
                    [
                        np.pad(simple, reach)[i : i + size[0], j : j + size[1]]
                        for i in range(2 * reach)
                        for j in range(2 * reach)
                    ],
                    axis=0,
                )
            )
        cases.append(((simple, reach), want, mistakes))
    return check(function, cases, praise="every complex cell hears the strongest simple cell around it.")
