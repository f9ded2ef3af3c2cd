"""The arithmetic of a transposed convolution on values that can be read: every input pixel stamps the kernel."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.explore.base.arithmetic import Arithmetic, counted, impulse
from cnnlib.explore.base.grids import framed
from cnnlib.explore.base.traits import Choice, Matrix, Pair, Whole
from cnnlib.explore.base.windows import transposed_misfit

OPTIONS = ("stride", "padding", "output_padding", "dilation")
#: Colour of what padding cuts off, as in kit/explorer.css, and the fills of at most 16 phases.
CUT = "#b3261e"
FILLS = [
    *("#f2b5b5", "#efc49a", "#f0d98c", "#dfe39a", "#c1e0a0", "#a5d8a8", "#a0d9c3", "#9cd6dc"),
    *("#a5c8ea", "#b3b9f0", "#c9b3ee", "#e0b4e8", "#f0b6d6", "#d9c7b8", "#cfd4da", "#b9c9bf"),
]
PATTERNS = {
    "count": counted,
    "ones": lambda height, width: np.ones((height, width)),
    "impulse": impulse,
}


def bilinear(k: int) -> np.ndarray:
    """The weights that make a transposed convolution of kernel 2 * stride interpolate, (k, k)."""
    half = (k + 1) // 2
    line = 1 - np.abs(np.arange(k) - (k - 1) / 2) / half
    return np.outer(line, line)


PRESETS = {
    "count": lambda k: counted(k, k),
    "ones": lambda k: np.ones((k, k)),
    "bilinear": bilinear,
}


class TransposedArithmetic(Arithmetic):
    """Every number of a small transposed convolution: stamps, where they overlap, what is cut off and given back.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the input in pixels, 1 to 6. Default 2, or the shape of ``image``, which sets it.
    kernel_size : int
        Side of the square kernel, 1 to 5. Default 3, or the side of ``weights``, which sets it.
    stride, padding, output_padding, dilation : int
        As in torch: 1 to 4, 0 to 4 cut off per side, 0 to 3 and below the larger of stride and dilation, 1 to 3.
    position : (int, int)
        Row and column of the input pixel whose stamp is lit. Where the input becomes smaller, the last is lit.
    pattern : {"count", "ones", "impulse", "array"}
        What the input holds: 1, 2, 3 and so on; ones; a single one in the middle; or ``image``.
    image : array_like (height, width), optional
        Values of your own; zeros beyond its edges where ``size`` is larger.
    preset : {"count", "ones", "bilinear", "custom"}
        What the kernel holds: 1, 2, 3 and so on; ones; a tent, which interpolates where the kernel is twice the stride;
        or ``weights``.
    weights : array_like (kernel_size, kernel_size), optional
        Weights of your own; zeros beyond where ``kernel_size`` is larger.
    show : {"values", "overlaps", "phases"}
        What the output's cells hold: its values; how many stamps cover a cell; or which of the stride x stride phases
        it belongs to, each of which has weights of its own.

    Raises
    ------
    ValueError
        For a value out of range, an output of which nothing is left, an image that is not two-dimensional or not
        finite.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, section 4.

    Examples
    --------
    >>> explorer = TransposedArithmetic(stride=2)
    >>> explorer.output[0], explorer.output[2, 2]
    (array([1., 2., 5., 4., 6.]), np.float64(36.0))
    >>> TransposedArithmetic(stride=2, padding=1, output_padding=1)  # doctest: +ELLIPSIS
    TransposedArithmetic(size=(2, 2), kernel_size=3, stride=2, padding=1, output_padding=1, dilation=1, pattern=...)
    Output 4 x 4 of input 2 x 2, sum 385; 1 to 4 stamps cover a pixel, and padding cuts off 9 pixels.
    """

    silent = ("position",)
    constants = {"FILLS": FILLS}
    patterns, presets = PATTERNS, PRESETS

    size = Pair(1, 6, (2, 2))
    kernel_size = Whole(1, 5, 3)
    stride = Whole(1, 4, 2)
    padding = Whole(0, 4, 0)
    output_padding = Whole(0, 3, 0)
    dilation = Whole(1, 3, 1)
    position = Pair(0, 5, (0, 0), within="input_shape")
    pattern = Choice((*PATTERNS, "array"))
    image = Matrix(6, shows=("pattern", "array"))
    preset = Choice((*PRESETS, "custom"))
    weights = Matrix(5, square=True, shows=("preset", "custom"))
    show = Choice(("values", "overlaps", "phases"))

    def misfit(self, state):
        return transposed_misfit(state.size, state.kernel_size, **{name: getattr(state, name) for name in OPTIONS})

    @property
    def _options(self) -> dict:
        return {name: getattr(self, name) for name in OPTIONS}

    @property
    def input_shape(self) -> tuple[int, int]:
        """Rows and columns of the input."""
        return self.size

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        return geometry.conv_transpose_output_size(self.size, self.kernel_size, **self._options)

    def _scatter(self, x, w, **options):
        return ops.conv_transpose2d(x[None, None], w[None, None], **{**self._options, **options})[0, 0]

    @property
    def output(self) -> np.ndarray:
        """What `cnnlib.ops.conv_transpose2d` gives for the input and the kernel, (rows, columns)."""
        return self._scatter(self.input, self.kernel)

    @property
    def frame(self) -> np.ndarray:
        """The output with all that padding cuts off around it: every value that the stamps write."""
        written = self._scatter(self.input, self.kernel, padding=0, output_padding=0)
        return framed(
            written, *(max(n, self.padding + m) for n, m in zip(written.shape, self.output_shape, strict=True))
        )

    @property
    def kept(self) -> np.ndarray:
        """Which positions of the frame are in the output, bool of its shape."""
        rows, columns = (slice(self.padding, self.padding + n) for n in self.output_shape)
        found = np.zeros(self.frame.shape, bool)
        found[rows, columns] = True
        return found

    @property
    def overlaps(self) -> np.ndarray:
        """How many stamps cover each output pixel, (rows, columns) of int."""
        rows, columns = geometry.overlap_counts((self.kernel_size,) * 2, size=self.size, **self._options)
        return np.outer(rows, columns)

    @property
    def phase_sums(self) -> np.ndarray:
        """Sum of the weights that write each phase, (stride, stride): what an input of ones becomes inside."""
        sums = np.zeros((self.stride, self.stride))
        reached = self.dilation * np.arange(self.kernel_size) % self.stride
        np.add.at(sums, (reached[:, None], reached), self.kernel)
        return sums

    def result(self):
        output, covered = self.output, self.overlaps
        cut = int((~self.kept).sum())
        least, most = covered.min(), covered.max()
        stamps = (
            f"{most} stamp{'s cover' if most != 1 else ' covers'}"
            if least == most
            else f"{least} to {most} stamps cover"
        )
        return (
            f"Output {output.shape[0]} x {output.shape[1]} of input {self.size[0]} x {self.size[1]}, "
            f"sum {output.sum():.6g}; {stamps} a pixel, and padding cuts off {cut or 'no'} pixel{'s' * (cut != 1)}."
        )

    def figure(self):
        from cnnlib import plots

        frame, kept, kernel = self.frame, self.kept, self.kernel
        widths = [max(2, a.shape[1]) for a in (self.input, kernel, frame)]
        figure, axes = plots.subplots(1, 3, height=3, width_ratios=widths)
        here = np.zeros(self.size, bool)
        here[self.position] = True
        plots.number_grid(self.input, ax=axes[0], title="input", shade=here)
        plots.number_grid(kernel, ax=axes[1], title="kernel")
        title = f"output {self.output_shape[0]} × {self.output_shape[1]}"
        if frame.size > 400:
            plots.image(self.output, ax=axes[2], signed=True, title=title)
            return figure
        stamp = np.zeros(frame.shape, bool)
        row, column = (at * self.stride for at in self.position)
        span = geometry.span(self.kernel_size, dilation=self.dilation)
        stamp[row : row + span : self.dilation, column : column + span : self.dilation] = True
        if not kept.all():
            title += "\nhatched: cut off by padding"
        plots.number_grid(frame, ax=axes[2], title=title, shade=stamp & kept, hatch=~kept, colour=CUT)
        return figure
