"""Blur pooling as a layer: it has nothing to learn."""

import torch
from torch import nn

from ..ops.blur import binomial, check_options, check_size
from ..signatures import public
from .tensors import images


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

    Raises
    ------
    TypeError
        If an option is no integer, or images are no tensor of floats.
    ValueError
        If an option is out of range, images have not four axes, or are too small to be
        reflected.

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

    @public
    def __init__(self, kernel_size=3, stride=2, padding_mode="reflect"):
        super().__init__()
        self.kernel_size, self.stride = check_options("BlurPool2d", kernel_size, stride, padding_mode)
        self.padding_mode = padding_mode
        row = torch.tensor(binomial(self.kernel_size), dtype=torch.float64)
        self.register_buffer("weight", torch.outer(row, row).float(), persistent=False)

    def forward(self, x):
        """(N, C, H, W) to (N, C, ceil(H / stride), ceil(W / stride))."""
        images("BlurPool2d", x)
        check_size("BlurPool2d", x.shape[2:], self.kernel_size, self.padding_mode)
        channels, weight = x.shape[1], self.weight.to(x.dtype)
        weight = weight.expand(channels, 1, -1, -1)
        return nn.functional.conv2d(self._framed(x), weight, stride=self.stride, groups=channels)

    def _framed(self, x):
        before, after = (self.kernel_size - 1) // 2, self.kernel_size // 2
        if self.padding_mode == "circular":  # by index: torch's own wraps around at most once
            for axis in (2, 3):
                source = torch.arange(-before, x.shape[axis] + after, device=x.device)
                x = x.index_select(axis, source % x.shape[axis])
            return x
        mode = "constant" if self.padding_mode == "zeros" else self.padding_mode
        return nn.functional.pad(x, (before, after, before, after), mode)

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding_mode={self.padding_mode!r}"
