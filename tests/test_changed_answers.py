"""What changes SqueezeNet's answer: its measures by hand, and the stored numbers by the stored weights."""

import numpy as np
import pytest

from cnnlib import data, squeezenet
from cnnlib.explore import network_live
from cnnlib.explore.network_live import picture
from tests.test_experiments import load

changed = load("changed_answers")


@pytest.fixture(scope="module")
def stored():
    return data.stored_result("changed_answers")


@pytest.fixture(scope="module")
def cow():
    return picture.square(data.photograph("cow"))


def test_a_row_counts_what_is_kept():
    first = np.array([[0.6, 0.4], [0.9, 0.1], [0.45, 0.55], [0.52, 0.48]])
    found = np.array([[0.7, 0.3], [0.3, 0.7], [0.45, 0.55], [0.5, 0.5]])
    assert changed.row("case", first, found) == {"name": "case", "kept": 3, "kept_sure": 3, "change": -0.13}


def test_a_blind_half_is_one_that_is_taken_out(cow):
    weights = network_live.weights(3)
    for name, start in (("1x1", 0), ("3x3", 128)):
        removed = changed.probabilities(cow, weights, ("fire5", start, start + 128))[0]
        blind = changed.probabilities(cow, changed.blind(weights, "fire5", range(start, start + 128)))[0]
        np.testing.assert_allclose(blind, removed, atol=1e-5, err_msg=name)
        assert np.abs(removed - changed.probabilities(cow, weights)[0]).max() > 0.01


def test_the_stored_covers_and_shifts_of_the_cow(stored, cow):
    weights, names = network_live.weights(3), data.imagenet_classes()
    p = changed.probabilities(cow, weights)[0]
    found = stored["animals"]["cow"]
    assert found["covers"]["class"] == names[int(p.argmax())] == "English springer"
    for fill, one in found["covers"]["fills"].items():
        row, column, left, answer = one["least"]
        image = changed.altered(cow, cover=(row, column), cover_size=changed.COVER, cover_fill=fill)
        now = changed.probabilities(image, weights)[0]
        assert now[p.argmax()] == pytest.approx(left, abs=2e-3) and names[int(now.argmax())] == answer
        assert one["least"][2] <= one["median"] <= one["most"][2] and 0 <= one["kept"] <= one["places"] == 49
    low, high = found["shifts"]["range"]
    for shift in ((0, 0), (1, 0), (0, -7)):
        share = changed.probabilities(changed.altered(cow, shift=shift), weights)[0][p.argmax()]
        assert low - 1e-3 <= share <= high + 1e-3


def test_the_rows_are_of_all_photographs_and_modules(stored):
    assert stored["images"] == len(data.photograph_names()) and 0 < stored["sure"] < stored["images"]
    assert [row["name"] for row in stored["changes"]] == list(changed.CHANGES)
    assert [row["name"].partition(" ")[0] for row in stored["halves"][::3]] == list(squeezenet.STAGES[1:-1])
    assert list(stored["animals"]) == list(changed.ANIMALS)
    for row in (*stored["changes"], *stored["halves"], *stored["ranks"]):
        assert 0 <= row["kept_sure"] <= min(row["kept"], stored["sure"])
