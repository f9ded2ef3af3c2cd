"""Noise that both halves make from integers: the same to the last bit."""

import functools

import numpy as np

__all__ = ["SIDE", "noise"]

#: Rows and columns of the pictures; 1 to 4 divide it, so that every interleaved picture is whole.
SIDE = 96
#: Mean and standard deviation of the sum of four bytes.
MEAN, DEVIATION = 510.0, (4 * (256**2 - 1) / 12) ** 0.5


@functools.cache
def noise() -> np.ndarray:
    """White noise of mean 0 and standard deviation 1, (96, 96): sums of the four bytes of hashed pixel indices.

    The hash is the last step of MurmurHash3; `model.mjs` has it too.
    """
    h = (np.arange(SIDE * SIDE, dtype=np.uint64) + 1) * 0x9E3779B1 & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h = (h ^ (h >> shift)) * factor & 0xFFFFFFFF
    h ^= h >> 16
    values = (sum((h >> bits) & 255 for bits in (0, 8, 16, 24)).astype(float) - MEAN) / DEVIATION
    values.flags.writeable = False
    return values.reshape(SIDE, SIDE)
