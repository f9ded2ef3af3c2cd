"""The experiments of chapter 11: their cuts and counts by other means, and that the stored results are theirs."""

import numpy as np
import pytest
import torch

from cnnlib import data, layers, ops
from tests.test_experiments import load

blocks, truncated, speed = (load(name) for name in ("separable_blocks", "truncated_filters", "separable_speed"))
GENERATOR = torch.Generator().manual_seed(0)


@pytest.mark.parametrize(("kind", "width"), blocks.NETWORKS)
def test_counts_are_those_of_the_network(kind, width):
    net, found = blocks.network(kind, width), []
    for layer in net.modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
            layer.register_forward_hook(lambda layer, _, out: found.append(out[0].numel() * layer.weight[0].numel()))
    net.eval()(torch.zeros(1, 1, 28, 28))
    assert sum(found) == blocks.macs(kind, width)
    stored = [row for row in data.stored_result("separable_blocks")["networks"] if row["name"] == kind]
    row = next(row for row in stored if row["width"] == width)
    assert (row["macs"], row["parameters"]) == (sum(found), sum(p.numel() for p in net.parameters()))


def test_the_controls_cost_what_they_control_for():
    """Within a fifth: full at 12 for separable at 32, full at 6 for separable at 16."""
    for thin, full in (((("separable", 32)), ("full", 12)), (("separable", 16), ("full", 6))):
        counts = [
            (blocks.macs(*net), sum(p.numel() for p in blocks.network(*net).parameters())) for net in (thin, full)
        ]
        assert np.all(np.abs(np.log(np.divide(*counts))) < np.log(1.2))


def test_the_nearest_separable_weight_is_one_convolution_and_no_other_is_nearer():
    weight = torch.randn(6, 4, 3, 3, generator=GENERATOR)
    depthwise, pointwise, share = blocks.nearest_separable(weight)
    near = depthwise[:, 0] * pointwise
    assert share.item() == pytest.approx((near**2).sum().item() / (weight**2).sum().item(), rel=1e-5)
    image = torch.randn(2, 4, 7, 8, generator=GENERATOR)
    two = torch.nn.functional.conv2d(torch.nn.functional.conv2d(image, depthwise, groups=4), pointwise)
    torch.testing.assert_close(two, torch.nn.functional.conv2d(image, near), atol=1e-4, rtol=1e-4)
    for channel in range(4):
        terms = ops.separable_terms(weight[:, channel].reshape(6, 9).numpy())
        np.testing.assert_allclose(near[:, channel].reshape(6, 9), terms.kernel(1), atol=1e-5)


def test_a_cut_network_computes_with_the_cut_weights():
    torch.manual_seed(3)
    net = blocks.network("full", 4).eval()
    image = torch.randn(2, 1, 28, 28, generator=GENERATOR)
    for how in ("separable, linear", "slices of rank 1"):
        thin, share = blocks.cut(net, how, None)
        other, _ = blocks.cut(net, "slices of rank 1", None)
        for index in blocks.BLOCKS:
            full = net[index][0].weight.detach()
            depthwise, pointwise, _ = blocks.nearest_separable(full)
            slices = [[ops.separable_terms(k).kernel(1) for k in row] for row in full.numpy()]
            near = depthwise[:, 0] * pointwise if how == "separable, linear" else torch.tensor(np.array(slices))
            other[index][0].weight.data[:] = near
        torch.testing.assert_close(thin.eval()(image), other.eval()(image), atol=1e-4, rtol=1e-4)
        assert 0 < share < 1
    noisy, _ = blocks.cut(net, "noise", GENERATOR)
    for index in blocks.BLOCKS:
        full = net[index][0].weight.detach()
        depthwise, pointwise, _ = blocks.nearest_separable(full)
        lost, added = full - depthwise[:, 0] * pointwise, noisy[index][0].weight.detach() - full
        assert added.norm().item() == pytest.approx(lost.norm().item(), rel=1e-5)


@pytest.mark.parametrize("folding", ["slices", "separable", "bank"])
def test_foldings_unfold_and_cuts_have_the_rank(folding):
    weight = torch.randn(5, 4, 3, 3, generator=GENERATOR)
    assert torch.equal(truncated.unfold(truncated.fold(weight, folding), weight.shape, folding), weight)
    rank = 0.5 if folding == "bank" else 2
    near = truncated.fold(truncated.cut(weight, folding, rank), folding)
    ranks = {int(np.linalg.matrix_rank(m, tol=1e-5)) for m in near.double().numpy()}
    assert ranks == {truncated.rank_of(weight, folding, rank)}


def test_a_bank_of_columns_and_rows_is_what_ops_computes():
    """The folding is that of `ops.separable_conv2d`: first columns, then rows."""
    vertical, horizontal = np.random.default_rng(0).normal(size=(2, 3, 3, 3))
    weight = torch.tensor(np.einsum("omj,mci->ocij", horizontal, vertical))
    assert np.linalg.matrix_rank(truncated.fold(weight, "bank")[0].numpy().reshape(9, 9), tol=1e-9) <= 9
    x = np.random.default_rng(1).normal(size=(1, 3, 6, 7))
    np.testing.assert_allclose(ops.conv2d(x, weight.numpy()), ops.separable_conv2d(x, vertical, horizontal), atol=1e-12)


def test_numbers_and_energies_of_the_stored_cuts():
    stored = data.stored_result("truncated_filters")
    network = layers.SqueezeNet()
    weights = {name: network.get_buffer(name) for name in truncated.LAYERS}
    assert stored["layers"] == truncated.energies(weights, torch.Generator().manual_seed(0))
    for row in stored["rows"]:
        if row["name"] == "cut" and row["folding"] != "slices":
            numbers = [truncated.stored_numbers(w, row["folding"], row["rank"]) for w in weights.values()]
            assert row["numbers"] == sum(numbers)
    cuts = {(row["folding"], row["rank"]) for row in stored["rows"] if row["name"] == "cut"}
    assert cuts == set(truncated.CUTS) and len(stored["photographs"]) == stored["rows"][0]["same"]


def test_the_first_stored_cut_is_made_again():
    """The sheep alone, with all slices of rank 1."""
    names, images = truncated.pictures()
    at = names.index("sheep")
    network = layers.SqueezeNet()
    weights = {name: network.get_buffer(name).clone() for name in truncated.LAYERS}
    intact = truncated.predictions(network, weights, images[at : at + 1])
    cut = {name: truncated.cut(weight, "slices", 2) for name, weight in weights.items()}
    found = truncated.compared(truncated.predictions(network, cut, images[at : at + 1]), intact, 0)
    rows = data.stored_result("truncated_filters")["rows"]
    stored = next(row for row in rows if (row["name"], row.get("rank"), row.get("folding")) == ("cut", 2, "slices"))
    assert found["sheep"] == pytest.approx(stored["sheep"], abs=2e-3) and rows[0]["class"] == intact.argmax()


def test_noise_in_one_layer_is_stored_for_every_seed_and_the_last_is_made_again():
    """The sheep alone, with the last seed's noise in fire9; it is as long as what the cut takes away."""
    stored = data.stored_result("truncated_filters")
    rows = [row for row in stored["rows"] if row["name"] == "noise in one layer"]
    for name in truncated.LAYERS:
        seeds = [row["seed"] for row in rows if row["layer"] == name.split("_")[0]]
        assert seeds == stored["layer_seeds"] == list(range(truncated.LAYER_SEEDS))
    names, images = truncated.pictures()
    at, network = names.index("sheep"), layers.SqueezeNet()
    weights = {name: network.get_buffer(name).clone() for name in truncated.LAYERS}
    intact = truncated.predictions(network, weights, images[at : at + 1])
    last = truncated.LAYERS[-1]
    near = truncated.cut(weights[last], "slices", 1)
    noise = torch.Generator().manual_seed(truncated.LAYER_SEEDS - 1)
    changed = weights | {last: truncated.noisy(weights[last], near, noise)}
    lengths = [(weight - weights[last]).norm().item() for weight in (changed[last], near)]
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-5)
    found = truncated.compared(truncated.predictions(network, changed, images[at : at + 1]), intact, 0)
    assert found["sheep"] == pytest.approx(rows[-1]["sheep"], abs=2e-3)


def test_the_pairs_that_are_timed_compute_the_same_and_are_counted_rightly():
    random = np.random.default_rng(0)
    runs, (full, thin) = speed.lines(3, random)
    for first, second in runs.values():
        np.testing.assert_allclose(np.asarray(first()), np.asarray(second()), atol=1e-4)
    assert full / thin == pytest.approx(1.5, rel=0.01)
    runs, (full, thin) = speed.layers(4, 8, random)
    (full_torch, thin_torch), (full_numpy, thin_numpy) = runs.values()
    np.testing.assert_allclose(full_torch().numpy(), full_numpy(), atol=1e-3)
    np.testing.assert_allclose(thin_torch().numpy(), thin_numpy(), atol=1e-3)
    for row in data.stored_result("separable_speed")["rows"]:
        assert row["quartiles"][0] <= row["less_time"] <= row["quartiles"][1]
