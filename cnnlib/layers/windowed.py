"""What every layer with a window shares: its arguments, checked, and its repr."""

import torch
from torch import nn

from ..arguments import integer, padding4, pair


class Windowed(nn.Module):
    """A layer that looks through windows; the base of the layers here.

    Parameters
    ----------
    in_channels, out_channels : int
        At least 1.
    kernel_size, stride, dilation : int or (height, width)
        As in `cnnlib.ops.conv2d`.
    padding : int, (height, width) or (top, bottom, left, right)
        Zeros on each side.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__()
        name = type(self).__name__
        self.in_channels = integer(name, "in_channels", in_channels, 1)
        self.out_channels = integer(name, "out_channels", out_channels, 1)
        self.kernel_size = pair(name, "kernel_size", kernel_size, 1)
        self.stride = pair(name, "stride", stride, 1)
        self.padding = padding4(name, padding)
        self.dilation = pair(name, "dilation", dilation, 1)

    def parameter(self, *shape, fan_in):
        """A new weight, drawn as torch draws a convolution's: uniform, to 1/sqrt(fan_in)."""
        bound = fan_in**-0.5
        return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))

    def bias_parameter(self, bias, *shape, fan_in):
        """A bias drawn likewise, or None registered under the name."""
        return self.parameter(*shape, fan_in=fan_in) if bias else None

    def framed(self, x):
        """The images, checked, with their padding around them."""
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(
                f"{type(self).__name__}: x has shape {tuple(x.shape)}; "
                f"use (N, {self.in_channels}, H, W)"
            )
        top, bottom, left, right = self.padding
        if not any(self.padding):
            return x
        return nn.functional.pad(x, (left, right, top, bottom))

    def extra_repr(self):
        """The arguments, those at their default left out, as torch writes them."""
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        for name, plain in (("stride", (1, 1)), ("padding", (0, 0, 0, 0)), ("dilation", (1, 1))):
            if getattr(self, name) != plain:
                parts.append(f"{name}={getattr(self, name)}")
        if getattr(self, "bias", None) is None:
            parts.append("bias=False")
        return ", ".join(parts)
