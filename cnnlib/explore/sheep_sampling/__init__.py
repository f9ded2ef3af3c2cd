"""Where a trained network of deformable layers looks on a sheep, beside the controls that it is held against."""

import numpy as np

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Flag, Pair, Whole
from cnnlib.explore.sheep_sampling import looks, stored
from cnnlib.explore.sheep_sampling.looks import DRAWS, KINDS, LAYERS
from cnnlib.sheep import effective_dilation, share_on_object, sheep_parts, spread
from cnnlib.sheep.points import CELL, DILATION
from cnnlib.sheep.scenes import PARTS

NAMES = {
    "rigid": "rigid grid",
    "mean": "constant mean offset",
    "learned": "learned offsets",
    "elsewhere": "offsets of another position",
}
#: Where the middle of a cell is, in the order of `PARTS`.
GROUNDS = tuple({"no sheep": "on the grass", "legs": "on a leg"}.get(part, f"on the {part}") for part in PARTS)


class SheepSampling(Explorer):
    """The points that a trained network reads from a position in a picture of a sheep, and how many of them are on it.

    Three deformable layers with 3 x 3 taps of dilation 2 look at cells of 4 pixels. The share of the points that lie on
    the sheep says little by itself, so it always stands beside three others: of the rigid grid, of one constant offset
    for each tap, its mean, and of the offsets that the network has at another position on the sheep.

    Parameters
    ----------
    height : {18, 30, 48, 76}
        Of the sheep, in pixels; the picture has 96.
    place : (int, int)
        Row and column of the cell, each from 0 to 23.
    layer : {"all", "first", "second", "third"}
        The three layers one after the other, with 9 x 9 x 9 points; or one of them alone, with nine.
    offsets : {"rigid", "mean", "learned", "elsewhere"}
        Whose points are drawn. The values of all four are always shown.
    draw : int
        Which other position on the sheep "elsewhere" takes, 0 to 19.
    lines : bool
        Whether lines lead from the points of the rigid grid to those that are drawn.

    Raises
    ------
    ValueError
        For a value out of range, or a height that is not stored.

    References
    ----------
    Dai et al., "Deformable convolutional networks", ICCV 2017, section 4.2 and figure 6.

    Examples
    --------
    >>> explorer = SheepSampling(place=(12, 12), layer="third", offsets="rigid")
    >>> explorer.points.shape, (explorer.points[:3] - (12, 12)).tolist()
    ((9, 2), [[-2.0, -2.0], [-2.0, 0.0], [-2.0, 2.0]])
    """

    generated = {"sheep_sampling/stored.mjs": stored.module}
    constants = {
        "HEIGHTS": stored.HEIGHTS,
        "CELLS": stored.CELLS,
        "CELL": CELL,
        "DILATION": DILATION,
        "FINE": stored.FINE,
        "DRAWS": DRAWS,
        "LAYERS": LAYERS,
        "KINDS": KINDS,
        "NAMES": NAMES,
        "GROUNDS": GROUNDS,
        "MAGNITUDES": lambda: stored.magnitudes().tolist(),
        "MEAN": lambda: stored.tables().mean.tolist(),
    }

    height = Whole(18, 76, 76)
    place = Pair(0, stored.CELLS - 1, (19, 13))
    layer = Choice(tuple(LAYERS))
    offsets = Choice(KINDS, default="learned")
    draw = Whole(0, DRAWS - 1, 0)
    lines = Flag(False)

    def misfit(self, state):
        if state.height in stored.HEIGHTS:
            return None
        return f"height={state.height} is no stored size; use one of {', '.join(map(str, stored.HEIGHTS))}"

    @property
    def image(self) -> np.ndarray:
        """The picture, (96, 96, 3) of uint8."""
        return stored.scene(self.height)[0]

    @property
    def mask(self) -> np.ndarray:
        """Which pixels are sheep, (96, 96)."""
        return stored.scene(self.height)[1]

    @property
    def weights(self) -> np.ndarray:
        """How much each point counts, by the size of the kernel's weights, (9,) or (729,); together 1."""
        return looks.weights(self.layer)

    @property
    def other(self) -> tuple[int, int]:
        """The position on the sheep whose offsets "elsewhere" takes."""
        return tuple(looks.others(self.height, [self.place], self.draw)[0].tolist())

    @property
    def points_of(self) -> dict[str, np.ndarray]:
        """For each kind its points, (row, column) in cells, (9, 2) or (729, 2)."""
        return {kind: looks.points(self.height, self.layer, kind, [self.place], self.draw)[0] for kind in KINDS}

    @property
    def points(self) -> np.ndarray:
        """Those that are drawn."""
        return self.points_of[self.offsets]

    @property
    def shares(self) -> dict[str, float]:
        """For each kind how much of its points lies on the sheep, from 0 to 1, by weight."""
        return {
            kind: float(share_on_object(CELL * points, self.weights, self.mask))
            for kind, points in self.points_of.items()
        }

    @property
    def all_shares(self) -> dict[str, np.ndarray]:
        """The same for every position on the sheep, (n,) each."""
        return looks.shares(self.height, self.layer, self.draw)

    @property
    def spreads(self) -> dict[str, float]:
        """For each kind the root mean squared distance of its points from their middle, in pixels."""
        return {kind: float(CELL * spread(points, self.weights)) for kind, points in self.points_of.items()}

    @property
    def dilations(self) -> dict[str, float]:
        """For each kind the effective dilation in cells; of the third layer where there are all."""
        layer = "third" if self.layer == "all" else self.layer
        nine = (looks.points(self.height, layer, kind, [self.place], self.draw)[0] for kind in KINDS)
        return {kind: float(effective_dilation(points)) for kind, points in zip(KINDS, nine, strict=True)}

    @property
    def on(self) -> np.ndarray:
        """Which of the points that are drawn lie on the sheep, (9,) or (729,)."""
        return share_on_object(CELL * self.points[:, None], [1], self.mask) == 1

    @property
    def ground(self) -> str:
        """Where the middle of the cell is: on the grass, the body, the head, or a leg."""
        row, column = self.place
        return GROUNDS[sheep_parts(self.height)[CELL * row, CELL * column]]

    def result(self):
        row, column = self.place
        shares = ", ".join(f"{NAMES[kind]} {100 * share:.0f}%" for kind, share in self.shares.items())
        return (
            f"At row {row}, column {column}, {self.ground}: {shares} of "
            f"{len(self.weights)} weighted points on the sheep. Spread {self.spreads['learned']:.1f} px (rigid "
            f"{self.spreads['rigid']:.1f}), effective dilation {self.dilations['learned']:.2f} "
            f"(rigid {self.dilations['rigid']:.2f})."
        )

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 2, height=3.2)
        plots.image(self.image / 255, ax=axes[0], title=f"{NAMES[self.offsets]}, {len(self.weights)} points")
        for chosen, face in ((self.on, plots.ORANGE), (~self.on, "none")):
            rows, columns = CELL * self.points[chosen].T
            axes[0].scatter(
                columns, rows, s=400 * self.weights[chosen] + 2, facecolors=face, edgecolors=plots.INK, linewidths=0.5
            )
        axes[0].plot(*(CELL * np.array(self.place))[::-1], "x", color=plots.PAPER)
        shares, means = self.shares, {kind: found.mean() for kind, found in self.all_shares.items()}
        rows = np.arange(len(KINDS))
        axes[1].barh(rows - 0.2, [shares[kind] for kind in KINDS], 0.4, label="this position", color=plots.ORANGE)
        axes[1].barh(rows + 0.2, [means[kind] for kind in KINDS], 0.4, label="all of the sheep", color=plots.BLUE)
        axes[1].set(yticks=rows, yticklabels=KINDS, xlim=(0, 1), ylim=(4.9, -0.6), title="share on the sheep")
        axes[1].legend(loc="lower right", ncols=2)
        return figure
