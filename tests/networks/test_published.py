"""Sizes, parameters and multiply-adds as they are published, each with its source, against the networks' tables."""

import pytest

from cnnlib.networks import (
    alexnet,
    efficientnet_b0,
    googlenet,
    lenet5,
    mobilenet,
    resnet50,
    squeezenet,
    vgg,
    xception,
)

#: torchvision, models/*.py: "num_params" and "_ops" (billions of multiply-adds) of the weights.
TORCHVISION = [
    (lambda: alexnet("torchvision"), 61_100_840, 0.714),
    (lambda: vgg(11), 132_863_336, 7.609),
    (lambda: vgg(13), 133_047_848, 11.308),
    (lambda: vgg(16), 138_357_544, 15.47),
    (lambda: vgg(19), 143_667_240, 19.632),
    (lambda: googlenet("torchvision"), 6_624_904, 1.498),
    (lambda: resnet50("torchvision"), 25_557_032, 4.089),
    (lambda: squeezenet("1.0"), 1_248_424, 0.819),
    (squeezenet, 1_235_496, 0.349),
    (efficientnet_b0, 5_288_548, 0.386),
]


@pytest.mark.parametrize(("network", "parameters", "billions"), TORCHVISION)
def test_torchvision(network, parameters, billions):
    assert network().parameters == parameters
    assert network().macs / 1e9 == pytest.approx(billions, abs=0.0005)


def convolutions(network):
    """Parameters and multiply-adds of the rows that a window moves over."""
    rows = [row for row in network.trace() if row.size > 1]
    return sum(row.parameters for row in rows), sum(row.macs for row in rows)


@pytest.mark.parametrize("variant", ["paper", "caffe"])
def test_costs_of_alexnet(variant):
    """Chen, Krishna, Emer and Sze, "Eyeriss", ISSCC 2016: 2.3 million weights and 666 million
    multiply-adds in its convolutions. Sze et al., "Efficient processing of deep neural networks",
    Proc. IEEE 105(12), 2017, table II: 724 million and 61 million in all.
    """
    network = alexnet(variant)
    weights, macs = convolutions(network)
    assert (round(weights / 1e6, 1), round(macs / 1e6)) == (2.3, 666)
    assert (round(network.macs / 1e6), round(network.parameters / 1e6)) == (724, 61)


def test_costs_of_vgg16_and_resnet50():
    """The same two sources: 14.7 million and 15.3 billion in VGG-16's convolutions, 15.5 billion
    in all; 3.9 billion in ResNet-50.
    """
    weights, macs = convolutions(vgg(16))
    assert (round(weights / 1e6, 1), round(macs / 1e9, 1)) == (14.7, 15.3)
    assert round(vgg(16).macs / 1e9, 1) == 15.5
    assert round(resnet50("paper").macs / 1e9, 1) == 3.9


def shapes(network, *names):
    """(size, channels) of rows."""
    return [(network[name].size, network[name].channels) for name in names]


def test_alexnet():
    """Krizhevsky et al. 2012: neurons per layer (section 3.5), 60 million parameters."""
    paper, caffe = alexnet("paper"), alexnet("caffe")
    assert (paper.size, caffe.size) == (224, 227)
    neurons = [paper[f"conv{layer}"].activations for layer in (2, 3, 4, 5)]
    assert neurons == [186_624, 64_896, 64_896, 43_264]
    # For conv1 the paper prints 253,440: that is 55 x 48 x 96, and the layer is 55 x 55 x 96.
    assert paper["conv1"].activations == 55 * 55 * 96 != 55 * 48 * 96 == 253_440
    assert paper.parameters == caffe.parameters == 60_965_224
    # The weights and biases by layer, as in Caffe's bvlc_alexnet.
    assert [row.parameters for row in caffe.trace() if row.parameters] == [
        34_944,
        307_456,
        885_120,
        663_936,
        442_624,
        37_752_832,
        16_781_312,
        4_097_000,
    ]
    assert [row.size for row in paper.trace()] == [row.size for row in caffe.trace()]


def test_vgg():
    """Simonyan and Zisserman, table 2: parameters in millions of A, B, D, E."""
    assert [round(vgg(depth).parameters / 1e6) for depth in (11, 13, 16, 19)] == [133, 133, 138, 144]


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_sizes_of_vgg(depth):
    """Section 2.1: from 224 pixels, 3x3 layers keep the size and five poolings halve it. The
    volumes of each stage are printed in Stanford's CS231n notes on ConvNets, "VGGNet in detail".
    """
    network = vgg(depth)
    stages = {row.name[4]: (row.size, row.channels) for row in network.trace() if "conv" in row.name}
    assert [*stages.values()] == [(224, 64), (112, 128), (56, 256), (28, 512), (14, 512)]
    pools = shapes(network, *(f"pool{stage}" for stage in range(1, 6)))
    assert pools == [(112, 64), (56, 128), (28, 256), (14, 512), (7, 512)]
    assert network["fc6"].parameters - 4096 == 102_760_448


def test_googlenet():
    """Caffe's bvlc_googlenet has 6,998,552 parameters: 6,990,272 weights and 8,280 biases."""
    network = googlenet()
    assert network.parameters == 6_998_552
    biases = sum(row.channels for row in network.trace() if row.kind == "conv")
    assert biases == 8_280


def test_sizes_of_googlenet():
    """Szegedy et al., table 1, the column "output size"."""
    stem = shapes(googlenet(), "conv1", "pool1", "conv2", "pool2")
    assert stem == [(112, 64), (56, 64), (56, 192), (28, 192)]
    assert shapes(googlenet(), "3a", "3b", "pool3") == [(28, 256), (28, 480), (14, 480)]
    fours = shapes(googlenet(), "4a", "4b", "4c", "4d", "4e", "pool4")
    assert fours == [(14, 512), (14, 512), (14, 512), (14, 528), (14, 832), (7, 832)]
    assert shapes(googlenet(), "5a", "5b", "pool5") == [(7, 832), (7, 1024), (1, 1024)]


def test_costs_of_googlenet():
    """Szegedy et al., table 1, the column "ops", in millions, rounded down or to the nearest.

    Two entries are slips: 34 for the first layer, whose 112 x 112 x 64 outputs of 7 x 7 x 3
    products make 118, and 54 for 5a, whose windows are those of 4e at a quarter of the positions.
    They are why the column adds up to 1502, the text's "1.5 billion", and not to 1583.
    """
    rows = googlenet().trace()
    stages = ("conv1", "conv2", "3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b", "classes")
    millions = {stage: sum(r.macs for r in rows if r.name.startswith(stage)) / 1e6 for stage in stages}
    printed = dict(zip(stages, (34, 360, 128, 304, 73, 88, 100, 119, 170, 54, 71, 1), strict=True))
    slips = {stage for stage in stages if abs(millions[stage] - printed[stage]) > 1}
    assert slips == {"conv1", "5a"}
    assert sum(printed.values()) == 1502
    assert round(1502 - 34 - 54 + millions["conv1"] + millions["5a"]) == round(googlenet().macs / 1e6)


def test_the_reduction_of_3b():
    """Without the two 1x1 layers before them, 3x3 and 5x5 of 3b would cost three times more."""
    rows = {row.name: row for row in googlenet().trace()}
    names = ("3b_3x3_reduce", "3b_3x3", "3b_5x5_reduce", "3b_5x5")
    weights = [rows[name].parameters - rows[name].channels for name in names]
    assert sum(weights) == 338_944
    assert 256 * (192 * 9 + 96 * 25) == 1_056_768


def test_resnet50():
    """He et al., table 1: 3.8 billion multiply-adds, sizes 112, 56, 28, 14, 7."""
    network = resnet50("paper")
    assert network.macs / 1e9 == pytest.approx(3.8, abs=0.1)
    assert network.parameters == resnet50("torchvision").parameters
    assert shapes(network, "conv1", "pool1") == [(112, 64), (56, 64)]
    for stage, blocks, size, channels in ((2, 3, 56, 256), (3, 4, 28, 512), (4, 6, 14, 1024), (5, 3, 7, 2048)):
        names = [f"conv{stage}_{block}" for block in range(1, blocks + 1)]
        assert shapes(network, *names) == [(size, channels)] * blocks
        assert not any(row.name.startswith(f"conv{stage}_{blocks + 1}") for row in network.trace())
    assert shapes(network, "pool5", "classes") == [(1, 2048), (1, 1000)]


def test_mobilenet():
    """Howard et al.: 569 million multiply-adds, 4.2 million parameters, and table 2."""
    network = mobilenet()
    assert round(network.macs / 1e6) == 569
    assert network.parameters == 4_231_976  # TF-Slim's README, MobileNet_v1_1.0_224
    rows = network.trace()
    # Table 2 counts weights alone: no normalisation, and no bias of the classifier.
    extras = {row.name: 2 * row.channels if "conv" in row.name else 0 for row in rows}
    extras["classes"] = 1000
    weights = {row.name: row.parameters - extras[row.name] for row in rows}
    total = sum(weights.values())
    chosen = [row for row in rows if row.name.endswith("pointwise")]
    assert round(100 * sum(row.macs for row in chosen) / network.macs, 2) == 94.86
    assert round(100 * sum(weights[row.name] for row in chosen) / total, 2) == 74.59


def test_sizes_of_mobilenet():
    """Howard et al., table 1, the column "input size" of every row, from 224 x 224 x 3 on."""
    printed = [
        (224, 3), (112, 32), (112, 32), (112, 64), (56, 64), (56, 128), (56, 128), (56, 128), (28, 128),
        (28, 256), (28, 256), (28, 256), (14, 256), *[(14, 512)] * 10, (14, 512), (7, 512), (7, 1024),
        (7, 1024), (7, 1024), (1, 1024),
    ]  # fmt: skip
    network = mobilenet()
    rows = network.trace()
    assert [(network.size, network.channels), *((row.size, row.channels) for row in rows)] == [*printed, (1, 1000)]


def test_sizes_of_efficientnet():
    """Tan and Le, table 1: resolution and channels of the nine stages, a row's resolution being
    what it reads; table 2: 5.3 million parameters and 0.39 billion multiply-adds.
    """
    printed = [
        (224, 32, 1), (112, 16, 1), (112, 24, 2), (56, 40, 2), (28, 80, 3), (14, 112, 3), (14, 192, 4), (7, 320, 1),
    ]  # fmt: skip
    network = efficientnet_b0()
    names = ["stem", *(f"block{block}" for block in range(1, 17)), "head"]
    found, read = [], network.size
    for size, channels in shapes(network, *names[:-1]):
        if found and found[-1][1] == channels:
            found[-1] = (*found[-1][:2], found[-1][2] + 1)
        else:
            found.append((read, channels, 1))
        read = size
    assert found == printed
    assert shapes(network, "head") == [(7, 1280)]
    assert (round(network.parameters / 1e6, 1), round(network.macs / 1e9, 2)) == (5.3, 0.39)


def test_xception():
    """Chollet, table 3 (and Keras): 22,855,952 parameters. Figure 5: 299 x 299 x 3 come in,
    19 x 19 x 728 go round the middle flow eight times, and 2048 numbers come out. The sizes
    between them are Keras's, ``applications.Xception().summary()``.
    """
    network = xception()
    assert network.parameters == 22_855_952
    assert (network.size, network.channels) == (299, 3)
    assert shapes(network, *(f"block{block}" for block in range(4, 13))) == [(19, 728)] * 9
    assert shapes(network, "pool") == [(1, 2048)]
    entry = shapes(network, "block1_conv1", "block1_conv2", "block2", "block3")
    assert entry == [(149, 32), (147, 64), (74, 128), (37, 256)]
    leaving = shapes(network, "block13", "block14_sepconv1", "block14_sepconv2")
    assert leaving == [(10, 1024), (10, 1536), (10, 2048)]


def test_costs_of_xception():
    """Zoph et al., "Learning transferable architectures", CVPR 2018, table 2: 8.38 billion
    multiply-adds. One of each number that is normalised is in that count.
    """
    network = xception()
    normalised = {node.name for node in network.nodes if node.extra == 2}
    scaling = sum(row.activations for row in network.trace() if row.name in normalised)
    assert round((network.macs + scaling) / 1e9, 2) == 8.38


def test_lenet5():
    """LeCun et al. 1998, section II.B: trainable parameters by layer, 60,000 in all."""
    network = lenet5()
    assert [row.parameters for row in network.trace()] == [156, 12, 1_516, 32, 48_120, 10_164, 0]
    assert [row.size for row in network.trace()] == [28, 14, 10, 5, 1, 1, 1]


def test_connections_of_lenet5():
    """LeCun et al. 1998, section II.B: connections by layer, 340,908 in all.

    They are multiply-adds and a bias for each unit; a pooling's unit has four inputs; the ten
    units of the output have no bias.
    """
    rows = {row.name: row for row in lenet5().trace()}
    found = {name: row.macs + row.activations for name, row in rows.items()}
    for name in ("S2", "S4"):
        found[name] = (4 + 1) * rows[name].activations
    found["output"] = rows["output"].macs
    assert found == {
        "C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164, "output": 840,
    }  # fmt: skip
    assert sum(found.values()) == 340_908
