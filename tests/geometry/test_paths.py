"""Paths through a stack: by hand, by autograd, by random weights, and what must always hold."""

from itertools import product

import pytest
import torch
from hypothesis import given

from cnnlib.geometry import Layer, count_paths, pixels_read
from tests.geometry.test_fields import module, stacks
from tests.properties import share


def test_by_hand():
    assert count_paths([], 2, size=4) == (0, 0, 1, 0)
    assert count_paths([Layer(2)] * 4, 1, size=7) == (0, 1, 4, 6, 4, 1, 0)  # Pascal's triangle
    assert count_paths([Layer(3, stride=2), Layer(2)], 0, size=6) == (1, 1, 2, 1, 1, 0)
    assert count_paths([Layer(3, padding=1)] * 2, 0, size=4) == (2, 2, 1, 0)  # paths end in the padding of both


def test_each_axis_by_itself():
    rows, columns = count_paths([Layer((1, 3), padding=(0, 1))] * 2, (1, 2), size=(3, 5))
    assert rows == (0, 1, 0)
    assert columns == (1, 2, 3, 2, 1)


@share(1 / 5)
@given(stacks())
def test_the_gradient_of_ones_by_autograd(layers):
    x = torch.zeros(1, 1, 40, dtype=torch.float64, requires_grad=True)
    try:
        y = torch.nn.Sequential(*map(module, layers))(x)
    except RuntimeError:
        with pytest.raises(ValueError):
            count_paths(layers, 0, size=40)
        return
    unit = y.shape[-1] // 3
    y[0, 0, unit].backward()
    assert count_paths(layers, unit, size=40) == tuple(x.grad[0, 0].tolist())


@share(1 / 5)
@given(stacks())
def test_pixels_with_a_path_are_the_pixels_read(layers):
    try:
        counts = count_paths(layers, 1, size=40)
    except ValueError:
        return
    assert tuple(i for i, count in enumerate(counts) if count) == pixels_read(layers, 1, size=40)


def test_the_squared_gradient_of_random_signs_is_exactly_the_count():
    """All weights of +1 and -1 there are, in three layers: the mean of the squared gradient counts the paths."""
    layers = [Layer(3), Layer(2, stride=2), Layer(2, padding=1)]
    total = torch.zeros(8, dtype=torch.float64)
    for signs in product((-1.0, 1.0), repeat=7):
        x = torch.zeros(1, 1, 8, dtype=torch.float64, requires_grad=True)
        net = torch.nn.Sequential(*map(module, layers))
        with torch.no_grad():
            torch.nn.utils.vector_to_parameters(torch.tensor(signs, dtype=torch.float64), net.parameters())
        net(x)[0, 0, 2].backward()
        total += x.grad[0, 0] ** 2
    assert count_paths(layers, 2, size=8) == tuple((total / 2**7).tolist())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([Layer(3)], 4, 6), ValueError, r"count_paths: unit=4 lies outside the \(4, 4\) outputs of size=6; use"),
        (([Layer(3)], -1, 6), ValueError, r"unit=-1 lies outside"),
        (([Layer(7)], 0, 6), ValueError, r"does not fit in 6"),
        (([Layer(3)], 0.0, 6), TypeError, r"count_paths: unit=0\.0"),
        (([Layer(3)], 0, 0), ValueError, r"count_paths: size=0"),
        (([3], 0, 6), TypeError, r"count_paths: layer 0 is an int without a kernel_size"),
    ],
)
def test_bad_input_says_what_is_wrong(arguments, error, message):
    layers, unit, size = arguments
    with pytest.raises(error, match=message):
        count_paths(layers, unit, size=size)
