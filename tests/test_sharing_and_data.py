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


@pytest.mark.parametrize("depth", sharing.DEPTHS)
def test_the_three_kinds_have_equal_outputs_and_the_counted_parameters(depth, stored):
    outputs = {kind: sharing.trunk(kind, depth)(torch.zeros(2, 1, 28, 28)).shape for kind in sharing.KINDS}
    assert len(set(outputs.values())) == 1
    sizes = {"dense": 0, "local": 0, "shared": 0}
    for channels, size, maps, places, kernel in sharing.LAYERS[:depth]:
        assert places == geometry.conv_output_size(size, kernel, stride=2)
        sizes["dense"] += geometry.count_parameters(channels * size**2, maps * places**2)
        sizes["local"] += geometry.count_parameters(channels, maps, kernel, positions=places)
        sizes["shared"] += geometry.count_parameters(channels, maps, kernel)
    for network in stored["networks"]:
        if network["depth"] == depth:
            assert network["parameters"] == sizes[network["kind"]]
            made = sharing.trunk(network["kind"], depth).parameters()
            assert network["parameters"] == sum(p.numel() for p in made)


@pytest.mark.parametrize(("kind", "reads"), [("dense", 28 * 28), ("local", 25), ("shared", 25)])
def test_who_reads_what_and_who_shares(kind, reads):
    """One output reads so many pixels; a shared layer's picture of one place is that of the next, two pixels on."""
    layer = sharing.layer(kind, *sharing.LAYERS[0])
    image = torch.zeros(1, 1, 28, 28, requires_grad=True)
    gradients = [torch.autograd.grad(layer(image)[0, 3, 4, column], image)[0][0, 0] for column in (5, 6)]
    assert (gradients[0] != 0).sum() == reads
    same = torch.equal(gradients[0][:, :-2], gradients[1][:, 2:])
    assert same == (kind == "shared")


def test_pictures_by_hand():
    images = np.zeros((40, 28, 28), np.float32)
    images[:, 10, 12] = 1
    aligned, shifted, scrambled = (sharing.pictures(images, kind, 7)[:, 0] + 0.5 for kind in sharing.PICTURES)
    assert torch.equal(aligned, torch.from_numpy(images))
    places = torch.nonzero(shifted)[:, 1:] - torch.tensor([10, 12])
    assert len(places) == 40 and places.abs().max() == sharing.REACH and len(places.unique(dim=0)) > 20
    once = torch.nonzero(scrambled)[:, 1:]
    assert len(once.unique(dim=0)) == 1 and once[0].tolist() != [10, 12]  # one order for all
    assert torch.equal(sharing.pictures(images[:3], "scrambled", 99)[:, 0] + 0.5, scrambled[:3])


def test_a_few_steps_learn_and_the_accuracy_is_counted_by_hand():
    fashion = data.fashion_mnist()
    images, labels = sharing.pictures(fashion.x_train[:200], "aligned", 0), torch.from_numpy(fashion.y_train[:200])
    torch.manual_seed(0)
    network = sharing.build("shared", 2)
    log = sharing.train(network, images, labels, 0.01, seed=0, steps=60)
    assert len(log) == 10 and log[-1] < log[0] - 0.5
    with torch.inference_mode():
        right = sum(int(network(image[None]).argmax() == label) for image, label in zip(images, labels, strict=True))
    assert sharing.accuracy(network, images, labels) == right / 200


def test_stored_result_has_every_network_at_the_same_seeds(stored):
    assert [(n["depth"], n["pictures"], n["kind"]) for n in stored["networks"]] == sharing.cells()
    assert tuple(stored["counts"]) == sharing.COUNTS and stored["steps"] == sharing.STEPS
    for network in stored["networks"]:
        assert network["rate"] in sharing.RATES
        for runs in network["runs"].values():
            assert [run["seed"] for run in runs] == [0, 1, 2]
            assert all(run["loss"][-1] < run["loss"][0] and 0.3 < run["test"] <= run["train"] + 0.02 for run in runs)
