"""One kernel on a whole photograph, with presets, editable weights, and the output at its real size."""

import numpy as np
import traitlets

from cnnlib import geometry, kernels, ops
from cnnlib.explore.base import photographs
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Image, Matrix, Pair, StateValueError, Whole, inside, matrix

LIMITS = {"kernel_size": (1, 11), "angle": (0, 359), "stride": (1, 8), "padding": (0, 16), "dilation": (1, 8)}


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
        Side of the square kernel, 1 to 11. Default 3, or the side of ``weights``.
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
        Show the output as wide as the input instead of at its real size.

    Raises
    ------
    TypeError
        For an unknown keyword, or a parameter of the wrong kind.
    ValueError
        For a value out of range, a window that does not fit, an image that is not two-dimensional or not finite; for
        an image together with a photo, or weights together with a preset.

    Examples
    --------
    >>> explorer = KernelOnPhotograph(photo="sheep", preset="sobel", stride=4)
    >>> explorer.output.shape
    (40, 56)
    >>> KernelOnPhotograph(image=[[0, 0, 1, 1]] * 3, weights=[[-1, 1]] * 2).output
    array([[0., 2., 0.],
           [0., 2., 0.]], dtype=float32)
    """

    module = "kernel_on_photograph/view.mjs"
    generated = {"generated/photographs.mjs": photographs.module}
    bringing = ("image", "weights")
    parameters = (
        "photo",
        "preset",
        "kernel_size",
        "angle",
        "stride",
        "padding",
        "dilation",
        "position",
        "weights",
        "image",
        "enlarge",
    )

    photo = Choice((*photographs.NAMES, "array")).tag(sync=True)
    preset = Choice((*kernels.NAMES, "custom")).tag(sync=True)
    kernel_size = Whole(*LIMITS["kernel_size"], 3).tag(sync=True)
    angle = Whole(*LIMITS["angle"], 0).tag(sync=True)
    stride = Whole(*LIMITS["stride"], 1).tag(sync=True)
    padding = Whole(*LIMITS["padding"], 0).tag(sync=True)
    dilation = Whole(*LIMITS["dilation"], 1).tag(sync=True)
    position = Pair(0, 999, None, allow_none=True).tag(sync=True)
    weights = Matrix(LIMITS["kernel_size"][1], square=True).tag(sync=True)
    image = Image()
    enlarge = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **values):
        for own, name, shown in (("image", "photo", "array"), ("weights", "preset", "custom")):
            if values.get(own) is not None and values.setdefault(name, shown) != shown:
                raise StateValueError(
                    f"KernelOnPhotograph: {own} and {name}={values[name]!r} can't both be shown; "
                    f"leave out {name} to show the {own}, or leave out the {own}"
                )
        if values.get("weights") is not None:
            values.setdefault("kernel_size", len(matrix("KernelOnPhotograph: weights", values["weights"])))
        values.setdefault("preset", "sobel")
        super().__init__(**values)

    def brought(self, name):
        return {"photo": "array"} if name == "image" else {"preset": "custom", "kernel_size": len(self.weights)}

    @traitlets.validate("photo", "image", "preset", "kernel_size", "padding", "dilation", "position")
    def _fits(self, proposal):
        state = {
            name: getattr(self, name) for name in ("photo", "image", "preset", "kernel_size", "padding", "dilation")
        }
        state[proposal["trait"].name] = proposal["value"]
        if state["photo"] == "array" and state["image"] is None:
            raise StateValueError(
                f"KernelOnPhotograph: photo='array' needs an image; give one, or use {', '.join(photographs.NAMES)}"
            )
        smallest = kernels.SMALLEST.get(state["preset"], 1)
        if state["kernel_size"] < smallest:
            raise StateValueError(
                f"KernelOnPhotograph: kernel_size={state['kernel_size']} is too small for preset={state['preset']!r}; "
                f"use kernel_size >= {smallest}"
            )
        shape = state["image"].shape if state["photo"] == "array" else photographs.levels(state["photo"]).shape
        window = {name: state[name] for name in ("kernel_size", "padding", "dilation")}
        try:
            output = geometry.conv_output_size(shape, **window, stride=self.stride)
        except ValueError as error:
            raise StateValueError(str(error).replace("conv_output_size", type(self).__name__, 1)) from None
        if proposal["trait"].name == "position" and proposal["value"] is not None:
            inside("KernelOnPhotograph: position", proposal["value"], output)
        return proposal["value"]

    @property
    def input(self) -> np.ndarray:
        """The image, (height, width) of float32; photographs run from 0 to 1."""
        if self.photo == "array":
            return self.image
        return photographs.levels(self.photo).astype(np.float32) / 255

    @property
    def kernel(self) -> np.ndarray:
        """The weights, (kernel_size, kernel_size)."""
        size = self.kernel_size
        if self.preset != "custom":
            return kernels.named(self.preset, size, self.angle)
        given = np.zeros((1, 1)) if self.weights is None else np.array(self.weights)[:size, :size]
        return np.pad(given, ((0, size - given.shape[0]), (0, size - given.shape[1])))

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

    def shown(self, name):
        value = getattr(self, name)
        if name in ("image", "weights") and value is not None:
            shape = np.shape(value)
            return f"<{shape[0]} x {shape[1]}, sum {np.sum(value, dtype=float):.5g}>"
        return repr(value)

    def __repr__(self):
        hidden = {"position", "enlarge"} | ({"weights"} if self.preset != "custom" else set())
        hidden |= {"image"} if self.photo != "array" else set()
        values = ", ".join(f"{name}={self.shown(name)}" for name in self.parameters if name not in hidden)
        return f"{type(self).__name__}({values})\n{self.result()}"

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
