"""A photograph to drag, a stack of layers, and how far the stack is from moving along."""

import numpy as np

from cnnlib import equivariance
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.base.traits import Choice, Flag, GreyPicture, Pair, Whole
from cnnlib.explore.break_equivariance import tables
from cnnlib.explore.break_equivariance.stack import SIDE, STRIDES, stack
from cnnlib.explore.break_equivariance.tables import levels, shifts
from cnnlib.transforms import FractionalShift, Shift

REACH, MOST_BORDER = 8, 12


class BreakEquivariance(Explorer):
    """Move a photograph and see whether the layers move with it.

    All stacks but two begin with four Sobel filters (right, down, left, up) and a ReLU, then add the four
    maps through a second 3 x 3 filter, with a ReLU again.

    Parameters
    ----------
    photo : str
        ``"sheep"``, ``"lemur"``, ``"lincoln_memorial"``, ``"kingfisher"`` or ``"hedgehog"``: the centre
        square, grey, 64 x 64. Or ``"array"`` for ``image``; setting ``image`` sets it.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; at most 512 x 512, of which the centre square is shown in 64 x 64. SqueezeNet's
        table has predictions for the photographs only.
    layers : str
        ``"circular"`` or ``"zero_padding"`` around both convolutions; with circular ones, ``"stride"`` 2 in
        the second, or ``"max_pool"`` 2 x 2 or ``"blur_pool"`` after it; ``"dense"``, 256 units with random
        weights; or ``"squeezenet"``, pretrained on ImageNet, its label at 227 x 227 looked up in a table.
    shift : int or (int, int)
        T: pixels down and right, -8 to 8.
    boundary : str
        What comes in at the edge: the other edge, ``"circular"``, or black, ``"zero"``.
    second : str
        The second filter: ``"smooth"`` or ``"sharp"``.
    pooled : bool
        Average over all positions at the end.
    border : int
        Positions of the map to leave out of the comparison on each side, 0 to 12.

    Raises
    ------
    ValueError
        For a value out of range, a border that leaves nothing, or an own picture with ``layers="squeezenet"``.

    Examples
    --------
    >>> BreakEquivariance(layers="circular", shift=(3, -5)).error
    0.0
    >>> BreakEquivariance(layers="zero_padding", shift=(3, -5)).error > 0.1
    True
    """

    generated = {"break_equivariance/tables.mjs": tables.module}
    constants = {"SIDE": SIDE, "STRIDES": STRIDES}

    photo = Choice((*photographs.NAMES, "array"))
    image = GreyPicture(shows=("photo", "array"))
    layers = Choice(STRIDES)
    shift = Pair(-REACH, REACH, (0, 1))
    boundary = Choice(("circular", "zero"))
    second = Choice(("smooth", "sharp"))
    pooled = Flag(False)
    border = Whole(0, MOST_BORDER, 0)

    def misfit(self, state):
        if state.photo == "array" and state.layers == "squeezenet":
            return (
                "layers='squeezenet' is a table of stored predictions, which has none for photo='array'; "
                "use other layers, or NetworkLive(image=...)"
            )
        side, most = SIDE // STRIDES[state.layers], most_border(state.layers)
        if state.border <= most:
            return None
        return (
            f"border={state.border} leaves too little of the {side} x {side} positions of layers='{state.layers}'; "
            f"use border <= {most}"
        )

    def hidden(self):
        if self.layers == "squeezenet":
            return super().hidden() | {"second", "border", "pooled"}
        pooled, dense = {"border"} if self.pooled else set(), {"second"} if self.layers == "dense" else set()
        return super().hidden() | pooled | dense

    @property
    def input(self) -> np.ndarray:
        """The photograph, (64, 64), from 0 to 1."""
        return middle_square(self.image, SIDE) if self.photo == "array" else levels(self.photo) / 255

    @property
    def transform(self) -> Shift:
        """T."""
        return Shift(self.shift, self.boundary)

    @property
    def after(self) -> FractionalShift:
        """T', on the grid of the map: whole positions, or between them."""
        return FractionalShift(self.shift, self.boundary).on_grid(STRIDES[self.layers])

    def f(self, x) -> np.ndarray:
        """The stack of layers: an image (64, 64) to a map (side, side), not pooled."""
        return stack(self.layers, self.second, x)

    @property
    def maps(self) -> tuple:
        """``f(T x)`` and ``T' f(x)``, each (side, side)."""
        return self.f(self.transform(self.input)), self.after(self.f(self.input))

    @property
    def error(self) -> float:
        """How far ``f(T x)`` is from ``T' f(x)``; where pooled, their means from each other."""
        if self.pooled:
            return _settled(equivariance.invariance_error(lambda x: self.f(x).mean(), self.transform, self.input))
        return _settled(
            equivariance.equivariance_error(self.f, self.transform, self.input, after=self.after, border=self.border)
        )

    @property
    def unmoved_error(self) -> float:
        """How far ``f(T x)`` is from ``f(x)``, the map that was not moved."""
        return _settled(
            equivariance.equivariance_error(
                self.f, self.transform, self.input, after=lambda y: y, border=0 if self.pooled else self.border
            )
        )

    @property
    def label(self) -> tuple:
        """SqueezeNet's (label, per cent, per cent of the label at shift (0, 0)) for the moved photograph."""
        own, named, percent, own_percent = shifts(self.photo, self.boundary)
        row, column = (move + REACH for move in self.shift)
        return named[row][column], percent[row][column], own_percent[row][column]

    def result(self):
        moved = f"Moved by {self.shift}, {self.boundary}: "
        if self.layers == "squeezenet":
            label, percent, own_percent = self.label
            own, named, _, own_table = shifts(self.photo, self.boundary)
            other = sum(name != own for row in named for name in row)
            low, high = (find(map(find, own_table)) for find in (min, max))
            said = f'still "{own}", with {percent}%'
            if label != own:
                said = f'"{label}", with {percent}%; "{own}" has {own_percent}%'
            return (
                f'{moved}{said}. Over all {len(named) ** 2:,} shifts "{own}" has {low}% to {high}%, '
                f"and another label wins {other} times."
            )
        if self.pooled:
            after, before = (float(self.f(x).mean()) for x in (self.transform(self.input), self.input))
            return f"{moved}the mean goes from {before:.5f} to {after:.5f}, a change of {_percent(self.error, 2)}."
        return (
            f"{moved}f(T x) differs from T' f(x) by {_percent(self.error)}, and from f(x), unmoved, "
            f"by {_percent(self.unmoved_error)}."
        )

    def figure(self):
        from cnnlib import plots

        if self.layers == "squeezenet":
            own, named, _, own_table = shifts(self.photo, self.boundary)
            figure, axes = plots.subplots(1, 2, height=3)
            plots.image(self.transform(self.input), ax=axes[0], title="T x")
            plots.image(np.array(own_table) / 100, ax=axes[1], title=f"probability of {own} at each shift")
            rows, columns = np.nonzero(np.array(named) != own)
            axes[1].plot(columns, rows, "x", color=plots.ORANGE, markersize=4)
            axes[1].plot(*(move + REACH for move in self.shift[::-1]), "s", color=plots.BLUE, mfc="none")
            return figure
        moved, reference = self.maps
        high = reference.max() or 1
        figure, axes = plots.subplots(1, 5, height=1.9)
        plots.image(self.input, ax=axes[0], title="picture x")
        plots.image(self.transform(self.input), ax=axes[1], title="moved, T x")
        plots.image(moved / high, ax=axes[2], title="its map, f(T x)")
        plots.image(reference / high, ax=axes[3], title="T' f(x)")
        difference = moved - reference
        plots.image(np.where(np.abs(difference) < 1e-9, 0, difference), ax=axes[4], signed=True, title="difference × 2")
        axes[4].images[0].set_clim(-high / 2, high / 2)
        if self.error == 0:
            axes[4].text(
                SIDE // STRIDES[self.layers] / 2, SIDE // STRIDES[self.layers] / 2, "none", ha="center", va="center"
            )
        for spine in axes[4].spines.values():
            spine.set_visible(True)
        return figure


def _percent(share, digits=1):
    return f"{share:.{digits}%}" if np.isfinite(share) else "∞%"


def most_border(layers):
    """The widest border to leave out of a map of these layers."""
    return min(MOST_BORDER, SIDE // STRIDES[layers] // 2 - 2) if layers != "squeezenet" else MOST_BORDER


def _settled(error):
    """An error of rounding is none."""
    return 0.0 if error < 1e-9 else error
