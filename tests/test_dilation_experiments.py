"""The experiments of chapter 9: their counts and measures, and what their stored runs say."""

import numpy as np
import pytest
import torch

from cnnlib import data
from tests.test_experiments import load

segmentation, dense = load("dilated_segmentation"), load("dense_squeezenet")


# Which pixels are garment? ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", segmentation.STACKS)
def test_counts_are_those_of_the_network(name):
    counts, network = segmentation.count(*segmentation.STACKS[name]), segmentation.Segmenter(*segmentation.STACKS[name])
    assert counts["parameters"] == sum(p.numel() for p in network.parameters())
    macs = []
    for layer in network.layers:
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(
                lambda layer, _, out: macs.append(layer.weight.numel() * out.shape[-1] * out.shape[-2])
            )
    network(torch.zeros(1, 1, 40, 40))
    assert sum(macs) == counts["macs"]
    assert data.stored_result("dilated_segmentation")["stacks"][name] == counts


def test_a_unit_reads_the_pixels_that_are_counted():
    """By the gradient of a network whose weights are all positive."""
    network = segmentation.Segmenter(*segmentation.STACKS["2, 2, 2"]).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.abs_().add_(0.01)
    image = torch.rand(1, 1, 40, 40, requires_grad=True)
    network(image)[0, 0, 20, 20].backward()
    read = (image.grad[0, 0] != 0).nonzero()
    counts = segmentation.count(*segmentation.STACKS["2, 2, 2"])
    assert len(read) == counts["read"] == 49
    assert (read.max(0).values - read.min(0).values + 1).tolist() == [counts["receptive_field"]] * 2 == [13, 13]


def test_measures_by_hand():
    found = torch.zeros(1, 1, 4, 5, dtype=torch.bool)
    found[0, 0, 1, 1] = found[0, 0, 3, 3] = found[0, 0, 3, 4] = True
    true = torch.zeros_like(found)
    true[0, 0, 3, 2:] = True
    assert segmentation.overlap(found, true) == pytest.approx(2 / 4)
    assert segmentation.lone_pixels(found) == pytest.approx(1 / 20)
    assert segmentation.lone_pixels(~found) == pytest.approx(1 / 20)
    found[0, 0, 1, 2] = True  # a pair is not alone
    assert segmentation.lone_pixels(found) == 0
    checks = torch.tensor([[1.0, -1], [-1, 1]]).repeat(20, 20)[None, None]
    rows, _ = torch.meshgrid(torch.arange(40.0), torch.arange(40.0), indexing="ij")
    slow = torch.cos(2 * torch.pi * rows / 10)[None, None]
    assert segmentation.fine_energy(checks) > 0.99 and segmentation.fine_energy(slow) < 1e-3


def test_a_few_steps_learn_and_runs_that_are_stored_are_not_run_again(monkeypatch):
    def squares(count, **_):
        """Bright squares on noise."""
        masks = torch.zeros(count, 1, 16, 16, dtype=torch.bool)
        masks[:, :, 5:11, 3:14] = True
        return masks + 0.1 * torch.randn(count, 1, 16, 16, generator=torch.Generator().manual_seed(0)), masks

    monkeypatch.setattr(segmentation, "tensors", squares)
    monkeypatch.setattr(segmentation, "STACKS", {"1, 2, 3": (3, (1, 2, 3), 1)})
    *_, result = segmentation.run(((20, 1),), train_count=32, test_count=4)
    (row,) = result["rows"]
    assert row["loss"][-1] < row["loss"][0] - 0.1 and (row["steps"], row["seed"]) == (20, 0)
    assert list(segmentation.run(((20, 1),), result["rows"], train_count=32, test_count=4)) == []


def runs(name, key="iou"):
    """Values by length of training, a list over seeds each."""
    rows = [row for row in data.stored_result("dilated_segmentation")["rows"] if row["name"] == name]
    return {steps: [row[key] for row in rows if row["steps"] == steps] for steps in {row["steps"] for row in rows}}


def test_every_stack_has_its_seeds_at_both_lengths():
    result = data.stored_result("dilated_segmentation")
    assert list(zip(result["steps"], result["seeds"], strict=True)) == list(segmentation.PLAN)
    for name in segmentation.STACKS:
        plan = segmentation.PLAN[:1] if name in segmentation.SHORT_ONLY else segmentation.PLAN
        assert {steps: len(values) for steps, values in runs(name).items()} == dict(plan), name


@pytest.mark.parametrize("steps", [steps for steps, _ in segmentation.PLAN])
def test_what_chapter_9_concludes_holds_for_every_seed_at_both_lengths(steps):
    iou = {name: runs(name).get(steps, [0]) for name in segmentation.STACKS}
    lone = {name: runs(name, "lone_per_mille").get(steps) for name in segmentation.STACKS}
    assert max(iou["2, 2, 2"]) < min(iou["1, 1, 1"])  # a field with gaps is worth no more than a small one
    assert max(iou["2, 2, 2"]) + 0.1 < min(iou["1, 2, 2"]) < min(iou["1, 2, 3"])  # and less than a smaller whole one
    assert min(lone["2, 2, 2"]) > 1.5 * max(max(lone[name]) for name in ("1, 1, 1", "1, 2, 2", "1, 2, 3"))
    assert max(iou["3, 2, 1"]) + 0.05 < min(iou["1, 2, 3"])  # the same pixels in the other order
    assert max(lone["stride 2"]) < 1 and min(iou["stride 2"]) > max(iou["2, 2, 2"]) + 0.1


# SqueezeNet made dense ----------------------------------------------------------------------------------------------


def test_phase_share_tells_a_pattern_from_noise():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(40, 61))
    assert dense.phase_share(noise, 2) < 0.01
    pattern = np.add.outer(np.arange(40) % 2, np.arange(61) % 2).astype(float)
    assert dense.phase_share(pattern, 2) == pytest.approx(1)
    assert dense.phase_share(noise + 2 * pattern, 2) == pytest.approx(2 / 3, abs=0.05)


def test_roughness_and_fine_energy_by_hand():
    ramp = np.tile(np.arange(32.0), (30, 1))
    assert dense.roughness(ramp) == pytest.approx(0) and dense.fine(ramp) < 0.001
    stripes = np.tile([1.0, -1.0], (30, 16))
    assert dense.roughness(stripes) == pytest.approx(2) and dense.fine(stripes) > 0.99


def test_overlap_takes_as_many_pixels_as_the_mask_has():
    mask = np.zeros((20, 30), bool)
    mask[5:15, 5:20] = True
    assert dense.overlap(mask.astype(float) + 0.001 * np.arange(30), mask) == 1
    assert dense.overlap(-mask.astype(float) - 0.001 * np.arange(30), mask) == 0
    assert np.allclose(dense.smoothed(np.ones((4, 5)), 3), 1)


def test_the_dense_map_holds_the_published_one():
    """On a small crop: at every second position what the published network gives, and other values between."""
    image = data.photograph("sheep", side=512)[100:228, 150:290]
    published, once = (dense.maps(image, undone) for undone in (0, 1))
    np.testing.assert_allclose(once[:, ::2, ::2], published, atol=1e-3)
    assert np.abs(once[:, 1::2, ::2] - published[:, :-1]).max() > 1


def test_stored_maps_are_rough_and_have_no_pattern():
    result = data.stored_result("dense_squeezenet")
    assert {row["name"] for row in result["rows"]} == set(dense.ANIMALS) and len(result["rows"]) == 2 * 17
    for row in result["rows"]:
        assert row["identity"] < 1e-4
        assert row["phase_share"] < 0.003
        assert row["roughness"] > 1.4 * row["roughness_interpolated"]
    outline = result["outline"]
    assert abs(outline["centre"] - outline["published"]) < 0.05  # a disc in the middle does as well
    for undone in (1, 2):
        assert outline[f"phases {undone}"][0] < outline[f"dense {undone}"] < outline[f"phases {undone}"][-1]
