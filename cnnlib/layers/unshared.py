"""Locally connected layer: a kernel of its own at every position."""

import torch

from ..arguments import pair
from ..signatures import public
from .windowed import Windowed


class LocalConv2d(Windowed):
    """Windows of a convolution, other weights in each: ``ops.local_conv2d`` as a layer.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation
        As in ``nn.Conv2d``; padding also per side.
    input_size : int or (height, width)
        Size of the images, which the number of weights depends on.
    bias : bool
        Whether each output has a bias of its own.

    Attributes
    ----------
    weight : Parameter, (O, C, KH, KW, OH, OW)
    bias : Parameter, (O, OH, OW), or None

    Raises
    ------
    TypeError
        If an argument is no integer, or images are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, no window fits in `input_size`, or images have
        another size or number of channels.

    References
    ----------
    .. [1] Y. Taigman et al., "DeepFace", CVPR 2014, section 3.1.

    Examples
    --------
    Weights, where a convolution has 9:

    >>> layer = LocalConv2d(1, 1, 3, input_size=28, bias=False)
    >>> layer.weight.numel()
    6084
    """

    @public
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        *, input_size, bias=True,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)
        self.input_size = pair("LocalConv2d", "input_size", input_size, 1)
        self.output_size = self.windows(self.input_size).output
        shape = self.in_channels, *self.kernel_size, *self.output_size
        fan_in = self.in_channels * self.kernel_size[0] * self.kernel_size[1]
        self.weight = self.parameter(self.out_channels, *shape, fan_in=fan_in)
        self.bias = self.bias_parameter(bias, self.out_channels, *self.output_size, fan_in=fan_in)

    def forward(self, x):
        """(N, C, H, W) to (N, O, OH, OW)."""
        framed = self.framed(x)
        if tuple(x.shape[2:]) != self.input_size:
            raise ValueError(
                f"LocalConv2d: x has shape {tuple(x.shape)}; "
                f"use (N, {self.in_channels}, {self.input_size[0]}, {self.input_size[1]})"
            )
        (kh, kw), (sh, sw), (dh, dw) = self.kernel_size, self.stride, self.dilation
        x = framed.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw)
        windows = x[..., ::dh, ::dw]  # (N, C, OH, OW, KH, KW)
        y = torch.einsum("nchwij,ocijhw->nohw", windows, self.weight)
        return y if self.bias is None else y + self.bias

    def extra_repr(self):
        return super().extra_repr() + f", input_size={self.input_size}"
