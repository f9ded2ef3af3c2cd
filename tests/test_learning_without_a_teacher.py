"""The script behind chapter 3: its front ends, its head, and what its stored result rests on."""

import importlib.util
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data

PATH = Path(__file__).resolve().parent.parent / "experiments" / "learning_without_a_teacher.py"
spec = importlib.util.spec_from_file_location("learning_without_a_teacher", PATH)
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)


def test_an_even_image_has_no_contrast_and_a_dot_has_both_kinds():
    contrast = script.Contrast()
    assert contrast(torch.ones(1, 1, 15, 15))[..., 3:-3, 3:-3].abs().max() < 1e-6
    dot = torch.zeros(1, 1, 15, 15)
    dot[0, 0, 7, 7] = 1
    brighter, darker = contrast(dot)[0]
    assert brighter[7, 7] > 0.5 and darker[7, 7] == 0 and darker[7, 10] > 0 and brighter[7, 10] == 0


def test_gabors_come_in_pairs_of_opposite_sign_and_do_not_answer_to_even_light():
    weight = script.GaborBank().weight[:, 0]
    assert weight.shape == (24, 5, 5) and weight.sum((1, 2)).abs().max() < 1e-6
    torch.testing.assert_close(weight[0::2], -weight[1::2])
    torch.testing.assert_close(weight.square().sum((1, 2)), torch.ones(24))


@pytest.mark.parametrize(
    ("make", "shape"), [("one_stage", (24, 7, 7)), ("two_stages", (32, 7, 7)), ("today", (32, 7, 7))]
)
def test_front_ends_give_the_sizes_that_are_told(make, shape):
    torch.manual_seed(0)
    assert getattr(script, make)()(torch.rand(2, 1, 28, 28)).shape == (2, *shape)


@pytest.mark.parametrize("index", [1, 3])
def test_learning_alone_looks_at_no_label_and_changes_only_the_s_cells_it_names(index):
    torch.manual_seed(0)
    network = script.two_stages()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    uses = script.learn_alone(network, index, torch.from_numpy(data.fashion_mnist().x_train[:12])[:, None])
    assert len(uses) == network[index].out_channels and sum(uses) > 0
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {f"{index}.excitation", f"{index}.inhibition"}
    assert network[index].selectivity == script.SELECTIVITY


def test_the_second_stage_that_learns_alone_stands_on_the_first_that_did(monkeypatch):
    monkeypatch.setattr(script, "SHOWN", (4, 8))
    kept = []
    images = torch.from_numpy(data.fashion_mnist().x_train[:8])[:, None]
    first = script.alone(0, images, lambda name, seed, network, **more: kept.append((name, network, more)))
    assert [(name, more["shown"]) for name, _, more in kept[:4]] == [
        ("no teacher, one stage", 4),
        ("no teacher, two stages", 4),
        ("no teacher, one stage", 8),
        ("no teacher, two stages", 8),
    ]
    assert torch.equal(kept[3][1][1].excitation, first) and not torch.equal(kept[1][1][1].excitation, first)
    assert tuple(more["selectivity"] for _, _, more in kept[4:]) == script.OTHERS


def test_learning_from_labels_lowers_the_loss_and_keeps_cells_positive():
    fashion = data.fashion_mnist()
    images, labels = torch.from_numpy(fashion.x_train[:200])[:, None], torch.from_numpy(fashion.y_train[:200])
    torch.manual_seed(0)
    network = script.one_stage()
    logs = list(script.learn_from_labels(network, images, labels, seed=0, epochs=(2, 4)))
    assert [len(log) for log in logs] == [2, 4] and logs[1][:2] == logs[0]
    assert logs[1][-1] < logs[1][0] - 0.3
    assert min(weight.min().item() for weight in network.parameters()) >= 0


def test_the_head_finds_a_linear_rule_and_its_penalty_holds_it_back():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 12))
    labels = (x @ rng.normal(size=(12, 10))).argmax(1)
    assert script.accuracy(script.ridge(x, labels, 1e-6), x, labels) > 0.8
    loose, tight = (script.ridge(x, labels, strength)[1] for strength in (1e-6, 100.0))
    assert np.abs(tight).sum() < 0.1 * np.abs(loose).sum()


def test_likeness_by_hand():
    filters = np.random.default_rng(0).normal(size=(6, 2, 5, 5))
    same = script.likeness(filters, 3 * filters + 1)
    assert same["same_index"] == same["best_match"] == 1 and same["best_match_shuffled"] < 0.6
    turned = script.likeness(filters, filters[[1, 2, 3, 4, 5, 0]])
    assert turned["best_match"] == 1 and abs(turned["same_index"]) < 0.2


SEEDS = (0, 1, 2)


def test_the_stored_result_has_every_front_end_at_every_seed_and_length():
    runs = data.stored_result("learning_without_a_teacher")["front_ends"]
    found = {(name, run["seed"], run.get("epochs", run.get("shown"))) for name in runs for run in runs[name]}
    expected = {(name, None, None) for name in script.front_ends_without_learning()}
    for seed in SEEDS:
        for name in ("one stage", "two stages", "convolution, ReLU, max pooling"):
            expected.add((f"never learned, {name}", seed, None))
            expected |= {(f"gradient descent, {name}", seed, epochs) for epochs in script.EPOCHS}
        for name in ("one stage", "two stages"):
            expected |= {(f"no teacher, {name}", seed, shown) for shown in script.SHOWN}
        expected.add(("no teacher, other selectivity", seed, max(script.SHOWN)))
    assert found == expected


def test_the_stored_likeness_is_that_of_the_stored_filters():
    stored = data.stored_result("learning_without_a_teacher")
    with np.load(data.folder() / "weights" / "learning_without_a_teacher.npz") as weights:
        assert weights["alone_0"].shape == (24, 2, 5, 5) and weights["today_2"].shape == (24, 1, 5, 5)
        for name, pairs in stored["filters_of_two_seeds"].items():
            for (a, b), alike in zip(combinations(SEEDS, 2), pairs, strict=True):
                assert script.likeness(weights[f"{name}_{a}"], weights[f"{name}_{b}"]) == pytest.approx(alike, abs=2e-3)


def test_what_chapter_3_concludes_is_larger_than_the_spread_over_seeds():
    runs = data.stored_result("learning_without_a_teacher")["front_ends"]
    found = {}  # after the longest training
    for name, several in runs.items():
        longest = max(run.get("epochs", run.get("shown", 0)) for run in several)
        found[name] = [run["accuracy"] for run in several if run.get("epochs", run.get("shown", 0)) == longest]
    conv = "convolution, ReLU, max pooling"
    steps = (
        ("pixels", "contrast, 2 x 2 average"),
        ("contrast, 2 x 2 average", "never learned, one stage"),
        ("no teacher, two stages", "never learned, two stages"),
        (f"never learned, {conv}", f"gradient descent, {conv}"),
    )
    for lower, higher in steps:
        assert max(found[lower]) < min(found[higher]), (lower, higher)
    lenient = [
        run["accuracy"] for run in runs["no teacher, other selectivity"] if run["selectivity"] == min(script.OTHERS)
    ]
    assert max(found["no teacher, two stages"]) < min(lenient)


@pytest.mark.parametrize("name", ["pixels", "contrast, C-cells", "contrast, 2 x 2 average"])
def test_a_stored_score_comes_out_again(name):
    stored = data.stored_result("learning_without_a_teacher")
    fashion, few = data.fashion_mnist(), stored["train"]
    train = torch.from_numpy(fashion.x_train[:few])[:, None], torch.from_numpy(fashion.y_train[:few])
    test = torch.from_numpy(fashion.x_test)[:, None], torch.from_numpy(fashion.y_test)
    found = script.score(script.front_ends_without_learning()[name], train, test)
    assert found["accuracy"] == pytest.approx(stored["front_ends"][name][0]["accuracy"], abs=2e-3)
