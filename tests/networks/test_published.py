"""What is published of the networks, each figure with its source, against their tables."""

import pytest

from cnnlib.networks import (
    alexnet,
    efficientnet_b0,
    googlenet,
    lenet5,
    mobilenet,
    resnet50,
    vgg,
    xception,
)

#: torchvision, models/*.py: "num_params" and "_ops" (billions of multiply-adds) of the weights.
TORCHVISION = [
    (lambda: alexnet("torchvision"), 61_100_840, 0.714),
    (lambda: vgg(11), 132_863_336, 7.609),
    (lambda: vgg(16), 138_357_544, 15.47),
    (lambda: vgg(19), 143_667_240, 19.632),
    (lambda: googlenet("torchvision"), 6_624_904, 1.498),
    (lambda: resnet50("torchvision"), 25_557_032, 4.089),
    (efficientnet_b0, 5_288_548, 0.386),
]


@pytest.mark.parametrize(("network", "parameters", "billions"), TORCHVISION)
def test_torchvision(network, parameters, billions):
    assert network().parameters == parameters
    assert network().macs / 1e9 == pytest.approx(billions, abs=0.0005)


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


def test_googlenet():
    """Caffe's bvlc_googlenet has 6,998,552 parameters: 6,990,272 weights and 8,280 biases."""
    network = googlenet()
    assert network.parameters == 6_998_552
    biases = sum(row.channels for row in network.trace() if row.kind == "conv")
    assert biases == 8_280
    # Szegedy et al., table 1: maps and size after each stage.
    shapes = {name: (network[name].size, network[name].channels) for name in ("3a", "3b", "4e", "5b")}
    assert shapes == {"3a": (28, 256), "3b": (28, 480), "4e": (14, 832), "5b": (7, 1024)}


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
    assert network["conv1"].size == 112
    assert [network[f"conv{stage}_1"].size for stage in (2, 3, 4, 5)] == [56, 28, 14, 7]


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


def test_xception():
    """Chollet, table 3 (and Keras): 22,855,952 parameters."""
    network = xception()
    assert network.parameters == 22_855_952
    sizes = [network[name].size for name in ("block1_conv1", "block1_conv2", "block2", "block13")]
    assert sizes == [149, 147, 74, 10]


def test_lenet5():
    """LeCun et al. 1998, section II.B: trainable parameters by layer, 60,000 in all."""
    network = lenet5()
    assert [row.parameters for row in network.trace()] == [156, 12, 1_516, 32, 48_120, 10_164, 0]
    assert [row.size for row in network.trace()] == [28, 14, 10, 5, 1, 1, 1]
    # Connections of C1 and C3 count a bias for each unit: 122,304 and 151,600.
    for name, connections in (("C1", 122_304), ("C3", 151_600), ("C5", 48_120)):
        row = network[name]
        assert row.macs + row.activations == connections


#: Araujo, Norris and Sim's receptive_field library, RECEPTIVE_FIELD_TABLE.md: field,
#: effective stride, effective padding. Where padding is TensorFlow's SAME, the rows of
#: resolution 321, where it is the same on both sides.
FIELDS = [
    (lambda: alexnet("caffe"), "conv1", 11, 4, 0),
    (lambda: alexnet("caffe"), "pool1", 19, 8, 0),
    (lambda: alexnet("caffe"), "conv2", 51, 8, 16),
    (lambda: alexnet("caffe"), "conv3", 99, 16, 32),
    (lambda: alexnet("caffe"), "conv4", 131, 16, 48),
    (lambda: alexnet("caffe"), "conv5", 163, 16, 64),
    (lambda: alexnet("caffe"), "pool5", 195, 32, 64),
    (lambda: vgg(11), "pool1", 4, 2, 1),
    (lambda: vgg(11), "conv3_2", 26, 4, 11),
    (lambda: vgg(11), "pool5", 150, 32, 59),
    (lambda: vgg(16), "conv1_1", 3, 1, 1),
    (lambda: vgg(16), "pool1", 6, 2, 2),
    (lambda: vgg(16), "conv2_1", 10, 2, 4),
    (lambda: vgg(16), "conv3_2", 32, 4, 14),
    (lambda: vgg(16), "pool4", 100, 16, 42),
    (lambda: vgg(16), "conv5_2", 164, 16, 74),
    (lambda: vgg(16), "pool5", 212, 32, 90),
    (lambda: resnet50("slim"), "conv2_3", 35, 8, 17),
    (lambda: resnet50("slim"), "conv3_4", 99, 16, 49),
    (lambda: resnet50("slim"), "conv4_6", 291, 32, 145),
    (lambda: resnet50("slim"), "conv5_3", 483, 32, 241),
    (mobilenet, "conv1", 3, 2, 1),
    (mobilenet, "conv2_pointwise", 7, 2, 3),
    (mobilenet, "conv7_pointwise", 59, 16, 29),
    (mobilenet, "conv12_pointwise", 219, 16, 109),
    (mobilenet, "conv13_pointwise", 251, 32, 125),
    (mobilenet, "conv14_pointwise", 315, 32, 157),
]


@pytest.mark.parametrize(("network", "layer", "size", "stride", "padding"), FIELDS)
def test_receptive_fields(network, layer, size, stride, padding):
    field = network()[layer].field
    assert (field.size, field.jump, field.padding) == (size, stride, padding)


def test_alexnet_late_fields():
    """The exam's 51 for a fifth layer is AlexNet's second; its layers see these many."""
    network = alexnet("caffe")
    sizes = [row.field.size for row in network.trace() if row.size > 1]
    assert sizes == [11, 19, 51, 67, 99, 131, 163, 195]
    assert vgg(16)["conv5_3"].field.size == 196
