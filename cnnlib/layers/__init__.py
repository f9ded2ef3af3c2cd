"""The book's operations as torch modules, for training.

Each layer keeps its weights in the layout of the operation that it stands for, so that
``ops.NAME(x, *weights)`` and ``layer(x)`` agree to rounding. Arguments are those of
``torch.nn``; padding may also be ``(top, bottom, left, right)``. Importing this loads
torch.
"""

from .blocks import Bottleneck, InceptionBlock
from .blur import BlurPool2d
from .deformable import DeformConv2d, bilinear_sample, deform_conv2d
from .neocognitron import CCells, SCells
from .separable import DepthwiseSeparableConv2d, SpatiallySeparableConv2d
from .sheep import SheepFinder
from .squeezenet import SqueezeNet
from .unshared import LocalConv2d
from .upsampling import Upsample2x

__all__ = [
    "BlurPool2d",
    "Bottleneck",
    "CCells",
    "DeformConv2d",
    "DepthwiseSeparableConv2d",
    "InceptionBlock",
    "LocalConv2d",
    "SCells",
    "SheepFinder",
    "SpatiallySeparableConv2d",
    "SqueezeNet",
    "Upsample2x",
    "bilinear_sample",
    "deform_conv2d",
]
