"""The arithmetic of a convolution on numbers that can be read: input, kernel and output as grids."""

import numpy as np
import traitlets

from cnnlib import geometry, ops
from cnnlib.explore.explorer import Explorer
from cnnlib.explore.grids import framed, pixels
from cnnlib.explore.traits import Matrix, Pair, StateValueError, Whole, matrix

LIMITS = {"size": (1, 16), "kernel_size": (1, 7), "stride": (1, 6), "padding": (0, 6), "dilation": (1, 4)}


class ConvArithmetic(Explorer):
    """Every number of a small convolution, with sliders.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the input in pixels, 1 to 16. Default 7, or the shape of ``image``.
    kernel_size : int
        Side of the square kernel, 1 to 7. Default 3, or the side of ``weights``.
    stride, padding, dilation : int
        As in torch: 1 to 6, 0 to 6 per side, 1 to 4.
    position : (int, int)
        Row and column of the output whose window is lit.
    image : array_like (height, width), optional
        The numbers in the input; zeros beyond its edges where ``size`` is larger. Default 10*row + column, so that
        each number says where it stands.
    weights : array_like (kernel_size, kernel_size), optional
        The numbers in the kernel, zeros beyond. Default ones.

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
    Output 1 x 2 of input 3 x 6, sum 216; 0 rows and 1 column at the end are read by no window.
    """

    module = "conv_arithmetic.mjs"
    parameters = ("size", "kernel_size", "stride", "padding", "dilation", "position", "image", "weights")

    size = Pair(*LIMITS["size"], (7, 7)).tag(sync=True)
    kernel_size = Whole(*LIMITS["kernel_size"], 3).tag(sync=True)
    stride = Whole(*LIMITS["stride"], 1).tag(sync=True)
    padding = Whole(*LIMITS["padding"], 0).tag(sync=True)
    dilation = Whole(*LIMITS["dilation"], 1).tag(sync=True)
    position = Pair(0, 999, (0, 0)).tag(sync=True)
    image = Matrix(LIMITS["size"][1]).tag(sync=True)
    weights = Matrix(LIMITS["kernel_size"][1]).tag(sync=True)

    def __init__(self, **values):
        if values.get("image") is not None:
            values.setdefault("size", matrix("ConvArithmetic: image", values["image"]).shape)
        if values.get("weights") is not None:
            rows, columns = matrix("ConvArithmetic: weights", values["weights"]).shape
            if rows != columns:
                raise StateValueError(
                    f"ConvArithmetic: weights of shape {(rows, columns)} are not square; "
                    "fill the shorter side up with zeros"
                )
            values.setdefault("kernel_size", rows)
        super().__init__(**values)

    @traitlets.validate("size", "kernel_size", "padding", "dilation")
    def _fits(self, proposal):
        present = {name: getattr(self, name) for name in ("size", "kernel_size", "padding", "dilation")}
        present[proposal["trait"].name] = proposal["value"]
        try:
            geometry.conv_output_size(present.pop("size"), present.pop("kernel_size"), **present)
        except ValueError as error:
            raise StateValueError(str(error).replace("conv_output_size", type(self).__name__, 1)) from None
        return proposal["value"]

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
    def unread(self) -> tuple[int, int]:
        """Rows and columns at the end of the input that no window reads."""
        return geometry.unread(
            self.size, self.kernel_size, stride=self.stride, padding=self.padding, dilation=self.dilation
        )

    def shown(self, name):
        value = getattr(self, name)
        if name in ("image", "weights") and value is not None:
            return f"<{len(value)} x {len(value[0])}, sum {np.sum(value):.6g}>"
        return repr(value)

    def __repr__(self):
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters if name != "position")
        return f"{type(self).__name__}({values})\n{self.result()}"

    def result(self):
        output = self.output
        rows, columns = (f"{n} {noun}{'s' * (n != 1)}" for n, noun in zip(self.unread, ("row", "column"), strict=True))
        return (
            f"Output {output.shape[0]} x {output.shape[1]} of input {self.size[0]} x {self.size[1]}, "
            f"sum {output.sum():.6g}; {rows} and {columns} at the end are read by no window."
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
        unread = np.zeros(image.shape, bool)
        rows, columns = self.unread
        unread[image.shape[0] - self.padding - rows : image.shape[0] - self.padding] = True
        unread[:, image.shape[1] - self.padding - columns : image.shape[1] - self.padding] = True
        if image.size > 400:
            limit = plots.signed_limit(image)
            plots.image(0.5 + image / (2 * limit), ax=axes[0], title=f"input {image.shape[0]} × {image.shape[1]}")
        else:
            plots.number_grid(
                image, ax=axes[0], shade=tapped, hatch=unread, title="input" + (", padded" if self.padding else "")
            )
        plots.number_grid(kernel, ax=axes[1], title="kernel")
        if output.size > 400:
            plots.image(output, ax=axes[2], signed=True, title=f"output {output.shape[0]} × {output.shape[1]}")
        else:
            plots.number_grid(output, ax=axes[2], title=f"output {output.shape[0]} × {output.shape[1]}")
        return figure
