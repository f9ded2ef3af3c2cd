"""Composed points against a walk in loops, and the measures against pencil and loops."""

import itertools

import numpy as np
import pytest

from cnnlib import sheep
from cnnlib.sheep.points import TAPS


def walk(position, offsets, magnitudes):
    """The points of one position one by one, with offsets that a formula gives at each position."""
    found = []
    for taps in itertools.product(range(9), repeat=len(offsets)):
        row, column, weight = *position, 1.0
        for tap, field, magnitude in zip(taps, offsets[::-1], magnitudes[::-1], strict=True):
            down, right = field(2 * tap, row, column), field(2 * tap + 1, row, column)
            row, column = row + 2 * (tap // 3 - 1) + down, column + 2 * (tap % 3 - 1) + right
            weight *= magnitude[tap]
        found.append((row, column, weight))
    return np.array(found)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_composed_points_are_those_of_a_walk(layers):
    rng = np.random.default_rng(layers)
    slopes = rng.normal(0, 0.02, (layers, 18, 3))
    fields = [lambda c, row, column, s=s: s[c] @ (10, row, column) for s in slopes]
    rows, columns = np.indices((40, 50))
    arrays = [
        np.stack([field(c, *np.zeros(2)) + s[c, 1] * rows + s[c, 2] * columns for c in range(18)])
        for field, s in zip(fields, slopes, strict=True)
    ]
    magnitudes = rng.dirichlet(np.ones(9), layers)
    points, weights = sheep.composed_points([[20, 24], [19.5, 23.25]], arrays, magnitudes)
    for position, cloud in zip(([20, 24], [19.5, 23.25]), points, strict=True):
        expected = walk(position, fields, magnitudes)
        np.testing.assert_allclose(cloud, expected[:, :2], atol=1e-9)
        np.testing.assert_allclose(weights, expected[:, 2], rtol=1e-12)
    assert weights.sum() == pytest.approx(1)


def test_beyond_the_border_the_offsets_of_the_border_hold():
    field = np.zeros((18, 5, 5))
    field[0, 0], field[1, :, -1] = 0.5, 0.25
    points, _ = sheep.composed_points([[-3, 9]], [field], np.full((1, 9), 1 / 9))
    assert points[0, 0].tolist() == [-3 - 2 + 0.5, 9 - 2 + 0.25]


def test_constant_offsets_may_be_given_without_a_map():
    moves = np.random.default_rng(3).normal(size=(2, 18))
    magnitudes = np.full((2, 9), 1 / 9)
    everywhere = [np.broadcast_to(m[:, None, None], (18, 6, 7)) for m in moves]
    short, long = (sheep.composed_points([[2, 3]], given, magnitudes)[0] for given in (moves, everywhere))
    np.testing.assert_allclose(short, long, atol=1e-12)


def test_a_share_is_counted_as_in_a_loop():
    rng = np.random.default_rng(8)
    mask, weights = rng.random((7, 9)) < 0.5, rng.random(30)
    points = rng.uniform(-2, 10, (4, 30, 2))
    for cloud, share in zip(points, sheep.share_on_object(points, weights, mask), strict=True):
        on = 0
        for (row, column), weight in zip(cloud, weights, strict=True):
            near = [(abs(row - r) + abs(column - c), r, c) for r in range(-3, 12) for c in range(-3, 12)]
            _, r, c = min(near)
            on += weight * (0 <= r < 7 and 0 <= c < 9 and mask[r, c])
        assert share == pytest.approx(on / weights.sum(), abs=1e-12)


def test_a_share_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"share_on_object: points \(9, 3\)"):
        sheep.share_on_object(np.zeros((9, 3)), np.ones(9), np.ones((2, 2), bool))
    with pytest.raises(ValueError, match=r"weights \(8,\)"):
        sheep.share_on_object(np.zeros((9, 2)), np.ones(8), np.ones((2, 2), bool))
    with pytest.raises(TypeError, match="share_on_object: mask holds float64; use bool"):
        sheep.share_on_object(np.zeros((9, 2)), np.ones(9), np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"share_on_object: weights=.* have no proportions"):
        sheep.share_on_object(np.zeros((9, 2)), np.zeros(9), np.ones((2, 2), bool))


def test_effective_dilation_counts_only_direct_neighbours():
    moved = 2.0 * TAPS
    moved[0] += [-1, 0]  # the corner goes up by one cell: its right neighbour is now sqrt(5) away, its lower 3
    assert sheep.effective_dilation(moved) == pytest.approx((10 * 2 + 3 + np.sqrt(5)) / 12)


def test_spread_along_and_across_make_up_the_whole():
    points = np.random.default_rng(1).normal(size=(5, 9, 2)) * [1, 3]
    whole, down, right = (
        sheep.spread(points),
        sheep.spread(points, direction=[1, 0]),
        sheep.spread(points, direction=[0, 1]),
    )
    np.testing.assert_allclose(whole**2, down**2 + right**2)
    assert (right > down).all()
    np.testing.assert_allclose(sheep.spread(points + 7), whole)


def test_irregularity_is_zero_for_every_parallelogram_and_large_for_noise():
    rng = np.random.default_rng(2)
    assert sheep.irregularity(TAPS @ rng.normal(size=(2, 2)) + 5) < 1e-9
    assert sheep.irregularity(rng.normal(size=(200, 9, 2))).mean() > 0.6


@pytest.mark.parametrize("degrees", [0, 30, 75, 120])
def test_the_structure_tensor_finds_the_direction_of_stripes(degrees):
    along = np.array([np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))])  # (row, column)
    rows, columns = np.indices((60, 60))
    stripes = np.sin(0.7 * (along[1] * rows - along[0] * columns))
    found = sheep.structure(stripes)
    middle = (slice(25, 35), slice(25, 35))
    assert np.abs(found.along[middle] @ along).min() > 0.999
    assert found.coherence[middle].min() > 0.99
    noise = sheep.structure(np.random.default_rng(0).normal(size=(60, 60)))
    assert noise.coherence[middle].mean() < 0.3
