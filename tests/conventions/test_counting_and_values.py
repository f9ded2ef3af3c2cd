"""Counting and values: each conversion against the frameworks themselves, or against a count."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from onnx import helper
from onnx.reference import ReferenceEvaluator

from cnnlib import conventions, networks, ops
from tests.conventions.frameworks import T, keras, onnx_op


def test_operations_of_a_convolution_by_counting():
    """Two outputs of three products each: every product after the first is added, and a bias is added as well."""
    products, additions = 2 * 3, 2 * 2
    assert conventions.flops_of(products, outputs=2) == products + additions
    assert conventions.flops_of(products) == products + additions + 2  # with biases
    assert conventions.macs_of(products + additions, outputs=2) == products
    with pytest.raises(ValueError, match="macs_of: flops=17 and outputs=0 give no whole number of multiply-adds"):
        conventions.macs_of(17)


def test_bytes_come_back():
    assert conventions.gigabytes_of(conventions.gib_of(80)) == pytest.approx(80)
    assert conventions.gib_of(1.073741824) == pytest.approx(1)


@pytest.mark.parametrize("bias", [True, False])
def test_numbers_that_torch_learns_and_stores(bias):
    conv, norm = torch.nn.Conv2d(3, 7, 3, bias=bias), torch.nn.BatchNorm2d(7)
    weights = conv.weight.numel()

    def count(module):
        return sum(parameter.numel() for parameter in module.parameters())

    assert conventions.stored_values(weights, 7, bias=bias) == count(conv)
    assert conventions.stored_values(weights, 7, bias=bias, batch_norm="learned") == count(conv) + count(norm)
    stored = sum(v.numel() for name, v in norm.state_dict().items() if name != "num_batches_tracked")
    assert conventions.stored_values(weights, 7, bias=bias, batch_norm="stored") == count(conv) + stored
    layer = keras.layers.BatchNormalization()
    layer.build((None, 7))
    assert layer.count_params() == stored


def test_the_two_numbers_that_are_quoted_for_mobilenet():
    """Its channels by hand, a depthwise and a pointwise layer for each block behind the first layer."""
    blocks = [64, 128, 128, 256, 256] + 6 * [512] + 2 * [1024]
    channels = 32 + sum(blocks) + sum([32, *blocks[:-1]])
    net = networks.mobilenet()
    without = net.parameters - 2 * channels
    assert f"{without / 1e6:.2f}" == "4.21" and f"{net.parameters / 1e6:.2f}" == "4.23"
    assert conventions.stored_values(without, channels, batch_norm="learned") == net.parameters
    assert f"{net.macs / 1e6:.0f}" == "569"


def test_the_stride_of_a_stack():
    assert conventions.output_stride([2, (2, 1), 1]) == (4, 2)
    x = torch.zeros(1, 1, 64, 64)
    for stride in (2, 2, 1, 2):
        x = F.conv2d(x, torch.zeros(1, 1, 3, 3), stride=stride, padding=1)
    assert 64 / x.shape[-1] == conventions.output_stride([2, 2, 1, 2])[0]


def test_momentum_of_batch_normalisation():
    """The same running mean and variance from three frameworks, each told in its own convention."""
    x = np.random.default_rng(0).normal(3, 2, (4, 6)).astype("float32")
    old = 0.9
    norm = torch.nn.BatchNorm1d(6, momentum=conventions.other_momentum(old)).train()
    norm(T(x))
    layer = keras.layers.BatchNormalization(momentum=old)
    layer(T(x), training=True)
    assert np.allclose(keras.ops.convert_to_numpy(layer.moving_mean), norm.running_mean, atol=1e-6)
    assert np.allclose(norm.running_mean, (1 - old) * x.mean(0), atol=1e-6)
    assert norm.eps == 1e-5 and layer.epsilon == 1e-3
    assert keras.layers.BatchNormalization().momentum == 0.99 and torch.nn.BatchNorm1d(6).momentum == 0.1
    assert conventions.other_momentum(conventions.other_momentum(0.25)) == 0.25
    one, zero = np.ones(6, "float32"), np.zeros(6, "float32")
    names = ["x", "s", "b", "m", "v"]
    node = helper.make_node("BatchNormalization", names, ["y", "mean", "var"], momentum=old, training_mode=1)
    _, mean, _ = ReferenceEvaluator(node).run(None, dict(zip(names, (x, one, zero, zero, one), strict=True)))
    assert np.allclose(mean, norm.running_mean, atol=1e-6)


def test_cross_entropy_of_scores_and_of_probabilities():
    scores, target = np.random.default_rng(1).normal(0, 3, (5, 4)), np.array([0, 3, 1, 1, 2])
    wanted = F.cross_entropy(T(scores), T(target)).item()
    p = conventions.probabilities_of(scores)
    assert np.allclose(p, F.softmax(T(scores), dim=1))
    assert ops.softmax_cross_entropy(scores, target) == pytest.approx(wanted)
    one_hot = np.eye(4)[target]
    loss = keras.losses.CategoricalCrossentropy()(T(one_hot), T(p)).item()
    assert loss == pytest.approx(wanted, rel=1e-5)
    from_scores = keras.losses.CategoricalCrossentropy(from_logits=True)(T(one_hot), T(scores)).item()
    assert from_scores == pytest.approx(wanted, rel=1e-5)
    total = F.cross_entropy(T(scores), T(target), reduction="sum").item()
    assert total == pytest.approx(5 * wanted)
    assert np.allclose(conventions.probabilities_of(conventions.logits_of(p)), p)
    assert onnx_op("SoftmaxCrossEntropyLoss", scores, target) == pytest.approx(wanted)
    assert F.cross_entropy(T(p), T(target)).item() != pytest.approx(wanted, rel=0.01)


def test_halves():
    values = np.concatenate([np.arange(-6, 7) / 2, [0.49999999999999994, -2.4, 2.6]])
    even = torch.round(T(values)).numpy()
    assert np.array_equal(np.rint(values), even) and np.array_equal(onnx_op("Round", values), even)
    assert conventions.half_away(values).tolist() == [-3, -3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3, 3, 0, -2, 3]
    assert (conventions.half_away(values) != even).sum() == 4


def test_quotients_of_negative_numbers():
    for dividend in range(-9, 10):
        for divisor in (-4, -3, -1, 1, 2, 5):
            both = torch.tensor(dividend), torch.tensor(divisor)
            assert conventions.truncated_quotient(dividend, divisor) == torch.div(*both, rounding_mode="trunc")
            assert dividend // divisor == torch.div(*both, rounding_mode="floor")
