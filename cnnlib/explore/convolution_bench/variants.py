"""Fifteen ways to compute a feature map, as lists of steps that `cnnlib.geometry` counts."""

from typing import NamedTuple

from cnnlib import geometry

#: Name of a variant to what it is called.
VARIANTS = {
    "full": "full convolution",
    "unshared": "unshared",
    "tiled": "tiled",
    "dilated": "dilated",
    "strided": "strided",
    "transposed": "transposed",
    "grouped": "grouped",
    "depthwise": "depthwise",
    "depthwise_separable": "depthwise separable",
    "spatially_separable": "spatially separable",
    "pointwise": "pointwise, 1 × 1",
    "bottleneck": "bottleneck",
    "inception": "Inception module",
    "deformable": "deformable, v1",
    "modulated": "deformable, v2",
}
#: The side of the repeating block of kernels of the tiled layer.
PERIOD = 2
#: Multiplications of a bilinear sample: four pixels, each with its share.
SAMPLE = 4


class Step(NamedTuple):
    """One operation on a square map, and what it costs.

    Parameters
    ----------
    name : str
        What it does.
    in_channels, out_channels : int
    kernel_size : (height, width)
    size : int
        Side of its output.
    positions : int
        Side of the square of positions at which the kernel is applied: the input's where it scatters, 0 for a step
        without multiply-adds, such as a maximum.
    groups : int
    kernels : int
        Side of the square of positions that have a kernel of their own: 1 where all share theirs.
    bias : bool
    learned : bool
        Whether its factors are parameters.
    kept : bool
        Whether its output is a map that is kept for the backward pass.
    """

    name: str
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, int]
    size: int
    positions: int
    groups: int = 1
    kernels: int = 1
    bias: bool = False
    learned: bool = True
    kept: bool = True

    @property
    def parameters(self) -> int:
        if not self.learned:
            return 0
        return geometry.count_parameters(
            self.in_channels,
            self.out_channels,
            self.kernel_size,
            groups=self.groups,
            bias=self.bias,
            positions=self.kernels,
        )

    @property
    def macs(self) -> int:
        if not self.positions:
            return 0
        return geometry.count_macs(
            self.in_channels, self.out_channels, self.kernel_size, self.positions, groups=self.groups
        )

    @property
    def activations(self) -> int:
        return geometry.count_activations(self.out_channels, self.size) if self.kept else 0


def steps(variant: str, state) -> list[Step]:
    """The steps of a variant; ``state`` has the parameters of `ConvolutionBench` as attributes.

    >>> from types import SimpleNamespace
    >>> state = SimpleNamespace(in_channels=64, out_channels=64, size=56, kernel_size=3, multiplier=1)
    >>> [step.parameters for step in steps("depthwise_separable", state)]
    [576, 4096]
    """
    ins, outs, size, k = state.in_channels, state.out_channels, state.size, state.kernel_size

    def conv(name, before, after, kernel=k, **options):
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        return Step(name, before, after, kernel, size, size, **options)

    if variant == "unshared":
        return [conv("a kernel for each position", ins, outs, kernels=size)]
    if variant == "tiled":
        return [conv("kernels that take turns", ins, outs, kernels=PERIOD)]
    if variant == "strided":
        small = geometry.conv_output_size(size, k, stride=state.stride, padding=k // 2)
        return [conv("convolution", ins, outs)._replace(size=small, positions=small)]
    if variant == "transposed":
        return [conv("stamps", ins, outs)._replace(size=large(state))]
    if variant == "grouped":
        return [conv("convolution", ins, outs, groups=state.groups)]
    if variant == "depthwise":
        return [conv("depthwise", ins, ins * state.multiplier, groups=ins)]
    if variant == "depthwise_separable":
        middle = ins * state.multiplier
        return [conv("depthwise", ins, middle, groups=ins), conv("pointwise", middle, outs, 1)]
    if variant == "spatially_separable":
        return [conv("columns", ins, outs, (k, 1)), conv("rows", outs, outs, (1, k))]
    if variant == "pointwise":
        return [conv("pointwise", ins, outs, 1)]
    if variant == "bottleneck":
        middle = ins // state.reduction
        return [conv("reduce", ins, middle, 1), conv("filter", middle, middle), conv("expand", middle, outs, 1)]
    if variant == "inception":
        middle, each = ins // state.reduction, outs // 4
        return [
            conv("1 × 1", ins, each, 1),
            conv("reduce", ins, middle, 1),
            conv(f"{k} × {k}", middle, each),
            conv("reduce", ins, middle, 1),
            conv(f"{k + 2} × {k + 2}", middle, each, k + 2),
            Step("maximum", ins, ins, (3, 3), size, 0, learned=False),
            conv("1 × 1 after it", ins, each, 1),
        ]
    if variant in ("deformable", "modulated"):
        mask = variant == "modulated"
        return [
            conv("offsets and mask" if mask else "offsets", ins, (2 + mask) * k * k, bias=True),
            conv("samples", ins, ins * k * k * (SAMPLE + mask), 1, groups=ins, learned=False, kept=False),
            conv("convolution", ins, outs),
        ]
    return [conv("convolution", ins, outs)]  # full, dilated


def large(state) -> int:
    """Side of the transposed convolution's output: ``stride`` times as large."""
    return geometry.conv_transpose_output_size(
        state.size,
        state.kernel_size,
        stride=state.stride,
        padding=state.kernel_size // 2,
        output_padding=state.stride - 1,
    )


def field(variant: str, state) -> int:
    """Side of the square of input pixels that one output can see, with all offsets 0 where there are offsets."""
    k = state.kernel_size
    window = {"kernel_size": k}
    if variant == "dilated":
        window["dilation"] = state.dilation
    elif variant == "transposed":
        window |= {"stride": state.stride, "padding": k // 2, "transposed": True}
    elif variant == "pointwise":
        window["kernel_size"] = 1
    elif variant == "inception":
        window["kernel_size"] = k + 2
    return geometry.receptive_field([geometry.Layer(**window)]).size
