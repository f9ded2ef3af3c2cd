"""A small detector of sheep whose last convolutions are deformable, or not."""

import torch
from torch import nn

from ..arguments import flag, integer, integers
from ..values import listed
from .deformable import DeformConv2d
from .tensors import images as checked

EACH = "a tuple with one integer >= 1 for each layer"


class SheepFinder(nn.Module):
    """Classify each cell of 4 x 4 pixels as background, sheep or wool, and predict how far its object reaches.

    Three convolutions of 3 x 3 shrink the picture by 4; as many more as there are dilations follow; a 1 x 1
    convolution gives the outputs. Cell (i, j) is centred on pixel (4 i, 4 j).

    Parameters
    ----------
    deformable : bool
        Whether the dilated convolutions move their taps.
    width : int
        Their channels.
    dilations : tuple or list of int
        The dilation of each, the first layer first, in cells. A padding of the same size keeps the number of cells.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or below 1, or if there is no dilation at all; on a call, if the images
        are no floats (N, 3, H, W).

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

    A larger field needs no further parameters, only larger dilations:

    >>> from cnnlib.geometry import receptive_field
    >>> for dilations in ((2, 2, 2), (1, 3, 9)):
    ...     plain = SheepFinder(deformable=False, dilations=dilations)
    ...     print(receptive_field([*plain.stem, *plain.last]).size, sum(p.numel() for p in plain.parameters()))
    (63, 63) 42487
    (119, 119) 42487
    """

    def __init__(self, *, deformable=True, width=32, dilations=(2, 2, 2)):
        super().__init__()
        flag("SheepFinder", "deformable", deformable)
        width = integer("SheepFinder", "width", width, 1)
        dilations = tuple(listed("SheepFinder", "dilations", dilations, EACH))
        dilations = integers("SheepFinder", "dilations", dilations, 1)
        if not dilations:
            raise ValueError(f"SheepFinder: dilations=() has no layer; use {EACH}")
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
            layer(width if number else 32, width, 3, padding=dilation, dilation=dilation, bias=False)
            for number, dilation in enumerate(dilations)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in self.last)
        self.head = nn.Conv2d(width, 3 + 4, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images (N, 3, H, W) in [0, 1] to (N, 7, H/4, W/4): three scores, and four reaches, up, down, left, right."""
        return self.predict(self.features(images))

    def features(self, images):
        """What the first of the last layers reads: (N, 32, H/4, W/4)."""
        checked("SheepFinder", images, 3, self.head.weight)
        return self.stem((images - 0.43) / 0.235)

    def predict(self, features):
        """The seven outputs of every cell, from `features`."""
        for layer, norm in zip(self.last, self.norms, strict=True):
            features = norm(layer(features)).relu()
        return self.head(features)
