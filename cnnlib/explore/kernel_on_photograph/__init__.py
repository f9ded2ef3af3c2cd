"""One kernel on a whole photograph, with presets, editable weights, and the output at its real size."""

import numpy as np

from cnnlib import geometry, kernels, ops
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed
from cnnlib.explore.base.traits import Choice, Flag, Image, Matrix, Pair, Whole
from cnnlib.explore.base.windows import misfit

#: The side that a Gabor filter gets when it is chosen: a wave under a bell needs room.
GABOR_SIDE = 9


class KernelOnPhotograph(Explorer):
    """A filter at work on a photograph, or on any grey image.

    Parameters
    ----------
    photo : str
        ``"sheep"``, ``"lemur"``, ``"lincoln_memorial"``, ``"kingfisher"``, ``"hedgehog"``, or ``"array"`` for
        ``image``. Setting ``image`` sets it to ``"array"``.
    preset : str
        A name of `cnnlib.kernels.NAMES`, or ``"custom"`` for ``weights``. Setting ``weights`` sets it to ``"custom"``.
    kernel_size : int
        Side of the square kernel, 1 to 11. Default 3, 9 for a Gabor filter, or the side of ``weights``.
    angle : int
        Degrees, 0 to 359, for the directional presets: where brightness must rise. 0 is right, 90 down.
    stride, padding, dilation : int
        As in torch: 1 to 8, 0 to 16 per side, 1 to 8.
    position : (int, int)
        Row and column of the output whose window is shown; None is the middle. Where the output becomes smaller, the
        last is shown.
    weights : array_like (kernel_size, kernel_size), optional
        Own weights, instead of a preset.
    image : array_like (height, width), optional
        Own image, at most 512 x 512, instead of a photo.
    enlarge : bool
        Show the output as wide as the input rather than at its real size.

    Raises
    ------
    ValueError
        For a value out of range, a window that does not fit, an image that is not two-dimensional or not finite.

    Examples
    --------
    >>> explorer = KernelOnPhotograph(photo="sheep", preset="sobel", stride=4)
    >>> explorer.output.shape
    (40, 56)
    >>> KernelOnPhotograph(image=[[0, 0, 1, 1]] * 3, weights=[[-1, 1]] * 2).output
    array([[0., 2., 0.],
           [0., 2., 0.]], dtype=float32)
    """

    generated = {"generated/photographs.mjs": photographs.module}
    constants = {"SMALLEST": kernels.SMALLEST, "GABOR_SIDE": GABOR_SIDE}
    silent = ("position", "enlarge")

    photo = Choice((*photographs.NAMES, "array"))
    preset = Choice((*kernels.NAMES, "custom"), default="sobel")
    kernel_size = Whole(1, 11, 3)
    angle = Whole(0, 359, 0)
    stride = Whole(1, 8, 1)
    padding = Whole(0, 16, 0)
    dilation = Whole(1, 8, 1)
    position = Pair(0, 999, None, allow_none=True, within="output_shape")
    weights = Matrix(11, square=True, shows=("preset", "custom"))
    image = Image(shows=("photo", "array"))
    enlarge = Flag(True)

    def implied(self, given):
        found = super().implied(given)
        shape = self.shapes(given)
        if "weights" in shape:
            found["kernel_size"] = shape["weights"][0]
        elif given.get("preset") == "gabor" and self.kernel_size < GABOR_SIDE:
            found["kernel_size"] = GABOR_SIDE
        return found

    def misfit(self, state):
        smallest = kernels.SMALLEST.get(state.preset, 1)
        if state.kernel_size < smallest:
            return (
                f"kernel_size={state.kernel_size} is too small for preset='{state.preset}'; "
                f"use kernel_size >= {smallest}"
            )
        return misfit(photographs.size(state), state.kernel_size, padding=state.padding, dilation=state.dilation)

    def hidden(self):
        return super().hidden() | (set() if self.preset in kernels.DIRECTED else {"angle"})

    @property
    def output_shape(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        window = {name: getattr(self, name) for name in ("kernel_size", "stride", "padding", "dilation")}
        return geometry.conv_output_size(self.input.shape, **window)

    @property
    def input(self) -> np.ndarray:
        """A copy of the image, (height, width) of float32; photographs run from 0 to 1."""
        return photographs.shown(self)

    @property
    def kernel(self) -> np.ndarray:
        """The weights, (kernel_size, kernel_size)."""
        if self.preset == "custom":
            return framed(self.weights, self.kernel_size, self.kernel_size)
        return kernels.named(self.preset, self.kernel_size, self.angle)

    @property
    def output(self) -> np.ndarray:
        """What `cnnlib.ops.conv2d` gives for the image and the kernel, (rows, columns) of float32."""
        return ops.conv2d(
            self.input[None, None],
            self.kernel.astype(np.float32)[None, None],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )[0, 0]

    @property
    def signed(self) -> bool:
        """Whether the output is shown about zero (blue, white, red) rather than in grey."""
        kernel = self.kernel
        return bool(kernel.sum() <= 0.05 * np.abs(kernel).sum())

    def result(self):
        output = self.output.astype(float)
        height, width = self.input.shape
        return (
            f"Output {output.shape[0]} x {output.shape[1]} of input {height} x {width}, values "
            f"{output.min():.3f} to {output.max():.3f}, mean magnitude {np.abs(output).mean():.3f}."
        )

    def figure(self):
        from cnnlib import plots

        image, output, total = self.input, self.output, self.kernel.sum()
        low, high = (image.min(), image.max()) if image.min() < 0 or image.max() > 1 else (0, 1)
        figure, axes = plots.subplots(1, 2, height=2.9)
        plots.image((image - low) / (high - low or 1), ax=axes[0], title=f"input {image.shape[0]} × {image.shape[1]}")
        title = f"output {output.shape[0]} × {output.shape[1]}"
        if self.signed:
            plots.image(output, ax=axes[1], signed=True, title=title)
        else:
            plots.image((output / total - low) / (high - low or 1), ax=axes[1], title=title)
        return figure
