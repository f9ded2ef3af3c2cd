"""The arithmetic of a convolution on values that can be read: input, kernel and output as grids."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.explore.base.arithmetic import Arithmetic, impulse
from cnnlib.explore.base.grids import pixels
from cnnlib.explore.base.traits import Choice, Matrix, Pair, Whole
from cnnlib.explore.base.windows import misfit

#: Colour of what no window reads, as in kit/explorer.css.
UNREAD = "#b3261e"
PATTERNS = {
    "positions": lambda height, width: pixels(None, height, width),
    "impulse": impulse,
    "edge": lambda height, width: np.broadcast_to(np.arange(width) >= width / 2, (height, width)),
}
PRESETS = {
    "ones": lambda k: np.ones((k, k)),
    "centre": lambda k: impulse(k, k),
    "difference": lambda k: np.eye(k)[[-1] * k] - np.eye(k)[[0] * k] if k > 1 else np.ones((1, 1)),
    "mean": lambda k: np.full((k, k), 1 / (k * k)),
}


class ConvArithmetic(Arithmetic):
    """Every number of a small convolution, with sliders.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the input in pixels, 1 to 16. Default 7, or the shape of ``image``, which sets it.
    kernel_size : int
        Side of the square kernel, 1 to 7. Default 3, or the side of ``weights``, which sets it.
    stride, padding, dilation : int
        As in torch: 1 to 6, 0 to 6 per side, 1 to 4.
    position : (int, int)
        Row and column of the output whose window is lit. Where the output becomes smaller, the last is lit.
    pattern : {"positions", "impulse", "edge", "array"}
        What the input holds: 10*row + column, so that each number says where it is; a single one in the middle; an edge
        in the middle; or ``image``.
    image : array_like (height, width), optional
        Values of your own; zeros beyond its edges where ``size`` is larger.
    preset : {"ones", "centre", "difference", "mean", "custom"}
        What the kernel holds: ones; a single one in the middle; right less left; the mean; or ``weights``.
    weights : array_like (kernel_size, kernel_size), optional
        Weights of your own; zeros beyond where ``kernel_size`` is larger.

    Raises
    ------
    ValueError
        For a value out of range, a window that does not fit, an image that is not two-dimensional or not finite.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, section 2.

    Examples
    --------
    >>> explorer = ConvArithmetic(size=(3, 6), kernel_size=3, stride=2)
    >>> explorer.output
    array([[ 99., 117.]])
    >>> explorer  # the last of the six columns is read by no window
    ConvArithmetic(size=(3, 6), kernel_size=3, stride=2, padding=0, dilation=1, pattern='positions', preset='ones')
    Output 1 x 2 of input 3 x 6, sum 216; 3 pixels of 18 are read by no window.
    """

    silent = ("position",)
    patterns, presets = PATTERNS, PRESETS

    size = Pair(1, 16, (7, 7))
    kernel_size = Whole(1, 7, 3)
    stride = Whole(1, 6, 1)
    padding = Whole(0, 6, 0)
    dilation = Whole(1, 4, 1)
    position = Pair(0, 999, (0, 0), within="output_shape")
    pattern = Choice((*PATTERNS, "array"))
    image = Matrix(16, shows=("pattern", "array"))
    preset = Choice((*PRESETS, "custom"))
    weights = Matrix(7, square=True, shows=("preset", "custom"))

    def misfit(self, state):
        return misfit(state.size, state.kernel_size, padding=state.padding, dilation=state.dilation)

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        options = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        return geometry.conv_output_size(self.size, self.kernel_size, **options)

    @property
    def output(self) -> np.ndarray:
        """What `cnnlib.ops.conv2d` gives for the input and the kernel, (rows, columns)."""
        return ops.conv2d(
            self.input[None, None],
            self.kernel[None, None],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )[0, 0]

    @property
    def unread(self) -> np.ndarray:
        """Which pixels no window reads, (height, width) of bool: the output's gradient is zero there."""
        options = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        upstream, x = np.ones((1, 1, *self.output.shape)), np.zeros((1, 1, *self.size))
        gradient = ops.conv2d_backward(upstream, x, np.ones((1, 1, *self.kernel.shape)), **options)[0]
        return gradient[0, 0] == 0

    def result(self):
        output, unread = self.output, self.unread
        count = int(unread.sum())
        said = f"{count} pixel{'s' * (count != 1)} of {unread.size} {'is' if count == 1 else 'are'} read by no window"
        return (
            f"Output {output.shape[0]} x {output.shape[1]} of input {self.size[0]} x {self.size[1]}, "
            f"sum {output.sum():.6g}; {said if count else 'every pixel is read by a window'}."
        )

    def figure(self):
        from cnnlib import plots

        image = np.pad(self.input, self.padding)
        kernel, output = self.kernel, self.output
        widths = [max(2, a.shape[1]) for a in (image, kernel, output)]
        figure, axes = plots.subplots(1, 3, height=3, width_ratios=widths)
        tapped = np.zeros(image.shape, bool)
        row, column = (at * self.stride for at in self.position)
        reach = (self.kernel_size - 1) * self.dilation + 1
        tapped[row : row + reach : self.dilation, column : column + reach : self.dilation] = True
        unread = np.pad(self.unread, self.padding)
        padding = np.pad(np.zeros(self.size, bool), self.padding, constant_values=True)
        if image.size > 400:
            limit = plots.signed_limit(image)
            plots.image(0.5 + image / (2 * limit), ax=axes[0], title=f"input {image.shape[0]} × {image.shape[1]}")
        else:
            marks = {"grey: padding": padding, "hatched: read by no window": unread}
            title = "\n".join(["input", *(words for words, mask in marks.items() if mask.any())])
            marks = {"shade": tapped, "hatch": unread, "dim": padding, "colour": UNREAD}
            plots.number_grid(image, ax=axes[0], title=title, **marks)
        plots.number_grid(kernel, ax=axes[1], title="kernel")
        if output.size > 400:
            plots.image(output, ax=axes[2], signed=True, title=f"output {output.shape[0]} × {output.shape[1]}")
        else:
            plots.number_grid(output, ax=axes[2], title=f"output {output.shape[0]} × {output.shape[1]}")
        return figure
