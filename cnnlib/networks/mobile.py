"""Networks built on depthwise convolutions: MobileNet, Xception, EfficientNet."""

from .joins import add, gate
from .network import Network
from .nodes import conv, dense, depthwise
from .resizing import global_pool, pool

#: MobileNet: output channels and stride of each depthwise separable layer.
MOBILE = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *[(512, 1)] * 5,
    (1024, 2),
    (1024, 1),
)

#: EfficientNet-B0: expansion, kernel size, stride of the first block, channels, blocks.
EFFICIENT = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


def mobilenet():
    """Write down MobileNet v1, of width 1 at 224 pixels.

    Returns
    -------
    Network
        Its table: layer 1 is ``conv1``, then ``conv2_depthwise``, ``conv2_pointwise`` and so
        on to 14.

    References
    ----------
    Howard et al., "MobileNets", arXiv:1704.04861, table 1. The table prints stride 2 for
    the last depthwise layer, a slip (github.com/tensorflow/models/issues/1997): its own
    sizes stay at 7.

    Examples
    --------
    The 1x1 layers are where the work is:

    >>> from cnnlib.networks import mobilenet
    >>> net = mobilenet()
    >>> pointwise = sum(row.macs for row in net.trace() if "pointwise" in row.name)
    >>> round(100 * pointwise / net.macs, 2)
    94.86
    """
    nodes = [conv("conv1", 32, 3, stride=2, padding=1, norm=True)]
    for layer, (channels, stride) in enumerate(MOBILE, start=2):
        nodes += [
            depthwise(f"conv{layer}_depthwise", 3, stride=stride, padding=1, norm=True),
            conv(f"conv{layer}_pointwise", channels, 1, norm=True),
        ]
    nodes += [global_pool("pool"), dense("classes", 1000)]
    return Network("MobileNet v1", size=224, channels=3, nodes=nodes)


def xception():
    """Write down Xception, at 299 pixels.

    Returns
    -------
    Network
        Its table: blocks 1 to 14 as Keras counts them, ``block2`` to ``block13`` being sums.

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions",
    arXiv:1610.02357, figure 5 and table 3. Keras, ``applications/xception.py``.

    Examples
    --------
    >>> from cnnlib.networks import xception
    >>> xception().parameters
    22855952
    """
    nodes = [
        conv("block1_conv1", 32, 3, stride=2, norm=True),
        conv("block1_conv2", 64, 3, norm=True),
    ]
    for block, channels in ((2, (128, 128)), (3, (256, 256)), (4, (728, 728))):
        nodes += shrinking(f"block{block}", nodes[-1].name, channels)
    for block in range(5, 13):
        name, of = f"block{block}", nodes[-1].name
        for layer in (1, 2, 3):
            nodes += separable(f"{name}_sepconv{layer}", 728, nodes[-1].name)
        nodes.append(add(name, f"{name}_sepconv3", of))
    nodes += shrinking("block13", nodes[-1].name, (728, 1024))
    nodes += separable("block14_sepconv1", 1536, "block13")
    nodes += separable("block14_sepconv2", 2048, "block14_sepconv1")
    nodes += [global_pool("pool"), dense("classes", 1000)]
    return Network("Xception", size=299, channels=3, nodes=nodes)


def separable(name, channels, of):
    """Write a depthwise separable layer: 3x3 in each channel, then 1x1 across them."""
    return [
        depthwise(f"{name}_depthwise", 3, padding=1, bias=False, of=of),
        conv(name, channels, 1, norm=True),
    ]


def shrinking(name, of, channels):
    """Write an Xception block that halves the map, beside a 1x1 layer that does too."""
    return [
        *separable(f"{name}_sepconv1", channels[0], of),
        *separable(f"{name}_sepconv2", channels[1], f"{name}_sepconv1"),
        pool(f"{name}_pool", 3, stride=2, padding=1),
        conv(f"{name}_shortcut", channels[1], 1, stride=2, norm=True, of=of),
        add(name, f"{name}_pool", f"{name}_shortcut"),
    ]


def efficientnet_b0():
    """Write down EfficientNet-B0, at 224 pixels.

    Returns
    -------
    Network
        Its table: ``block1`` to ``block16`` between ``stem`` and ``head``. The squeeze and
        excitation of a block lets one number per channel in from the whole image; the
        receptive field counts windows only, as if the gate were not there.

    References
    ----------
    Tan and Le, "EfficientNet", ICML 2019, arXiv:1905.11946, table 1.
    torchvision, ``models/efficientnet.py``.

    Examples
    --------
    >>> from cnnlib.networks import efficientnet_b0
    >>> efficientnet_b0().parameters
    5288548
    """
    nodes = [conv("stem", 32, 3, stride=2, padding=1, norm=True)]
    width, block = 32, 0
    for expansion, kernel, stride, channels, repeats in EFFICIENT:
        for repeat in range(repeats):
            block += 1
            step = stride if repeat == 0 else 1
            nodes += mbconv(f"block{block}", nodes[-1].name, width, expansion, kernel, step, channels)
            width = channels
    nodes += [conv("head", 1280, 1, norm=True), global_pool("pool"), dense("classes", 1000)]
    return Network("EfficientNet-B0", size=224, channels=3, nodes=nodes)


def mbconv(name, of, width, expansion, kernel, stride, channels):
    """Write an inverted bottleneck with squeeze and excitation, which reads the row `of`."""
    wide = width * expansion
    expand = [conv(f"{name}_expand", wide, 1, norm=True, of=of)] if expansion > 1 else []
    inside = expand[-1].name if expand else of
    rows = [
        *expand,
        depthwise(f"{name}_depthwise", kernel, stride=stride, padding=kernel // 2, norm=True, of=inside),
        global_pool(f"{name}_squeeze"),
        conv(f"{name}_reduce", width // 4, 1),
        conv(f"{name}_excite", wide, 1),
        gate(f"{name}_gate", f"{name}_depthwise", f"{name}_excite"),
    ]
    if stride == 1 and width == channels:
        return [
            *rows,
            conv(f"{name}_project", channels, 1, norm=True),
            add(name, f"{name}_project", of),
        ]
    return [*rows, conv(name, channels, 1, norm=True)]
