"""What the explorers of an arithmetic share: an input and a kernel, by name or given, on which one layer works."""

from collections.abc import Callable

import numpy as np

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed


class Arithmetic(Explorer):
    """An explorer with ``size`` and ``pattern`` of its input, ``kernel_size`` and ``preset`` of its kernel.

    A subclass declares these and its own parameters, with ``image`` and ``weights`` for arrays that are given, and
    names what there is to choose from.
    """

    #: Name of a pattern to a function of (height, width), and of a preset to one of the kernel's side.
    patterns: dict[str, Callable] = {}
    presets: dict[str, Callable] = {}

    def implied(self, given):
        found = super().implied(given)
        shape = self.shapes(given)
        if "image" in shape:
            found["size"] = shape["image"]
        if "weights" in shape:
            found["kernel_size"] = shape["weights"][0]
        return found

    @property
    def input(self) -> np.ndarray:
        """The values of the input, (height, width)."""
        if self.pattern == "array":
            return framed(self.image, *self.size)
        return self.patterns[self.pattern](*self.size).astype(float)

    @property
    def kernel(self) -> np.ndarray:
        """The weights, (kernel_size, kernel_size)."""
        if self.preset == "custom":
            return framed(self.weights, self.kernel_size, self.kernel_size)
        return self.presets[self.preset](self.kernel_size).astype(float)


def counted(height: int, width: int) -> np.ndarray:
    """1, 2, 3 and so on in reading order, (height, width)."""
    return 1 + np.arange(height * width).reshape(height, width)


def impulse(height: int, width: int) -> np.ndarray:
    """A single one in the middle, (height, width).

    >>> impulse(2, 3).astype(int)
    array([[0, 0, 0],
           [0, 1, 0]])
    """
    return counted(height, width) == height // 2 * width + width // 2 + 1
