"""What chapter 16's stored experiment rests on, checked without running it again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from cnnlib import data, squeezenet

PATH = Path(__file__).resolve().parent.parent / "experiments/whole_network.py"
spec = importlib.util.spec_from_file_location("whole_network", PATH)
whole = importlib.util.module_from_spec(spec)
spec.loader.exec_module(whole)
STORED = data.stored_result("whole_network")


@pytest.fixture(scope="module")
def network():
    return whole.Network()


def probabilities(image):
    scores = squeezenet.scores(image.transpose(2, 0, 1)[None])[0].astype(float)
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def test_the_mean_of_a_map_in_a_square_is_that_of_its_pixels():
    rng = np.random.default_rng(0)
    values = rng.random((14, 14))
    found = whole.squares(values)
    middles = (2 * np.arange(whole.SIDE) + 1) * 14 // (2 * whole.SIDE)
    pixels = values[np.ix_(middles, middles)]
    assert found.shape == (whole.GRID, whole.GRID)
    for i, j in ((0, 0), (3, 7), (11, 11)):
        r, c = whole.CORNERS[i], whole.CORNERS[j]
        near = pixels[r : r + whole.COVER, c : c + whole.COVER].mean()
        assert found[i, j] == pytest.approx(near, abs=0.02)  # border pixels belong to two cells


def test_agreement_is_spearmans():
    rng = np.random.default_rng(1)
    one, other = rng.random((2, 12, 12))
    other += one
    assert whole.agreement(one, other) == pytest.approx(stats.spearmanr(one.ravel(), other.ravel()).statistic)


def test_the_blurred_cover_keeps_colours_and_loses_shapes():
    flat = np.broadcast_to([0.2, 0.5, 0.8], (whole.SIDE, whole.SIDE, 3))
    np.testing.assert_allclose(whole.blurred(flat), flat)
    stripes = np.zeros((whole.SIDE, whole.SIDE, 3))
    stripes[:, ::2] = 1
    assert np.ptp(whole.blurred(stripes)) < 0.03


@pytest.mark.parametrize("animal", ["cow", "narwhal"])
def test_stored_answers_are_those_of_the_library(animal):
    p = probabilities(squeezenet.centre_square(data.photograph(animal)))
    stored = STORED["answers"][animal]
    assert p.argsort()[::-1][:5].tolist() == stored["classes"]
    np.testing.assert_allclose(p[stored["classes"]], stored["probabilities"], atol=2e-4)


def test_a_stored_fall_is_measured_again():
    image = squeezenet.centre_square(data.photograph("cow"))
    fall = np.array(STORED["covered"]["cow"]["fall"])
    best = STORED["answers"]["cow"]["classes"][0]
    i, j = np.unravel_index(fall.argmax(), fall.shape)
    covered = image.copy()
    r, c = whole.CORNERS[i], whole.CORNERS[j]
    covered[r : r + whole.COVER, c : c + whole.COVER] = np.array(squeezenet.MEANS[::-1]) / 255
    expected = np.log(probabilities(image)[best] / probabilities(covered)[best])
    assert fall[i, j] == pytest.approx(expected, abs=2e-3)


def test_a_stored_background_is_measured_again(network):
    share = squeezenet.centre_square(data.sheep_mask().astype(float))[..., None]
    sheep = squeezenet.centre_square(data.photograph("sheep"))
    other = squeezenet.centre_square(data.photograph("petra"))
    rams = probabilities(share * sheep + (1 - share) * other)[STORED["near"]["sheep"]].sum()
    assert STORED["backgrounds"]["photographs"]["petra"][0] == pytest.approx(rams, abs=2e-4)
    assert network.probabilities(sheep[None])[0, 348] == pytest.approx(probabilities(sheep)[348], abs=2e-4)


def test_every_animal_is_in_one_group():
    groups = [set(STORED["own"]), set(STORED["near"]), set(STORED["none"])]
    assert sum(map(len, groups)) == len(set.union(*groups)) == len(STORED["answers"]) == 27
