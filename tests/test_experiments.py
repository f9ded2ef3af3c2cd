"""The long experiments: what their stored results rest on, checked without running them again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data, filters
from cnnlib.squeezenet import centre_square

FOLDER = Path(__file__).resolve().parent.parent / "experiments"


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


depth = load("redundancy_with_depth")


# Redundancy with depth -----------------------------------------------------------------------------------------------


def test_neighbour_correlation_by_hand_and_of_noise():
    ramp = torch.arange(5.0).repeat(1, 5, 1)
    assert depth.neighbour_correlation(ramp) == pytest.approx(1.0)
    noise = torch.randn(4, 200, 200, generator=torch.Generator().manual_seed(0))
    assert abs(depth.neighbour_correlation(noise)) < 0.01
    lines = noise[:, :1].expand(4, 200, 200)  # the same in every row: down 1, across 0
    assert depth.neighbour_correlation(lines) == pytest.approx(0.5, abs=0.05)


def test_squeezenet_is_right_about_the_sheep_only_when_wired_rightly():
    weights = {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}
    with torch.inference_mode():
        *_, (stage, jump, maps) = depth.stages(centre_square(data.photograph("sheep")), weights)
        scores = torch.einsum("oc,chw->ohw", weights["conv10/w"][:, :, 0, 0], maps) + weights["conv10/b"][:, None, None]
        named = scores.relu().mean(dim=(1, 2)).argmax().item()
    assert maps.shape == (512, 14, 14)  # the poolings round up: 113 -> 56 -> 28 -> 14
    assert (stage, jump, named) == ("fire9", 16, 348)  # ImageNet class 348: ram


def test_a_summary_of_correlations_by_hand():
    row = {"pixels": [0.8, 0.6], "trained": [0.5, 0.3], "shuffled 0": [0.2, 0.4], "shuffled 1": [0.5, 0.5]}
    assert depth.summary(row) == {
        "pixels": 0.7,
        "trained": 0.4,
        "shuffled": 0.4,
        "trained_range": [0.31, 0.49],
        "shuffled_range": [0.3, 0.5],
    }
    assert depth.summary({"pixels": [0.8, 0.6]}) == {"pixels": 0.7}


def test_stored_depths_agree_with_one_photograph_in_kind():
    stored = data.stored_result("redundancy_with_depth")
    assert stored["shuffles"] == depth.SHUFFLES
    assert stored["photographs"] == len(data.photograph_names())
    assert [stage["jump"] for stage in stored["stages"]] == [1, 2, 4, 4, 8, 8, 16, 16, 16, 16]
    first, *later = stored["stages"][1:]
    assert first["trained"] < first["shuffled_range"][0] - 0.2  # the first layer's fall is learned, the later ones' not
    assert all(low <= stage["trained"] <= high for stage in later for low, high in [stage["shuffled_range"]])
    grey = torch.from_numpy(centre_square(data.photograph("sheep")).mean(axis=2)[None])
    assert 0.8 < depth.neighbour_correlation(grey) < 1 and 0.8 < stored["stages"][0]["pixels"] < 1


# Learned filters -----------------------------------------------------------------------------------------------------

learning, gabors = load("learn_filters"), load("gabor_fits")


def test_patches_are_windows_of_photographs(monkeypatch):
    monkeypatch.setattr(data, "photograph_names", lambda: ["cat", "owl", "pig"])
    found = learning.patches(20, seed=5)
    assert found.shape == (20, 3, 11, 11) and found.dtype == np.float32
    again = learning.patches(20, seed=5)
    assert np.array_equal(found, again) and not np.array_equal(found, learning.patches(20, seed=6))
    windows = [
        np.lib.stride_tricks.sliding_window_view(data.photograph("cat", side=side), (11, 11), axis=(0, 1))
        for side in learning.SCALES
    ]
    assert any((w == found[0]).all(axis=(-3, -2, -1)).any() for w in windows)


def test_whitening_leaves_no_correlation_and_keeps_most_of_the_variance(monkeypatch):
    monkeypatch.setattr(data, "photograph_names", lambda: ["hedgehog", "sheep"])
    vectors = learning.patches(3000, seed=1).reshape(3000, -1)
    mean, matrix, kept = learning.whiten(vectors, 20)
    white = matrix @ (vectors - mean).T
    np.testing.assert_allclose(white @ white.T / 3000, np.eye(20), atol=1e-3)
    assert 0.8 < kept < 1


def test_independent_components_of_a_known_mixture_are_found():
    rng = np.random.default_rng(0)
    sources = rng.laplace(size=(4, 20_000))
    sources /= sources.std(axis=1, keepdims=True)
    mixing = learning.rotation(rng.normal(size=(4, 4)))
    turn = learning.fast_ica((mixing @ sources).astype(np.float32), learning.rotation(rng.normal(size=(4, 4))), 200)
    np.testing.assert_allclose(turn @ turn.T, np.eye(4), atol=1e-8)
    np.testing.assert_allclose(np.sort(np.abs(turn @ mixing), axis=1)[:, -1], 1, atol=0.01)  # one source each
    assert len(set(np.abs(turn @ mixing).argmax(axis=1))) == 4


def test_scrambling_keeps_every_amplitude_and_the_means_and_loses_the_picture():
    image = data.photograph("cat", side=64)
    found = learning.scramble(image, np.random.default_rng(0))
    assert found.shape == image.shape and np.isrealobj(found)
    np.testing.assert_allclose(found.mean(axis=(0, 1)), image.mean(axis=(0, 1)), atol=1e-5)
    before, after = (np.fft.fft2(picture, axes=(0, 1)) for picture in (image, found))
    np.testing.assert_allclose(np.abs(after), np.abs(before), atol=1e-3 * np.abs(before).max())
    turned = np.angle(after[3, 5] / before[3, 5])  # one phase for all colours: their relations stay
    assert np.ptp(turned) < 1e-3 and np.abs(turned[0]) > 0.01
    assert np.corrcoef(image.ravel(), found.ravel())[0, 1] < 0.6


def test_eight_bits_are_near_enough():
    weights = np.random.default_rng(2).normal(size=(5, 3, 4, 4)) * np.array([1, 10, 0.1, 3, 5])[:, None, None, None]
    levels, factors = learning.eight_bits(weights)
    assert levels.dtype == np.int8
    largest = np.abs(weights).max(axis=(1, 2, 3), keepdims=True)
    assert (np.abs(levels * factors[:, None, None, None] - weights) <= 0.51 / 127 * largest).all()


def test_stored_filters_are_sparser_on_patches_that_they_have_not_seen():
    vectors = learning.patches(7000, seed=77).reshape(7000, -1)
    vectors = vectors - vectors.mean(axis=0)
    before, *after = (
        learning.sparseness(filters.bank(name).reshape(96, -1) @ vectors.T).mean()
        for name in ("unlearned", "learned", "second", "third")
    )
    stored = data.stored_result("learn_filters")
    runs = stored["runs"]
    assert before == pytest.approx(runs[0]["sparseness_before"], abs=0.02)
    for found, run in zip(after, runs, strict=True):
        assert found == pytest.approx(run["sparseness_after"], abs=0.02) and found > before + 0.1
    for run in [*runs, stored["scrambled"]]:  # it had finished: as many steps again give no more
        assert run["twice_as_long"]["sparseness"] == pytest.approx(run["sparseness_after"], abs=0.005)
    variances = (filters.bank("learned").reshape(96, -1) @ vectors.T).var(axis=1)
    assert variances.mean() == pytest.approx(1, abs=0.1)  # scaled so that outputs have variance 1


def test_a_gabor_function_is_fitted_to_the_last_digit_and_noise_is_not():
    parameters = np.array([4.3, 6.1, 0.6, 0.9, 0.7, 0.21])
    wave = (gabors.waves(parameters, 11) @ [1.0, -0.4]).reshape(11, 11)
    found, explained = gabors.fit(wave)
    assert explained > 0.9999
    assert found[:2] == pytest.approx(parameters[:2], abs=0.05) and found[5] == pytest.approx(0.21, abs=0.01)
    assert gabors.fit(np.random.default_rng(3).normal(size=(11, 11)))[1] < 0.5


def test_stored_gabor_fits_are_of_the_stored_filters():
    stored = data.stored_result("gabor_fits")
    assert tuple(stored) == gabors.BANKS
    for name, fit in stored.items():
        bank = gabors.bank(name)
        assert len(bank) == len(fit["explained"]) == len(fit["parameters"]) == len(fit["twice_as_long"])
        for number in (0, 13, 31):
            shape, share = gabors.pattern(bank[number] / np.linalg.norm(bank[number]))
            rest = shape - gabors.fitted(np.array(fit["parameters"][number]), shape)
            assert 1 - (rest**2).sum() / (shape**2).sum() == pytest.approx(fit["explained"][number], abs=0.01)
            assert share == pytest.approx(fit["one_colour"][number], abs=1e-3)


def test_twice_as_many_steps_change_no_count_of_gabor_functions():
    for name, fit in data.stored_result("gabor_fits").items():
        once, twice = ((np.array(fit[key]) >= 0.8).sum() for key in ("explained", "twice_as_long"))
        assert abs(int(once) - int(twice)) <= 1, name
        assert np.median(fit["twice_as_long"]) == pytest.approx(np.median(fit["explained"]), abs=0.01), name


# Climbs and adversarial changes --------------------------------------------------------------------------------------

climbs, adversarial = load("climbs"), load("adversarial_changes")


@pytest.fixture(scope="module")
def squeezenet():
    from cnnlib.layers import SqueezeNet

    return SqueezeNet()


def test_a_climb_climbs_stays_a_picture_and_begins_as_often_as_seeds_say(squeezenet):
    begin = climbs.starts((0, 1))
    assert begin.shape == (2, 3, 79, 79) and not torch.equal(begin[0], begin[1])
    torch.testing.assert_close(begin, climbs.starts((0, 1)))
    found = climbs.climb(squeezenet, 130, begin, steps=3)
    before, after = (climbs.middle(squeezenet(x, climbs.STAGE))[:, 130] for x in (begin, found))
    assert (after > before).all() and found.min() >= 0 and found.max() <= 1
    assert (found - begin).abs().amax().item() <= 3 * climbs.LEVELS / 255 + 1e-6


def test_cosines_are_compared_between_different_starts_only():
    """Two units and three starts: 6 pairs of the same unit, and 6 of different ones."""
    vectors = torch.eye(6)
    vectors[1] = vectors[0]  # the same unit, starts 0 and 1: one pair of three has the cosine 1
    vectors[5] = vectors[2]  # another unit from the same start: such a pair does not count
    found = climbs.compare(vectors, vectors, torch.tensor([3, 8]))
    assert found["pixels"]["same"] == [0, 0, 0, pytest.approx(0.75), 1]
    assert found["pixels"]["other"] == [0] * 5 and found == {"pixels": found["pixels"], "network": found["pixels"]}


def test_stored_climbs_are_alike_to_the_network_and_not_in_their_pixels(squeezenet):
    stored = data.stored_result("climbs")
    assert tuple(stored["units"]) == climbs.UNITS and stored["starts"] == len(climbs.SEEDS)
    for steps in stored["steps"].values():
        assert steps["network"]["same"][1] > steps["network"]["other"][3]  # nine of ten pairs stand apart
        assert steps["pixels"]["same"][2] < 0.1
    fresh = climbs.climb(squeezenet, 130, climbs.starts(climbs.SEEDS[:1]))
    response = climbs.middle(squeezenet(fresh, climbs.STAGE))[0, 130].item()
    assert response == pytest.approx(stored["steps"]["40"]["responses"][0][0], rel=0.05)


def test_an_attack_stays_within_its_levels_and_a_stored_one_is_repeated(squeezenet):
    stored = data.stored_result("adversarial_changes")
    row = next(row for row in stored["rows"] if row["photograph"] == "panda")
    levels = adversarial.square("panda")
    change = adversarial.attack(squeezenet, levels, stored["steps"][0])
    assert change.abs().max().item() <= stored["most"] and torch.equal(change, change.round())
    assert (levels + change).min() >= 0 and (levels + change).max() <= 255
    assert adversarial.label(squeezenet, levels)[0] == row["before"] == 388
    assert adversarial.label(squeezenet, levels + change)[0] == row["after"][0][0] == stored["target"]
    assert len(stored["rows"]) > 60 and all(row["before"] != stored["target"] for row in stored["rows"])


# Parameters against data ---------------------------------------------------------------------------------------------

parameters = load("parameters_against_data")
KEYS = ("seed", "question", "width", "examples")


@pytest.mark.parametrize("width", [1, 8, 257])
def test_parameters_of_a_width_are_those_of_the_network(width):
    assert parameters.count(width) == sum(p.numel() for p in parameters.network(width).parameters())


def test_examples_are_balanced_and_shuffling_keeps_their_number():
    images, labels = parameters.draw(400, seed=3)
    same, dealt = parameters.draw(400, seed=3, shuffled=True)
    assert images.shape == (400, 784) and torch.equal(images, same)
    assert torch.bincount(labels).tolist() == torch.bincount(dealt).tolist() == [40] * 10
    assert 0.02 < (labels == dealt).double().mean() < 0.25  # as many as chance leaves
    assert not torch.equal(images, parameters.draw(400, seed=4)[0])


def test_training_lowers_the_loss_and_repeats_itself():
    images, labels = parameters.draw(200, seed=0)
    logs = []
    for _ in range(2):
        torch.manual_seed(0)
        model = parameters.network(8)
        logs.append(parameters.train(model, images, labels, steps=300, seed=0))
    assert logs[0] == logs[1] and len(logs[0]) == 10 and logs[0][-1] < 0.7 * logs[0][0]
    assert parameters.accuracy(model, images, labels) == pytest.approx(
        (model(images).argmax(1) == labels).double().mean().item(), abs=1e-4
    )


def test_stored_runs_are_of_this_script_at_the_same_seeds():
    stored = data.stored_result("parameters_against_data")["runs"]
    runs = [(run["steps"], run["seed"], run["question"], run["width"], run["examples"]) for run in stored]
    assert sorted(runs) == sorted(planned[:5] for planned in parameters.plan(4))
    assert all(run["parameters"] == parameters.count(run["width"]) for run in stored)
    for run in stored:
        if run["question"] == "shuffled":  # 2,000 test images of ten classes: within four standard deviations of chance
            assert run["train"] > 0.9 and abs(run["test"] - 0.1) < 4 * (0.09 / 2000) ** 0.5
        twice = [r for r in stored if [r[k] for k in KEYS] == [run[k] for k in KEYS] and r["steps"] > run["steps"]]
        for longer in twice:  # trained further from the same start: never worse on what it was trained on
            assert longer["train"] >= run["train"] - 0.01


def test_one_stored_run_again():
    (run,) = [
        run
        for run in data.stored_result("parameters_against_data")["runs"]
        if (run["seed"], run["question"], run["width"], run["steps"]) == (1, "widths", 8, 3000)
    ]
    images, labels = parameters.draw(run["examples"], seed=1)
    torch.manual_seed(1)
    model = parameters.network(8)
    parameters.train(model, images, labels, run["steps"], seed=1)
    assert parameters.accuracy(model, images, labels) == pytest.approx(run["train"], abs=0.01)
    assert parameters.accuracy(model, *parameters.test_set()) == pytest.approx(run["test"], abs=0.01)
