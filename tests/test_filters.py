"""cnnlib.filters: the banks, and what is measured on a filter."""

import numpy as np
import pytest
import torch

from cnnlib import data, filters

BANKS = {name: filters.bank(name) for name in filters.NAMES}


def wave(side, direction, frequency):
    """A grey wave under a bell whose brightness varies in `direction` degrees, 0 to the right, 90 downwards."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    angle = np.radians(direction)
    bell = np.exp(-(x**2 + y**2) / (2 * (side / 5) ** 2))
    return np.tile(bell * np.sin(2 * np.pi * frequency * (x * np.cos(angle) + y * np.sin(angle))), (1, 3, 1, 1))


# By hand -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("direction", "bars"), [(0, 90), (90, 0), (45, 45), (135, 135), (30, 60), (120, 150)])
def test_orientation_is_that_of_the_bars(direction, bars):
    """Brightness that varies to the right makes upright bars; to the lower right, bars that rise to the right."""
    measured = filters.features(wave(11, direction, 0.25))
    away = (measured.orientation[0] - bars + 90) % 180 - 90
    assert abs(away) < 1.5
    assert measured.oriented[0] > 0.5
    assert measured.frequency[0] == pytest.approx(0.25, abs=1 / 32)


def test_grey_is_no_colour_and_opponent_colours_are_all_colour():
    one = np.arange(9.0).reshape(3, 3) - 3
    grey, opponent, red = np.stack([one] * 3), np.stack([one, -one, 0 * one]), np.stack([one, 0 * one, 0 * one])
    measured = filters.features(np.stack([grey, opponent, red, 0 * grey]))
    np.testing.assert_allclose(measured.colour, [0, 1, 2 / 3, 0], atol=1e-12)
    np.testing.assert_allclose(measured.energy, [3 * (one**2).sum(), 2 * (one**2).sum(), (one**2).sum(), 0])


def test_a_spot_has_no_direction():
    y, x = np.mgrid[:11, :11] - 5.0
    measured = filters.features(np.tile(np.exp(-(x**2 + y**2) / 4), (1, 3, 1, 1)))
    assert measured.oriented[0] < 1e-6 and measured.frequency[0] == 0


def test_sparseness_by_hand_and_of_known_distributions():
    assert filters.sparseness([2, -2, 2, 2]) == 0
    assert filters.sparseness([0, 0, 0, 0]) == 0
    rng = np.random.default_rng(0)
    assert filters.sparseness(rng.normal(size=200_000)) == pytest.approx(1 - 2 / np.pi, abs=0.01)
    assert filters.sparseness(rng.laplace(size=200_000)) == pytest.approx(0.5, abs=0.01)


# A second definition -------------------------------------------------------------------------------------------------


def test_power_is_the_sum_over_waves_written_out():
    weights = np.random.default_rng(1).normal(size=(1, 3, 5, 4))
    found = filters.power(weights)[0]
    for v, u in ((0, 0), (3, 7), (31, 1), (16, 16)):
        waves = np.exp(-2j * np.pi * (v * np.arange(5)[:, None] + u * np.arange(4)) / 32)
        assert found[v, u] == pytest.approx(sum(abs((channel * waves).sum()) ** 2 for channel in weights[0]))


def test_power_keeps_the_energy():
    """Parseval: the mean power is the sum of the squared weights."""
    weights = BANKS["learned"][:5]
    np.testing.assert_allclose(filters.power(weights).mean(axis=(1, 2)), filters.features(weights).energy)


# The banks -----------------------------------------------------------------------------------------------------------


def test_shapes_and_eight_bits():
    shapes = {name: bank.shape for name, bank in BANKS.items()}
    own = dict.fromkeys(("learned", "second", "third", "unlearned", "scrambled", "random"), (96, 3, 11, 11))
    assert shapes == {**own, "squeezenet": (64, 3, 3, 3), "face": (32, 3, 7, 7)}
    for name in filters.NAMES:
        whole, factors = filters.levels(name)
        assert whole.dtype == np.int8 and np.abs(whole.astype(int)).max() == 127 and (factors > 0).all()


def test_squeezenets_filters_answer_as_in_the_network():
    """The bank on red, green, blue from 0 to 1 is the layer on blue, green, red from 0 to 255, to 8 bits."""
    patch = np.random.default_rng(2).random((3, 3, 3))
    weights = torch.from_numpy(data.squeezenet_weights()["conv1/w"]).double()
    theirs = torch.nn.functional.conv2d(torch.from_numpy(255 * patch[::-1].copy())[None], weights).flatten().numpy()
    ours = (BANKS["squeezenet"] * patch).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(ours, theirs, atol=0.01 * np.abs(theirs).max())
    assert np.abs(ours - theirs).max() < 0.2 * np.abs((BANKS["squeezenet"] * patch[::-1]).sum((1, 2, 3)) - theirs).max()


def test_every_bank_is_its_own():
    for name, other in (("learned", "second"), ("learned", "unlearned"), ("second", "random")):
        assert np.abs(BANKS[name] - BANKS[other]).max() > 0.1


def test_match_finds_a_permutation_whatever_the_signs():
    rng = np.random.default_rng(3)
    bank, order = BANKS["learned"], rng.permutation(96)
    signs = rng.choice([-1, 1], (96, 1, 1, 1))
    assert np.array_equal(order[filters.match(bank, (signs * bank)[order])], np.arange(96))
    partner = filters.match(bank, BANKS["second"])
    assert sorted(partner) == list(range(96))


def test_the_best_pair_is_matched_first():
    alike = filters.similarity(BANKS["learned"], BANKS["second"])
    row, column = np.unravel_index(alike.argmax(), alike.shape)
    assert filters.match(BANKS["learned"], BANKS["second"])[row] == column


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: filters.bank("learnt"), ValueError, r"bank: name='learnt' is unknown; did you mean 'learned'"),
        (lambda: filters.bank(3), TypeError, r"bank: name=3 is an int"),
        (lambda: filters.features(np.zeros((3, 5, 5))), ValueError, r"shape \(3, 5, 5\).*write weights\[None\]"),
        (lambda: filters.power(np.zeros((1, 3, 33, 5))), ValueError, r"at most 32 a side"),
        (
            lambda: filters.similarity(BANKS["learned"], BANKS["face"]),
            ValueError,
            r"filters of 363 and of 147 weights; use banks of the same window",
        ),
        (
            lambda: filters.match(BANKS["learned"], BANKS["learned"][:9]),
            ValueError,
            r"match: 96 filters, but only 9 partners; exchange the banks",
        ),
    ],
)
def test_errors_say_what_would_work(call, error, message):
    with pytest.raises(error, match=message):
        call()
