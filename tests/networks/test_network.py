"""The table and its trace: by hand, against torch, by autograd, laws."""

from inspect import signature

import numpy as np
import pytest
from torch.utils.flop_counter import FlopCounterMode

from cnnlib import networks
from cnnlib.networks import Network, add, concat, conv, dense, depthwise, gate, global_pool, pool, upsample
from tests.networks.interpreter import build, support

ALL = [
    *[networks.alexnet(variant) for variant in ("paper", "caffe", "torchvision")],
    *[networks.vgg(depth) for depth in (11, 13, 16, 19)],
    *[networks.googlenet(variant) for variant in ("paper", "torchvision")],
    *[networks.resnet50(variant) for variant in ("paper", "torchvision", "slim")],
    *[networks.squeezenet(variant) for variant in ("1.0", "1.1")],
    networks.mobilenet(),
    networks.xception(),
    networks.efficientnet_b0(),
    networks.lenet5(),
]


def small():
    """Two branches of different reach, joined both ways."""
    return Network(
        "small",
        size=10,
        channels=2,
        nodes=[
            conv("stem", 4, 3, stride=2, padding=1),
            conv("wide", 4, 5, padding=2, of="stem"),
            conv("lopsided", 4, 2, padding=(0, 1, 0, 1), of="stem"),
            add("sum", "wide", "lopsided"),
            concat("all", "sum", "stem"),
            depthwise("each", 3),
            global_pool("mean"),
            conv("factor", 8, 1),
            gate("gated", "each", "factor"),
            dense("classes", 3),
        ],
    )


# ------------------------------------------------------------------ by hand
def test_by_hand():
    rows = {row.name: row for row in small().trace()}
    shapes = {name: (row.channels, row.size[0]) for name, row in rows.items()}
    assert shapes == {
        "stem": (4, 5),
        "wide": (4, 5),
        "lopsided": (4, 5),
        "sum": (4, 5),
        "all": (8, 5),
        "each": (8, 3),
        "mean": (8, 1),
        "factor": (8, 1),
        "gated": (8, 3),
        "classes": (3, 1),
    }
    assert rows["stem"].parameters == 2 * 9 * 4 + 4 and rows["stem"].macs == 2 * 9 * 4 * 25
    assert rows["each"].parameters == 9 * 8 + 8 and rows["each"].macs == 9 * 8 * 9
    assert rows["classes"].parameters == 8 * 9 * 3 + 3 and rows["classes"].macs == 8 * 9 * 3
    assert [rows[n].parameters + rows[n].macs for n in ("sum", "all", "mean", "gated")] == [0] * 4
    # stem: 3 from -1, a step of 2. wide: 5 of them from 2 steps before: 11 from -5.
    assert rows["wide"].field == ((11, 11), (2, 2), (-5, -5))
    assert rows["lopsided"].field == ((5, 5), (2, 2), (-1, -1))
    assert rows["sum"].field == rows["all"].field == rows["wide"].field
    assert rows["each"].field == rows["gated"].field == ((15, 15), (2, 2), (-5, -5))


def test_a_hull_covers_both_sides():
    nodes = [
        conv("left", 1, (1, 3), padding=(0, 0, 2, 0), of="input"),
        conv("right", 1, (1, 4), padding=(0, 0, 0, 3), of="input"),
        add("both", "left", "right"),
    ]
    network = Network("pair", size=(1, 9), channels=1, nodes=nodes)
    assert network["both"].field == ((1, 6), (1, 1), (0, -2))
    assert network["both"].size == (1, 9)


def test_square_networks_answer_in_integers():
    network = networks.vgg(11)
    assert network["pool5"].size == 7 and network["pool5"].field.jump == 32
    assert network.trace((224, 320))[-4].size == (7, 10)
    assert network.trace(64)[-4].size == 2


def test_text():
    lines = networks.lenet5().table().splitlines()
    assert lines[0].split() == ["layer", "output", "parameters", "multiply-adds", "field", "stride", "padding"]
    assert lines[1].split() == ["C1", "6", "x", "28", "156", "117,600", "5", "1", "0"]
    assert len({len(line) for line in lines}) == 1
    assert repr(networks.lenet5()) == "LeNet-5: 60,000 parameters, 326,520 multiply-adds at 32x32"


# ------------------------------------------------------------------ oracle
@pytest.mark.parametrize("network", ALL, ids=lambda n: n.name)
def test_sizes_and_costs_are_torchs(network):
    with FlopCounterMode(display=False) as counter:
        shapes, parameters = build(network, network.size)
    rows = network.trace()
    for row in rows:
        assert shapes[row.name] == (row.channels, row.size, row.size), row.name
    if network.name != "LeNet-5":  # where not all maps are joined
        assert {row.name: row.parameters for row in rows} == parameters
        assert network.macs == counter.get_total_flops() // 2


@pytest.mark.parametrize("network", ALL, ids=lambda n: n.name)
def test_fields_are_what_a_change_reaches(network):
    """Far from the borders a row sees the same pixels as autograd finds.

    At the first window, at two on the way, at the last map, and where branches meet.
    """
    rows = {row.name: row for row in network.trace() if row.size > 1}
    windows = [node.name for node in network.nodes if node.window and node.name in rows]
    joins = [node.name for node in network.nodes if node.kind in ("add", "concat")]
    thirds = [windows[len(windows) * third // 3] for third in (0, 1, 2)]
    for name in {*thirds, *joins[::4], [*rows][-1]}:
        seen, unit = support(network, name, 2600)
        assert rows[name].field.window(unit) == seen, name


def hourglass(step=2):
    """Down and up again in every way, beside a path across."""
    nodes = [
        conv("across", 4, 3, padding=1),
        pool("down1", 2, stride=2),
        conv("inside1", 6, 3, padding=1, norm=True),
        conv("down2", 8, 3, stride=step, padding=1),
        conv("up2", 6, 4, stride=2, padding=1, transposed=True),
        concat("both", "up2", "inside1"),
        depthwise("up1", 3, stride=2, padding=1, output_padding=1, transposed=True),
        conv("mixed", 4, 1),
        add("sum", "mixed", "across"),
        upsample("near", 3, of="sum"),
        upsample("smooth", 3, mode="bilinear", of="sum"),
        upsample("smooth2", 2, mode="bilinear", of="sum"),
        conv("last", 2, 5, stride=2, groups=2, transposed=True, dilation=2, bias=False, of="smooth2"),
    ]
    return Network("hourglass", size=32, channels=3, nodes=nodes)


def test_transposed_rows_cost_what_torch_counts():
    network = hourglass()
    with FlopCounterMode(display=False) as counter:
        shapes, parameters = build(network, 32)
    rows = network.trace()
    assert {row.name: (row.channels, row.size, row.size) for row in rows} == {r.name: shapes[r.name] for r in rows}
    assert {row.name: row.parameters for row in rows} == parameters
    assert network.macs == counter.get_total_flops() // 2


def test_transposed_costs_by_hand():
    up = Network("up", size=2, channels=3, nodes=[conv("up", 1, 2, stride=2, transposed=True)])
    assert (up.macs, up.parameters, up["up"].size) == (3 * 4 * 4, 13, 4)
    each = Network("each", size=(4, 5), channels=64, nodes=[depthwise("up", (3, 2), stride=2, transposed=True)])
    assert (each.macs, each["up"].size) == (64 * 6 * 20, (9, 10))
    wide = Network("wide", size=4, channels=1, nodes=[upsample("up", (2, 3), mode="bilinear")])
    assert wide["up"].size == (8, 12) and wide["up"].parameters == wide.macs == 0


@pytest.mark.parametrize("name", [node.name for node in hourglass().nodes])
def test_fields_under_transposed_rows_are_what_a_change_reaches(name):
    """For each of six units beside each other, of which some see more than others."""
    network = hourglass()
    for beside in range(6):
        seen, unit = support(network, name, 64, beside)
        assert network[name].field.window(unit) == seen, beside


# ------------------------------------------------------------------ laws
def test_a_conv_net_is_the_same_at_every_size():
    """Only dense layers count pixels: the rest learn and see the same at 224 and 320."""
    for network in (networks.vgg(16), networks.googlenet(), networks.resnet50()):
        small, large = network.trace(224), network.trace(320)
        for one, other in zip(small, large, strict=True):
            if one.size != 1:
                assert (one.parameters, one.field) == (other.parameters, other.field)
                assert other.macs >= one.macs


def test_a_network_keeps_its_own_size():
    size = [8, 9]
    network = Network("n", size=size, channels=np.int8(4), nodes=[conv("a", np.uint8(200), np.int8(3))])
    size[0] = 1
    assert network["a"].size == (6, 7) and network.macs == 4 * 200 * 9 * 42


@pytest.mark.parametrize("name", networks.__all__)
def test_docstrings_are_whole(name):
    """Examples everywhere; what takes arguments says what it returns and what it refuses."""
    thing = getattr(networks, name)
    sections = ["Examples"]
    if name != "Row" and signature(thing).parameters:
        sections += ["Parameters", "Raises", *(["Returns"] if not isinstance(thing, type) else [])]
    for section in sections:
        assert f"\n    {section}\n    ---" in thing.__doc__, section
