"""What this explorer shows, in one line."""

import numpy as np

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Whole


class SkeletonName(Explorer):
    """A window on a line of numbers, and their sum.

    Parameters
    ----------
    size : int
        How many numbers there are, 1 to 16: 0, 1, 2 and so on.
    kernel_size : int
        How many of them lie in the window, 1 to 7.
    position : int
        Where the window begins, from 0. Where there are fewer positions, it moves to the last.

    Raises
    ------
    ValueError
        For a value out of range, or a window that does not fit.

    Examples
    --------
    >>> SkeletonName(size=5, position=2)
    SkeletonName(size=5, kernel_size=3)
    Window 2 of 3 sums to 9.
    """

    silent = ("position",)

    size = Whole(1, 16, 8)
    kernel_size = Whole(1, 7, 3)
    position = Whole(0, 15, 0, within="positions")

    def misfit(self, state):
        if state.kernel_size <= state.size:
            return None
        return f"kernel_size={state.kernel_size} does not fit in size={state.size}; use kernel_size <= {state.size}"

    @property
    def positions(self) -> int:
        """In how many positions the window fits."""
        return self.size - self.kernel_size + 1

    @property
    def window(self) -> np.ndarray:
        """The values in the window, (kernel_size,)."""
        return np.arange(self.position, self.position + self.kernel_size)

    def result(self):
        return f"Window {self.position} of {self.positions} sums to {self.window.sum()}."

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 1, width=5.4, height=1.2)
        line = np.arange(self.size)[None].astype(float)
        plots.number_grid(line, ax=axes, shade=np.isin(line, self.window))
        return figure
