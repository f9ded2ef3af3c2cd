"""What every layer with a window shares: its arguments, checked, and its repr."""

from itertools import chain

import torch
from torch import nn

from ..arguments import flag, integer, pair
from ..ops.windows import sides_of, windows
from .tensors import images


class Windowed(nn.Module):
    """A layer that looks through windows; the base of the layers here.

    Parameters
    ----------
    in_channels, out_channels : int
        At least 1.
    kernel_size, stride, dilation : int or (height, width)
        As in `cnnlib.ops.conv2d`.
    padding : int, (height, width), (top, bottom, left, right), "same" or "valid"
        Zeros on each side.

    Raises
    ------
    TypeError
        If an argument is no integer, or an image is no tensor of the layer's float type.
    ValueError
        If an argument is out of range, an image has not `in_channels`, or no window fits in it.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__()
        name = type(self).__name__
        self.in_channels = integer(name, "in_channels", in_channels, 1)
        self.out_channels = integer(name, "out_channels", out_channels, 1)
        self.kernel_size = pair(name, "kernel_size", kernel_size, 1)
        self.stride = pair(name, "stride", stride, 1)
        self.dilation = pair(name, "dilation", dilation, 1)
        self.padding = sides_of(name, padding, self.kernel_size, self.stride, self.dilation)

    def parameter(self, *shape, fan_in):
        """A new weight, drawn as torch draws a convolution's: uniform, to 1/sqrt(fan_in)."""
        bound = fan_in**-0.5
        return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))

    def bias_parameter(self, bias, *shape, fan_in):
        """A bias drawn likewise, or None registered under the name."""
        return self.parameter(*shape, fan_in=fan_in) if flag(type(self).__name__, "bias", bias) else None

    def framed(self, x):
        """The images, checked, with their padding around them."""
        own = next(chain(self.parameters(), self.buffers()), None)
        images(type(self).__name__, x, self.in_channels, own)
        self.windows(tuple(x.shape[2:]))
        top, bottom, left, right = self.padding
        if not any(self.padding):
            return x
        return nn.functional.pad(x, (left, right, top, bottom))

    def windows(self, size):
        """Where the windows lie in images of `size`, as `cnnlib.ops` lays them out."""
        return windows(
            type(self).__name__, size, self.kernel_size,
            stride=self.stride, padding=self.padding, dilation=self.dilation,
        )  # fmt: skip

    def extra_repr(self):
        """The arguments, those at their default left out, as torch writes them."""
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        for name, plain in (("stride", (1, 1)), ("padding", (0, 0, 0, 0)), ("dilation", (1, 1))):
            if getattr(self, name) != plain:
                parts.append(f"{name}={getattr(self, name)}")
        if getattr(self, "bias", None) is None:
            parts.append("bias=False")
        return ", ".join(parts)
