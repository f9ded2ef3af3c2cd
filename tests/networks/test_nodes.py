"""Rows of a table and their options: what they refuse, and the sentence that says so."""

import pytest

from cnnlib import networks
from cnnlib.networks import Network, Node, add, concat, conv, dense, depthwise, gate, global_pool, pool, upsample


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
        r"^Network\.trace: tight, b: a window spanning 3 \(kernel_size=3, dilation=1\) does not "
        r"fit in 2 \(size=2, padding=0\)"
    )
    with pytest.raises(ValueError, match=message):
        tight.trace()
    nodes = [conv("a", 2, 3, of="input"), conv("b", 2, 1, of="input"), add("c", "a", "b")]
    message = r"^Network\.trace: n, c: add needs rows of one size, and has a 2 x 6 x 6, b 2 x 8 x 8$"
    with pytest.raises(ValueError, match=message):
        Network("n", size=8, channels=1, nodes=nodes).trace()
    nodes = [
        conv("a", 2, 1, stride=2, of="input"),
        conv("b", 2, 5, of="input"),
        concat("c", "a", "b"),
    ]
    message = r"^Network\.trace: n, c: concat needs rows of one stride, and has \[\(2, 2\), \(1, 1\)\]$"
    with pytest.raises(ValueError, match=message):
        Network("n", size=8, channels=1, nodes=nodes).trace()
    nodes = [conv("a", 2, 1, of="input"), conv("b", 3, 1, of="input"), add("c", "a", "b")]
    with pytest.raises(ValueError, match=r"^Network\.trace: n, c: add needs rows of one size, and has a 2 x 8"):
        Network("n", size=8, channels=1, nodes=nodes).trace()


def test_variants_and_options():
    for table in (networks.alexnet, networks.googlenet, networks.resnet50):
        with pytest.raises(ValueError, match=rf"^{table.__name__}: variant='x' is unknown; use one of '"):
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
        (lambda: conv(1, 8, 3), TypeError, "conv: 1 is an int; use the name of a row, a string"),
        (lambda: pool("a", 2, of=["b", 3]), TypeError, "pool: 3 is an int; use the name of a row, a string"),
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
        (lambda: pool("a", 3, output_padding=1), ValueError, "pool: output_padding=1 without transposed"),
        (lambda: pool("a", 3, transposed="no"), TypeError, "pool: transposed='no' is a str"),
        (lambda: conv("a", 1, 3, stride=1.0), TypeError, r"conv: stride=1\.0 is a float"),
        (lambda: depthwise("a", 3, strides=2), TypeError, "depthwise: strides is no option; use stride, padding"),
        (lambda: conv("a", 1, 3, of=("b", "c")), ValueError, r"conv: of=\('b', 'c'\) names 2 rows, and one is read"),
        (lambda: dense("a", 1, of=["b", "c"]), ValueError, "dense: of=.* names 2 rows"),
        (lambda: global_pool("a", of=3), TypeError, "global_pool: of=3 is an int; use the name of a row"),
        (lambda: conv("a", 4, 3, pairs=3, groups=2), ValueError, "conv: pairs=3 and groups=2 both say"),
        (
            lambda: net(conv("a", 6, 3, pairs=100)).trace(),
            ValueError,
            r"Network\.trace: n, a: pairs=100 is more than",
        ),
        (
            lambda: net(conv("f", 7, 8), gate("g", "input", "f")).trace(),
            ValueError,
            r"Network\.trace: n, g: gate needs one factor for each of 4 channels, a row of size 1, and has input 4 x 8",
        ),
        (
            lambda: net(conv("f", 4, 3), gate("g", "input", "f")).trace(),
            ValueError,
            r"Network\.trace: n, g: gate needs one factor",
        ),
        (lambda: upsample("u", 0), ValueError, "upsample: scale=0 is below 1"),
        (lambda: upsample("u", 1.5), TypeError, r"upsample: scale=1\.5 is a float"),
        (lambda: upsample("u", 2, mode="cubic"), ValueError, "upsample: mode='cubic' is unknown; use one of 'nearest'"),
        (lambda: upsample("u", 2, mode=["nearest"]), TypeError, "upsample: mode=.* is a list"),
        (lambda: net("a"), TypeError, "Network: 'a' is a str; use rows made by conv"),
        (lambda: net(channels=1.0), TypeError, r"Network: channels=1\.0 is a float"),
        (lambda: net(size=0), ValueError, "Network: size=0 is below 1"),
        (lambda: net(conv("a", 1, 3)).trace(8.0), TypeError, r"Network\.trace: size=8\.0 is a float"),
        (lambda: Node("a", "cov"), ValueError, "Node: kind='cov' is unknown"),
        (lambda: Node("a", "conv", window=3), TypeError, "Node: window=3 is an int; use a Layer"),
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
