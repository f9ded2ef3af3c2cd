"""The small detector of discs in chapter 15: how its points are counted, and what its stored runs say."""

import numpy as np
import pytest

from cnnlib import data
from tests.test_experiments import load

discs = load("sheep_discs")


@pytest.fixture(scope="module")
def names():
    return discs.chapter()


def rows(steps=None):
    stored = data.stored_result("sheep_discs")
    return [row for row in stored["rows"] if steps in (None, row["steps"])]


# ------------------------------------------------------------------ parts
def test_the_rim_by_hand():
    points = np.array([[(0, 3), (0, 1), (0, 4.5)], [(-2, 0), (0, -3.5), (3, 4)]])
    assert discs.near_rim(points, np.array([3.0, 4]), np.array([1.0, 1, 2])) == pytest.approx((1 / 4 + 3 / 4) / 2)


def test_points_that_were_put_on_the_rim_are_found_there(names):
    rng = np.random.default_rng(99)
    radius, centre = rng.uniform(2.5, 9, 60), rng.uniform(7, 16, (60, 2))
    rim = centre + radius[:, None] * (0.6, -0.8)
    _, _, reach, again = names["discs"](np.random.default_rng(99), 60)
    assert (radius == again).all()
    grid = np.moveaxis(np.indices((24, 24)), 0, -1)[:, :, None] + names["taps"]  # rows, columns, taps, 2
    offsets = np.moveaxis((rim[:, None, None, None] - grid).reshape(60, 24, 24, 18), -1, 1)

    def detector(_, images):
        return np.concatenate([np.zeros_like(images), reach + 0.5], axis=1), (None, None, None, offsets, None)

    found, off = discs.rims(names | {"detector": detector}, {"bent": [np.ones((8, 8, 3, 3))]})
    assert found["learned"] == pytest.approx(1) and max(found["rigid"], found["shuffled"]) < 0.5
    assert off == pytest.approx(0.5 * discs.REACH)


def test_the_first_stored_run_is_the_one_on_the_page(names):
    first = rows()[0]
    assert (first["seed"], first["steps"]) == (0, 150)
    assert first["dilation"] == pytest.approx([row["dilation"] for row in names["found"]], abs=0.01)
    for stored, shown in zip(first["by_radius"], names["found"], strict=True):
        assert stored == pytest.approx(shown["share"], abs=0.003)


# ------------------------------------------------------------------ what the stored runs say
def test_each_length_was_run_from_the_same_seeds():
    for steps in discs.STEPS:
        assert [row["seed"] for row in rows(steps)] == list(range(5))


def test_the_dilation_follows_the_radius_and_the_points_do_not_gather_on_the_disc():
    assert all(row["dilation"] == sorted(row["dilation"]) and row["dilation"][0] > 2 for row in rows())
    assert all(row["share"]["learned"] < row["share"]["rigid"] for row in rows())


def test_the_points_follow_the_rim_in_every_run_and_the_inside_with_some_seeds_only():
    def better(share):
        return share["learned"] > max(share["constant"], share["shuffled"])

    assert all(better(row["near_rim"]) and better(row["by_radius"][0]) for row in rows())
    for steps in discs.STEPS:
        assert sum(better(row["share"]) for row in rows(steps)) == 2
        assert sum(row["near_rim"]["learned"] > row["near_rim"]["rigid"] for row in rows(steps)) == 2
