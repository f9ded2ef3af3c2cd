"""A point between four pixels: what it reads, which way is uphill, and where one gets by going downhill."""

import math

import numpy as np

from cnnlib import ops
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed
from cnnlib.explore.base.traits import Choice, GreyPicture, Matrix, Real, Whole
from cnnlib.explore.point_between_pixels import descent

SIDE = 5
PATTERNS = {
    "hills": [
        [0, 10, 20, 10, 0],
        [10, 30, 60, 40, 10],
        [20, 10, 30, 70, 30],
        [10, 50, 110, 60, 20],
        [0, 20, 40, 30, 10],
    ],
    "peak": [[10 * (6 - abs(r - 2) - 2 * abs(c - 2)) for c in range(SIDE)] for r in range(SIDE)],
    "ramp": [[20 * r + 10 * c for c in range(SIDE)] for r in range(SIDE)],
    "edge": [[100 * (c > 2) for c in range(SIDE)] for _ in range(SIDE)],
    "flat": [[50] * SIDE for _ in range(SIDE)],
}
METHODS = ("bilinear", "nearest", "straight-through")
BEFORE = {"floor": math.floor, "truncate": math.trunc}


class PointBetweenPixels(Explorer):
    """The value that is read between pixels, as a sum of four, its derivatives, and a shift that follows them.

    Parameters
    ----------
    row, column : float
        The point, -1 to 5; (0, 0) is the centre of the first pixel. Zeros lie outside the image.
    method : {"bilinear", "nearest", "straight-through"}
        How it is read: four pixels weighed by areas; the nearest pixel, which has no slope; the nearest pixel, with the
        slopes that bilinear sampling has there put in place of its own.
    rule : {"floor", "truncate"}
        How the pixel before a coordinate is found: by rounding down, or by cutting off the digits behind the point,
        which is a mistake below zero.
    pattern : {"hills", "peak", "ramp", "edge", "flat", "array"}
        What the image holds; ``"array"`` is ``image``.
    panel : {"point", "descent"}
        The point, or a window of a photograph that looks for the shift by which a target was cut, (2.3, -1.6) pixels.
    window : {"head and wool", "grass", "body", "own"}
        Which window; ``"own"`` is that of ``photograph``. Setting it, or one of the next three, sets the panel as well.
    start_row, start_column : float
        The shift from which the descent starts, -8 to 8 pixels.
    step : int
        How many of its 150 steps have been made.
    image : array_like, at most (5, 5), optional
        Values of your own; zeros beyond its edges.
    photograph : array (height, width) or (height, width, 3), optional
        A picture of your own, 0 to 1, or uint8, at most 512 x 512: the middle square in 64 x 64 grey levels. Setting it
        sets ``window``.

    Raises
    ------
    ValueError
        For a point out of range, or an image that is too large or not finite.

    References
    ----------
    Jaderberg et al., "Spatial transformer networks", NeurIPS 2015, equations 5 to 7. Bengio, Léonard and Courville,
    "Estimating or propagating gradients through stochastic neurons", arXiv:1308.3432, for the straight-through way.

    Examples
    --------
    >>> explorer = PointBetweenPixels(row=2.3, column=1.7)
    >>> explorer.weights.round(2).tolist()
    [[0.21, 0.49], [0.09, 0.21]]
    >>> explorer
    PointBetweenPixels(row=2.3, column=1.7, method='bilinear', rule='floor', pattern='hills')
    Value 44.4; slopes 68 downwards and 32 to the right.
    """

    generated = {"point_between_pixels/pieces.mjs": descent.module}
    constants = {
        "SIDE": SIDE,
        "PATTERNS": PATTERNS,
        "METHODS": METHODS,
        "WINDOW": descent.WINDOW,
        "FRAME": descent.FRAME,
        "SHIFT": descent.SHIFT,
        "STEPS": descent.STEPS,
        "RATE": descent.RATE,
        "REACH": descent.REACH,
        "FINE": descent.FINE,
        "FAR": descent.FAR,
    }

    row = Real(-1, SIDE, 2.3)
    column = Real(-1, SIDE, 1.6)
    method = Choice(METHODS)
    rule = Choice(tuple(BEFORE))
    pattern = Choice((*PATTERNS, "array"))
    panel = Choice(("point", "descent"))
    window = Choice((*descent.CORNERS, "own"), shows=("panel", "descent"))
    start_row = Real(-descent.REACH, descent.REACH, 0, shows=("panel", "descent"))
    start_column = Real(-descent.REACH, descent.REACH, 0, shows=("panel", "descent"))
    step = Whole(0, descent.STEPS, descent.STEPS, shows=("panel", "descent"))
    image = Matrix(SIDE, shows=("pattern", "array"))
    photograph = GreyPicture(shows=("window", "own"))

    def implied(self, given):
        found = super().implied(given)
        return super().implied(found | given) | found if "window" in found else found

    @property
    def input(self) -> np.ndarray:
        """The values in the image, (5, 5)."""
        given = self.image if self.pattern == "array" else PATTERNS[self.pattern]
        return framed(np.array(given, float), SIDE, SIDE)

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of the pixel before the point; the other three are one further."""
        return tuple(BEFORE[self.rule](at) for at in (self.row, self.column))

    @property
    def weights(self) -> np.ndarray:
        """Of the four pixels, (2, 2), rows from top to bottom."""
        down, right = (at - first for at, first in zip((self.row, self.column), self.corner, strict=True))
        return np.outer([1 - down, down], [1 - right, right])

    @property
    def values(self) -> np.ndarray:
        """The four pixels, (2, 2); zero outside the image."""
        rows, columns = (np.clip([first, first + 1], -1, SIDE) + 1 for first in self.corner)
        return np.pad(self.input, 1)[np.ix_(rows, columns)]

    def _read(self, row, column):
        """The value of `cnnlib.ops` and its slopes at a point."""
        x, points = self.input[None, None], np.array([[[row, column]]], float)
        one = np.ones((1, 1, 1))
        return ops.bilinear_sample(x, points).item(), ops.bilinear_sample_backward(one, x, points)[1][0, 0]

    @property
    def value(self) -> float:
        """What is read."""
        if self.method != "bilinear":
            return ops.rounded_sample(self.input[None, None], [[[self.row, self.column]]]).item()
        return (
            self._read(self.row, self.column)[0] if self.rule == "floor" else float((self.weights * self.values).sum())
        )

    @property
    def slopes(self) -> tuple[float, float]:
        """The derivatives of the value by row and by column, as a gradient would be passed on."""
        if self.method == "nearest":
            return 0.0, 0.0
        if self.method == "straight-through":
            found = self._read(round(self.row), round(self.column))[1]
        elif self.rule == "floor":
            found = self._read(self.row, self.column)[1]
        else:
            top, left = self.corner
            down, right = self.row - top, self.column - left
            by_row, by_column = np.diff(self.values, axis=0)[0], np.diff(self.values, axis=1)[:, 0]
            found = by_row @ [1 - right, right], by_column @ [1 - down, down]
        return float(found[0]), float(found[1])

    @property
    def ways(self) -> dict[str, descent.Descent]:
        """The way of the shift by each method, cut after ``step`` steps; one that leaves the piece has ended before."""
        start = (self.start_row, self.start_column)
        whole = {method: descent.way(descent.piece(self), method, start) for method in METHODS}
        return {name: descent.Descent(*(part[: self.step + 1] for part in found)) for name, found in whole.items()}

    @property
    def distances(self) -> dict[str, float]:
        """How far from the shift that is sought each of the ways has got, in pixels."""
        return {name: float(np.hypot(*(found.shifts[-1] - descent.SHIFT))) for name, found in self.ways.items()}

    def hidden(self):
        unused = {"row", "column", "rule", "pattern", "image"} if self.panel == "descent" else {"panel", "photograph"}
        return super().hidden() | unused | (set() if self.method == "bilinear" else {"rule"})

    def result(self):
        if self.panel == "descent":
            far = self.distances[self.method]
            down, right = self.ways[self.method].shifts[-1] + 0.0
            at = f"({down:.3f}, {right:.3f}), {far:.3f} pixels from the shift"
            return f"After {self.step} steps {self.method} is at {at}."
        down, right = self.slopes
        return f"Value {self.value:.6g}; slopes {down:.6g} downwards and {right:.6g} to the right."

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 2, height=3)
        if self.panel == "descent":
            return self._map(figure, axes)
        inside = np.zeros((SIDE, SIDE), bool)
        for row, column in np.argwhere(np.ones((2, 2))) + self.corner:
            if 0 <= row < SIDE and 0 <= column < SIDE:
                inside[row, column] = True
        plots.number_grid(self.input, ax=axes[0], title="pixels", shade=inside)
        axes[0].plot(self.column, self.row, "o", color=plots.INK)
        plots.number_grid(self.weights, ax=axes[1], title=f"weights, value {self.value:.4g}", decimals=2)
        return figure

    def _map(self, figure, axes):
        """The window, and the map of errors with the ways."""
        from cnnlib import plots

        at, reach = descent.FRAME - 0.5, descent.REACH
        piece = descent.piece(self)
        title = "your picture" if self.window == "own" else self.window
        plots.image(descent.levels(piece) / 255, ax=axes[0], title=title)
        for (down, right), style in ((descent.SHIFT, "--"), (self.ways[self.method].shifts[-1], "-")):
            top, left, side = at + down, at + right, descent.WINDOW
            axes[0].plot(
                [left, left + side, left + side, left, left],
                [top, top, top + side, top + side, top],
                style,
                color=plots.ORANGE,
            )
        errors = descent.errors(piece)
        plots.image(np.sqrt(errors / (errors.max() or 1)), ax=axes[1], title="error of each shift, dark: small")
        for (name, found), colour in zip(self.ways.items(), (plots.BLUE, plots.ORANGE, plots.GREEN), strict=True):
            axes[1].plot(
                *((found.shifts + reach) * descent.FINE).T[::-1],
                ".-",
                markersize=2,
                linewidth=1,
                color=colour,
                label=name,
            )
        goal = (np.array(descent.SHIFT) + reach) * descent.FINE
        axes[1].plot(*goal[::-1], "x", color=plots.PAPER)
        axes[1].legend(fontsize=8, loc="upper right")
        axes[1].set(xlim=(-0.5, 2 * reach * descent.FINE + 0.5), ylim=(2 * reach * descent.FINE + 0.5, -0.5))
        return figure
