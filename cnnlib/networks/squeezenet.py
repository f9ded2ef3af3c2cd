"""SqueezeNet, of the paper and as its authors released it later: fire modules squeeze, then expand two ways."""

from ..values import choice
from .joins import concat
from .network import Network
from .nodes import conv
from .resizing import global_pool, pool

#: Per fire module: maps of the squeeze, and of each half of the expansion.
MODULES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}


def squeezenet(variant="1.1"):
    """Write down SqueezeNet, which reaches AlexNet's accuracy with 1.2 million parameters.

    Parameters
    ----------
    variant : {"1.0", "1.1"}
        "1.0" is the paper's. "1.1", whose trained weights `cnnlib.data.squeezenet_weights` holds, begins with 64
        filters of 3x3 instead of 96 of 7x7 and pools earlier: less than half of the multiply-adds.

    Returns
    -------
    Network
        Its table. Rows of a module are called ``fire2_squeeze``, ``fire2_1x1`` and ``fire2_3x3``; ``fire2`` is the
        concatenation of the last two.

    Raises
    ------
    TypeError, ValueError
        If the variant is no string, or not known.

    References
    ----------
    Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", 2016,
    arXiv:1602.07360, table 1. The authors' release of version 1.1, ``SqueezeNet_v1.1/deploy.prototxt``. torchvision,
    ``models/squeezenet.py``.

    Examples
    --------
    >>> from cnnlib.networks import squeezenet
    >>> squeezenet()
    SqueezeNet (1.1): 1,235,496 parameters, 349,151,936 multiply-adds at 224x224
    """
    choice("squeezenet", "variant", variant, ("1.0", "1.1"))
    paper = variant == "1.0"
    pooled = ("fire2", "fire5", "fire9") if paper else ("fire2", "fire4", "fire6")
    nodes = [conv("conv1", 96, 7, stride=2) if paper else conv("conv1", 64, 3, stride=2)]
    for name, (squeeze, half) in MODULES.items():
        if name in pooled:
            nodes.append(pool(f"pool{1 + pooled.index(name)}", 3, stride=2, ceil_mode=True))
        nodes += [
            conv(f"{name}_squeeze", squeeze, 1),
            conv(f"{name}_1x1", half, 1, of=f"{name}_squeeze"),
            conv(f"{name}_3x3", half, 3, padding=1, of=f"{name}_squeeze"),
            concat(name, f"{name}_1x1", f"{name}_3x3"),
        ]
    nodes += [conv("conv10", 1000, 1), global_pool("classes")]
    return Network(f"SqueezeNet ({variant})", size=224, channels=3, nodes=nodes)
