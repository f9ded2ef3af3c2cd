"""Four ways to double a map, as one layer: what a decoder is built from."""

import torch
from torch import nn

from ..arguments import flag, integer
from ..ops.upsampling import UPSAMPLINGS, taps
from ..signatures import public
from ..values import choice
from .tensors import images


class Upsample2x(nn.Module):
    """Double height and width, and mix the channels: ``ops.upsample2x`` as a layer.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels read and written.
    kind : {"transposed", "sub-pixel", "nearest + conv", "bilinear + conv"}
        Stamps that overlap; four times the channels, then a shuffle; a resize, then a
        convolution.
    kernel_size : int, optional
        Taps along each axis: at least 2 when transposed (4 by default), odd otherwise (3).
    bias : bool
        Whether a number is added to each output channel. The sub-pixel kind has four, one
        for each of the interleaved pictures.
    icnr : bool
        For the sub-pixel kind alone: begin with the same kernel and the same bias in all four
        pictures, so that the output begins as a nearest-neighbour resize of a convolution.

    Attributes
    ----------
    weight, bias : Parameter
        In the layout of ``ops.upsample2x``; drawn as ``nn.ConvTranspose2d`` and
        ``nn.Conv2d`` draw theirs.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or images are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, `icnr` goes with another kind, or images have another
        number of channels.

    References
    ----------
    .. [1] W. Shi et al., "Real-time single image and video super-resolution using an
       efficient sub-pixel convolutional neural network", CVPR 2016.
    .. [2] A. Aitken et al., "Checkerboard artifact free sub-pixel convolution",
       arXiv:1707.02937, 2017 (ICNR).

    Examples
    --------
    A constant goes in. Random weights make a pattern of every 2 x 2 pixels, unless a resize or
    the initialisation forbids it:

    >>> _ = torch.manual_seed(0)
    >>> for options in ({}, {"kind": "sub-pixel"}, {"kind": "sub-pixel", "icnr": True}):
    ...     block = Upsample2x(1, 1, **options)(torch.ones(1, 1, 8, 8))[0, 0, 6:8, 6:8]
    ...     print(len(block.detach().unique()), "values")
    4 values
    4 values
    1 values
    """

    @public
    def __init__(self, in_channels, out_channels, kind="transposed", kernel_size=None, *, bias=True, icnr=False):
        super().__init__()
        name = "Upsample2x"
        self.in_channels = integer(name, "in_channels", in_channels, 1)
        self.out_channels = integer(name, "out_channels", out_channels, 1)
        self.kind = choice(name, "kind", kind, UPSAMPLINGS)
        if kernel_size is None:
            kernel_size = 4 if kind == "transposed" else 3
        self.kernel_size = taps(name, "kernel_size", integer(name, "kernel_size", kernel_size, 1), kind)
        flag(name, "bias", bias)
        self.icnr = flag(name, "icnr", icnr)
        if self.icnr and kind != "sub-pixel":
            raise ValueError(f"{name}: icnr=True with kind={kind!r}; use it with kind='sub-pixel', or icnr=False")
        if kind == "transposed":
            drawn = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, bias=bias)
        else:
            drawn = nn.Conv2d(in_channels, out_channels * (4 if kind == "sub-pixel" else 1), kernel_size, bias=bias)
        self.weight, self.bias = drawn.weight, drawn.bias
        if self.icnr:
            with torch.no_grad():
                for parameter in (self.weight, self.bias)[: 1 + bias]:
                    parameter.copy_(parameter[::4].repeat_interleave(4, 0))

    def forward(self, x):
        """(N, C, H, W) to (N, O, 2H, 2W)."""
        images("Upsample2x", x, self.in_channels, self.weight)
        k = self.kernel_size
        if self.kind == "transposed":
            return nn.functional.conv_transpose2d(x, self.weight, self.bias, 2, (k - 1) // 2, k % 2)
        if self.kind != "sub-pixel":
            mode = self.kind.split()[0]
            x = nn.functional.interpolate(x, scale_factor=2, mode=mode)
        x = nn.functional.conv2d(x, self.weight, self.bias, padding=k // 2)
        return nn.functional.pixel_shuffle(x, 2) if self.kind == "sub-pixel" else x

    def extra_repr(self):
        parts = f"{self.in_channels}, {self.out_channels}, kind={self.kind!r}, kernel_size={self.kernel_size}"
        return parts + ", bias=False" * (self.bias is None) + ", icnr=True" * self.icnr
