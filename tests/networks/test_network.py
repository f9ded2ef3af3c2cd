"""The table and its trace: by hand, against torch, by autograd, errors."""

from inspect import signature

import numpy as np
import pytest
from torch.utils.flop_counter import FlopCounterMode

from cnnlib import networks
from cnnlib.networks import Network, Node, add, concat, conv, dense, depthwise, gate, global_pool, pool, upsample
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
    networks.neocognitron(),
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


def test_neocognitron_by_hand():
    rows = networks.neocognitron(planes=3).trace()
    assert [row.size for row in rows] == [16, 8, 8, 4, 2, 1]
    assert [row.field.size for row in rows] == [5, 9, 17, 25, 33, 37]
    assert [row.parameters for row in rows] == [3 * 25 + 3, 0, 3 * 3 * 25 + 3, 0, 3 * 3 * 9 + 3, 0]


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
    if network.name not in ("LeNet-5", "Neocognitron"):  # where not all maps are joined, or learn
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


# ------------------------------------------------------------------ errors
def test_names():
    with pytest.raises(ValueError, match=r"^Network: the name 'a' comes twice; use another$"):
        Network("n", size=8, channels=1, nodes=[conv("a", 1, 3), conv("a", 1, 3)])
    message = r"^Network: 'a' reads 'b', which is not there; use one of input$"
    with pytest.raises(ValueError, match=message):
        Network("n", size=8, channels=1, nodes=[conv("a", 1, 3, of="b"), conv("b", 1, 3)])
    with pytest.raises(KeyError, match=r"LeNet-5 has no row 'C2'; it has C1, S2, C3"):
        networks.lenet5()["C2"]


def test_rows_that_do_not_fit():
    tight = Network("tight", size=4, channels=1, nodes=[conv("a", 1, 3), conv("b", 1, 3)])
    message = (
        r"^tight, b: conv_output_size: a window spanning 3 \(kernel_size=3, dilation=1\) does not "
        r"fit in 2 \(size=2, padding=0\)"
    )
    with pytest.raises(ValueError, match=message):
        tight.trace()
    nodes = [conv("a", 2, 3, of="input"), conv("b", 2, 1, of="input"), add("c", "a", "b")]
    message = r"^n, c: add needs rows of one size, and has a 2 x 6 x 6, b 2 x 8 x 8$"
    with pytest.raises(ValueError, match=message):
        Network("n", size=8, channels=1, nodes=nodes).trace()
    nodes = [
        conv("a", 2, 1, stride=2, of="input"),
        conv("b", 2, 5, of="input"),
        concat("c", "a", "b"),
    ]
    message = r"^n, c: concat needs rows of one stride, and has \[\(2, 2\), \(1, 1\)\]$"
    with pytest.raises(ValueError, match=message):
        Network("n", size=8, channels=1, nodes=nodes).trace()
    nodes = [conv("a", 2, 1, of="input"), conv("b", 3, 1, of="input"), add("c", "a", "b")]
    with pytest.raises(ValueError, match=r"^n, c: add needs rows of one size, and has a 2 x 8"):
        Network("n", size=8, channels=1, nodes=nodes).trace()


def test_variants_and_options():
    for table in (networks.alexnet, networks.googlenet, networks.resnet50):
        with pytest.raises(ValueError, match=rf"^{table.__name__}: variant='x' is not known; use '"):
            table("x")
    with pytest.raises(ValueError, match=r"^vgg: depth=12 is not known; use 11, 13, 16, 19$"):
        networks.vgg(12)
    with pytest.raises(TypeError, match="strides"):
        conv("a", 1, 3, strides=2)
    with pytest.raises(TypeError, match=r"^conv: channels=1\.5 is a float; use an integer >= 1$"):
        conv("a", 1.5, 3)
    with pytest.raises(ValueError, match=r"^pool: kernel_size=0 is below 1; use an integer >= 1"):
        pool("a", 0)
    with pytest.raises(ValueError, match=r"^conv: groups=0 is below 1; use an integer >= 1"):
        conv("a", 1, 3, groups=0)
    with pytest.raises(TypeError, match=r"^conv: pairs=2\.5 is a float; use an integer >= 1"):
        conv("a", 1, 3, pairs=2.5)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: conv(1, 8, 3), TypeError, "conv: 1 is a int; use the name of a row, a string"),
        (lambda: pool("a", 2, of=["b", 3]), TypeError, "pool: 3 is a int; use the name of a row, a string"),
        (lambda: add("a", ["b", "c"]), TypeError, r"add: \['b', 'c'\] is a list; use the name of a row, a string"),
        (lambda: gate("a", "b", None), TypeError, "gate: None is a NoneType; use the name of a row, a string"),
        (lambda: concat("a"), ValueError, "concat: 'a' has no row to read; name at least one"),
        (lambda: add("a"), ValueError, "add: 'a' has no row to read; name at least one"),
    ],
)
def test_names_of_rows(call, kind, message):
    with pytest.raises(kind, match=f"^{message}$"):
        call()


def net(*nodes, channels=4, size=8):
    return Network("n", size=size, channels=channels, nodes=nodes)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: conv("a", 1, 3, bias="no"), TypeError, "conv: bias='no' is a str; use True or False"),
        (lambda: conv("a", 1, 3, norm=1), TypeError, "conv: norm=1 is an int; use True or False"),
        (lambda: depthwise("a", 3, bias=None), TypeError, "depthwise: bias=None is a NoneType"),
        (lambda: dense("a", 3, bias="no"), TypeError, "dense: bias='no' is a str"),
        (lambda: dense("a", 3, learned="no"), TypeError, "dense: learned='no' is a str"),
        (lambda: pool("a", 3, scaled="no"), TypeError, "pool: scaled='no' is a str"),
        (lambda: pool("a", 3, transposed=True), ValueError, "pool: a pooling is not transposed"),
        (lambda: pool("a", 3, output_padding=1), ValueError, "pool: a pooling is not transposed"),
        (lambda: pool("a", 3, transposed="no"), TypeError, "pool: transposed='no' is a str"),
        (lambda: conv("a", 1, 3, stride=1.0), TypeError, r"conv: stride=1\.0 is a float"),
        (lambda: depthwise("a", 3, strides=2), TypeError, "depthwise: strides is no option; use stride, padding"),
        (lambda: conv("a", 1, 3, of=("b", "c")), ValueError, r"conv: of=\('b', 'c'\) names 2 rows, and one is read"),
        (lambda: dense("a", 1, of=["b", "c"]), ValueError, "dense: of=.* names 2 rows"),
        (lambda: global_pool("a", of=3), TypeError, "global_pool: of=3 is a int; use the name of a row"),
        (lambda: conv("a", 4, 3, pairs=3, groups=2), ValueError, "conv: pairs=3 and groups=2 both say"),
        (lambda: net(conv("a", 6, 3, pairs=100)).trace(), ValueError, "n, a: conv: pairs=100 is more than the 24"),
        (
            lambda: net(conv("f", 7, 8), gate("g", "input", "f")).trace(),
            ValueError,
            "n, g: gate needs one factor for each of 4 channels, a row of size 1, and has input 4 x 8 x 8, f 7 x 1 x 1",
        ),
        (lambda: net(conv("f", 4, 3), gate("g", "input", "f")).trace(), ValueError, "n, g: gate needs one factor"),
        (lambda: upsample("u", 0), ValueError, "upsample: scale=0 is below 1"),
        (lambda: upsample("u", 1.5), TypeError, r"upsample: scale=1\.5 is a float"),
        (lambda: upsample("u", 2, mode="cubic"), ValueError, "upsample: mode='cubic' is unknown; use one of nearest"),
        (lambda: upsample("u", 2, mode=["nearest"]), TypeError, "upsample: mode=.* is a list"),
        (lambda: net("a"), TypeError, "Network: 'a' is a str; use rows made by conv"),
        (lambda: net(channels=1.0), TypeError, r"Network: channels=1\.0 is a float"),
        (lambda: net(size=0), ValueError, "Network: size=0 is below 1"),
        (lambda: net(conv("a", 1, 3)).trace(8.0), TypeError, r"Network\.trace: size=8\.0 is a float"),
        (lambda: Node("a", "cov"), ValueError, "Node: kind='cov' is unknown"),
        (lambda: Node("a", "conv", window=3), TypeError, "Node: window=3 is a int; use a Layer"),
        (lambda: Node("a", "conv", learned=1), TypeError, "Node: learned=1 is an int"),
        (lambda: networks.vgg([16]), TypeError, r"vgg: depth=\[16\] is a list"),
        (lambda: networks.vgg(16.0), TypeError, r"vgg: depth=16\.0 is a float"),
        (lambda: networks.resnet50(["paper"]), TypeError, r"resnet50: variant=\['paper'\] is a list"),
    ],
)
def test_edges(call, kind, message):
    with pytest.raises(kind, match=f"^{message}"):
        call()


def test_all_pairs_may_be_joined():
    one, other = (net(conv("a", 6, 3, pairs=pairs))["a"] for pairs in (24, None))
    assert one == other


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
