"""VGGNet: 3x3 windows, over and over."""

from ..arguments import integer
from .network import Network
from .nodes import conv, dense
from .resizing import pool

#: Configurations A, B, D and E of the paper: 3x3 layers per stage.
DEPTHS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def vgg(depth=16):
    """Write down a VGGNet.

    Parameters
    ----------
    depth : {11, 13, 16, 19}
        Layers with weights: configurations A, B, D and E.

    Returns
    -------
    Network
        Its table.

    Raises
    ------
    TypeError
        If `depth` is no integer.
    ValueError
        If there is no configuration of that depth.

    References
    ----------
    Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
    Recognition", arXiv:1409.1556, table 1.

    Examples
    --------
    The last convolution of VGG-16 still does not see the whole of its 224 pixels:

    >>> from cnnlib.networks import vgg
    >>> vgg(16)["conv5_3"].field.size, vgg(16)["pool5"].field.size
    (196, 212)
    """
    depth = integer("vgg", "depth", depth, None)
    if depth not in DEPTHS:
        raise ValueError(f"vgg: depth={depth!r} is not known; use {', '.join(map(str, DEPTHS))}")
    nodes = []
    for stage, (layers, channels) in enumerate(zip(DEPTHS[depth], (64, 128, 256, 512, 512), strict=True), start=1):
        nodes += [conv(f"conv{stage}_{i}", channels, 3, padding=1) for i in range(1, layers + 1)]
        nodes.append(pool(f"pool{stage}", 2, stride=2))
    nodes += [dense("fc6", 4096), dense("fc7", 4096), dense("fc8", 1000)]
    return Network(f"VGG-{depth}", size=224, channels=3, nodes=nodes)
