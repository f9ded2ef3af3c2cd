"""The experiment on sharing and data: what its stored result rests on, checked without running it again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data, geometry

SCRIPT = Path(__file__).resolve().parent.parent / "experiments" / "sharing_and_data.py"
spec = importlib.util.spec_from_file_location("sharing_and_data", SCRIPT)
sharing = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sharing)


@pytest.fixture(scope="module")
def stored():
    return data.stored_result("sharing_and_data")


def test_the_four_kinds_have_equal_outputs_and_the_counted_parameters(stored):
    outputs = {sharing.trunk(kind)(torch.zeros(2, 1, 28, 28)).shape for kind in sharing.KINDS}
    assert outputs == {(2, 400)}
    sizes = dict.fromkeys(sharing.KINDS, 0)
    for channels, side, maps, positions, kernel in sharing.LAYERS:
        assert positions == geometry.conv_output_size(side, kernel, stride=2)
        sizes["dense"] += geometry.count_parameters(channels * side**2, maps * positions**2)
        sizes["local"] += geometry.count_parameters(channels, maps, kernel, positions=positions)
        sizes["shared"] += geometry.count_parameters(channels, maps, kernel)
    sizes["pooled"] = sizes["shared"]
    head = geometry.count_parameters(400, 10)
    for network in stored["networks"]:
        before = sizes[network["kind"]]
        assert network["parameters"] == {"two layers": before, "whole": before + head}
        made = sharing.build(network["kind"]).parameters()
        assert sum(p.numel() for p in made) == before + head


@pytest.mark.parametrize(("kind", "reads"), [("dense", 28 * 28), ("local", 25), ("shared", 25)])
def test_who_reads_what_and_who_shares(kind, reads):
    """One output reads so many pixels; a shared layer's kernel at one position is that of the next, two pixels on."""
    torch.manual_seed(1)
    layer = sharing.layer(kind, *sharing.LAYERS[0])[: -2 if kind == "dense" else -1]  # without ReLU
    image = torch.zeros(1, 1, 28, 28, requires_grad=True)
    outputs = layer(image).reshape(1, 8, 12, 12)
    gradients = [torch.autograd.grad(outputs[0, 3, 4, column], image, retain_graph=True)[0][0, 0] for column in (5, 6)]
    assert (gradients[0] != 0).sum() == reads
    assert torch.equal(gradients[0][:, :-2], gradients[1][:, 2:]) == (kind == "shared")


def test_pooling_is_the_shared_layer_at_every_pixel_and_the_strongest_of_four():
    torch.manual_seed(1)
    pooled = sharing.layer("pooled", *sharing.LAYERS[0])
    image = torch.rand(1, 1, 28, 28)
    everywhere = pooled[:2](image)  # stride 1
    strongest = everywhere.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5))
    assert torch.equal(pooled(image), strongest) and strongest.shape == (1, 8, 12, 12)


def test_prepared_images_by_hand():
    images = np.zeros((40, 28, 28), np.float32)
    images[:, 10, 12] = 1
    aligned, shifted, scrambled = (sharing.prepared(images, look, 7)[:, 0] + 0.5 for look in sharing.IMAGES)
    assert torch.equal(aligned, torch.from_numpy(images))
    positions = torch.nonzero(shifted)[:, 1:] - torch.tensor([10, 12])
    assert len(positions) == 40 and positions.abs().max() == sharing.REACH and len(positions.unique(dim=0)) > 20
    once = torch.nonzero(scrambled)[:, 1:]
    assert len(once.unique(dim=0)) == 1 and once[0].tolist() != [10, 12]  # one order for all
    assert torch.equal(sharing.prepared(images[:3], "scrambled", 99)[:, 0] + 0.5, scrambled[:3])


def test_a_few_steps_learn_and_the_accuracy_is_counted_by_hand():
    fashion = data.fashion_mnist()
    images, labels = sharing.prepared(fashion.x_train[:200], "aligned", 0), torch.from_numpy(fashion.y_train[:200])
    torch.manual_seed(0)
    network = sharing.build("shared")
    log = sharing.train(network, images, labels, 0.01, seed=0, steps=60)
    assert len(log) == 10 and log[-1] < log[0] - 0.5
    with torch.inference_mode():
        right = sum(int(network(image[None]).argmax() == label) for image, label in zip(images, labels, strict=True))
    assert sharing.accuracy(network, images, labels) == right / 200


def test_stored_result_has_every_network_at_the_same_seeds_and_lengths(stored):
    assert [(n["images"], n["kind"]) for n in stored["networks"]] == sharing.cells()
    assert {int(count): tuple(steps) for count, steps in stored["steps"].items()} == sharing.STEPS
    expected = {(seed, n, steps) for seed in range(3) for n in sharing.STEPS for steps in sharing.lengths(n, seed)}
    for network in stored["networks"]:
        assert network["rate"] == float(max(network["rates"], key=network["rates"].get))
        assert {(run["seed"], run["count"], run["steps"]) for run in network["runs"]} == expected
        for run in network["runs"]:
            assert run["loss"][-1] < run["loss"][0] and 0.3 < run["test"] <= run["train"] + 0.02


def test_what_chapter_4_concludes_holds_at_every_seed(stored):
    def by_seed(images, kind, count, steps):
        (network,) = (n for n in stored["networks"] if (n["images"], n["kind"]) == (images, kind))
        runs = [run for run in network["runs"] if (run["count"], run["steps"]) == (count, steps)]
        return np.array([run["test"] for run in sorted(runs, key=lambda run: run["seed"])])

    dense, local, shared, pooled = (by_seed("aligned", kind, 9000, 1200) for kind in sharing.KINDS)
    assert np.ptp([dense.mean(), local.mean(), shared.mean()]) < 0.005  # the early lead is gone ...
    assert np.all(
        by_seed("aligned", "dense", 9000, 150) > by_seed("aligned", "shared", 9000, 150)
    )  # ... that was there
    assert np.all(by_seed("aligned", "dense", 100, 150) > by_seed("aligned", "shared", 100, 150))
    assert np.all(pooled > np.maximum(dense, shared))
    others = [by_seed("shifted", kind, 9000, 1200) for kind in ("dense", "local", "shared")]
    assert np.all(by_seed("shifted", "pooled", 9000, 1200) > np.max(others, axis=0) + 0.02)
    cost = shared - by_seed("scrambled", "shared", 9000, 1200)
    assert np.all((cost > 0.02) & (cost < 0.035))
    assert np.all(cost > local - by_seed("scrambled", "local", 9000, 1200))


def test_a_stopped_run_is_continued_and_nothing_is_trained_twice(monkeypatch):
    monkeypatch.setattr(sharing, "STEPS", {100: (1, 2)})
    monkeypatch.setattr(sharing, "cells", lambda: [("aligned", "shared"), ("scrambled", "local")])
    monkeypatch.setattr(sharing, "one_run", lambda *a: {"train": a[-1], "test": a[-1], "loss": [a[-2]]})
    stopped = {}
    steps = sharing.run(2, [100], stopped)
    for _ in range(3):  # the learning rates, then two networks of the first seed
        next(steps)
    assert [len(network["runs"]) for network in stopped["networks"]] == [2, 2]
    *_, whole = sharing.run(2, [100], stopped)
    assert [[(run["seed"], run["steps"]) for run in one["runs"]] for one in whole["networks"]] == [
        [(0, 1), (0, 2), (1, 1)]
    ] * 2
