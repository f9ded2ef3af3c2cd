"""A kernel as a sum of columns times rows, and what a photograph's responses lose when some are left out."""

from functools import partial

import numpy as np

from cnnlib import filters, kernels, ops
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed
from cnnlib.explore.base.photographs import too_small
from cnnlib.explore.base.traits import Choice, GreyPicture, Matrix, Whole
from cnnlib.explore.filter_bank import weights_module
from cnnlib.explore.kernel_on_photograph import GABOR_SIDE
from cnnlib.kernels import DIRECTED

#: Part of the largest singular value below which one counts as zero, in both halves.
NEGLIGIBLE = 1e-9
LARGEST = 11  # side of a kernel, which has to fit into a picture
CHANNELS = ("sum", "red", "green", "blue")
LEARNED_SIDE = filters.levels("learned")[0].shape[-1]


def _binomial(size):
    line = np.poly1d([1, 1]) ** (size - 1)
    return np.outer(line.coeffs, line.coeffs)


#: Beside `cnnlib.kernels`: the exam's kernel, which is [1, 2, 1] twice, a diagonal, and two that cross.
PRESETS = {
    "binomial": _binomial,
    "diagonal": np.eye,
    "cross": lambda size: np.maximum(np.eye(size), np.eye(size)[::-1]),
}
NAMED = ("sobel", "prewitt", "laplacian", "box", "gaussian", "sharpen", "gabor")


class KernelTerms(Explorer):
    """A kernel taken apart into columns times rows, largest first, and a photograph filtered with the first few.

    Parameters
    ----------
    preset : str
        ``"binomial"`` (at size 3 the exam's 1 2 1, 2 4 2, 1 2 1), ``"diagonal"``, ``"cross"``, ``"sobel"``,
        ``"prewitt"``, ``"laplacian"``, ``"box"``, ``"gaussian"``, ``"sharpen"`` or ``"gabor"`` of `cnnlib.kernels`,
        ``"learned"`` for a learned filter, or ``"custom"`` for ``weights``, which setting ``weights`` chooses too.
    kernel_size : int
        Side of the square kernel, 3 to 11. Default 3, 9 for a Gabor filter, or the side of ``weights``. Learned filters
        have 11.
    angle : int
        Degrees, 0 to 359, for Sobel, Prewitt and Gabor filters.
    filter : int
        Which of the 96 learned filters, from 0: those of ``cnnlib.filters.bank("learned")``.
    channel : {"sum", "red", "green", "blue"}
        Which slice of it; the sum is what a grey photograph meets.
    terms : int
        How many terms are kept, from 1. In a smaller kernel, all.
    photo : str
        ``"sheep"``, ``"lemur"``, ``"lincoln_memorial"``, ``"kingfisher"`` or ``"hedgehog"``, or ``"array"`` for
        ``image``. Setting ``image`` sets it.
    image : array (height, width) or (height, width, 3), optional
        Own picture, 0 to 1, or uint8; 11 x 11 to 512 x 512.
    weights : array_like (kernel_size, kernel_size), optional
        Own weights, at most 11 x 11.

    Raises
    ------
    ValueError
        For a value out of range, weights that are not square or not finite, or an image that is too small.

    References
    ----------
    .. [1] C. Eckart and G. Young, *The approximation of one matrix by another of lower rank*, Psychometrika 1(3), 1936.

    Examples
    --------
    A Sobel kernel is one column times one row; turned by 60 degrees, its first term keeps sin(60)^2 of the energy:

    >>> explorer = KernelTerms(preset="sobel", angle=60)
    >>> explorer.rank, explorer.shares.round(2).tolist()
    (2, [0.75, 0.25, 0.0])
    """

    generated = {
        "generated/photographs.mjs": photographs.module,
        "kernel_terms/weights.mjs": partial(weights_module, ("learned",)),
    }
    constants = {
        "NEGLIGIBLE": NEGLIGIBLE, "DIRECTED": DIRECTED, "GABOR_SIDE": GABOR_SIDE, "LEARNED_SIDE": LEARNED_SIDE,
    }  # fmt: skip

    preset = Choice((*PRESETS, *NAMED, "learned", "custom"), default="sobel")
    kernel_size = Whole(3, LARGEST, 3)
    angle = Whole(0, 359, 0)
    filter = Whole(0, 95, 0)
    channel = Choice(CHANNELS)
    terms = Whole(1, 11, 1, within="side")
    photo = Choice((*photographs.NAMES, "array"))
    image = GreyPicture(shows=("photo", "array"))
    weights = Matrix(11, square=True, shows=("preset", "custom"))

    def implied(self, given):
        found = super().implied(given)
        shape = self.shapes(given)
        if "weights" in shape:
            found["kernel_size"] = max(3, shape["weights"][0])
        elif given.get("preset") == "gabor" and self.kernel_size < GABOR_SIDE:
            found["kernel_size"] = GABOR_SIDE
        return found

    def misfit(self, state):
        return too_small(state, LARGEST)

    def hidden(self):
        learned = self.preset == "learned"
        found = {"kernel_size"} if learned else {"filter", "channel"}
        return super().hidden() | found | (set() if self.preset in DIRECTED else {"angle"})

    @property
    def side(self) -> int:
        """Rows and columns of the kernel."""
        return LEARNED_SIDE if self.preset == "learned" else self.kernel_size

    @property
    def kernel(self) -> np.ndarray:
        """The weights, (side, side)."""
        if self.preset == "learned":
            weights = filters.bank("learned")[self.filter]
            return weights.sum(axis=0) if self.channel == "sum" else weights[CHANNELS.index(self.channel) - 1]
        if self.preset == "custom":
            return framed(self.weights, self.side, self.side)
        if self.preset in PRESETS:
            return PRESETS[self.preset](self.side)
        return kernels.named(self.preset, self.side, self.angle)

    @property
    def separable(self) -> ops.SeparableTerms:
        """What `cnnlib.ops.separable_terms` gives for the kernel."""
        return ops.separable_terms(self.kernel)

    @property
    def rank(self) -> int:
        """How many terms there are whose size is more than rounding."""
        sizes = self.separable.singular_values
        return int((sizes > NEGLIGIBLE * sizes[0]).sum())

    @property
    def shares(self) -> np.ndarray:
        """Share of the kernel's energy (the sum of its squares) in each term, (side,); of a kernel of zeros, none."""
        energies = self.separable.singular_values**2
        return energies / (energies.sum() or 1)

    @property
    def tied(self) -> bool:
        """Whether the first term that is left out is as large as the last that is kept, so that others would do."""
        sizes = [*self.separable.singular_values, 0]
        return bool(0 < NEGLIGIBLE * sizes[0] < sizes[self.terms] and
                    sizes[self.terms - 1] - sizes[self.terms] <= NEGLIGIBLE * sizes[0])  # fmt: skip

    @property
    def approximation(self) -> np.ndarray:
        """The sum of the terms that are kept, (side, side)."""
        return self.separable.kernel(self.terms)

    @property
    def input(self) -> np.ndarray:
        """The photograph, (height, width) of float32 from 0 to 1."""
        return photographs.shown(self)

    def responses(self, kernel) -> np.ndarray:
        """What `cnnlib.ops.conv2d` gives for the photograph and a kernel, (rows, columns)."""
        return ops.conv2d(self.input[None, None], np.asarray(kernel, np.float32)[None, None])[0, 0]

    @property
    def error(self) -> float:
        """Length of what the responses lose with the terms left out, as a part of the length of all; 0 of none."""
        whole, lost = (self.responses(kernel) for kernel in (self.kernel, self.kernel - self.approximation))
        part = float(np.linalg.norm(lost) / (np.linalg.norm(whole) or 1))
        return part if part > NEGLIGIBLE else 0.0

    @property
    def multiplications(self) -> tuple[int, int]:
        """Multiplications for each response: (columns, then rows; all at once)."""
        return 2 * self.side * self.terms, self.side**2

    def result(self):
        kept = 100 * self.shares[: self.terms].sum() if self.rank else 100
        first = f"of {self.side} terms keeps" if self.terms == 1 else f"{self.terms} of {self.side} terms keep"
        tied = " Terms of equal size: another choice of them keeps as much energy and is off by another amount."
        return (
            f"Rank {self.rank}; the first {first} {kept:.4g}% of the energy, "
            f"and the responses are off by {100 * self.error:.3g}%.{tied if self.tied else ''}"
        )

    def figure(self):
        from cnnlib import plots

        kernel, near = self.kernel, self.approximation
        figure, axes = plots.subplots(1, 4, height=2.4)
        limit = np.abs(kernel).max() or 1
        titles = ("kernel", f"its first {self.terms} of {self.side} terms", "left out")
        for ax, part, title in zip(axes, (kernel, near, kernel - near), titles, strict=False):
            ax.imshow(part, cmap="RdBu_r", vmin=-limit, vmax=limit)
            ax.set(xticks=[], yticks=[], title=title)
        indices = np.arange(1, self.side + 1)
        axes[3].bar(indices, 100 * self.shares, color=[plots.BLUE if n <= self.terms else "#bbbbbb" for n in indices])
        axes[3].set(xlabel="term", title="energy, %", xticks=indices[:: 1 + self.side // 6])
        return figure
