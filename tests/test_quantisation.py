"""Weights in a few bits: by hand, against all other roundings, and what 8 bits change in SqueezeNet's answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import data, quantisation, squeezenet
from experiments import squeezenet_int8 as experiment
from tests.properties import share


def test_by_hand():
    levels, factors = quantisation.quantise(np.array([[3.0, -1.4, 0.0], [0.0, 0.0, 0.0], [-0.7, 0.6, 0.1]]), 3)
    assert levels.tolist() == [[3, -1, 0], [0, 0, 0], [-3, 3, 0]] and levels.dtype == np.int8
    np.testing.assert_allclose(factors, [1, 1, 0.7 / 3], rtol=1e-6)
    assert quantisation.dequantise([[1, -2]], [0.25]).tolist() == [[0.25, -0.5]]


@share(1 / 5)
@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_no_other_whole_number_is_nearer(bits, seed):
    weight = np.random.default_rng(seed).normal(size=(4, 3, 2, 2)) * 10.0 ** np.arange(-2, 2)[:, None, None, None]
    levels, factors = quantisation.quantise(weight, bits)
    every = np.arange(-(2 ** (bits - 1)) + 1, 2 ** (bits - 1)) * factors[:, None].astype(float)
    nearest = np.abs(weight.reshape(4, -1, 1) - every[:, None]).min(axis=-1)
    off = np.abs(weight - quantisation.dequantise(levels, factors)).reshape(4, -1)
    np.testing.assert_allclose(off, nearest, atol=1e-6 * np.abs(weight).max())
    mirrored, same = quantisation.quantise(-weight, bits)
    assert (mirrored == -levels).all() and (same == factors).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: quantisation.quantise(np.ones((2, 2)), 9), ValueError, "bits=9 do not fit into int8; use 2 to 8"),
        (lambda: quantisation.quantise(np.ones((2, 2)), 1), ValueError, "bits=1"),
        (lambda: quantisation.quantise(np.ones(2)), ValueError, r"weight of shape \(2,\)"),
        (lambda: quantisation.quantise([[np.nan, 1]]), ValueError, "weight"),
        (lambda: quantisation.dequantise([[1, 2]], [1, 2]), ValueError, r"factors of shape \(2,\) for levels"),
    ],
)
def test_what_it_does_not_take(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_stored_weights_are_the_rounded_ones():
    weights, stored = data.squeezenet_weights(), data.squeezenet_int8()
    made = experiment.stored(weights, experiment.rounded(weights, 8))
    assert list(made) == [f"{name}/{part}" for name in stored for part in data.Quantised._fields]
    for name, layer in stored.items():
        for part, array in zip(data.Quantised._fields, layer, strict=True):
            np.testing.assert_array_equal(array, made[f"{name}/{part}"], strict=True)
    assert sum(layer.levels.nbytes for layer in stored.values()) == 1_231_552


def test_what_8_bits_change():
    """The first class stays on every photograph; fewer bits, or one factor a layer, lose some."""
    found = data.stored_result("squeezenet_int8")
    assert list(found["photographs"]) == data.photograph_names() and found["images"] == 70
    eight, *fewer, layer, shown = found["rows"]
    assert shown["kept"] == 70 and shown["mean_change"] < 0.02
    assert eight["kept"] == 70 and eight["mean_change"] < 0.02
    kept = [row["kept"] for row in (eight, *fewer)]
    assert kept == sorted(kept, reverse=True) and kept[2] < 65 and layer["kept"] < 70
    same = sum(one["exact"][0][0] == one["rounded"][0][0] for one in found["photographs"].values())
    assert same == eight["kept"]


@pytest.mark.parametrize("name", ["cow", "giraffe", "cat"])
def test_the_stored_answers_are_those_of_the_stored_weights(name):
    image = squeezenet.centre_square(data.photograph(name)).transpose(2, 0, 1)
    stored = data.stored_result("squeezenet_int8")["photographs"][name]
    levels = np.round(255 * image) / 255
    exact, rounded = data.squeezenet_weights(), squeezenet.int8_weights()
    for which, square, weights in (("exact", image, exact), ("rounded", image, rounded), ("shown", levels, rounded)):
        p = experiment.probabilities([square], weights)[0]
        numbers, shares = zip(*stored[which], strict=True)
        assert len(numbers) == 5 and p.argmax() == numbers[0]
        np.testing.assert_allclose(p[list(numbers)], shares, atol=2e-4)
