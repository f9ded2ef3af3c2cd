"""Layer costs: the Python half by hand and against torch, both halves to the last digit, the chart's cursor."""

import numpy as np
import pytest
from torch import nn

from cnnlib import layers
from cnnlib.explore import LayerCosts, layer_costs


def test_by_hand():
    """The exam's layer, and a window of 3 x 3 on the same picture."""
    costs = LayerCosts(side=1000, channels=1, units=10_000, filters=1, kernel_size=3, bias=False).costs
    assert costs == {"dense": 10**10, "local": 9 * 10**6, "shared": 9}
    memory = [LayerCosts(quantity="memory", bias=False, optimizer=o).costs["dense"] for o in layer_costs.OPTIMIZERS]
    assert [cost // 10**9 for cost in memory] == [160, 120, 80, 40]


@pytest.mark.parametrize("bias", [True, False])
def test_parameters_are_those_of_torch(bias):
    """All-different primes; counted by the layers themselves."""
    made = LayerCosts(side=11, channels=2, units=13, filters=5, kernel_size=3, bias=bias)
    torch = {
        "dense": nn.Linear(11 * 11 * 2, 13, bias=bias),
        "local": layers.LocalConv2d(2, 5, 3, padding=1, input_size=11, bias=bias),
        "shared": nn.Conv2d(2, 5, 3, padding=1, bias=bias),
    }
    assert made.costs == {kind: sum(p.numel() for p in layer.parameters()) for kind, layer in torch.items()}


def test_multiply_adds_by_counting_them():
    """One for every weight and every output that reads with it."""
    made = LayerCosts(quantity="multiply-adds", side=8, channels=2, units=7, filters=3, kernel_size=5, batch_size=4)
    windows = sum(1 for _ in np.ndindex(8, 8) for _ in range(3) for _ in np.ndindex(2, 5, 5))
    assert made.costs == {"dense": 4 * 8 * 8 * 2 * 7, "local": 4 * windows, "shared": 4 * windows}


def test_a_dense_layer_with_as_many_outputs():
    made = LayerCosts(quantity="outputs", side=9, units=None, filters=3, dtype="float16", batch_size=5)
    assert set(made.costs.values()) == {9 * 9 * 3 * 2 * 5}


def test_numbers_beyond_2_to_the_53_stay_whole():
    largest = {name: t.high for name, t in LayerCosts.class_traits().items() if hasattr(t, "high")} | {"units": None}
    made = LayerCosts(**largest)
    assert made.costs["dense"] == (4096**2 * 1024 + 1) * 4096**2 * 1024 > 2**53


def test_count_names_a_wrong_kind():
    with pytest.raises(
        ValueError, match=r"LayerCosts\.count: kind='conv' is unknown; use one of 'dense', 'local', 'shared'"
    ):
        LayerCosts().count("conv")
