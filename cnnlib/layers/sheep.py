"""A small detector of sheep whose last three convolutions are deformable, or not."""

import torch
from torch import nn

from ..arguments import flag, integer
from .deformable import DeformConv2d
from .tensors import images as checked


class SheepFinder(nn.Module):
    """Classify each cell of 4 x 4 pixels as background, sheep or wool, and predict how far its object reaches.

    Three convolutions of 3 x 3 shrink the picture by 4; three more of dilation 2 follow; a 1 x 1 convolution
    gives the outputs.
    Cell (i, j) is centred on pixel (4 i, 4 j).

    Parameters
    ----------
    deformable : bool
        Whether the three dilated convolutions move their taps.
    width : int
        Their channels.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or below 1; on a call, if the images are no floats (N, 3, H, W).

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, section 3.1.

    Examples
    --------
    >>> [sum(p.numel() for p in SheepFinder(**options).parameters())
    ...     for options in ({}, {"deformable": False}, {"deformable": False, "width": 42})]
    [58093, 42487, 58817]
    >>> SheepFinder()(torch.zeros(1, 3, 96, 96)).shape
    torch.Size([1, 7, 24, 24])
    """

    def __init__(self, *, deformable=True, width=32):
        super().__init__()
        flag("SheepFinder", "deformable", deformable)
        width = integer("SheepFinder", "width", width, 1)
        layer = DeformConv2d if deformable else nn.Conv2d
        self.stem = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
                )
                for before, after, stride in ((3, 16, 2), (16, 32, 2), (32, 32, 1))
            )
        )
        self.last = nn.ModuleList(
            layer(before, width, 3, padding=2, dilation=2, bias=False) for before in (32, width, width)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in self.last)
        self.head = nn.Conv2d(width, 3 + 4, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images (N, 3, H, W) in [0, 1] to (N, 7, H/4, W/4): three scores, and four reaches, up, down, left, right."""
        return self.predict(self.features(images))

    def features(self, images):
        """What the first of the three last layers reads: (N, 32, H/4, W/4)."""
        checked("SheepFinder", images, 3, self.head.weight)
        return self.stem((images - 0.43) / 0.235)

    def predict(self, features):
        """The seven outputs of every cell, from `features`."""
        for layer, norm in zip(self.last, self.norms, strict=True):
            features = norm(layer(features)).relu()
        return self.head(features)
