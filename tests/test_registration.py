"""cnnlib.registration: the gradient against differences, Adam against torch's, what the stored experiment says."""

import numpy as np
import pytest
import torch

from cnnlib import data, layers, registration
from tests.test_experiments import load

experiment = load("finding_a_shift")
RNG = np.random.default_rng(0)
IMAGE, TARGET = RNG.normal(size=(14, 17)), RNG.normal(size=(5, 6))


@pytest.mark.parametrize("shift", [(0.3, -1.4), (-2.25, 0.5), (3.9, 7.7)])
def test_gradient_by_differences(shift):
    """Inside, across an edge, and with zeros from outside."""
    _, gradient = registration.window_error(IMAGE, TARGET, shift, corner=(4, 6))
    for axis in (0, 1):
        step = 1e-6 * np.eye(2)[axis]
        values = [registration.window_error(IMAGE, TARGET, shift + s, corner=(4, 6))[0] for s in (step, -step)]
        assert gradient[axis] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-5)


def test_methods_read_what_they_say():
    error = {
        m: registration.window_error(IMAGE, TARGET, (1.3, -0.6), corner=(4, 6), method=m) for m in registration.METHODS
    }
    nearest = ((IMAGE[5:10, 5:11] - TARGET) ** 2).mean()
    assert error["nearest"][0] == error["straight-through"][0] == pytest.approx(nearest)
    assert error["nearest"][1].tolist() == [0, 0]
    there = registration.window_error(IMAGE, TARGET, (1, -1), corner=(4, 6))[1]
    assert error["straight-through"][1].tolist() == there.tolist() != [0, 0]
    before = np.diff(IMAGE, axis=0)[4:9, 5:11], np.diff(IMAGE, axis=1)[5:10, 4:10]
    after = np.diff(IMAGE, axis=0)[5:10, 5:11], np.diff(IMAGE, axis=1)[5:10, 5:11]
    missing = IMAGE[5:10, 5:11] - TARGET
    both = [(missing * (b + a)).mean() for b, a in zip(before, after, strict=True)]
    assert error["straight-through, both sides"][1] == pytest.approx(both, rel=1e-4)


def test_steps_are_those_of_torch():
    """Adam with a cosine, and its own autograd."""
    points = torch.from_numpy(np.moveaxis(np.indices(TARGET.shape), 0, -1) + np.array([4.0, 6.0]))
    shift = torch.tensor([0.4, -0.3], dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.Adam([shift], 0.2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 12)
    path = [shift.detach().numpy().copy()]
    for _ in range(12):
        seen = layers.bilinear_sample(torch.from_numpy(IMAGE)[None, None], (points + shift)[None])[0, 0]
        optimizer.zero_grad()
        ((seen - torch.from_numpy(TARGET)) ** 2).mean().backward()
        optimizer.step()
        schedule.step()
        path.append(shift.detach().numpy().copy())
    went = registration.find_shift(IMAGE, TARGET, corner=(4, 6), start=(0.4, -0.3), steps=12, rate=0.2)
    np.testing.assert_allclose(went.shifts, path, atol=1e-9)
    assert went.errors[0] == registration.window_error(IMAGE, TARGET, (0.4, -0.3), corner=(4, 6))[0]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"shift": (1, 2, 3)}, ValueError, r"shift has shape \(3,\); use two numbers"),
        ({"corner": 4}, ValueError, r"corner has shape \(\)"),
        ({"method": "linear"}, ValueError, "method='linear'"),
        ({"image": np.zeros(4)}, ValueError, r"image of shape \(4,\)"),
        ({"target": [[np.nan]]}, ValueError, "target holds 1 values that are NaN"),
    ],
)
def test_what_it_does_not_take(options, error, message):
    given = {"image": IMAGE, "target": TARGET, "shift": (0, 0)} | options
    with pytest.raises(error, match=f"window_error: .*{message}|{message}"):
        registration.window_error(given.pop("image"), given.pop("target"), given.pop("shift"), **given)


# ------------------------------------------------------------------ the stored experiment
def test_a_blur_keeps_the_mean_and_spreads_one_pixel():
    one = np.zeros((41, 41))
    one[20, 20] = 1
    spread = experiment.blurred(one, 4)
    assert spread.sum() == pytest.approx(1, abs=1e-6)
    rows = np.arange(41) - 20
    assert (spread.sum(axis=1) * rows**2).sum() ** 0.5 == pytest.approx(4, rel=0.02)
    assert experiment.blurred(one, 0) is one


def test_one_stored_search_is_repeated():
    """The first setting, with all of its windows: the same are found."""
    row = next(experiment.searches(windows=2, seed=0))
    assert row["found"] == dict.fromkeys(experiment.PHOTOGRAPHS, 2) and row["distance"] == 2


def test_the_stored_pull_is_repeated_and_reverses_beyond_the_middle():
    stored = data.stored_result("finding_a_shift")
    noise = [np.random.default_rng(1).normal(size=(120, 160)) for _ in range(20)]
    assert experiment.pulls(noise, stored["seed"])["0.5"]["mean"] == pytest.approx(
        stored["pull"]["white noise"]["0.5"]["mean"], abs=1e-9
    )
    for kind in ("photographs", "white noise"):
        shares = {at: np.mean(pull["negative"]) for at, pull in stored["pull"][kind].items()}
        assert shares["0.0"] > 0.8 > 0.65 > shares["0.5"] > 0.35 > shares["0.75"]
        assert 0.4 < shares["0, both sides"] < 0.65


def test_the_first_step_of_new_layers_follows_the_same_pull():
    """One stored share is repeated; the pull falls with the fraction, and is gone at half a pixel."""
    pictures = [data.photograph(name, side=160, grey=True).astype(float) for name in data.photograph_names()[:20]]
    stored = data.stored_result("finding_a_shift")["layer"]
    again = (experiment.first_gradients(pictures, 0.5) < 0).mean(axis=0)
    assert again.tolist() == stored["0.5"]
    shares = [np.mean(stored[str(fraction)]) for fraction in experiment.FRACTIONS]
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.8 and 0.4 < shares[2] < 0.6 and shares[3] < 0.35


def test_the_stored_searches_say_what_the_chapter_says():
    found = {
        (r["blur"], r["steps"], r["distance"]): sum(r["found"].values())
        for r in data.stored_result("finding_a_shift")["rows"]
    }
    assert found[0, 150, 2] > found[0, 150, 4] > found[0, 150, 8]  # further away, fewer
    assert abs(found[0, 300, 8] - found[0, 150, 8]) <= 2  # twice as many steps change nothing
    assert found[4, 150, 8] > 2 * found[0, 150, 8]  # a blur does
