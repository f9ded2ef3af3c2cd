"""Parameters, multiply-adds, activations and bytes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlib.geometry import (
    Memory,
    activation_bytes,
    count_activations,
    count_macs,
    count_parameters,
    memory_bytes,
)
from tests.geometry.cases import choices


def layers():
    """channels per group in and out, kernel height and width, groups, bias."""
    return choices((1, 5), (1, 4), (1, 4), (1, 4), (1, 3), (0, 1))


# ------------------------------------------------------------------ by hand: the exam's numbers
def test_parameters_by_hand():
    assert count_parameters(1, 1, 3, bias=False) == 9
    assert count_parameters(3, 64, 3, bias=False) == 1728
    assert count_parameters(3, 64, 3) == 1792
    assert count_parameters(3, 96, 11, bias=False) == 34848
    assert count_parameters(3, 96, 11) == 34944
    assert count_parameters(128, 64, bias=False) == 8192
    assert count_parameters(10**6, 10**4, bias=False) == 10**10
    assert count_parameters(6, 9, (3, 5), groups=3) == 2 * 15 * 9 + 9


def test_unshared_by_hand():
    assert count_parameters(3, 64, 3, bias=False, positions=998) == 1_721_094_912
    assert count_parameters(1, 1, 3, bias=False, positions=(100, 100)) == 90_000
    assert count_parameters(1, 2, 1, positions=(2, 3)) == (1 + 1) * 2 * 6


def test_macs_by_hand():
    assert count_macs(128, 256, 3) == 294_912
    assert count_macs(128, 128, 3, groups=128) + count_macs(128, 256) == 33_920
    assert count_macs(3, 64, 3, 1000) == 1_728_000_000
    assert count_macs(2, 5, (3, 1), (4, 7)) == 2 * 3 * 5 * 28


def test_inception_by_hand():
    """256 maps in, 64 maps out of each of 1x1, 3x3, 5x5: not 8,704 against 35,392."""
    reduced = count_parameters(256, 64, 1, bias=False)
    assert reduced == 16_384
    direct = 256 * 64 * 9 + 256 * 64 * 25
    assert direct == count_parameters(256, 64, 3, bias=False) + count_parameters(256, 64, 5, bias=False)
    assert direct == 557_056
    behind = 2 * reduced + 64 * 64 * 9 + 64 * 64 * 25
    assert behind == 172_032


def test_memory_by_hand():
    """80, 120 and 160 GB, and not "easily more than 100"."""
    assert memory_bytes(10**10) == (40 * 10**9, 0, 0)
    assert memory_bytes(10**10, optimizer="sgd").total == 80 * 10**9
    assert memory_bytes(10**10, optimizer="momentum").total == 120 * 10**9
    assert memory_bytes(10**10, optimizer="adam").total == 160 * 10**9
    assert memory_bytes(10, dtype="float64", optimizer="adam") == Memory(80, 80, 160)
    assert memory_bytes(0) == (0, 0, 0)
    assert activation_bytes(count_activations(64, 1000)) == 256 * 10**6
    assert activation_bytes(100, dtype="float16", batch_size=8) == 1600
    assert count_activations(3, (4, 5), batch_size=2) == 120


# ------------------------------------------------------------------ oracle
@given(layers())
def test_parameters_are_torchs(layer):
    cin, cout, height, width, groups, bias = layer
    options = {"groups": groups, "bias": bool(bias)}
    net = nn.Conv2d(cin * groups, cout * groups, (height, width), **options)
    found = count_parameters(cin * groups, cout * groups, (height, width), **options)
    assert found == sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_optimiser_state_is_torchs(name):
    weights = nn.Parameter(torch.zeros(1000))
    optimiser = {
        "sgd": lambda: torch.optim.SGD([weights], lr=0.1),
        "momentum": lambda: torch.optim.SGD([weights], lr=0.1, momentum=0.9),
        "adam": lambda: torch.optim.Adam([weights]),
    }[name]()
    weights.grad = torch.ones(1000)
    optimiser.step()
    state = [v for v in optimiser.state[weights].values() if torch.is_tensor(v) and v.numel() > 1]
    size = sum(v.numel() * v.element_size() for v in state)
    assert memory_bytes(1000, optimizer=name) == (4000, 4000, size)


@pytest.mark.parametrize("name", ["float64", "float32", "float16", "int64", "int16", "uint8"])
def test_dtypes_of_numpy_and_torch(name):
    size = np.dtype(name).itemsize
    for dtype in (name, np.dtype(name), getattr(np, name), getattr(torch, name)):
        assert memory_bytes(7, dtype=dtype).weights == 7 * size
    assert memory_bytes(7, dtype=torch.bfloat16).weights == 7 * torch.bfloat16.itemsize


# ------------------------------------------------------------------ a second definition
@given(layers(), choices((1, 3), (1, 3)))
def test_counts_are_what_loops_count(layer, size):
    cin, cout, height, width, groups, bias = layer
    macs = weights = 0
    for out in range(cout * groups):
        group = out // cout
        seen = [c for c in range(cin * groups) if c // cin == group]
        weights += len(seen) * height * width + bias
        macs += len(seen) * height * width * size[0] * size[1]
    options = {"groups": groups}
    arguments = (cin * groups, cout * groups, (height, width))
    assert count_macs(*arguments, size, **options) == macs
    assert count_parameters(*arguments, bias=bool(bias), **options) == weights
    unshared = count_parameters(*arguments, bias=bool(bias), positions=size, **options)
    assert unshared == weights * size[0] * size[1]


# ------------------------------------------------------------------ laws
@given(st.integers(1, 512), st.integers(1, 512), st.integers(1, 11), st.integers(1, 64))
def test_separable_costs_one_over_cout_plus_one_over_k_squared(cin, cout, kernel, size):
    dense = count_macs(cin, cout, kernel, size)
    separable = count_macs(cin, cin, kernel, size, groups=cin) + count_macs(cin, cout, 1, size)
    assert separable * cout * kernel**2 == dense * (cout + kernel**2)


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: count_parameters(6, 4, 3, groups=4),
            ValueError,
            r"^count_parameters: groups=4 does not divide in_channels=6; use a divisor of both",
        ),
        (
            lambda: count_macs(4, 6, 3, groups=4),
            ValueError,
            r"^count_macs: groups=4 does not divide out_channels=6; use a divisor of both",
        ),
        (
            lambda: count_parameters(3.0, 4),
            TypeError,
            r"^count_parameters: in_channels=3\.0 is a float; use an integer >= 1$",
        ),
        (
            lambda: count_parameters(3, 4, bias=1),
            TypeError,
            r"^count_parameters: bias=1 is an int; use True or False$",
        ),
        (
            lambda: count_macs(3, 0),
            ValueError,
            r"^count_macs: out_channels=0 is below 1; use an integer >= 1$",
        ),
        (
            lambda: count_macs(3, 4, 3, 0),
            ValueError,
            r"^count_macs: positions=0 is below 1; use an integer >= 1 or a pair",
        ),
        (
            lambda: count_activations(3, 4, batch_size=True),
            TypeError,
            r"^count_activations: batch_size=True is a bool; use an integer >= 1$",
        ),
        (
            lambda: memory_bytes(1e10),
            TypeError,
            r"^memory_bytes: parameters=10000000000\.0 is a float; use an integer >= 0$",
        ),
        (
            lambda: memory_bytes(5, optimizer="lion"),
            ValueError,
            r"^memory_bytes: optimizer='lion' is unknown; use None \(inference\) or one of 'sgd', ",
        ),
        (
            lambda: memory_bytes(5, dtype="float8"),
            ValueError,
            r"^memory_bytes: dtype='float8' is unknown; .*use one of 'float64', 'float32', ",
        ),
        (
            lambda: activation_bytes(-1),
            ValueError,
            r"^activation_bytes: values=-1 is below 0; use an integer >= 0$",
        ),
    ],
)
def test_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()
