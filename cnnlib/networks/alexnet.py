"""AlexNet, three times: as the paper has it, as Caffe, and as torchvision."""

from ..values import choice
from .network import Network
from .nodes import conv, dense
from .resizing import pool


def alexnet(variant="paper"):
    """Write down AlexNet, the network that won ILSVRC 2012.

    Parameters
    ----------
    variant : {"paper", "caffe", "torchvision"}
        "paper" reads 224 pixels and has 55 outputs in its first layer, without any padding:
        cuda-convnet, on which it was trained, rounds up, so that the last of the 55 windows
        hangs over the edge by three pixels. "caffe" rounds convolutions down and reads 227
        instead. "torchvision" reads 224, pads by 2, and is the later one-tower network with
        64 filters at the start.

    Returns
    -------
    Network
        Its table. "paper" and "caffe" are split in two groups, as between two GPUs.

    Raises
    ------
    TypeError, ValueError
        If the variant is no string, or not known.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural
    Networks", NIPS 2012, section 3.5 and figure 2. cuda-convnet, ``layer.py``, ``modulesX``.
    Caffe, ``bvlc_alexnet/deploy.prototxt``. Krizhevsky, "One weird trick for parallelizing
    convolutional neural networks", arXiv:1404.5997, and torchvision, ``models/alexnet.py``.

    Examples
    --------
    >>> from cnnlib.networks import alexnet
    >>> alexnet("torchvision")
    AlexNet (torchvision): 61,100,840 parameters, 714,188,480 multiply-adds at 224x224
    >>> [alexnet(variant)["conv1"].size for variant in ("paper", "caffe", "torchvision")]
    [55, 55, 55]
    """
    choice("alexnet", "variant", variant, ("paper", "caffe", "torchvision"))
    if variant == "torchvision":
        size = 224
        convolutions = [
            conv("conv1", 64, 11, stride=4, padding=2),
            pool("pool1", 3, stride=2),
            conv("conv2", 192, 5, padding=2),
            pool("pool2", 3, stride=2),
            conv("conv3", 384, 3, padding=1),
            conv("conv4", 256, 3, padding=1),
            conv("conv5", 256, 3, padding=1),
            pool("pool5", 3, stride=2),
        ]
    else:
        size = 224 if variant == "paper" else 227
        convolutions = [
            conv("conv1", 96, 11, stride=4, ceil_mode=variant == "paper"),
            pool("pool1", 3, stride=2),
            conv("conv2", 256, 5, padding=2, groups=2),
            pool("pool2", 3, stride=2),
            conv("conv3", 384, 3, padding=1),
            conv("conv4", 384, 3, padding=1, groups=2),
            conv("conv5", 256, 3, padding=1, groups=2),
            pool("pool5", 3, stride=2),
        ]
    classifier = [dense("fc6", 4096), dense("fc7", 4096), dense("fc8", 1000)]
    name = f"AlexNet ({variant})"
    return Network(name, size=size, channels=3, nodes=convolutions + classifier)
