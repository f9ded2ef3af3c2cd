"""One window operation of a stack, however the caller wrote it down."""

from dataclasses import dataclass, fields
from operator import index
from typing import NamedTuple

from ..arguments import flag, padding4, pair
from .modules import opened, options_of
from .sizes import conv_output_size, pool_output_size
from .transposed import conv_transpose_output_size
from .windows import AXES


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
        Of a transposed convolution: pixels added at the end, fewer than the larger of `stride` and `dilation`. It
        moves no window.
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
        for name in ("kernel_size", "stride", "padding", "dilation", "output_padding"):
            value = getattr(self, name)  # Python's integers, in tuples: a list could be changed later
            plain = tuple(map(index, value)) if isinstance(value, (tuple, list)) else index(value)
            object.__setattr__(self, name, plain)
        for name in ("transposed", "ceil_mode"):
            object.__setattr__(self, name, flag("Layer", name, getattr(self, name)))
        extras = pair("Layer", "output_padding", self.output_padding)
        if any(extras) and not self.transposed:
            raise ValueError(
                f"Layer: output_padding={self.output_padding} without transposed=True; it belongs to a transposed "
                "convolution, so use 0"
            )
        for extra, axis, most in zip(extras, AXES, map(max, self._pair("stride"), self._pair("dilation")), strict=True):
            if extra and extra >= most:
                raise ValueError(
                    f"Layer: output_padding={self.output_padding} is not below {most} along the {axis}, the larger of "
                    f"stride={self.stride} and dilation={self.dilation}; use less"
                )

    def _pair(self, name):
        return pair("Layer", name, getattr(self, name))

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
    stack = [read_layer(function, at, layer) for at, layer in opened(function, layers)]
    seen = ([], [])
    for layer in stack:
        for axis in (0, 1):
            seen[axis].append(axis_of(layer, axis))
    return stack, seen


def axis_of(layer, axis):
    """What one axis, 0 or 1, sees of a `Layer`."""
    taps, stride, gap = (
        pair("Layer", name, getattr(layer, name))[axis] for name in ("kernel_size", "stride", "dilation")
    )
    return Axis(taps, stride, padding4("Layer", layer.padding)[2 * axis], gap, layer.transposed)


def sizes_through(function, stack, size):
    """The size of an image and of the output of each layer, as pairs."""
    sizes = [pair(function, "size", size, 1)]
    for at, layer in enumerate(stack):
        try:
            sizes.append(pair(function, "size", layer.output_size(sizes[-1])))
        except ValueError as error:
            raise ValueError(f"{function}: layer {at}: {str(error).partition(': ')[2]}") from None
    return sizes


def is_paired(stack):
    """Tell whether any layer of the `stack` was written with pairs."""
    names = ("kernel_size", "stride", "padding", "dilation")
    return any(isinstance(getattr(layer, name), (tuple, list)) for layer in stack for name in names)


def read_layer(function, at, layer):
    """Return one layer of a stack as a `Layer`; an error says which it is."""
    if isinstance(layer, Layer):
        return layer
    names = [field.name for field in fields(Layer)]
    given = layer if isinstance(layer, dict) else options_of(function, at, layer, names)
    for name in given:
        if name not in names:
            raise TypeError(f"{function}: layer {at} has an unknown option {name!r}; use {', '.join(names)}")
    try:
        return Layer(**given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function}: layer {at}: {str(error).removeprefix('Layer: ')}") from None
