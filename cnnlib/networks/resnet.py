"""ResNet-50: bottlenecks with a way round each."""

from ..values import choice
from .joins import add
from .network import Network
from .nodes import conv, dense
from .resizing import global_pool, pool

#: Per stage: blocks, and the width of their 3x3 layer; four times as many maps come out.
STAGES = {2: (3, 64), 3: (4, 128), 4: (6, 256), 5: (3, 512)}


def resnet50(variant="torchvision"):
    """Write down ResNet-50.

    Parameters
    ----------
    variant : {"paper", "torchvision", "slim"}
        Where a stage halves the map. "paper": in the first 1x1 layer of its first block.
        "torchvision": in the 3x3 layer of that block, which costs more, reads every pixel
        and sees less far. "slim" (TensorFlow's TF-Slim, for which receptive fields are
        published): in the 3x3 layer of the last block of the stage before.

    Returns
    -------
    Network
        Its table. Block 1 of stage 2 is ``conv2_1``, its layers ``conv2_1_reduce``,
        ``conv2_1_3x3``, ``conv2_1_expand`` and, where it has one, ``conv2_1_shortcut``.

    Raises
    ------
    TypeError, ValueError
        If the variant is no string, or not known.

    References
    ----------
    He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition",
    arXiv:1512.03385, table 1. torchvision, ``models/resnet.py`` ("ResNet V1.5").
    TF-Slim, ``nets/resnet_utils.py``.

    Examples
    --------
    The position of a stride changes what the last block sees:

    >>> from cnnlib.networks import resnet50
    >>> [resnet50(v)["conv5_3"].field.size for v in ("paper", "torchvision", "slim")]
    [483, 427, 483]
    """
    choice("resnet50", "variant", variant, ("paper", "torchvision", "slim"))
    nodes = [
        conv("conv1", 64, 7, stride=2, padding=3, norm=True),
        pool("pool1", 3, stride=2, padding=1),
    ]
    for stage, (blocks, width) in STAGES.items():
        for block in range(1, blocks + 1):
            first = block == 1 and stage > 2
            last = block == blocks and stage < 5
            halves = last if variant == "slim" else first
            nodes += bottleneck(f"conv{stage}_{block}", nodes[-1].name, width, halves, variant, block)
    nodes += [global_pool("pool5"), dense("classes", 1000)]
    return Network(f"ResNet-50 ({variant})", size=224, channels=3, nodes=nodes)


def bottleneck(name, of, width, halves, variant, block):
    """Write the rows of one block, which reads the row `of`."""
    stride = 2 if halves else 1
    early, late = (stride, 1) if variant == "paper" else (1, stride)
    rows = [
        conv(f"{name}_reduce", width, 1, stride=early, norm=True, of=of),
        conv(f"{name}_3x3", width, 3, stride=late, padding=1, norm=True),
        conv(f"{name}_expand", 4 * width, 1, norm=True),
    ]
    way_round = of
    if block == 1:
        way_round = f"{name}_shortcut"
        rows.append(conv(way_round, 4 * width, 1, stride=stride, norm=True, of=of))
    elif halves:
        way_round = f"{name}_shortcut"
        rows.append(pool(way_round, 1, stride=stride, of=of))
    return [*rows, add(name, f"{name}_expand", way_round)]
