"""The long experiments on shifts: what their stored results rest on, checked without running them again."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data
from cnnlib.transforms import Shift

FOLDER = Path(__file__).resolve().parent.parent / "experiments"


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


garments, squeezenet = load("shifted_garments"), load("squeezenet_shifts")


@pytest.fixture(scope="module")
def weights():
    return {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}


# Shifted garments ----------------------------------------------------------------------------------------------------


def test_garments_are_averaged_and_placed():
    images, labels, _, _ = garments.garments()
    fashion = data.fashion_mnist()
    assert images.shape == (10_000, 1, 14, 14)
    assert images[7, 0, 3, 5].item() == pytest.approx(fashion.x_train[7, 6:8, 10:12].mean())
    canvas = garments.placed(images[:2], [3, 14], [0, 9])
    assert torch.equal(canvas[1, 0, 14:28, 9:23], images[1, 0])
    assert canvas.sum().item() == pytest.approx(images[:2].sum().item(), rel=1e-5)


def outputs(options, *positions):
    """An untrained network's outputs for twenty garments at each position, once its batch statistics are set."""
    images = garments.garments()[0][:20]
    torch.manual_seed(1)
    network = garments.make(options).train()
    with torch.no_grad():
        network(garments.at(images, garments.MIDDLE))
        network.eval()
        return [network(garments.at(images, position)) for position in positions]


def change(options, shift):
    middle, aside = outputs(options, garments.MIDDLE, garments.MIDDLE + shift)
    return ((aside - middle).abs().max() / middle.abs().max()).item()


@pytest.mark.parametrize("name", garments.NETWORKS)
def test_only_the_reference_is_the_same_wherever_the_garment_is(name):
    found = change(garments.NETWORKS[name][0], 7)
    assert found < 1e-4 if name == "reference" else found > 1e-3


@pytest.mark.parametrize("down", ["stride", "max", "blur"])
def test_smaller_maps_return_after_their_total_stride_of_4_and_not_before(down):
    assert change({"down": down}, 4) < 1e-4
    assert min(change({"down": down}, shift) for shift in (1, 2, 3)) > 0.001


def test_networks_differ_from_the_reference_in_one_option_and_not_in_their_convolutions():
    reference = garments.make({})
    kernels = [tuple(p.shape) for p in reference.parameters() if p.ndim == 4]
    assert kernels == [(8, 1, 3, 3), (16, 8, 3, 3), (16, 16, 3, 3)]
    for name, (options, _) in garments.NETWORKS.items():
        if options is not None:
            assert [tuple(p.shape) for p in garments.make(options).parameters() if p.ndim == 4] == kernels
            assert len(options) == (0 if name == "reference" else 3 if "usual" in name else 1)


@pytest.mark.parametrize("options", [{}, {"down": "stride"}])
def test_reference_and_strides_see_equally_far(options):
    """Which input pixels does the middle of the last map depend on? 15 along a side."""
    network, image = garments.make(options).eval(), torch.rand(1, 1, 28, 28, requires_grad=True)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.abs_()
    maps = network[:9](image)
    maps[0, 0, maps.shape[2] // 2, maps.shape[3] // 2].backward()
    assert (image.grad[0, 0].abs().sum(dim=0) != 0).sum() == 15


def test_blur_keeps_a_constant_and_removes_the_finest_wave():
    blur = garments.Blur()
    torch.testing.assert_close(blur(torch.full((1, 2, 8, 8), 0.7)), torch.full((1, 2, 4, 4), 0.7))
    wave = torch.tensor([1.0, -1.0]).repeat(4).expand(1, 1, 8, 8)
    assert blur(wave).abs().max() < 1e-6


def test_training_learns_in_cycles_and_yields_after_each():
    images, labels, _, _ = garments.garments()
    torch.manual_seed(0)
    scenes = garments.at(images[:500], 7)
    logs = [list(log) for log in garments.train(garments.mlp(), lambda generator: scenes, labels[:500], (1, 1, 2), 0)]
    assert [len(log) for log in logs] == [1, 2, 4] and logs[2][-1] < 0.7 * logs[0][0]
    assert logs[2][:2] == logs[1]


def test_stored_garments_are_of_these_networks():
    stored = data.stored_result("shifted_garments")
    lengths = [sum(garments.CYCLES[: n + 1]) for n in range(len(garments.CYCLES))]
    assert set(stored["shift"]) == set(garments.NETWORKS) and stored["cycles"] == list(garments.CYCLES)
    assert stored["train"] == garments.TRAIN
    for name, (options, augmented) in garments.NETWORKS.items():
        entry = stored["shift"][name]
        assert entry["parameters"] == sum(p.numel() for p in garments.make(options).parameters())
        assert [run["seed"] for run in entry["runs"]] == [0, 1, 2]
        for run in entry["runs"]:
            assert run["epochs"] == [n * (garments.LONGER if augmented else 1) for n in lengths]
            accuracy = np.array(run["accuracy"])
            assert accuracy.shape == np.shape(run["same"]) == (3, 8) and len(run["loss"]) == run["epochs"][-1]
            if name == "reference":
                assert np.min(run["same"]) > 0.999
            if "twice" in name:  # the same after four more pixels, but for ties that rounding decides
                np.testing.assert_allclose(accuracy[:, :4], accuracy[:, 4:], atol=2e-3)


def test_stored_permutations_are_of_these_networks():
    stored = data.stored_result("shifted_garments")["permutation"]
    seeds = {name: [run["seed"] for run in entry["runs"]] for name, entry in stored.items()}
    assert set(stored) == set(garments.PERMUTED) and seeds["MLP"] == seeds["CNN"] == [0, 1, 2]
    assert all(len(run["plain"]) == len(run["permuted"]) == 3 for entry in stored.values() for run in entry["runs"])


# SqueezeNet under shifts ---------------------------------------------------------------------------------------------


def test_the_sheep_is_a_ram_and_the_tables_are_its_shifts(weights):
    """Three entries of a stored table, computed again."""
    stored = data.stored_result("squeezenet_shifts")
    entry, image = stored["tables"]["sheep"], squeezenet.square("sheep")
    assert image.shape == (227, 227, 3) and entry["own"] == 348  # ImageNet's ram
    moves = [("zero", 0, 0), ("zero", -3, 7), ("circular", 8, -8)]
    moved = [Shift((d, r), b)(image.transpose(2, 0, 1)).transpose(1, 2, 0) for b, d, r in moves]
    with torch.inference_mode():
        shares = squeezenet.probabilities(np.stack(moved), weights)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    for (boundary, down, right), row in zip(moves, shares, strict=True):
        rows = entry[boundary]
        assert rows["label"][down + 8][right + 8] == row.argmax()
        assert rows["percent"][down + 8][right + 8] == pytest.approx(100 * row.max(), abs=0.6)
        assert rows["own_percent"][down + 8][right + 8] == pytest.approx(100 * row[348], abs=0.6)


def test_a_table_by_hand(weights):
    with torch.inference_mode():
        own, rows = squeezenet.table(squeezenet.square("lemur"), "zero", weights, reach=1)
    stored = data.stored_result("squeezenet_shifts")["tables"]["lemur"]
    assert own == stored["own"]
    middle = [row[7:10] for row in stored["zero"]["label"][7:10]]
    assert rows["label"] == middle
    near = np.array([row[7:10] for row in stored["zero"]["percent"][7:10]])
    assert np.abs(np.array(rows["percent"]) - near).max() <= 1


def test_the_camera_moves_over_a_wider_picture(weights):
    wide = squeezenet.square("sheep", margin=16)
    assert wide.shape == (227, 243, 3)
    stored = data.stored_result("squeezenet_shifts")
    assert set(data.photograph_names()) - set(stored["camera"]) == {"victoria_memorial"}  # 241 pixels wide
    assert squeezenet.square("victoria_memorial", margin=16) is None
    with torch.inference_mode():
        shares = squeezenet.probabilities(np.stack([wide[:, :227], wide[:, 16:]]), weights)
    row = stored["camera"]["sheep"]
    assert [row["label"][0], row["label"][-1]] == shares.argmax(axis=1).tolist()
    assert row["own_percent"][-1] == pytest.approx(100 * shares[1, row["label"][0]], abs=0.6)


def test_every_label_has_its_name():
    stored = data.stored_result("squeezenet_shifts")
    met = {label for row in stored["camera"].values() for label in row["label"]}
    for entry in stored["tables"].values():
        met |= {label for kind in squeezenet.BOUNDARIES for row in entry[kind]["label"] for label in row}
    assert {int(label) for label in stored["names"]} == met
    assert all(squeezenet.NAMES[int(label)] == name for label, name in stored["names"].items())
    assert len(set(stored["names"].values())) == len(stored["names"])
