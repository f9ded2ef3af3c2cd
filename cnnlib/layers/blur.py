"""Blur pooling as a layer: it has nothing to learn."""

import torch
from torch import nn

from ..arguments import integer

_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


class BlurPool2d(nn.Module):
    """Low-pass, then keep every `stride`-th pixel: ``ops.blur_pool2d`` as a layer.

    Parameters
    ----------
    kernel_size : int
        Taps of the binomial filter along each axis.
    stride : int
        Every how many pixels one is kept.
    padding_mode : {"reflect", "zeros", "replicate", "circular"}
        What lies beyond the border.

    References
    ----------
    .. [1] R. Zhang, "Making convolutional networks shift-invariant again", ICML 2019,
       section 3.2: put ``max_pool2d(..., stride=1)`` and this in place of a max pooling
       of stride 2.

    Examples
    --------
    >>> BlurPool2d()
    BlurPool2d(kernel_size=3, stride=2, padding_mode='reflect')
    >>> BlurPool2d()(torch.ones(1, 8, 7, 7)).shape
    torch.Size([1, 8, 4, 4])
    """

    def __init__(self, kernel_size=3, stride=2, padding_mode="reflect"):
        super().__init__()
        self.kernel_size = integer("BlurPool2d", "kernel_size", kernel_size, 1)
        self.stride = integer("BlurPool2d", "stride", stride, 1)
        if padding_mode not in _MODES:
            raise ValueError(
                f"BlurPool2d: padding_mode={padding_mode!r} is unknown; "
                f"use one of {', '.join(_MODES)}"
            )
        self.padding_mode = padding_mode
        row = torch.ones(1, dtype=torch.float64)
        for _ in range(self.kernel_size - 1):
            row = (nn.functional.pad(row, (0, 1)) + nn.functional.pad(row, (1, 0))) / 2
        # powers of two over powers of two: exact in any float type
        self.register_buffer("weight", torch.outer(row, row).float(), persistent=False)

    def forward(self, x):
        """(N, C, H, W) to (N, C, ceil(H / stride), ceil(W / stride))."""
        before, after = (self.kernel_size - 1) // 2, self.kernel_size // 2
        channels = x.shape[1]
        x = nn.functional.pad(x, (before, after, before, after), _MODES[self.padding_mode])
        weight = self.weight.to(x.dtype).expand(channels, 1, -1, -1)
        return nn.functional.conv2d(x, weight, stride=self.stride, groups=channels)

    def extra_repr(self):
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding_mode={self.padding_mode!r}"
        )
