"""A piece of a photograph at twice its size, by four kinds of layer, and the checkerboard in its spectrum."""

import numpy as np

from cnnlib import ops, spectrum
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_piece, too_small
from cnnlib.explore.base.traits import Choice, GreyPicture, Pair, Whole

#: Side of the piece in pixels, and how many around it are read as well, so that no border is seen.
SIDE, MARGIN = 32, 4
LARGEST, SEEDS = 6, 8
CONSTANT, GREY = 0.5, (photographs.SIDE, photographs.SIDE)
#: Fills of the four phases.
FILLS = ["#f2b5b5", "#f0d98c", "#a5d8a8", "#a5c8ea"]
KERNELS = {kind: 4 if kind == "sub-pixel" else 1 for kind in ops.UPSAMPLINGS}
#: What the weights of all kernels of a kind sum to, so that brightness stays.
TOTALS = {kind: 4 if kind in ("transposed", "sub-pixel") else 1 for kind in ops.UPSAMPLINGS}
#: A range below which a map of values about 1 is constant but for rounding.
FLAT = 1e-9


def draws() -> list:
    """Uniform random values from 0 to 1, SEEDS x 4 kernels x LARGEST x LARGEST, with three digits."""
    return [np.random.default_rng(seed).random((4, LARGEST, LARGEST)).round(3).tolist() for seed in range(SEEDS)]


def bilinear(kind: str, k: int) -> np.ndarray:
    """Weights with which a kind interpolates linearly as far as the kernel reaches, (kernels, k, k)."""
    from_middle = np.arange(k) - (k - 1) / 2
    lines = {
        "transposed": [np.maximum(0, 1 - abs(from_middle) / 2)],
        "sub-pixel": [np.maximum(0, 1 - abs(from_middle - phase / 4)) for phase in (-1, 1)],
        "nearest + conv": [np.maximum(0, 1 - abs(from_middle) / 2)],
        "bilinear + conv": [(from_middle == 0).astype(float)],
    }[kind]
    return np.array([np.outer(down, across) for down in lines for across in lines])


class Upsampling(Explorer):
    """Four ways to double a picture, and the pattern with a period of two pixels that they may leave.

    Parameters
    ----------
    photo : str
        ``"sheep"``, ``"lemur"``, ``"lincoln_memorial"``, ``"kingfisher"``, ``"hedgehog"``, or ``"constant"`` for a grey
        area, or ``"array"`` for ``image``. Setting ``image`` sets it.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; 32 x 32 to 224 x 224. The piece begins in its middle where no position is given.
    position : (int, int)
        Row and column of the photograph at which the piece of 32 x 32 pixels begins. In a smaller photograph it moves
        to the last position there is.
    kind : {"transposed", "sub-pixel", "nearest + conv", "bilinear + conv"}
        As in `cnnlib.ops.upsample2x`.
    kernel_size : int
        Side of the kernel: 2 to 6 for the transposed kind; 1, 3 or 5 for the others.
    weights : {"bilinear", "ones", "random", "ICNR"}
        Those that interpolate linearly; all equal; uniform random ones from 0 to 1; or, for the sub-pixel kind,
        random with the four kernels equal. All are scaled so that the mean brightness of a constant stays.
    seed : int
        Of the random weights, 0 to 7.

    Raises
    ------
    ValueError
        For a value out of range, a kernel that the kind can't have, or ICNR with another kind than sub-pixel.

    References
    ----------
    Odena, Dumoulin and Olah, *Deconvolution and checkerboard artifacts*, Distill, 2016. Aitken et al., *Checkerboard
    artifact free sub-pixel convolution*, 2017, for ICNR.

    Examples
    --------
    Overlap is even with kernel 4, and still random weights make four grey levels of a constant:

    >>> explorer = Upsampling(photo="constant", kernel_size=4, weights="random")
    >>> explorer
    Upsampling(photo='constant', kind='transposed', kernel_size=4, weights='random', seed=0)
    44.4% of the result's energy is checkerboard, 0% of the piece's; phase means 0.685, 0.458, 0.154, 0.702.
    """

    generated = {"generated/photographs.mjs": photographs.module}
    constants = {
        "SIDE": SIDE,
        "MARGIN": MARGIN,
        "CONSTANT": CONSTANT,
        "GREY": GREY,
        "FILLS": FILLS,
        "TOTALS": TOTALS,
        "KERNELS": KERNELS,
        "FLAT": FLAT,
        "DRAWS": draws,
    }

    photo = Choice((*photographs.NAMES, "constant", "array"))
    image = GreyPicture(photographs.SIDE, shows=("photo", "array"))
    position = Pair(0, photographs.SIDE - SIDE, (20, 120), within="range_shape")
    kind = Choice(ops.UPSAMPLINGS)
    kernel_size = Whole(1, LARGEST, 3)
    weights = Choice(("bilinear", "ones", "random", "ICNR"), default="ones")
    seed = Whole(0, SEEDS - 1, 0)

    def implied(self, given):
        found = super().implied(given)
        if given.get("image") is not None and "position" not in given:
            found["position"] = middle_piece(given["image"], SIDE)
        return found

    def misfit(self, state):
        k, kind = state.kernel_size, state.kind
        if kind == "transposed" and k < 2:
            return "kernel_size=1 leaves pixels that no stamp reaches; use at least 2"
        if kind != "transposed" and k % 2 == 0:
            return f"kernel_size={k} is even, and has no middle for kind='{kind}'; use an odd one"
        if state.weights == "ICNR" and kind != "sub-pixel":
            return f"weights='ICNR' makes four kernels equal, and kind='{kind}' has one; use kind='sub-pixel'"
        return too_small(state, SIDE)

    def hidden(self):
        found = super().hidden()
        found |= {"position"} if self.photo == "constant" else set()
        return found | ({"seed"} if self.weights in ("bilinear", "ones") else set())

    @property
    def range_shape(self) -> tuple[int, int]:
        """Rows and columns at which a piece can begin."""
        shape = GREY if self.photo == "constant" else photographs.size(self)
        return tuple(length - SIDE + 1 for length in shape)

    def _around(self, margin: int) -> np.ndarray:
        """The piece with that many pixels around it; beyond the photograph's edge its outermost ones."""
        if self.photo == "constant":
            return np.full((SIDE + 2 * margin,) * 2, CONSTANT)
        picture = np.pad(photographs.shown(self), margin, mode="edge")
        (row, column), side = self.position, SIDE + 2 * margin
        return picture[row : row + side, column : column + side]

    @property
    def piece(self) -> np.ndarray:
        """What is doubled, (32, 32)."""
        return self._around(0)

    @property
    def kernels(self) -> np.ndarray:
        """The weights, (1 or 4, kernel_size, kernel_size); of the sub-pixel kind one kernel for each phase."""
        count, k = KERNELS[self.kind], self.kernel_size
        if self.weights == "bilinear":
            found = bilinear(self.kind, k)
        elif self.weights == "ones":
            found = np.ones((count, k, k))
        else:
            found = np.array(draws()[self.seed])[:count, :k, :k]
        if self.weights == "ICNR":
            found = np.repeat(found[:1], count, axis=0)
        return found * (TOTALS[self.kind] / found.sum())

    def _doubled(self, x):
        kernels = self.kernels[:, None]
        return ops.upsample2x(np.asarray(x, float)[None, None], kernels, kind=self.kind)[0, 0]

    @property
    def output(self) -> np.ndarray:
        """The piece at twice its size, (64, 64), as it is inside a larger picture."""
        return self._doubled(self._around(MARGIN))[2 * MARGIN : -2 * MARGIN, 2 * MARGIN : -2 * MARGIN]

    @property
    def phase_means(self) -> np.ndarray:
        """Means of the output over the pixels at (i mod 2, j mod 2), (2, 2)."""
        return spectrum.phase_means(self.output, 2)

    @property
    def gains(self) -> np.ndarray:
        """What a constant 1 becomes in each phase, (2, 2)."""
        return self._doubled(np.ones((8, 8)))[8:10, 8:10]

    @property
    def power(self) -> np.ndarray:
        """Power of the output at each frequency, (64, 64): mean removed, under a Hann window."""
        output = self.output
        if np.ptp(output) < FLAT:
            return np.zeros(output.shape)
        window = np.hanning(len(output) + 1)[:-1]
        return np.abs(np.fft.fft2((output - output.mean()) * np.outer(window, window))) ** 2

    @property
    def share(self) -> float:
        """Share of the output's energy that is checkerboard, as in `cnnlib.spectrum`; 0 for a constant."""
        return _share(self.output)

    @property
    def own_share(self) -> float:
        """The same of the piece itself."""
        return _share(self.piece)

    def result(self):
        means = ", ".join(f"{mean:.3g}" for mean in self.phase_means.ravel())
        return (
            f"{percent(self.share)} of the result's energy is checkerboard, {percent(self.own_share)} of the piece's; "
            f"phase means {means}."
        )

    def figure(self):
        from cnnlib import plots

        figure, axes = plots.subplots(1, 3, height=2.8)
        plots.image(self.piece, ax=axes[0], title="piece, 32 × 32")
        plots.image(_within(self.output), ax=axes[1], title=f"{self.kind}, 64 × 64")
        plots.image(shades(self.power), ax=axes[2], title="its spectrum")
        at = np.array([[16, 48], [48, 16], [48, 48]])
        axes[2].scatter(*at.T, s=120, facecolors="none", edgecolors="#f2b84b", linewidths=2)
        return figure


def percent(share: float) -> str:
    """A share in per cent, three digits."""
    return "less than 0.001%" if 0 < share < 1e-5 else f"{100 * share:.3g}%"


def _share(map):
    return 0.0 if np.ptp(map) < FLAT else spectrum.checkerboard_share(map)


def _within(map):
    """A map scaled to the range of grey levels where it leaves it."""
    low, high = min(0, map.min()), max(1, map.max())
    return (map - low) / (high - low)


def shades(power: np.ndarray) -> np.ndarray:
    """Grey levels of a spectrum: eight powers of ten below its highest line; frequency 0 a quarter from the corner."""
    if not power.any():
        return power
    quarter = len(power) // 4
    with np.errstate(divide="ignore"):
        levels = 1 + np.log10(power / power.max()) / 8
    return np.roll(np.clip(levels, 0, 1), (quarter, quarter), (0, 1))
