"""A bank of filters over a colour photograph: the gallery, one filter's map, its best windows, its spectrum."""

import base64
import functools
import json
import zlib

import numpy as np

from cnnlib import filters, geometry, ops
from cnnlib.explore.base import colour_photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Flag, Pair, Picture, Whole
from cnnlib.explore.base.windows import misfit

BANKS = ("learned", "second", "random", "squeezenet", "face")
SORTS = ("index", "orientation", "frequency", "colour", "energy")
BEST = 6


def weights_module(names=BANKS) -> str:
    """The JavaScript module with these banks: integers, deflated, and a factor for each filter."""
    entries = {}
    for name in names:
        whole, factors = filters.levels(name)
        entries[name] = {"count": whole.shape[0], "side": whole.shape[2], "factors": factors.tolist()}
        if name == "random":
            entries[name]["factors"] = factors[:1].tolist()
        else:
            entries[name]["deflated"] = base64.b64encode(zlib.compress(whole.tobytes(), 9)).decode()
    return f"export const BANKS = {json.dumps(entries)};\n"


@functools.cache
def _measured(bank: str) -> filters.Features:
    """Read-only, since every explorer of the bank hands out the same."""
    measured = filters.features(filters.bank(bank))
    for values in measured:
        values.flags.writeable = False
    return measured


class FilterBank(Explorer):
    """A bank of filters at work on a colour photograph.

    Parameters
    ----------
    photo : str
        ``"lemur"``, ``"kingfisher"``, ``"sheep"`` or ``"brandenburg_gate"``, 144 pixels wide; the mean of each channel
        is taken off first. Or ``"array"`` for ``image``; setting ``image`` sets it.
    image : array (height, width, 3) or (height, width), optional
        Own picture, 0 to 1, or uint8; at most 192 x 192.
    bank : str
        ``"learned"``, ``"second"``, ``"random"``, ``"squeezenet"`` or ``"face"``, as in `cnnlib.filters.bank`.
    filter : int
        Which one, by its number in the bank, from 0; in a smaller bank it is the last.
    sort : str
        What the gallery is sorted by: ``"index"``, ``"orientation"``, ``"frequency"``, ``"colour"`` or ``"energy"``.
    stride : int
        1 to 8.
    rectify : bool
        Set the map's negative values to zero, as a ReLU does.
    position : (int, int)
        Row and column of the window whose sum is written out; None is the best one.

    Raises
    ------
    ValueError
        For a value out of range, a filter that the bank does not have, or an image that is smaller than a filter.

    Examples
    --------
    >>> explorer = FilterBank(filter=17, stride=4)
    >>> explorer.map.shape, explorer.weights.shape
    ((22, 34), (3, 11, 11))
    >>> bool(np.isclose(explorer.parts.sum(), explorer.map.max()))     # red + green + blue, at the best window
    True
    """

    generated = {
        "generated/colour_photographs.mjs": colour_photographs.module,
        "filter_bank/weights.mjs": weights_module,
    }
    constants = {"SORTS": SORTS, "BEST": BEST}
    silent = ("position",)

    photo = Choice((*colour_photographs.NAMES, "array"))
    image = Picture(192, shows=("photo", "array"))
    bank = Choice(BANKS)
    filter = Whole(0, 95, 0, within="count")
    sort = Choice(SORTS)
    stride = Whole(1, 8, 1)
    rectify = Flag(False)
    position = Pair(0, 999, None, allow_none=True, within="map_shape")

    def misfit(self, state):
        if state.photo != "array":
            return None
        return misfit(state.image.shape[:2], filters.levels(state.bank)[0].shape[2])

    @property
    def count(self) -> int:
        """How many filters the bank has."""
        return len(filters.levels(self.bank)[0])

    @property
    def map_shape(self) -> tuple[int, int]:
        """Rows and columns of the map."""
        side = filters.levels(self.bank)[0].shape[2]
        return geometry.conv_output_size(self.input.shape[1:], side, stride=self.stride)

    @property
    def weights(self) -> np.ndarray:
        """The filter, (3, side, side)."""
        return filters.bank(self.bank)[self.filter]

    @property
    def input(self) -> np.ndarray:
        """The photograph less the mean of each channel, (3, height, width)."""
        if self.photo != "array":
            return colour_photographs.centred(self.photo)
        planes = colour_photographs.shown(self)
        return planes - planes.mean(axis=(1, 2), keepdims=True)

    @property
    def map(self) -> np.ndarray:
        """What `cnnlib.ops.conv2d` gives for the filter, (rows, columns), before any ReLU."""
        return ops.conv2d(self.input[None], self.weights[None], stride=self.stride)[0, 0]

    @property
    def features(self) -> filters.Features:
        """What `cnnlib.filters.features` measures, of every filter of the bank."""
        return _measured(self.bank)

    @property
    def order(self) -> np.ndarray:
        """The indices of the filters as the gallery shows them."""
        if self.sort == "index":
            return np.arange(self.count)
        return np.argsort(getattr(self.features, self.sort), kind="stable")

    @property
    def best(self) -> list[tuple[int, int]]:
        """Row and column of the windows with the largest responses, none over another; at most six."""
        left, side, found = self.map, self.weights.shape[1], []
        reach = -(-side // self.stride)  # windows this far apart do not overlap
        while len(found) < BEST and left.max() > -np.inf:
            row, column = (int(v) for v in np.unravel_index(left.argmax(), left.shape))
            found.append((row, column))
            left[max(0, row - reach + 1) : row + reach, max(0, column - reach + 1) : column + reach] = -np.inf
        return found

    @property
    def parts(self) -> np.ndarray:
        """Red's, green's and blue's share in the sum of the window at ``position``, (3,)."""
        shape = self.map.shape
        where = self.best[0] if self.position is None else np.minimum(self.position, np.subtract(shape, 1))
        row, column = (int(v) * self.stride for v in where)
        side = self.weights.shape[1]
        return (self.input[:, row : row + side, column : column + side] * self.weights).sum(axis=(1, 2))

    def result(self):
        measured, responses = self.features, self.map
        orientation, oriented, frequency, colour, _ = (values[self.filter] for values in measured)
        bars = f"bars at {orientation:.0f} degrees" if oriented >= 0.5 else "no clear direction"
        return (
            f"Filter {self.filter} of {len(measured.energy)}: {bars}, {frequency:.2f} cycles per pixel, "
            f"colour {colour:.2f}; map {responses.shape[0]} x {responses.shape[1]}, values {responses.min():.3g} to "
            f"{responses.max():.3g}, sparseness {filters.sparseness(responses):.2f}."
        )

    def figure(self):
        from cnnlib import plots

        responses = np.maximum(self.map, 0) if self.rectify else self.map
        figure, axes = plots.subplots(1, 3, height=2.6, width_ratios=[1.6, 1, 1])
        plots.filter_gallery(filters.bank(self.bank)[self.order], ax=axes[0], columns=12)
        axes[0].set_title(f"{self.count} filters")
        own = self.photo == "array"
        levels = self.image if own else colour_photographs.levels(self.photo).transpose(1, 2, 0) / 255
        plots.image(levels, ax=axes[1], title="own picture" if own else self.photo)
        plots.image(responses, ax=axes[2], signed=True, title=f"map of filter {self.filter}")
        return figure
