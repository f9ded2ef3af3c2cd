"""Two blocks that 1x1 convolutions made affordable: ResNet's and GoogLeNet's."""

import torch
from torch import nn

from ..arguments import integer
from ..signatures import public
from ..values import callable_
from .tensors import images


def _step(in_channels, out_channels, kernel_size, norm_layer, stride=1):
    """A convolution that keeps the size (at stride 1), then the normalisation."""
    return nn.Sequential(
        nn.Conv2d(
            in_channels, out_channels, kernel_size, stride, kernel_size // 2,
            bias=norm_layer is nn.Identity,  # a normalisation brings its own
        ),
        norm_layer(out_channels),
    )  # fmt: skip


def _check_maker(function, norm_layer):
    callable_(function, "norm_layer", norm_layer, meaning="a class such as nn.BatchNorm2d, or nn.Identity for none")


class Bottleneck(nn.Module):
    """Squeeze by 1x1, filter by 3x3, expand by 1x1, and add the input.

    Parameters
    ----------
    in_channels, mid_channels, out_channels : int
        Outside, inside, and behind the block; 256, 64, 256 in ResNet-50's first stage.
    stride : int
        Of the 3x3 convolution (and of the shortcut).
    norm_layer : callable
        Makes the normalisation from a number of channels; ``nn.Identity`` for none, and
        the convolutions then have biases.

    Attributes
    ----------
    reduce, filter, expand : nn.Sequential
    shortcut : nn.Module
        The identity, or a 1x1 convolution where the shape changes.

    Raises
    ------
    TypeError
        If an argument is no integer, `norm_layer` is not callable, or images are no tensor of the block's float type.
    ValueError
        If an argument is below 1, or images have not `in_channels`.

    References
    ----------
    .. [1] K. He et al., "Deep residual learning for image recognition", CVPR 2016,
       figure 5 and section 3.3 (the stride is on the 3x3 step, as in torchvision; the
       paper has it on the first 1x1).

    Examples
    --------
    A block of 70,400 parameters where one 3x3 convolution would have 590,080:

    >>> sum(p.numel() for p in Bottleneck(256, 64, 256).parameters())
    70400
    >>> sum(p.numel() for p in nn.Conv2d(256, 256, 3).parameters())
    590080
    """

    @public
    def __init__(self, in_channels, mid_channels, out_channels, stride=1, norm_layer=nn.BatchNorm2d):
        super().__init__()
        self.stride = integer("Bottleneck", "stride", stride, 1)
        self.in_channels = integer("Bottleneck", "in_channels", in_channels, 1)
        mid_channels = integer("Bottleneck", "mid_channels", mid_channels, 1)
        out_channels = integer("Bottleneck", "out_channels", out_channels, 1)
        in_channels, stride = self.in_channels, self.stride
        _check_maker("Bottleneck", norm_layer)
        self.reduce = _step(in_channels, mid_channels, 1, norm_layer)
        self.filter = _step(mid_channels, mid_channels, 3, norm_layer, stride)
        self.expand = _step(mid_channels, out_channels, 1, norm_layer)
        same = stride == 1 and in_channels == out_channels
        self.shortcut = nn.Identity() if same else _step(in_channels, out_channels, 1, norm_layer, stride)

    def forward(self, x):
        """(N, in_channels, H, W) to (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        images("Bottleneck", x, self.in_channels, self.reduce[0].weight)
        y = self.filter(self.reduce(x).relu()).relu()
        return (self.expand(y) + self.shortcut(x)).relu()


class InceptionBlock(nn.Module):
    """Four branches side by side: 1x1, 3x3, 5x5 and a pooled one, joined along the channels.

    Parameters
    ----------
    in_channels : int
    ch1x1 : int
        Maps of the 1x1 branch.
    ch3x3red, ch3x3 : int
        Maps that the 3x3 branch reduces to, and gives.
    ch5x5red, ch5x5 : int
        Likewise for 5x5 (truly 5x5, which torchvision's is not).
    pool_proj : int
        Maps that the 1x1 convolution behind the max pooling gives.
    norm_layer : callable
        As in `Bottleneck`; the paper has none.

    Raises
    ------
    TypeError, ValueError
        As `Bottleneck`.

    References
    ----------
    .. [1] C. Szegedy et al., "Going deeper with convolutions", CVPR 2015, figure 2b and
       table 1.

    Examples
    --------
    Block 3a of GoogLeNet; the paper's table says 159K weights:

    >>> block = InceptionBlock(192, 64, 96, 128, 16, 32, 32)
    >>> sum(p.numel() for name, p in block.named_parameters() if "weight" in name)
    163328
    >>> block(torch.zeros(1, 192, 28, 28)).shape
    torch.Size([1, 256, 28, 28])
    """

    @public
    def __init__(self, in_channels, ch1x1, ch3x3red, ch3x3, ch5x5red, ch5x5, pool_proj, norm_layer=nn.Identity):
        super().__init__()
        named = dict(
            in_channels=in_channels, ch1x1=ch1x1, ch3x3red=ch3x3red, ch3x3=ch3x3,
            ch5x5red=ch5x5red, ch5x5=ch5x5, pool_proj=pool_proj,
        )  # fmt: skip
        # as Python's integers: a sum of NumPy's small ones could overflow
        in_channels, ch1x1, ch3x3red, ch3x3, ch5x5red, ch5x5, pool_proj = (
            integer("InceptionBlock", name, value, 1) for name, value in named.items()
        )
        _check_maker("InceptionBlock", norm_layer)
        self.in_channels, self.out_channels = in_channels, ch1x1 + ch3x3 + ch5x5 + pool_proj
        relu, step = nn.ReLU(), lambda *sizes: _step(*sizes, norm_layer)
        self.branch1 = nn.Sequential(step(in_channels, ch1x1, 1), relu)
        self.branch2 = nn.Sequential(step(in_channels, ch3x3red, 1), relu, step(ch3x3red, ch3x3, 3), relu)
        self.branch3 = nn.Sequential(step(in_channels, ch5x5red, 1), relu, step(ch5x5red, ch5x5, 5), relu)
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), step(in_channels, pool_proj, 1), relu)

    def forward(self, x):
        """(N, in_channels, H, W) to (N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W)."""
        images("InceptionBlock", x, self.in_channels, self.branch1[0][0].weight)
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)
