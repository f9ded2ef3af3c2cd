"""A stack of dilated layers: which pixels two of its units read, and what it does to waves and to noise."""

from functools import partial

import numpy as np

from cnnlib import geometry
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.base.traits import Choice, GreyPicture, Pair, Whole
from cnnlib.explore.dilated_stack.noise import DEVIATION, MEAN, SIDE, noise

PHOTO, CORNER = "sheep", (30, 76)  # where the piece of the photograph begins
MIDDLE = 24  # of an own picture the middle is shown: it is moved to the corner, which is all the page has room for
AMOUNT = 0.1  # standard deviation of the noise, white being 1
FLAT = 1e-9  # a standard deviation below which a picture has no contrast, only rounding
STEPS = 120  # steps of the frequency in a cycle per pixel
TAPS = {
    "mean": {size: [1 / size] * size for size in range(2, 6)},
    "binomial": {
        2: [1 / 2] * 2,
        3: [1 / 4, 1 / 2, 1 / 4],
        4: [1 / 8, 3 / 8, 3 / 8, 1 / 8],
        5: [1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16],
    },
}
NAMES = ("d1", "d2", "d3", "d4")


class DilatedStack(Explorer):
    """Stack dilated filters, and see what two neighbouring units read and what becomes of waves and of noise.

    Parameters
    ----------
    dilations : sequence of int, optional
        Dilation of each layer, the first layer first, one to four of them: short for ``layers`` and ``d1`` to ``d4``.
    layers : int
        How many layers there are, 1 to 4.
    d1, d2, d3, d4 : int
        Dilation of each layer, 1 to 8.
    kernel_size : int
        Taps of every layer along an axis, 2 to 5.
    step : (int, int)
        Rows down and columns to the right from unit A to unit B, -3 to 3.
    filter : str
        What each layer computes: ``"mean"`` over its taps, or ``"binomial"``, a mean with weights 1, 2, 1 and so on.
    source : str
        What is filtered, 96 x 96 pixels that wrap around: ``"noise"``, ``"photograph"`` or ``"both"``, the sum.
    photo : {"sheep", "array"}
        The photograph: a piece of the sheep's, or ``image``. Setting ``image`` sets it.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; at most 512 x 512, of which the middle square is filtered in 96 x 96. Where
        ``source`` is ``"noise"``, setting it sets that to ``"photograph"``.
    frequency : int
        The wave at which the cursor stands, in steps of 1/120 cycle per pixel, 0 to 60; 60 is the finest wave.
    keep : int
        The interleaved picture has every ``keep``-th row and column of the result, 1 to 4.

    Raises
    ------
    ValueError
        For a value out of range, or ``dilations`` of more than four layers, or of none.

    References
    ----------
    Yu, Koltun and Funkhouser, "Dilated Residual Networks", CVPR 2017. Wang et al., "Understanding Convolution for
    Semantic Segmentation", WACV 2018.

    Examples
    --------
    >>> DilatedStack(dilations=(1, 2, 3)).touched.count
    169
    >>> DilatedStack()
    DilatedStack(layers=3, d1=2, d2=2, d3=2, kernel_size=3, step=(0, 1), filter='mean', source='noise', frequency=60)
    Field 13 x 13, 49 of 169 pixels read, 0 by both units; 1.000 of the wave and 0.198 of the noise left;
    neighbours' correlation 0.06.
    """

    generated = {"dilated_stack/photographs.mjs": partial(photographs.module, (PHOTO,))}
    constants = {
        "PHOTO": PHOTO, "CORNER": CORNER, "SIDE": SIDE, "MEAN": MEAN, "DEVIATION": DEVIATION, "AMOUNT": AMOUNT,
        "STEPS": STEPS, "TAPS": TAPS, "FLAT": FLAT,
        "MIDDLE": MIDDLE,
    }  # fmt: skip
    silent = ("keep",)

    layers = Whole(1, 4, 3)
    d1 = Whole(1, 8, 2)
    d2 = Whole(1, 8, 2)
    d3 = Whole(1, 8, 2)
    d4 = Whole(1, 8, 2)
    kernel_size = Whole(2, 5, 3)
    step = Pair(-3, 3, (0, 1))
    filter = Choice(("mean", "binomial"))
    source = Choice(("noise", "photograph", "both"))
    photo = Choice((PHOTO, "array"))
    image = GreyPicture(shows=("photo", "array"))
    frequency = Whole(0, STEPS // 2, STEPS // 2)
    keep = Whole(1, 4, 2)

    def __init__(self, *positional, dilations=None, **values):
        super().__init__(*positional, **(self._named(dilations) if dilations is not None else {}), **values)

    def implied(self, given):
        shown = given.get("image") is not None and given.get("source", self.source) == "noise"
        return super().implied(given) | ({"source": "photograph"} if shown and "source" not in given else {})

    @property
    def dilations(self) -> tuple[int, ...]:
        """Dilation of each layer, the first layer first."""
        return tuple(getattr(self, name) for name in NAMES[: self.layers])

    @dilations.setter
    def dilations(self, values):
        for name, value in self._named(values).items():
            setattr(self, name, value)

    def _named(self, values):
        values = tuple(values) if np.iterable(values) else (values,)
        if not 1 <= len(values) <= len(NAMES):
            raise ValueError(
                f"{type(self).__name__}: dilations={values} has {len(values)} layers; use 1 to {len(NAMES)}"
            )
        return dict(zip(NAMES, values, strict=False)) | {"layers": len(values)}

    def hidden(self):
        unseen = {"photo", "image"} if self.source == "noise" else set()
        return super().hidden() | set(NAMES[self.layers :]) | unseen

    @property
    def stack(self) -> list[geometry.Layer]:
        """The layers as `cnnlib.geometry` takes them."""
        return [geometry.Layer(self.kernel_size, dilation=dilation) for dilation in self.dilations]

    @property
    def touched(self) -> geometry.Touched:
        """What `cnnlib.geometry.touched` says of the stack."""
        return geometry.touched(self.stack)

    @property
    def gains(self) -> np.ndarray:
        """Share of the amplitude that is left of each wave along an axis, at 0, 1/120 ... 60/120 cycles per pixel."""
        return gains(self._taps, self.dilations, np.arange(STEPS // 2 + 1) / STEPS)

    @property
    def input(self) -> np.ndarray:
        """What is filtered, (96, 96)."""
        row, column = CORNER
        if self.photo == "array":
            photo = np.roll(middle_square(self.image, SIDE), (-MIDDLE, -MIDDLE), (0, 1))
        else:
            photo = photographs.levels(PHOTO)[row : row + SIDE, column : column + SIDE] / 255
        return {"noise": 0.5, "photograph": photo, "both": photo}[self.source] + (
            AMOUNT * noise() if self.source != "photograph" else 0
        )

    @property
    def output(self) -> np.ndarray:
        """The input after all layers, (96, 96); beyond an edge the picture begins again at the other."""
        picture = self.input
        for dilation in self.dilations:
            for axis in (0, 1):
                picture = sum(
                    weight * np.roll(picture, (self.kernel_size - 1) * dilation // 2 - tap * dilation, axis)
                    for tap, weight in enumerate(self._taps)
                )
        return picture

    @property
    def left(self) -> float:
        """Standard deviation of the output, as a share of the input's."""
        return float(self.output.std() / (_deviation(self.input) or np.inf))

    @property
    def correlation(self) -> float:
        """Of each pixel of the output with the one to its right."""
        centred = self.output - self.output.mean()
        return float((centred * np.roll(centred, -1, 1)).mean() / (_deviation(centred) ** 2 or np.inf))

    @property
    def _taps(self):
        return TAPS[self.filter][self.kernel_size]

    def result(self):
        touched, side = self.touched, self.touched.offsets[-1] + 1
        name = "noise" if self.source == "noise" else "contrast"
        read, common, gain = touched.count, touched.common(self.step), self.gains[self.frequency]
        return (
            f"Field {side} x {side}, {read} of {touched.field} pixels read, {common} by both units; "
            f"{gain:.3f} of the wave and {self.left:.3f} of the {name} left; "
            f"neighbours' correlation {self.correlation:.2f}."
        )

    def figure(self):
        from matplotlib.colors import ListedColormap

        from cnnlib import plots

        figure, axes = plots.subplots(1, 3, width=6.2, height=2.5)
        side = self.touched.offsets[-1] + 1
        plane = np.zeros((side + 6, side + 6))
        for unit, (down, right) in ((1, (0, 0)), (2, self.step)):
            rows, columns = (np.array(self.touched.offsets) + 3 + by for by in (down, right))
            plane[np.ix_(rows, columns)] += unit
        looks = ListedColormap(["#eef1f4", plots.BLUE, plots.ORANGE, "#333333"])
        axes[0].imshow(plane, cmap=looks, vmin=0, vmax=3)
        axes[0].set(title="read by A, B, both", xticks=[], yticks=[])
        axes[1].plot(np.arange(STEPS // 2 + 1) / STEPS, self.gains, color=plots.BLUE)
        axes[1].set(title="share of a wave left", xlabel="cycles per pixel", ylim=(0, 1.05))
        plots.image(shown(self.output[:48, :48]), ax=axes[2], title="result, a piece")
        return figure


def gains(taps, dilations, frequencies) -> np.ndarray:
    """Absolute frequency response along an axis of a stack of equal filters at these frequencies.

    >>> gains([1 / 3] * 3, (2, 2, 2), np.array([0, 0.25, 0.5])).round(3)
    array([1.   , 0.037, 1.   ])
    """
    waves = np.exp(-2j * np.pi * np.multiply.outer(np.multiply.outer(dilations, frequencies), np.arange(len(taps))))
    return np.abs(waves @ np.array(taps)).prod(axis=0)


def _deviation(picture):
    """Standard deviation; 0 where there is nothing but rounding."""
    found = picture.std()
    return found if found > FLAT else 0.0


def shown(picture) -> np.ndarray:
    """Grey levels from 0 to 1: 2.5 standard deviations below the mean black, as much above it white."""
    return np.clip((picture - picture.mean()) / (5 * (_deviation(picture) or 1)) + 0.5, 0, 1)
