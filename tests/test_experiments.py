"""The long experiments: what their stored results rest on, checked without running them again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data

FOLDER = Path(__file__).resolve().parent.parent / "experiments"


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


placement, depth = load("stride_placement"), load("redundancy_with_depth")


# Stride placement ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", placement.PLACEMENTS)
def test_counts_are_those_of_the_network(name):
    options = placement.PLACEMENTS[name]
    counts, network = placement.count(**options), placement.Finder(**options)
    assert counts["parameters"] == sum(p.numel() for p in network.parameters())
    assert counts["grid"] == network.trunk(torch.zeros(1, 1, 40, 40)).shape[-1] == 10
    stored = data.stored_result("stride_placement")["networks"][name]
    assert {key: stored[key] for key in counts} == counts  # the stored result is of this script's networks


def test_multiply_adds_and_field_by_hooks_and_by_gradient():
    network = placement.Finder(**placement.PLACEMENTS["2 first, 2 last"]).eval()
    macs = []
    for layer in network.modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
            layer.register_forward_hook(
                lambda layer, _, out: macs.append(
                    layer.weight.numel() * (out.shape[-1] * out.shape[-2] if out.ndim == 4 else 1)
                )
            )
    network(torch.zeros(1, 1, 40, 40))
    counts = placement.count(**placement.PLACEMENTS["2 first, 2 last"])
    assert sum(macs) == counts["macs"]
    image = torch.rand(1, 1, 40, 40, requires_grad=True)
    with torch.no_grad():
        for parameter in network.trunk.parameters():
            parameter.abs_()
    network.trunk(image)[0, :, 5, 5].sum().backward()
    assert (image.grad[0, 0].sum(dim=1) != 0).sum() == counts["receptive_field"]


def test_six_networks_have_the_same_parameters_and_the_wide_one_the_same_cost_as_the_dearest():
    counts = {name: placement.count(**options) for name, options in placement.PLACEMENTS.items()}
    assert len({c["parameters"] for name, c in counts.items() if "wide" not in name}) == 1
    assert counts["4 first, wide"]["macs"] == pytest.approx(counts["4 last"]["macs"], rel=0.01)


def test_blur_keeps_a_constant_and_removes_the_finest_wave():
    blur = placement.BlurPool(2)
    np.testing.assert_allclose(blur(torch.full((1, 3, 8, 8), 0.7)), 0.7, rtol=1e-6)
    wave = torch.tensor([1.0, -1.0]).repeat(8)[None, None, None].expand(1, 1, 16, 16)
    assert blur(wave)[..., 2:-2].abs().max() < 1e-6 and wave[..., ::2].abs().min() == 1


def test_the_place_is_the_centre_of_mass_in_rows_then_columns():
    network = placement.Finder((4, 1, 1, 1), (1, 1, 1, 1))
    features = torch.full((1, 1, 10, 10), -1e4)
    features[0, 0, 2, 7] = 1e4
    network.trunk = torch.nn.Identity()
    network.place.weight.data.fill_(1)
    assert network(features)[1].tolist() == [[8, 28]]


def test_a_few_steps_learn_and_the_scores_are_of_a_network_seen_at_once():
    torch.manual_seed(0)
    network = placement.Finder((4, 1, 1, 1), (4, 4, 4, 4))
    scenes = placement.tensors(256, seed=3, test=False)
    log = placement.train(network, *scenes, steps=40, seed=0)
    assert len(log) == 10 and log[-1] < log[0] - 0.3
    images, labels, places = placement.tensors(60, seed=4, test=True)
    scores = placement.evaluate(network, images, labels, places)
    with torch.inference_mode():
        classes, found = network(images[..., :40, :40])
    assert scores["accuracy"] == pytest.approx((classes.argmax(1) == labels).double().mean().item(), abs=1e-4)
    assert scores["pixels_off"] == pytest.approx((found - places).norm(dim=1).mean().item(), abs=1e-3)


def test_stored_placement_has_every_network_at_the_same_seeds():
    networks = data.stored_result("stride_placement")["networks"]
    seeds = [[run["seed"] for run in network["runs"]] for network in networks.values()]
    assert set(networks) == set(placement.PLACEMENTS) and len(seeds[0]) >= 3
    assert all(other == seeds[0] == list(range(len(other))) for other in seeds)


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
        *_, (stage, jump, maps) = depth.stages(depth.centre_square("sheep"), weights)
        scores = torch.einsum("oc,chw->ohw", weights["conv10/w"][:, :, 0, 0], maps) + weights["conv10/b"][:, None, None]
        named = scores.relu().mean(dim=(1, 2)).argmax().item()
    assert maps.shape == (512, 14, 14)  # the poolings round up: 113 -> 56 -> 28 -> 14
    assert (stage, jump, named) == ("fire9", 16, 348)  # ImageNet class 348: ram


def test_stored_depths_agree_with_one_photograph_in_kind():
    stored = data.stored_result("redundancy_with_depth")
    assert stored["photographs"] == len(data.photograph_names())
    assert [stage["jump"] for stage in stored["stages"]] == [1, 2, 4, 4, 8, 8, 16, 16, 16, 16]
    grey = torch.from_numpy(depth.centre_square("sheep").mean(axis=2)[None])
    assert 0.8 < depth.neighbour_correlation(grey) < 1 and 0.8 < stored["stages"][0]["pixels"] < 1
