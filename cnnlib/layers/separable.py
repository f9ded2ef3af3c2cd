"""Convolutions in two thin steps."""

from torch import nn

from ..arguments import integer
from ..signatures import public
from .windowed import Windowed


class DepthwiseSeparableConv2d(Windowed):
    """Filter every channel by itself, then mix: ``ops.depthwise_separable_conv2d``.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation, bias
        As in ``nn.Conv2d``; padding also per side.
    multiplier : int
        Kernels for each input channel.

    Attributes
    ----------
    depthwise : Parameter, (C*multiplier, 1, KH, KW)
    pointwise : Parameter, (O, C*multiplier, 1, 1)
    bias : Parameter, (O,), or None

    Raises
    ------
    TypeError
        If an argument is no integer, or images are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, images have another number of channels, or no window
        fits in them.

    References
    ----------
    .. [1] A. Howard et al., "MobileNets", arXiv:1704.04861, 2017, section 3.1 (which has
       batch normalisation and a ReLU after either step; here there is nothing between).

    Examples
    --------
    33,920 weights in place of 294,912:

    >>> layer = DepthwiseSeparableConv2d(128, 256, 3, padding=1, bias=False)
    >>> sum(p.numel() for p in layer.parameters())
    33920
    """

    @public
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        *, bias=True, multiplier=1,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)
        self.multiplier = integer("DepthwiseSeparableConv2d", "multiplier", multiplier, 1)
        middle = self.in_channels * self.multiplier
        taps = self.kernel_size[0] * self.kernel_size[1]
        self.depthwise = self.parameter(middle, 1, *self.kernel_size, fan_in=taps)
        self.pointwise = self.parameter(self.out_channels, middle, 1, 1, fan_in=middle)
        self.bias = self.bias_parameter(bias, self.out_channels, fan_in=middle)

    def forward(self, x):
        """(N, C, H, W) to (N, O, OH, OW)."""
        x = nn.functional.conv2d(self.framed(x), self.depthwise, None, self.stride, 0, self.dilation, self.in_channels)
        return nn.functional.conv2d(x, self.pointwise, self.bias)

    def extra_repr(self):
        return super().extra_repr() + (f", multiplier={self.multiplier}" if self.multiplier > 1 else "")


class SpatiallySeparableConv2d(Windowed):
    """A bank of columns, then a bank of rows: ``ops.separable_conv2d`` with banks.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation, bias
        As in ``nn.Conv2d``; padding also per side.
    mid_channels : int, optional
        Channels between the two steps; `out_channels` by default.

    Attributes
    ----------
    vertical : Parameter, (M, C, KH)
    horizontal : Parameter, (O, M, KW)
    bias : Parameter, (O,), or None

    Raises
    ------
    TypeError
        If an argument is no integer, or images are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, images have another number of channels, or no window
        fits in them.

    References
    ----------
    .. [1] C. Szegedy et al., "Rethinking the Inception architecture for computer
       vision", CVPR 2016, section 3.2.

    Examples
    --------
    >>> SpatiallySeparableConv2d(64, 64, 3, padding=1)
    SpatiallySeparableConv2d(64, 64, kernel_size=(3, 3), padding=(1, 1, 1, 1), mid_channels=64)
    """

    @public
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        *, bias=True, mid_channels=None,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)
        middle = self.out_channels if mid_channels is None else mid_channels
        self.mid_channels = integer("SpatiallySeparableConv2d", "mid_channels", middle, 1)
        kh, kw = self.kernel_size
        fans = self.in_channels * kh, self.mid_channels * kw
        self.vertical = self.parameter(self.mid_channels, self.in_channels, kh, fan_in=fans[0])
        self.horizontal = self.parameter(self.out_channels, self.mid_channels, kw, fan_in=fans[1])
        self.bias = self.bias_parameter(bias, self.out_channels, fan_in=fans[1])

    def forward(self, x):
        """(N, C, H, W) to (N, O, OH, OW)."""
        (sh, sw), (dh, dw) = self.stride, self.dilation
        column, row = self.vertical[..., None], self.horizontal[:, :, None]
        x = nn.functional.conv2d(self.framed(x), column, None, (sh, 1), 0, (dh, 1))
        return nn.functional.conv2d(x, row, self.bias, (1, sw), 0, (1, dw))

    def extra_repr(self):
        return super().extra_repr() + f", mid_channels={self.mid_channels}"
