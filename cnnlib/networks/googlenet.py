"""GoogLeNet: four branches side by side, and 1x1 layers that make them affordable."""

from ..values import choice
from .joins import concat
from .network import Network
from .nodes import conv, dense
from .resizing import global_pool, pool

#: Per module: maps of 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, and behind the pooling.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def googlenet(variant="paper"):
    """Write down GoogLeNet, the first Inception network, without its two side classifiers.

    Parameters
    ----------
    variant : {"paper", "torchvision"}
        "torchvision" has batch normalisation instead of biases, 3x3 windows where the paper
        has 5x5 (a mistake that its weights keep), and a last pooling of 2x2.

    Returns
    -------
    Network
        Its table. Rows of a module are called ``3a_1x1``, ``3a_3x3_reduce`` and so on; ``3a``
        is their concatenation.

    Raises
    ------
    TypeError, ValueError
        If the variant is no string, or not known.

    References
    ----------
    Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, arXiv:1409.4842, table 1.
    Caffe, ``bvlc_googlenet``. torchvision, ``models/googlenet.py``, and its issue 906.

    Examples
    --------
    >>> from cnnlib.networks import googlenet
    >>> googlenet()
    GoogLeNet (paper): 6,998,552 parameters, 1,582,671,872 multiply-adds at 224x224
    """
    choice("googlenet", "variant", variant, ("paper", "torchvision"))
    norm = variant == "torchvision"
    last = 2 if norm else 3
    nodes = [
        conv("conv1", 64, 7, stride=2, padding=3, norm=norm),
        pool("pool1", 3, stride=2, ceil_mode=True),
        conv("conv2_reduce", 64, 1, norm=norm),
        conv("conv2", 192, 3, padding=1, norm=norm),
        pool("pool2", 3, stride=2, ceil_mode=True),
        *inception("3a", "pool2", norm),
        *inception("3b", "3a", norm),
        pool("pool3", 3, stride=2, ceil_mode=True),
        *inception("4a", "pool3", norm),
        *inception("4b", "4a", norm),
        *inception("4c", "4b", norm),
        *inception("4d", "4c", norm),
        *inception("4e", "4d", norm),
        pool("pool4", last, stride=2, ceil_mode=True),
        *inception("5a", "pool4", norm),
        *inception("5b", "5a", norm),
        global_pool("pool5"),
        dense("classes", 1000),
    ]
    return Network(f"GoogLeNet ({variant})", size=224, channels=3, nodes=nodes)


def inception(name, of, norm):
    """Write the rows of one module, which reads the row `of`."""
    ones, reduce3, threes, reduce5, fives, behind = MODULES[name]
    wide = 3 if norm else 5
    return [
        conv(f"{name}_1x1", ones, 1, norm=norm, of=of),
        conv(f"{name}_3x3_reduce", reduce3, 1, norm=norm, of=of),
        conv(f"{name}_3x3", threes, 3, padding=1, norm=norm),
        conv(f"{name}_5x5_reduce", reduce5, 1, norm=norm, of=of),
        conv(f"{name}_5x5", fives, wide, padding=wide // 2, norm=norm),
        pool(f"{name}_pool", 3, padding=1, of=of),
        conv(f"{name}_pool_proj", behind, 1, norm=norm),
        concat(name, f"{name}_1x1", f"{name}_3x3", f"{name}_5x5", f"{name}_pool_proj"),
    ]
