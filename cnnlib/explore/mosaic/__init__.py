"""A camera's mosaic on a photograph, filled in by one kernel, by four that take turns, or by interpolation."""

import numpy as np

from cnnlib import mosaics, ops
from cnnlib.explore.base import colour_photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_piece, too_small
from cnnlib.explore.base.traits import Choice, Pair, Picture, Whole

SIDE = 48  # pixels of the piece
RIM = 2  # pixels around it that a window of 5 reads as well
WIDE = SIDE + 2 * RIM
EXACT = 120  # dB above which only rounding is left
COLOURS = ("red", "green", "blue")


def kernels_as_lists() -> dict:
    """Kernel name and size to weights (3, K, K, TH, TW), for the JavaScript half."""
    return {
        f"{name}{size}": mosaics.kernels(name, size)[:, 0].astype(np.float32).tolist()
        for name in mosaics.NAMES
        for size in (3, 5)
    }


class Mosaic(Explorer):
    """A colour mosaic, and kernels that fill in the two missing colours of each pixel.

    Parameters
    ----------
    photo : str
        ``"lemur"``, ``"kingfisher"``, ``"sheep"`` or ``"brandenburg_gate"``, 144 pixels wide. The kernels were fitted
        to other photographs. Or ``"array"`` for ``image``; setting ``image`` sets it.
    image : array (height, width, 3) or (height, width), optional
        Own picture, 0 to 1, or uint8; 52 x 52 to 192 x 192. The piece begins in its middle where no position is given.
    position : (int, int)
        Row and column of the photograph where the piece of 48 x 48 pixels begins, less the rim of 2.
    kernels : str
        ``"tiled"``: four kernels that take turns; ``"shared"``: one for all pixels; ``"bilinear"``: four that were not
        learned. See `cnnlib.mosaics.kernels`.
    kernel_size : int
        3 or 5. Bilinear kernels of 5 have zeros around those of 3.
    shift : (int, int)
        How many rows and columns, 0 to 3, the kernels are moved against the mosaic.
    colour : {"red", "green", "blue"}
        The colour whose kernels are shown.

    Raises
    ------
    ValueError
        For a value out of range, an even kernel, or an image that is smaller than the piece and its rim.

    Examples
    --------
    >>> explorer = Mosaic(photo="lemur")
    >>> explorer.decibels["tiled"] - explorer.decibels["shared"] > 10
    True
    >>> explorer.shift = (0, 1)                   # one column off: worse than with one kernel for all
    >>> explorer.decibels["tiled"] < explorer.decibels["shared"]
    True
    """

    generated = {"generated/colour_photographs.mjs": colour_photographs.module}
    constants = {
        "SIDE": SIDE,
        "RIM": RIM,
        "EXACT": EXACT,
        "COLOURS": COLOURS,
        "BAYER": mosaics.BAYER,
        "KERNELS": kernels_as_lists,
    }
    silent = ("colour",)

    photo = Choice((*colour_photographs.NAMES, "array"), default="lemur")
    image = Picture(192, shows=("photo", "array"))
    position = Pair(0, 143, (14, 40), within="positions")
    kernels = Choice(mosaics.NAMES)
    kernel_size = Whole(3, 5, 5)
    shift = Pair(0, 3, (0, 0))
    colour = Choice(COLOURS, default="green")

    def implied(self, given):
        found = super().implied(given)
        if given.get("image") is not None and "position" not in given:
            found["position"] = middle_piece(given["image"], WIDE)
        return found

    def misfit(self, state):
        if state.kernel_size % 2 == 0:
            return f"kernel_size={state.kernel_size} has no middle pixel; use 3 or 5"
        return too_small(state, WIDE)

    def hidden(self):
        return super().hidden() | ({"shift"} if self.kernels == "shared" else set())

    @property
    def positions(self) -> tuple[int, int]:
        """How many rows and columns there are where the piece can begin."""
        return tuple(n - WIDE + 1 for n in colour_photographs.size(self))

    def _piece(self, array):
        row, column = self.position
        return array[row : row + WIDE, column : column + WIDE]

    @property
    def _photograph(self):
        return colour_photographs.shown(self).transpose(1, 2, 0)

    @property
    def truth(self) -> np.ndarray:
        """The colours of the piece, (48, 48, 3), from 0 to 1."""
        return self._piece(self._photograph)[RIM:-RIM, RIM:-RIM]

    @property
    def measured(self) -> np.ndarray:
        """What the sensor measures, with the rim: (52, 52)."""
        return self._piece(mosaics.mosaic(self._photograph))

    def weights(self, kernels) -> np.ndarray:
        """The kernels of that name as they stand over the piece with its rim, (3, 1, K, K, TH, TW).

        While one kernel serves all pixels nothing is shifted, the others that it is compared with neither.
        """
        found = mosaics.kernels(kernels, self.kernel_size)
        shift = (0, 0) if self.kernels == "shared" else self.shift
        moved = (down - at for down, at in zip(shift, self.position, strict=True))
        return np.roll(found, tuple(moved), (4, 5))

    def filled(self, kernels) -> np.ndarray:
        """The piece as kernels of that name fill it in, (48, 48, 3)."""
        whole = ops.tiled_conv2d(self.measured[None, None], self.weights(kernels), padding=self.kernel_size // 2)
        return whole[0, :, RIM:-RIM, RIM:-RIM].transpose(1, 2, 0)

    @property
    def output(self) -> np.ndarray:
        """The piece as the chosen kernels fill it in, (48, 48, 3)."""
        return self.filled(self.kernels)

    @property
    def decibels(self) -> dict[str, float]:
        """Kernels to the peak signal-to-noise ratio on this piece, in dB."""
        return {name: mosaics.psnr(self.filled(name), self.truth) for name in mosaics.NAMES}

    @property
    def used(self) -> np.ndarray:
        """The kernels of the chosen colour that serve red, green beside red, green beside blue and blue, (4, K, K)."""
        whole = np.roll(mosaics.kernels(self.kernels, self.kernel_size), self.shift, (4, 5))
        chosen = whole[COLOURS.index(self.colour), 0]
        down, across = chosen.shape[2:]
        return np.stack([chosen[:, :, i % down, j % across] for i, j in np.ndindex(2, 2)])

    def result(self):
        found = {name: f"{value:.1f}" if value < EXACT else f"over {EXACT}" for name, value in self.decibels.items()}
        parameters = mosaics.kernels(self.kernels, self.kernel_size).size
        learned = f"{parameters} weights" if self.kernels != "bilinear" else "nothing learned"
        others = ", ".join(f"{name} {found[name]}" for name in mosaics.NAMES if name != self.kernels)
        return f"{self.kernels.capitalize()}, {learned}: {found[self.kernels]} dB on this piece; {others}."

    def figure(self):
        from cnnlib import plots

        raw = np.zeros((SIDE, SIDE, 3))
        inner = self.measured[RIM:-RIM, RIM:-RIM]
        for i, j in np.ndindex(2, 2):
            at = np.s_[(i - self.position[0]) % 2 :: 2, (j - self.position[1]) % 2 :: 2]
            raw[(*at, mosaics.BAYER[i][j])] = inner[at]
        figure, (above, below) = plots.subplots(2, 4, height=4.0)
        plots.image(raw, ax=above[0], title="the mosaic")
        plots.image(np.clip(self.output, 0, 1), ax=above[1], title=f"filled in: {self.kernels}")
        plots.image(self.truth, ax=above[2], title="your picture" if self.photo == "array" else "the photograph")
        above[3].set_axis_off()
        above[3].text(
            0.5, 0.5, f"below, weights\nfor {self.colour}:\nred positive,\nblue negative", ha="center", va="center"
        )
        for ax, kernel, place in zip(below, self.used, ("R", "G, red rows", "G, blue rows", "B"), strict=True):
            plots.image(kernel, ax=ax, signed=True, title=f"at {place}")
        return figure
