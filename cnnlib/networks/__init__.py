"""Published networks as tables, read by `cnnlib.geometry`.

A table is a list of rows such as ``conv("conv1", 96, 11, stride=4)``; `Network` follows an
image through it and says of every row what comes out, what it costs and what it sees.
"""

from .alexnet import alexnet
from .googlenet import googlenet
from .joins import add, concat, gate
from .lenet import lenet5
from .mobile import efficientnet_b0, mobilenet, xception
from .network import Network, Row
from .nodes import Node, conv, dense, depthwise
from .resizing import global_pool, pool, upsample
from .resnet import resnet50
from .squeezenet import squeezenet
from .vgg import vgg

__all__ = [
    "Network",
    "Node",
    "Row",
    "add",
    "alexnet",
    "concat",
    "conv",
    "dense",
    "depthwise",
    "efficientnet_b0",
    "gate",
    "global_pool",
    "googlenet",
    "lenet5",
    "mobilenet",
    "pool",
    "resnet50",
    "squeezenet",
    "upsample",
    "vgg",
    "xception",
]
