"""One window operation of a stack, however the caller wrote it down."""

from dataclasses import dataclass, fields
from typing import NamedTuple

from ..arguments import flag, padding4, pair
from .sizes import conv_output_size, pool_output_size
from .transposed import conv_transpose_output_size


@dataclass(frozen=True)
class Layer:
    """One window operation of a stack: a convolution, a pooling, or a transposed convolution.

    Parameters
    ----------
    kernel_size : int or (height, width)
        Taps of the window, >= 1.
    stride : int or (height, width)
        Pixels from one position to the next, >= 1.
    padding : int, (height, width) or (top, bottom, left, right)
        Pixels added on each side, >= 0.
    dilation : int or (height, width)
        Distance between two taps, >= 1.
    transposed : bool
        True for a transposed convolution.
    output_padding : int or (height, width)
        Of a transposed convolution: pixels added at the end. It moves no window.
    ceil_mode : bool
        Of a pooling: count also a last window that hangs over the edge.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or unknown.
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> Layer(3, stride=2, padding=1)
    Layer(kernel_size=3, stride=2, padding=1)
    >>> Layer(3, stride=2, padding=1).output_size(224)
    112
    """

    kernel_size: int = 1
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    transposed: bool = False
    output_padding: int = 0
    ceil_mode: bool = False

    def __post_init__(self):
        for name in ("kernel_size", "stride", "dilation"):
            pair("Layer", name, getattr(self, name), 1)
        pair("Layer", "output_padding", self.output_padding, 0)
        padding4("Layer", self.padding)
        for name in ("transposed", "ceil_mode"):
            flag("Layer", name, getattr(self, name))

    def __repr__(self):
        given = [f"kernel_size={self.kernel_size!r}"]
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value != field.default:
                given.append(f"{field.name}={value!r}")
        return f"Layer({', '.join(given)})"

    def output_size(self, size):
        """Count the outputs along each axis of an input of `size` pixels."""
        window = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        if self.transposed:
            window["output_padding"] = self.output_padding
            return conv_transpose_output_size(size, self.kernel_size, **window)
        if self.ceil_mode:
            return pool_output_size(size, self.kernel_size, ceil_mode=True, **window)
        return conv_output_size(size, self.kernel_size, **window)


class Axis(NamedTuple):
    """What one axis sees of a layer, in plain integers."""

    taps: int
    stride: int
    before: int
    gap: int
    transposed: bool


def axes(function, layers):
    """Return the layers as `Layer` objects, and what each axis sees of them."""
    stack = [_layer(function, index, layer) for index, layer in enumerate(layers)]
    seen = ([], [])
    for layer in stack:
        sides = padding4(function, layer.padding)
        for axis in (0, 1):
            taps, stride, gap = (
                pair(function, name, getattr(layer, name))[axis]
                for name in ("kernel_size", "stride", "dilation")
            )
            seen[axis].append(Axis(taps, stride, sides[2 * axis], gap, layer.transposed))
    return stack, seen


def is_paired(stack):
    """Tell whether any layer of the `stack` was written with pairs."""
    names = ("kernel_size", "stride", "padding", "dilation")
    return any(isinstance(getattr(layer, name), (tuple, list)) for layer in stack for name in names)


def _layer(function, index, layer):
    names = [field.name for field in fields(Layer)]
    if isinstance(layer, Layer):
        return layer
    if isinstance(layer, dict):
        for name in layer:
            if name not in names:
                raise TypeError(
                    f"{function}: layer {index} has an unknown option {name!r}; "
                    f"use {', '.join(names)}"
                )
        return Layer(**layer)
    if hasattr(layer, "kernel_size"):
        return Layer(**{name: getattr(layer, name) for name in names if hasattr(layer, name)})
    raise TypeError(
        f"{function}: layer {index} is a {type(layer).__name__} without a kernel_size; use a "
        f"Layer, a dict with its names, or a torch module that has a window (leave out ReLU)"
    )
