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


def test_only_the_stride_1_network_is_the_same_wherever_the_garment_is():
    images = garments.garments()[0][:20]
    for name, (make, _) in garments.NETWORKS.items():
        torch.manual_seed(1)
        network = make().train()
        network(garments.at(images, garments.MIDDLE))  # batch statistics
        network.eval()
        with torch.inference_mode():
            middle, aside = (network(garments.at(images, place)) for place in (7, 10))
        change = ((aside - middle).abs().max() / middle.abs().max()).item()
        assert change < 1e-4 if "stride 1" in name else change > 0.01, name


def test_strided_network_returns_after_its_stride():
    """Two poolings of 2: exactly the same after 4 pixels, as long as no border is near."""
    torch.manual_seed(2)
    network = garments.pooled().eval()
    image = torch.rand(1, 1, 4, 4)
    scenes = [torch.zeros(1, 1, 28, 28) for _ in range(3)]
    for scene, place in zip(scenes, (8, 12, 10), strict=True):
        scene[:, :, place : place + 4, place : place + 4] = image
    with torch.inference_mode():
        first, four, two = (network(scene) for scene in scenes)
    torch.testing.assert_close(four, first, rtol=1e-5, atol=1e-6)
    assert (two - first).abs().max() > 1e-4


def test_a_few_steps_learn():
    images, labels, _, _ = garments.garments()
    torch.manual_seed(0)
    log = garments.train(garments.mlp(), lambda generator: garments.at(images[:500], 7), labels[:500], epochs=4, seed=0)
    assert len(log) == 4 and log[-1] < 0.7 * log[0]


def test_stored_garments_are_of_these_networks():
    stored = data.stored_result("shifted_garments")
    assert set(stored["shift"]) == set(garments.NETWORKS) and set(stored["permutation"]) == {"MLP", "CNN"}
    for name, (make, _) in garments.NETWORKS.items():
        entry = stored["shift"][name]
        assert entry["parameters"] == sum(p.numel() for p in make().parameters())
        assert len(entry["runs"]) >= 2 and [run["seed"] for run in entry["runs"]] == list(range(len(entry["runs"])))
        for run in entry["runs"]:
            assert len(run["accuracy"]) == len(run["same"]) == len(stored["shifts"]) == 8
            assert run["same"][0] == 1 and len(run["loss"]) == stored["epochs"]
            if "stride 1" in name:
                assert min(run["same"]) > 0.999


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
