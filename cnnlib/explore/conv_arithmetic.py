"""The arithmetic of a convolution on numbers that can be read: input, kernel and output as grids."""

import numpy as np
import traitlets

from cnnlib import geometry, ops
from cnnlib.explore.explorer import Explorer
from cnnlib.explore.grids import framed, pixels
from cnnlib.explore.traits import Matrix, Pair, StateValueError, Whole, inside, matrix

LIMITS = {"size": (1, 16), "kernel_size": (1, 7), "stride": (1, 6), "padding": (0, 6), "dilation": (1, 4)}
#: Colour of what no window reads, as in kit/explorer.css.
UNREAD = "#b3261e"
#: Numbers with a name in the explorer's lists, which they keep when the size changes; conv_arithmetic.mjs has the same.
IMAGES = {
    "impulse": lambda size: np.arange(np.prod(size)).reshape(size) == size[0] // 2 * size[1] + size[1] // 2,
    "edge": lambda size: np.broadcast_to(np.arange(size[1]) >= size[1] / 2, size),
}
KERNELS = {
    "centre": lambda k: np.arange(k * k).reshape(k, k) == k // 2 * (k + 1),
    "difference": lambda k: np.eye(k)[[-1] * k] - np.eye(k)[[0] * k] if k > 1 else np.ones((1, 1)),
    "mean": lambda k: np.full((k, k), 1 / (k * k)),
}


class ConvArithmetic(Explorer):
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
    image : array_like (height, width), optional
        The numbers in the input; zeros beyond its edges where ``size`` is larger. Default 10*row + column, so that
        each number says where it stands. An impulse or an edge in the middle stays there when the size changes.
    weights : array_like (kernel_size, kernel_size), optional
        The numbers in the kernel, zeros beyond. Default ones. A mean, a difference or a centre of one stays what it is
        when the size changes.

    Raises
    ------
    TypeError
        For an unknown keyword, or a parameter of the wrong kind.
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
    ConvArithmetic(size=(3, 6), kernel_size=3, stride=2, padding=0, dilation=1, image=None, weights=None)
    Output 1 x 2 of input 3 x 6, sum 216; 3 pixels of 18 are read by no window.
    """

    module = "conv_arithmetic.mjs"
    parameters = ("size", "kernel_size", "stride", "padding", "dilation", "position", "image", "weights")
    bringing = ("image", "weights")

    size = Pair(*LIMITS["size"], (7, 7)).tag(sync=True)
    kernel_size = Whole(*LIMITS["kernel_size"], 3).tag(sync=True)
    stride = Whole(*LIMITS["stride"], 1).tag(sync=True)
    padding = Whole(*LIMITS["padding"], 0).tag(sync=True)
    dilation = Whole(*LIMITS["dilation"], 1).tag(sync=True)
    position = Pair(0, 999, (0, 0)).tag(sync=True)
    image = Matrix(LIMITS["size"][1]).tag(sync=True)
    weights = Matrix(LIMITS["kernel_size"][1], square=True).tag(sync=True)

    def __init__(self, **values):
        if values.get("image") is not None:
            values.setdefault("size", matrix("ConvArithmetic: image", values["image"]).shape)
        if values.get("weights") is not None:
            values.setdefault("kernel_size", len(matrix("ConvArithmetic: weights", values["weights"])))
        self._names = {}  # what the numbers were called when the size changed
        super().__init__(**values)

    def brought(self, name):
        if name == "image":
            return {"size": np.shape(self.image)}
        return {"kernel_size": len(self.weights)}

    @traitlets.validate("size", "kernel_size", "padding", "dilation", "position")
    def _fits(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        present = {each: getattr(self, each) for each in ("size", "kernel_size", "stride", "padding", "dilation")}
        try:
            output = geometry.conv_output_size(**{**present, **({} if name == "position" else {name: value})})
        except ValueError as error:
            raise StateValueError(str(error).replace("conv_output_size", type(self).__name__, 1)) from None
        return inside("ConvArithmetic: position", value, output) if name == "position" else value

    @traitlets.observe("size", "kernel_size")
    def _keep_what_has_a_name(self, change):
        """Numbers that have a name at the old size are those of that name at the new one."""
        numbers, presets = ("image", IMAGES) if change.name == "size" else ("weights", KERNELS)
        given = getattr(self, numbers)
        if change.old is None or given is None:  # old is None while the explorer is made
            return
        names = [name for name, preset in presets.items() if np.array_equal(given, preset(change.old))]
        if names:  # several for one pixel or one weight; then it is what it was before
            self._names[numbers] = self._names.get(numbers) if self._names.get(numbers) in names else names[0]
            self.set_trait(numbers, presets[self._names[numbers]](change.new))

    @property
    def input(self) -> np.ndarray:
        """The numbers in the input, (height, width)."""
        return pixels(self.image, *self.size)

    @property
    def kernel(self) -> np.ndarray:
        """The weights, (kernel_size, kernel_size)."""
        if self.weights is None:
            return np.ones((self.kernel_size, self.kernel_size))
        return framed(self.weights, self.kernel_size, self.kernel_size)

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

    def shown(self, name):
        value = getattr(self, name)
        if name in ("image", "weights") and value is not None:
            return f"<{len(value)} x {len(value[0])}, sum {np.sum(value):.6g}>"
        return repr(value)

    def __repr__(self):
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters if name != "position")
        return f"{type(self).__name__}({values})\n{self.result()}"

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
        row, column = (min(p, n - 1) * self.stride for p, n in zip(self.position, output.shape, strict=True))
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
