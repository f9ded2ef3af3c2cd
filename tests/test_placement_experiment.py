"""The experiment of chapter 6 on where a network strides: its counts, its controls, and what its stored runs say."""

import numpy as np
import pytest
import torch

from cnnlib import data
from tests.test_experiments import load

placement = load("stride_placement")


@pytest.mark.parametrize("name", placement.PLACEMENTS)
def test_counts_are_those_of_the_network(name):
    options = placement.PLACEMENTS[name]
    counts, network = placement.count(**options), placement.Finder(**options)
    assert counts["parameters"] == sum(p.numel() for p in network.parameters())
    assert counts["grid"] == network.trunk(torch.zeros(1, 1, 40, 40)).shape[-1] == 10
    stored = data.stored_result("stride_placement")["networks"][name]
    assert {key: stored[key] for key in counts} == counts  # the stored result is of this script's networks
    assert (stored["strides"], stored["channels"]) == (list(options["strides"]), list(options["channels"]))


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


def test_pooled_networks_read_every_position_and_then_a_quarter_a_side():
    image = torch.rand(2, 1, 40, 40)
    for name in ("1 first, blur 7 /4", "1 first, max 7 /4", "1 first, max 4 /4"):
        trunk = placement.Finder(**placement.PLACEMENTS[name]).trunk
        assert trunk[:3](image).shape[-1] == 40 and trunk[:4](image).shape[-1] == 10
    torch.manual_seed(0)
    dense, strided = (placement.Finder(**placement.PLACEMENTS[n]).trunk[0] for n in ("1 first, max 4 /4", "4 first"))
    strided.load_state_dict(dense.state_dict())
    torch.testing.assert_close(dense(image)[..., ::4, ::4], strided(image))  # stride 4 asks at one position in 16


def test_a_maximum_costs_no_multiply_adds_and_a_blur_of_the_picture_one_channel():
    counts = {name: placement.count(**options)["macs"] for name, options in placement.PLACEMENTS.items()}
    assert counts["1 first, max 4 /4"] == counts["1 first, max 7 /4"] == counts["4 first"] + 25 * 8 * (40**2 - 10**2)
    assert counts["picture blurred, 4 first"] == counts["4 first"] + 49 * 40**2


def test_a_guesser_by_hand():
    labels, positions = torch.tensor([3, 3, 1]), torch.tensor([[19.5, 19.5], [16.5, 15.5], [19.5, 24.5]])
    assert placement.guesser(labels, positions) == {"accuracy": 0.6667, "pixels_off": round((0 + 5 + 5) / 3, 3)}


def test_runs_that_are_stored_are_not_run_again(monkeypatch):
    ran = []
    monkeypatch.setattr(placement, "train", lambda *arguments: ran.append(1) or [])
    monkeypatch.setattr(
        placement,
        "tensors",
        lambda count, **_: (torch.rand(count, 1, 41, 41), torch.arange(count) % 10, torch.rand(count, 2)),
    )
    plan = ((5, 2, ("4 first",)),)
    *_, result = placement.run(plan, train_count=4, test_count=4)
    assert len(ran) == 2 and [run["seed"] for run in result["networks"]["4 first"]["runs"]] == [0, 1]
    assert list(placement.run(plan, result, train_count=4, test_count=4)) == [] and len(ran) == 2


def test_nine_networks_have_the_same_parameters_and_the_wide_one_the_same_cost_as_the_dearest():
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
    network.position.weight.data.fill_(1)
    assert network(features)[1].tolist() == [[8, 28]]


def test_a_few_steps_learn_and_the_scores_are_of_a_network_seen_at_once():
    torch.manual_seed(0)
    network = placement.Finder((4, 1, 1, 1), (4, 4, 4, 4))
    scenes = placement.tensors(256, seed=3, test=False)
    log = placement.train(network, *scenes, steps=40, seed=0)
    assert len(log) == 10 and log[-1] < log[0] - 0.3
    images, labels, positions = placement.tensors(60, seed=4, test=True)
    scores = placement.evaluate(network, images, labels, positions)
    with torch.inference_mode():
        classes, found = network(images[..., :40, :40])
    assert scores["accuracy"] == pytest.approx((classes.argmax(1) == labels).double().mean().item(), abs=1e-4)
    assert scores["pixels_off"] == pytest.approx((found - positions).norm(dim=1).mean().item(), abs=1e-3)


def accuracies(name, steps):
    runs = data.stored_result("stride_placement")["networks"][name]["runs"]
    return {run["seed"]: run["accuracy"] for run in runs if run["steps"] == steps}


def test_stored_placement_has_every_network_with_its_seeds():
    networks = data.stored_result("stride_placement")["networks"]
    assert list(networks) == list(placement.PLACEMENTS)
    for name in networks:
        for steps in {steps for steps, *_ in placement.PLAN}:
            seeds = max(
                (seeds for length, seeds, names in placement.PLAN if length == steps and name in names), default=0
            )
            assert list(accuracies(name, steps)) == list(range(seeds)), (name, steps)


@pytest.mark.parametrize("steps", [400, 1600])
def test_what_chapter_6_concludes_holds_for_every_seed_at_both_lengths(steps):
    early, blurred = accuracies("4 first", steps), accuracies("picture blurred, 4 first", steps)
    for pooled in ("1 first, blur 7 /4", "1 first, max 7 /4", "1 first, max 4 /4"):
        assert min(accuracies(pooled, steps).values()) > max(early.values()) + 0.04  # asking everywhere brings most
    assert max(blurred.values()) < min(early.values()) - 0.05  # and the low-pass alone is a loss


def test_late_strides_trail_after_400_steps_and_no_longer_after_1600():
    for steps, ahead in ((400, False), (1600, True)):
        late, early = (accuracies(name, steps).values() for name in ("4 last", "4 first"))
        assert (min(late) > max(early)) is ahead and (max(late) < min(early)) is not ahead


def test_twice_as_long_again_leaves_the_order_of_what_was_trained():
    assert accuracies("1 first, max 4 /4", 3200)[0] > accuracies("4 first", 3200)[0] + 0.05
