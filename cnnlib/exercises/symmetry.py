"""Checkers for the exercises on layers that move and turn with their image."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_circular_convolution", "check_turned_filters"]


def check_circular_convolution(function):
    """Check ``function(image, kernel)``: 2-D, no flip, odd kernels, the image wraps around (chapter 2)."""
    rng = np.random.default_rng(2)
    cases = []
    for size, taps in (((5, 7), (3, 3)), ((6, 8), (5, 3)), ((4, 9), (1, 5))):
        image = rng.integers(-9, 10, size).astype(float)
        cases.append((image, rng.integers(-9, 10, taps).astype(float)))
    return check(
        function, cases, _circular, praise="every window wraps around at the edge, so every shift passes through."
    )


def _circular(image, kernel):
    def conv(image, kernel, mode="wrap"):
        sides = [(n // 2, n // 2) for n in kernel.shape]
        padded = np.pad(image, sides, mode=mode)
        return ops.conv2d(padded[None, None], kernel[None, None])[0, 0]

    want = conv(image, kernel)
    corner = tuple(-(n // 2) for n in kernel.shape)
    return want, {
        "the kernel is flipped, as mathematicians do it and frameworks do not": conv(image, kernel[::-1, ::-1]),
        "zeros surround the image; the pixels of the opposite edge should": conv(image, kernel, "constant"),
        "the nearest pixel is repeated outside; what lies at the other edge should be": conv(image, kernel, "edge"),
        "the windows begin at their pixel; it belongs in their middle": np.roll(want, corner, axis=(0, 1)),
        "only the windows that fit are there; the others read on at the other edge": ops.conv2d(
            image[None, None], kernel[None, None]
        )[0, 0],
    }


def check_turned_filters(function):
    """Check ``function(image, kernel)``: the largest response to a kernel and its quarter turns (chapter 2)."""
    rng = np.random.default_rng(3)
    cases = []
    for size, taps in (((6, 8), 3), ((9, 7), 3), ((5, 6), 2)):
        image = rng.integers(-9, 10, size).astype(float)
        cases.append((image, rng.integers(-9, 10, (taps, taps)).astype(float)))
    return check(function, cases, _turned, praise="turn the image and this map turns with it, whatever the kernel.")


def _turned(image, kernel):
    def responses(kernels):
        return ops.conv2d(image[None, None], np.stack(kernels)[:, None])[0]

    all_four = responses([np.rot90(kernel, turns) for turns in range(4)])
    return all_four.max(axis=0), {
        "only the kernel as it stands is used": all_four[0],
        "only the kernel and one quarter turn are used": all_four[:2].max(axis=0),
        "only the kernel and its half turn are used": all_four[::2].max(axis=0),
        "these are mirrored kernels; a mirror image is no turn": responses(
            [kernel, kernel[::-1], kernel[:, ::-1], kernel[::-1, ::-1]]
        ).max(axis=0),
        "the four responses are added; take the largest": all_four.sum(axis=0),
        "this is the mean of the four responses; take the largest": all_four.mean(axis=0),
        "the largest magnitude is taken; take the largest response": np.abs(all_four).max(axis=0),
        "this is the number of the largest response; take its value": all_four.argmax(axis=0),
    }
