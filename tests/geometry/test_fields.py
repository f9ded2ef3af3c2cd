"""Receptive fields: by hand, by autograd, by walking back, and what is published."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlib.geometry import Layer, ReceptiveField, pixels_read, receptive_field
from tests.geometry.cases import choices


def stacks():
    """One to four layers of one axis, an eighth of them transposed."""
    layer = choices((1, 5), (1, 3), (0, 3), (1, 3), (0, 7)).map(
        lambda c: Layer(c[0], stride=c[1], padding=c[2], dilation=c[3], transposed=c[4] == 7)
    )
    return st.lists(layer, min_size=1, max_size=4)


def module(layer):
    """The torch layer with these numbers, every weight positive."""
    kind = nn.ConvTranspose1d if layer.transposed else nn.Conv1d
    built = kind(1, 1, layer.kernel_size, layer.stride, layer.padding, dilation=layer.dilation, bias=False).double()
    nn.init.ones_(built.weight)
    return built


def reached(layers, unit, size):
    """The input pixels whose change changes this output, by autograd."""
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    y = nn.Sequential(*map(module, layers))(x)
    y[0, 0, unit].backward()
    return tuple(torch.nonzero(x.grad[0, 0])[:, 0].tolist()), y.shape[-1]


# ------------------------------------------------------------------ by hand
def test_by_hand():
    assert receptive_field([]) == (1, 1, 0)
    assert receptive_field([Layer(3)]) == (3, 1, 0)
    assert receptive_field([Layer(3, padding=1)]) == (3, 1, -1)
    assert receptive_field([Layer(3, stride=2), Layer(3)]) == (7, 2, 0)
    assert receptive_field([Layer(3, dilation=2), Layer(2, stride=3)]) == (6, 3, 0)
    assert [receptive_field([Layer(3)] * depth).size for depth in range(1, 6)] == [3, 5, 7, 9, 11]


def test_each_axis_by_itself():
    layers = [Layer((3, 1), stride=(2, 1), padding=(1, 0)), Layer((3, 5), padding=(0, 0, 2, 2))]
    assert receptive_field(layers) == ((7, 5), (2, 1), (-1, -2))
    assert receptive_field([Layer(3, padding=(0, 1, 2, 3))]) == ((3, 3), (1, 1), (0, -2))


def test_centre_padding_and_window():
    field = receptive_field([Layer(3, stride=2, padding=1), Layer(2, stride=2)])
    assert field == (5, 4, -1)
    assert (field.centre, field.padding, field.window(3)) == (1, 1, (11, 15))
    assert receptive_field([Layer(2)]).centre == Fraction(1, 2)
    pair = receptive_field([Layer((3, 2), padding=1)])
    assert (pair.centre, pair.padding) == ((0, Fraction(-1, 2)), (1, 1))
    assert pair.window((0, 4)) == ((-1, 3), (1, 4))


def test_transposed_by_hand():
    # Windows of 2, 2 apart: outputs 0 1 2 3 read inputs 0 0 1 1.
    up = Layer(2, stride=2, transposed=True)
    assert [pixels_read([up], unit) for unit in range(4)] == [(0,), (0,), (1,), (1,)]
    assert receptive_field([up]) == (1, Fraction(1, 2), Fraction(-1, 4))
    # A stride beyond the window leaves gaps, and the next layer may read nothing else.
    sparse = Layer(1, stride=3, padding=1, transposed=True)
    assert [pixels_read([sparse], unit) for unit in range(4)] == [(), (), (1,), ()]
    assert receptive_field([sparse, Layer(1, stride=3)]).size == 0
    # Down and up again is where it was, and half of the units see more than the others.
    both = [Layer(3, stride=2, padding=1), Layer(3, stride=2, padding=1, transposed=True)]
    assert receptive_field(both) == (5, 1, -2)
    assert [len(pixels_read(both, unit)) for unit in range(6)] == [3, 5, 3, 5, 3, 5]


def test_gridding():
    assert pixels_read([Layer(3, dilation=2)] * 3, 6) == (6, 8, 10, 12, 14, 16, 18)
    assert pixels_read([Layer(3, dilation=d) for d in (1, 2, 3)], 0) == tuple(range(13))


def test_a_size_cuts_off_what_is_not_there():
    layers = [Layer(3, padding=1), Layer(3, padding=1)]
    assert pixels_read(layers, 0) == (-2, -1, 0, 1, 2)
    assert pixels_read(layers, 0, size=5) == (0, 1, 2)
    assert pixels_read(layers, (0, 4), size=(5, 6)) == ((0, 1, 2), (2, 3, 4, 5))


# ------------------------------------------------------------------ oracle
@given(stacks(), st.integers(0, 2**16))
def test_pixels_read_are_those_with_a_gradient(layers, pick):
    size = 60
    try:
        count = size
        for layer in layers:
            count = layer.output_size(count)
    except ValueError:
        return
    unit = pick % count
    assert pixels_read(layers, unit, size=size) == reached(layers, unit, size)[0]


# ------------------------------------------------------------------ windows under transposed layers


@given(stacks(), st.integers(-100, 100))
def test_a_window_is_the_hull_of_what_a_unit_reads(layers, unit):
    pixels = pixels_read(layers, unit)
    want = (pixels[0], pixels[-1]) if pixels else (None, None)
    field = receptive_field(layers)
    assert field.window(unit) == want
    both = receptive_field([*layers, Layer((1, 1))])
    assert both.window((unit, 0))[0][0] == want[0] and both.window((unit, 0))[1][0] == want[1]
    assert both.window(unit) == ((want[0],) * 2, (want[1],) * 2)


def test_windows_by_hand():
    field = receptive_field([nn.ConvTranspose2d(1, 1, 4, 2, 1)])
    assert field.window(0) == ((-1, -1), (0, 0)) and field.window((1, 2)) == ((0, 0), (1, 1))
    assert receptive_field([Layer(1, stride=3, transposed=True)]).window(1) == (None, None)
    assert copy.deepcopy(field).window(0) == pickle.loads(pickle.dumps(field)).window(0) == ((-1, -1), (0, 0))
    assert ReceptiveField(3, 2, -1).window(4) == (7, 9)
    assert ReceptiveField((3, 5), 2, -1).window((4, 0)) == ((7, -1), (9, 3))
    assert receptive_field([Layer(3, stride=8)]).window(np.int8(100)) == (800, 802)
    with pytest.raises(ValueError, match=r"^ReceptiveField\.window: jump=1/2 and start=0 do not say what"):
        ReceptiveField(2, Fraction(1, 2), 0).window(0)
    with pytest.raises(TypeError, match=r"^ReceptiveField\.window: unit=1\.0 is a float"):
        field.window(1.0)


def test_cost_grows_with_the_layers_and_not_with_their_strides():
    """Rows of the table of units: what is worked on, where a clock would depend on the machine."""
    far = [Layer(3, stride=10**5, transposed=True)] * 2
    reads = receptive_field(far).reads[0]
    assert len(reads.units) == 9 and reads.period == 10**10
    nine = receptive_field([Layer(4, stride=4, transposed=True)] * 9)
    assert nine.size == 1 and nine.jump == Fraction(1, 4**9) and nine.window(4**9 - 1) == (0, 0)
    deep = receptive_field([Layer(3, stride=10)] * 30)
    assert deep.jump == 10**30 and deep.window(1)[0] == 10**30


# ------------------------------------------------------------------ a second definition
@given(stacks())
def test_the_field_is_the_hull_of_the_pixels(layers):
    field = receptive_field(layers)
    phases = range(81) if any(layer.transposed for layer in layers) else range(3)
    hulls = [pixels_read(layers, unit) for unit in phases]
    sizes = [pixels[-1] - pixels[0] + 1 for pixels in hulls if pixels]
    assert field.size == max(sizes, default=0)
    if not any(layer.transposed for layer in layers):
        for unit, pixels in enumerate(hulls):
            assert field.window(unit) == (pixels[0], pixels[-1])


@given(stacks())
def test_the_sum_over_layers(layers):
    """r = 1 + sum of (k - 1) d times the strides below: the closed form of Araujo et al."""
    layers = [Layer(x.kernel_size, x.stride, x.padding, x.dilation) for x in layers]
    size, jump, start = 1, 1, 0
    for depth, layer in enumerate(layers):
        below = 1
        for lower in layers[:depth]:
            below *= lower.stride
        size += (layer.kernel_size - 1) * layer.dilation * below
        start -= layer.padding * below
        jump *= layer.stride
    assert receptive_field(layers) == (size, jump, start)


# ------------------------------------------------------------------ laws
@given(stacks(), stacks())
def test_stacks_compose(lower, upper):
    """jumps multiply; for plain layers the sizes add up as if one layer stood on the other."""
    low, high, all_of_it = (receptive_field(s) for s in (lower, upper, lower + upper))
    assert all_of_it.jump == low.jump * high.jump
    assert all_of_it.centre == low.centre + low.jump * high.centre
    if not any(layer.transposed for layer in lower + upper):
        assert all_of_it.size == low.size + low.jump * (high.size - 1)


# ------------------------------------------------------------------ published
def test_alexnet_as_published():
    """The table of Araujo, Norris and Sim's receptive_field library, rows "alexnet_v2"."""
    pool = Layer(3, stride=2)
    conv = Layer(3, padding=1)
    net = [Layer(11, stride=4), pool, Layer(5, padding=2), pool, conv, conv, conv, pool]
    found = [receptive_field(net[: depth + 1]) for depth in range(len(net))]
    assert [field.size for field in found] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [field.jump for field in found] == [4, 8, 8, 16, 16, 16, 16, 32]
    assert [field.padding for field in found] == [0, 0, 16, 16, 32, 48, 64, 64]
