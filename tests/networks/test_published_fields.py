"""Receptive fields as they are published, each with its source, against the networks' tables.

Nothing that could be cited was found for Xception and EfficientNet-B0, for GoogLeNet above its stem,
for VGG-19 above ``conv3_3`` (until there its windows are VGG-16's), and for the ResNet-50s other than TF-Slim's.
`test_network` holds all of them against autograd.
"""

import pytest

from cnnlib.networks import alexnet, googlenet, mobilenet, resnet50, vgg

#: Araujo, Norris and Sim's receptive_field library, RECEPTIVE_FIELD_TABLE.md: field,
#: effective stride, effective padding. Where padding is TensorFlow's SAME, the rows of
#: resolution 321, where it is the same on both sides. The fields of VGG-16's first layers
#: are VGG-19's, and those of Inception v2's stem are GoogLeNet's: the windows are the same.
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
    (lambda: vgg(19), "pool1", 6, 2, 2),
    (lambda: vgg(19), "pool2", 16, 4, 6),
    (lambda: vgg(19), "conv3_2", 32, 4, 14),
    (googlenet, "conv1", 7, 2, 3),
    (googlenet, "pool1", 11, 4, None),
    (googlenet, "conv2_reduce", 11, 4, None),
    (googlenet, "conv2", 19, 4, None),
    (googlenet, "pool2", 27, 8, None),
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
    assert (field.size, field.jump) == (size, stride)
    assert padding is None or field.padding == padding


@pytest.mark.parametrize("row", [row for row in FIELDS if row[0]().name == "AlexNet (caffe)"], ids=lambda row: row[1])
def test_receptive_fields_of_torchvisions_alexnet(row):
    """alexnet_v2 is the same network without the two pixels of padding in front of conv1."""
    _, layer, size, stride, padding = row
    field = alexnet("torchvision")[layer].field
    assert (field.size, field.jump, field.padding) == (size, stride, padding + 2)


def test_alexnet_late_fields():
    """The exam's 51 for a fifth layer is AlexNet's second; its layers see these many."""
    network = alexnet("caffe")
    sizes = [row.field.size for row in network.trace() if row.size > 1]
    assert sizes == [11, 19, 51, 67, 99, 131, 163, 195]
    assert vgg(16)["conv5_3"].field.size == 196
