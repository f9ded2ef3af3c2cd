"""What a bar does to simple and complex cells, and what a fovea does to a photograph."""

import numpy as np

from cnnlib import kernels, ops, retina
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import too_small
from cnnlib.explore.base.traits import Choice, Flag, GreyPicture, Pair, Whole

SIDE, TAPS = 48, 11
#: Orientation of a bar in degrees, counter-clockwise from the horizontal.
ORIENTATIONS = {"horizontal": 0, "rising": 45, "vertical": 90, "falling": 135}
COMPLEX = ("max", "mean", "energy")
ANGLES = np.arange(0, 181, 5)
OFFSETS = np.arange(-16, 17)
NEAR = 16  # pixels from the fixation that count as looked at
LEAST = 64  # pixels of the shorter side of an own picture: as many as the finest retina has fields
FOVEA = ("photo", "image", "fixation", "rings")


class CortexCells(Explorer):
    """Simple and complex cells before a bar, and a photograph before a retina.

    Parameters
    ----------
    view : {"cells", "fovea"}
        What is shown; each view uses the parameters below that concern it.
    position : (int, int)
        Row and column of the bar's middle, each 0 to 47.
    angle : int
        The bar's orientation in degrees, 0 to 179, counter-clockwise: 0 is horizontal, 90 vertical.
    length, width : int
        Of the bar in pixels, 3 to 60 and 1 to 12.
    dark : bool
        A dark bar on grey rather than a bright one.
    preferred : {"horizontal", "rising", "vertical", "falling"}
        The planes whose cell in the middle is followed: 0, 45, 90, 135 degrees. The diagonals rise or fall rightwards.
    cell : {"max", "mean", "energy"}
        The complex cell: the strongest of the simple cells around, their mean, or the amplitude of a quadrature pair,
        which is the root of its energy.
    reach : int
        How many pixels each way a complex cell pools over, 0 to 4.
    photo : str
        One of the photographs, or ``"array"`` for ``image``.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; 64 x 64 to 224 x 224. Setting it sets ``photo`` and shows the fovea.
    fixation : (int, int)
        The pixel looked at, None the middle. In a smaller photograph it is the last.
    rings : int
        Rings of the retina, 8 to 40, with twice as many rays.

    Raises
    ------
    ValueError
        For a value out of range, or an image that is too small.

    References
    ----------
    Hubel and Wiesel, 1962; Fukushima, 1980; Adelson and Bergen, 1985; Schwartz, 1977.

    Examples
    --------
    A bar two pixels beside the cell: the simple cell is silent, the complex cell is not.

    >>> explorer = CortexCells(position=(24, 26))
    >>> float(explorer.simple[2, 24, 24].round(3)), float(explorer.complex[2, 24, 24].round(3))
    (0.0, 0.676)
    """

    generated = {"generated/photographs.mjs": photographs.module}
    constants = {"SIDE": SIDE, "TAPS": TAPS, "ORIENTATIONS": ORIENTATIONS, "NEAR": NEAR, "LEAST": LEAST}

    view = Choice(("cells", "fovea"))
    position = Pair(0, SIDE - 1, (24, 24))
    angle = Whole(0, 179, 90)
    length = Whole(3, 60, 24)
    width = Whole(1, 12, 2)
    dark = Flag(False)
    preferred = Choice(ORIENTATIONS, default="vertical", former={"lying": "horizontal", "upright": "vertical"})
    cell = Choice(COMPLEX)
    reach = Whole(0, 4, 3)
    photo = Choice((*photographs.NAMES, "array"))
    image = GreyPicture(photographs.SIDE, shows=("photo", "array"))
    fixation = Pair(0, photographs.SIDE - 1, None, allow_none=True, within="image_shape")
    rings = Whole(8, 40, 24)

    def implied(self, given):
        fovea = {"view": "fovea"} if given.get("image") is not None and "view" not in given else {}
        return super().implied(given) | fovea

    def misfit(self, state):
        return too_small(state, LEAST)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the photograph."""
        return photographs.size(self)

    def bars(self, rows, columns, angles) -> np.ndarray:
        """Stimuli with the bar there and so, (N, 1, SIDE, SIDE): 0 is the grey around, 1 or -1 the bar."""
        rows, columns, turn = np.broadcast_arrays(rows, columns, np.radians(np.asarray(angles, float)))
        down = np.arange(SIDE)[:, None] - rows.reshape(-1, 1, 1)
        right = np.arange(SIDE) - columns.reshape(-1, 1, 1)
        cos, sin = np.cos(turn).reshape(-1, 1, 1), np.sin(turn).reshape(-1, 1, 1)
        along, across = np.abs(right * cos - down * sin), np.abs(right * sin + down * cos)
        bar = np.clip(self.length / 2 + 0.5 - along, 0, 1) * np.clip(self.width / 2 + 0.5 - across, 0, 1)
        return (-bar if self.dark else bar)[:, None]

    @property
    def stimulus(self) -> np.ndarray:
        """What the cells see, (48, 48)."""
        return self.bars(*self.position, self.angle)[0, 0]

    def cells(self, stimuli, orientations=(0, 45, 90, 135)):
        """Planes of simple and of complex cells, each (N, orientations, 48, 48)."""
        pairs = np.stack([kernels.quadrature(TAPS, 90 - angle) for angle in orientations])
        even = ops.conv2d(stimuli, pairs[:, :1], padding=TAPS // 2)
        simple = ops.relu(even)
        if self.cell == "energy":
            return simple, np.hypot(even, ops.conv2d(stimuli, pairs[:, 1:], padding=TAPS // 2))
        pool = ops.max_pool2d if self.cell == "max" else ops.avg_pool2d
        return simple, pool(simple, 2 * self.reach + 1, stride=1, padding=self.reach)

    @property
    def simple(self) -> np.ndarray:
        """The planes of simple cells, (4, 48, 48)."""
        return self.cells(self.stimulus[None, None])[0][0]

    @property
    def complex(self) -> np.ndarray:
        """The planes of complex cells, (4, 48, 48)."""
        return self.cells(self.stimulus[None, None])[1][0]

    def _followed(self, rows, columns, angles):
        planes = self.cells(self.bars(rows, columns, angles), (ORIENTATIONS[self.preferred],))
        return np.stack([plane[:, 0, SIDE // 2, SIDE // 2] for plane in planes])

    @property
    def tuning(self) -> np.ndarray:
        """Responses of the followed simple and complex cell as the bar turns by `ANGLES`, (2, 37)."""
        return self._followed(*self.position, ANGLES)

    @property
    def offset(self) -> float:
        """How far the bar's line lies from the followed cell, in pixels."""
        turn = np.radians(self.angle)
        return float((self.position[1] - SIDE // 2) * np.sin(turn) + (self.position[0] - SIDE // 2) * np.cos(turn))

    @property
    def tolerance(self) -> np.ndarray:
        """Their responses as the bar moves across its own line to `OFFSETS`, (2, 33)."""
        turn, move = np.radians(self.angle), OFFSETS - self.offset
        return self._followed(
            self.position[0] + move * np.cos(turn),
            self.position[1] + move * np.sin(turn),
            np.full(len(move), self.angle),
        )

    @property
    def input(self) -> np.ndarray:
        """The photograph, (height, width), from 0 to 1."""
        return photographs.shown(self).astype(float)

    @property
    def retinas(self) -> tuple[retina.Retina, retina.Retina]:
        """The one with a fovea, and an even one with at least as many fields."""
        size = self.image_shape
        where = self.fixation or [n // 2 for n in size]
        count = 2 * self.rings**2
        return retina.log_polar(size, tuple(where), rings=self.rings, rays=2 * self.rings), retina.even(size, count)

    @property
    def errors(self) -> np.ndarray:
        """Root mean square error of the repainted photograph, [fovea, even] x [within 16 pixels, whole], (2, 2)."""
        image = self.input
        where = self.fixation or [n // 2 for n in image.shape]
        rows, columns = np.indices(image.shape)
        near = (rows - where[0]) ** 2 + (columns - where[1]) ** 2 <= NEAR**2
        squares = [(kind.repaint(kind.look(image)) - image) ** 2 for kind in self.retinas]
        return np.sqrt([[square[near].mean(), square.mean()] for square in squares])

    def result(self):
        if self.view == "fovea":
            (eye, camera), errors = self.retinas, self.errors
            return (
                f"{len(eye.points)} fields in rings, error {errors[0, 0]:.3f} near the fixation and {errors[0, 1]:.3f} "
                f"overall; {len(camera.points)} even ones, {errors[1, 0]:.3f} and {errors[1, 1]:.3f}."
            )
        middle = SIDE // 2
        plane = list(ORIENTATIONS).index(self.preferred)
        simple, complex_ = self.simple[plane, middle, middle], self.complex[plane, middle, middle]
        turned, moved = (  # a tie counts, rounding does not
            np.sum(curve >= np.maximum(curve.max(1, keepdims=True) / 2 * (1 - 1e-6), 1e-6), axis=1)
            for curve in (self.tuning, self.tolerance)
        )
        return (
            f"The {self.preferred} cells in the middle: simple {simple:.3f}, complex {complex_:.3f}. At half their "
            f"best or more: simple at {turned[0]} of {len(ANGLES)} angles and {moved[0]} of {len(OFFSETS)} positions, "
            f"complex at {turned[1]} and {moved[1]}."
        )

    def hidden(self):
        if self.view == "fovea":
            return super().hidden() | set(self.parameters[1:]) - set(FOVEA)
        return set(FOVEA) | ({"reach"} if self.cell == "energy" else set())

    def figure(self):
        from cnnlib import plots

        if self.view == "fovea":
            figure, axes = plots.subplots(1, 3, height=2.1)
            names = ("your picture" if self.photo == "array" else "the photograph", "in rings", "even")
            views = [self.input, *(kind.repaint(kind.look(self.input)) for kind in self.retinas)]
            for ax, name, view in zip(axes, names, views, strict=True):
                plots.image(view, ax=ax, title=name)
            return figure
        figure, axes = plots.subplots(2, 5, height=3.6)
        plots.image(self.stimulus / 2 + 0.5, ax=axes[0, 0], title="bar")
        axes[1, 0].set_axis_off()
        for row, planes, kind in zip(axes, (self.simple, self.complex), ("simple", "complex"), strict=True):
            for ax, plane, name in zip(row[1:], planes, ORIENTATIONS, strict=True):
                plots.image(plane / max(planes.max(), 1e-9), ax=ax, title=f"{kind}\n{name}")
        return figure
