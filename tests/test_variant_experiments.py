"""The experiments of chapter 12: their arithmetic, their controls, and what their stored runs say."""

import numpy as np
import pytest
import torch

from cnnlib import data, squeezenet
from cnnlib.explore.convolution_bench import VARIANTS
from tests.test_experiments import load

times, squeezed = load("variant_times"), load("squeezed_variance")

# Fifteen variants side by side ----------------------------------------------------------------------------------------


def test_both_libraries_compute_the_same_map_of_every_variant():
    found = times.calls(8, 12, 10, 2, (*VARIANTS, *times.CONTROLS), np.random.default_rng(0))
    assert list(found) == [*VARIANTS, *times.CONTROLS]
    for variant, (by_torch, by_numpy) in found.items():
        with torch.inference_mode():
            np.testing.assert_allclose(by_torch().numpy(), by_numpy(), rtol=1e-3, atol=1e-4, err_msg=variant)


def test_weights_are_as_many_as_the_bench_counts():
    state = times.SimpleNamespace(in_channels=8, out_channels=12, size=10, **times.SHARED)
    for variant in VARIANTS:
        weights = times.weights_of(variant, state, np.random.default_rng(0))
        biases = sum(step.out_channels for step in times.steps(variant, state) if step.bias)
        counted = sum(step.parameters for step in times.steps(variant, state))
        assert sum(w.size for w in weights) + biases == counted, variant


def test_a_block_gives_ratios_to_the_full_convolution(monkeypatch):
    clock = iter([0, 2, 2, 3, 3, 13, 13, 16])  # full: torch 2, numpy 1; other: torch 10, numpy 3
    monkeypatch.setattr(times.time, "process_time", lambda: next(clock))
    found = {"full": (lambda: None, lambda: None), "other": (lambda: None, lambda: None)}
    assert list(times.blocks(found, 1, rounds=1)) == [{"full": (1, 1), "other": (5, 3)}]


def ratios(variant, library, inputs=64, images=1):
    rows = data.stored_result("variant_times")["rows"]
    return [
        row[library] for row in rows if (row["variant"], row["in_channels"], row["images"]) == (variant, inputs, images)
    ]


def test_stored_times_have_every_variant_and_control_in_every_block():
    stored = data.stored_result("variant_times")
    assert {name: stored[name] for name in times.SHARED} == times.SHARED and stored["threads"] == 1
    for ins, *_, images, variants in times.SETTINGS:
        for variant in (*variants, *times.CONTROLS):
            assert len(ratios(variant, "torch", ins, images)) == stored["blocks"] >= 5, variant
    assert {"seconds", "cpu_seconds"}.isdisjoint(stored["rows"][0])


@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_what_chapter_12_concludes_from_times_holds_in_every_block(library):
    assert min(ratios("depthwise", library)) > 5 / 64  # far from the 1/64 of its products
    assert max(ratios("ReLU", library)) < min(ratios("depthwise", library))
    assert min(ratios("weights read once", library)) > 3  # what no program for one image can avoid
    assert max(ratios("weights read once", library)) < min(ratios("unshared", library))
    assert max(ratios("weights read once", library, images=8)) < 1.5 < min(ratios("unshared", library, images=8))


def test_the_maximum_is_what_makes_the_module_slow_in_torch():
    without = np.subtract(ratios("inception", "torch"), ratios("maximum", "torch"))
    assert min(ratios("maximum", "torch")) > 1 and without.max() < 1 < min(ratios("inception", "torch"))
    assert max(ratios("inception", "numpy")) < 1 and max(ratios("maximum", "numpy")) < 0.5


# What the squeezes keep -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def images():
    squares = [squeezenet.centre_square(data.photograph(name)) for name in ("panda", "sheep")]
    return torch.from_numpy(np.stack(squares)).float().permute(0, 3, 1, 2)


@torch.inference_mode()
def test_a_network_cut_in_two_answers_as_the_whole_one(images):
    network = squeezed.Opened()
    whole = network(images).argmax(dim=1)
    assert whole.tolist() == [388, 348]
    for fire in (2, 3, 6, 9):
        x = network.before(images, fire)
        assert x.shape[1] == network.rows(fire).shape[1]
        assert network.after(x, fire).tolist() == whole.tolist()


def test_shares_of_variance_by_hand():
    x = torch.tensor([[3.0, -3, 0, 0], [0, 0, 1, -1]])[None, :, None]  # variances 4.5 and 0.5 about means of 0
    mean, spread = squeezed.covariance(x)
    assert mean.tolist() == [0, 0] and spread.tolist() == [[4.5, 0], [0, 0.5]]
    first, both = torch.tensor([[2.0, 0]], dtype=torch.double), torch.tensor([[1.0, 1]], dtype=torch.double)
    assert squeezed.share(squeezed.basis(first), spread) == pytest.approx(0.9)
    assert squeezed.share(squeezed.basis(both), spread) == pytest.approx(0.5)
    assert squeezed.share(squeezed.principal(spread, 1), spread) == pytest.approx(0.9)


@torch.inference_mode()
def test_what_the_squeeze_does_not_read_changes_nothing_behind_it(images):
    network = squeezed.Opened()
    x = network.before(images, 7)
    mean, spread = squeezed.covariance(x)
    learned = squeezed.kept(x, squeezed.basis(network.rows(7)), mean)
    squeeze = lambda maps: network._conv(maps, "fire7/squeeze1x1")  # noqa: E731
    torch.testing.assert_close(squeeze(learned), squeeze(x), rtol=1e-3, atol=2e-2)
    best = squeezed.kept(x, squeezed.principal(spread, 48), mean)
    assert (squeeze(best) - squeeze(x)).abs().max() > 100 * (squeeze(learned) - squeeze(x)).abs().max()
    assert (learned - x).norm() > 1.3 * (best - x).norm()


def test_what_chapter_12_concludes_from_the_squeezes_holds_in_both_halves():
    stored = data.stored_result("squeezed_variance")
    found = {(row["name"], row["fire"], row["half"], row["seed"]): row for row in stored["rows"]}
    assert {key[1] for key in found} == set(range(2, 10)) and {key[3] for key in found} == set(range(stored["seeds"]))
    for fire in range(2, 10):
        for half in ("even", "odd"):
            learned, best = found["learned", fire, half, 0], found["PCA", fire, half, 0]
            assert learned["share"] < best["share"] and learned["same_answers"] == learned["photographs"]
            assert best["same_answers"] < best["photographs"] - 2
            for seed in range(stored["seeds"]):
                chance = found["random", fire, half, seed]
                assert chance["share"] < learned["share"] - 0.1 and chance["same_answers"] < 5
            # the answer is no matter of a few loud channels
            assert fire == 2 or abs(learned["share_of_scaled"] - learned["share"]) < 0.1
