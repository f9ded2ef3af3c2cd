"""The experiments of chapter 8: what their stored results rest on, checked without running them again."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnlib import data, geometry, mosaics, ops

FOLDER = Path(__file__).resolve().parent.parent / "experiments"


def load(name):
    sys.path.insert(0, str(FOLDER))  # one script imports another, as when it is run
    try:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module


demosaicing, codes, heads = load("demosaicing"), load("local_codes"), load("averaging_heads")


def of(rows, key, **wanted):
    """One value for each seed."""
    return np.array([row[key] for row in rows if all(row.get(name) == value for name, value in wanted.items())])


# Demosaicing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("margin", [1, 2, 3])
def test_the_middle_of_every_crop_begins_at_a_red_pixel(margin):
    photograph = np.random.default_rng(0).random((64, 70, 3))
    images = demosaicing.crops([photograph], 5, 1, margin)
    sampled = demosaicing.measured(images, margin)[:, margin : margin + 16, margin : margin + 16]
    truth = demosaicing.middle(images)
    for i, j, colour in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        assert np.array_equal(sampled[:, i::2, j::2], truth[:, i::2, j::2, colour])
    whole = mosaics.mosaic(photograph)  # and it is a piece of the photograph's own mosaic
    first = demosaicing.measured(images[:1], margin)[0]
    assert any(
        np.array_equal(first, whole[r : r + len(first), c : c + len(first)])
        for r in range(64 - len(first) + 1)
        for c in range(70 - len(first) + 1)
    )


def test_the_fit_finds_the_kernels_that_made_the_values():
    rng = np.random.default_rng(3)
    read, weights = rng.normal(size=(9, 16, 16, 25)), rng.normal(size=(2, 2, 25, 3))
    told = demosaicing.predicted(read, weights)
    np.testing.assert_allclose(demosaicing.fit(read, told, (2, 2)), weights, atol=1e-9)
    assert np.abs(demosaicing.fit(read, told, (1, 1)) - weights.mean((0, 1))).max() < 1  # one kernel: about their mean
    np.testing.assert_allclose(demosaicing.combined(weights, 4), weights)
    flat = demosaicing.combined(weights, 1).reshape(4, -1)
    assert np.linalg.matrix_rank(flat) == 1


def test_the_kernels_are_those_of_tiled_convolution():
    rng = np.random.default_rng(5)
    images, weights = rng.random((2, 20, 20, 3)), rng.normal(size=(2, 2, 25, 3))
    by_hand = demosaicing.predicted(demosaicing.windows(images), weights)
    sampled = demosaicing.measured(images)[:, None]
    filled = ops.tiled_conv2d(sampled, demosaicing.as_kernels(weights))
    np.testing.assert_allclose(filled.transpose(0, 2, 3, 1), by_hand, atol=1e-4)


def test_stored_kernels_are_better_than_bilinear_on_photographs_they_never_saw():
    for name in ("sheep", "lemur"):
        image = data.photograph(name, side=256).astype(float)
        found = {}
        for kernels in mosaics.NAMES:
            filled = ops.tiled_conv2d(mosaics.mosaic(image)[None, None], mosaics.kernels(kernels), padding=2)[0]
            found[kernels] = mosaics.psnr(filled.transpose(1, 2, 0)[2:-2, 2:-2], image[2:-2, 2:-2])
        assert found["tiled"] > found["bilinear"] + 2 > found["shared"] + 2


def test_what_chapter_8_concludes_of_the_mosaic_holds_at_every_seed():
    stored = data.stored_result("demosaicing")
    rows = stored["rows"]
    assert stored["seeds"] == [0, 1, 2] and stored["photographs"] == [len(names) for names in demosaicing.split()]

    def db(name, crops):
        return of(rows, "db", name=name, crops=crops)

    for count in demosaicing.CROPS:
        assert np.all(db("2 x 2", count) > db("1 x 1", count) + 5)
        assert np.all(db("2 x 2", count) >= db("16 x 16", count))
    bilinear = of(rows, "db", name="bilinear")
    assert np.all(db("2 x 2", 1000) > bilinear + 4)
    for other in ("1 x 4", "3 x 3"):  # as many kernels or more at a period that the mosaic does not have
        assert np.all(db("2 x 2", 1000) > db(other, 1000) + 7)
    assert np.all(np.abs(db("4 x 4", 1000) - db("2 x 2", 1000)) < 0.1)
    assert np.all(db("16 x 16", 30) < db("16 x 16", 20))  # as many equations as unknowns
    assert np.all(db("16 x 16", 1000) > db("2 x 2", 1000) - 0.5)
    assert np.all(of(rows, "db", name="moved", by=[0, 1]) < db("1 x 1", 1000))
    assert np.all(of(rows, "db", name="moved", by=[0, 2]) == db("2 x 2", 1000))
    assert np.all(of(rows, "db", name="combinations", of=4) > of(rows, "db", name="combinations", of=3) + 7)
    assert np.all(of(rows, "db", name="one green") < db("2 x 2", 1000) - 8)


# Local codes ----------------------------------------------------------------------------------------------------------


def test_windows_are_those_of_a_convolution():
    images = np.random.default_rng(0).random((3, 28, 28)).astype(np.float32)
    found = codes.windows(images)
    assert found.shape == (geometry.conv_output_size(28, 5, stride=2) ** 2, 3, 25)
    assert np.array_equal(found[12 + 3, 2], images[2, 2:7, 6:11].ravel())


def test_a_code_of_known_content_leaves_nothing_unexplained():
    """Where each position has a direction of its own, one value is enough if unshared, and not if shared."""
    rng = np.random.default_rng(1)
    directions = rng.normal(size=(6, 1, 25))
    training, test = (rng.normal(size=(6, 400, 1)) * directions for _ in range(2))
    assert codes.unexplained(training, test, 1, shared=False) < 1
    assert codes.unexplained(training, test, 1, shared=True) > 40
    assert codes.unexplained(training, test, 8, shared=True) < 1  # six directions fit in eight
    same = [rng.normal(size=(6, 400, 1)) * directions[:1] for _ in range(2)]
    assert codes.unexplained(*same, 1, shared=True) < 1


def test_shifted_and_cut_out_by_hand():
    images = np.zeros((50, 28, 28), np.float32)
    images[:, 12, 13] = 1
    at = np.argwhere(codes.shifted(images, np.random.default_rng(0)))[:, 1:] - (12, 13)
    assert len(at) == 50 and np.abs(at).max() == 4 and len(np.unique(at, axis=0)) > 25
    photograph = np.arange(40.0 * 50).reshape(40, 50)
    (piece,) = codes.pieces([photograph], 1, np.random.default_rng(0))
    assert np.array_equal(piece - piece[0, 0], photograph[:28, :28])


def test_what_chapter_8_concludes_of_codes_holds_at_every_seed():
    rows = data.stored_result("local_codes")["rows"]

    def gain(look, count, values=3):
        """By how much the unshared code leaves less, in points."""
        kinds = ({"name": kind, "images": look, "count": count, "values": values} for kind in ("shared", "unshared"))
        return np.subtract(*(of(rows, "unexplained", **kind) for kind in kinds))

    for look in codes.LOOKS:
        assert len(gain(look, 30)) == 3 and np.all(gain(look, 30) < 0)
    for values in codes.VALUES:  # whichever length of code
        assert np.all(gain("aligned", 5000, values) > 0.8)
        assert np.all(gain("aligned", 5000, values) > gain("shifted", 5000, values))
        assert np.all(gain("shifted", 5000, values) > 0.2)
        assert np.all(gain("photographs", 5000, values) <= 0)
    assert np.all(gain("aligned", 100) > 0) and np.all(gain("shifted", 100) < 0) and np.all(gain("shifted", 300) > 0)


# Heads ----------------------------------------------------------------------------------------------------------------


def test_networks_have_the_parameters_that_are_stored():
    stored = data.stored_result("averaging_heads")
    first, head = geometry.count_parameters(1, 8, 5), geometry.count_parameters(16, 10)
    assert stored["parameters"] == {
        "shared + shared": first + geometry.count_parameters(8, 16, 3) + head,
        "shared + local": first + geometry.count_parameters(8, 16, 3, positions=5) + head,
        "wide shared": geometry.count_parameters(1, 50, 5)
        + geometry.count_parameters(50, 60, 3)
        + geometry.count_parameters(60, 10),
    }
    for name, count in stored["parameters"].items():
        assert sum(p.numel() for p in heads.build(name).parameters()) == count


def test_the_head_cannot_tell_positions_apart():
    """The last map with its positions exchanged gives the same scores."""
    torch.manual_seed(0)
    network = heads.build("shared + local")
    maps = network[:2](torch.rand(2, 1, 28, 28))
    mixed = maps.flatten(2)[..., torch.randperm(25)].reshape(maps.shape)
    torch.testing.assert_close(network[2:](maps), network[2:](mixed))


def test_a_local_layer_keeps_the_position_of_what_it_sees():
    """The same spot two pixels further on: a shared layer gives the same mean, a local one does not."""
    torch.manual_seed(0)
    spot = torch.zeros(2, 1, 28, 28)
    spot[0, 0, 12, 12] = spot[1, 0, 16, 16] = 5
    for name, same in (("shared + shared", True), ("shared + local", False)):
        means = heads.build(name)[:3](spot).flatten(1)
        assert torch.allclose(means[0], means[1], atol=1e-6) == same


def test_every_network_was_trained_at_the_same_seeds_and_lengths():
    stored = data.stored_result("averaging_heads")
    assert stored["seeds"] == [0, 1, 2] and stored["steps"] == list(heads.STEPS)
    expected = [
        (seed, name, steps) for seed in stored["seeds"] for name in heads.NETWORKS for steps in heads.lengths(seed)
    ]
    found = [(row["seed"], row["network"], row["steps"]) for row in stored["rows"]]
    assert sorted(found) == sorted(expected)
    assert stored["rate"] == heads.RATE
    for scores in stored["tuning"].values():
        assert set(scores) == {str(rate) for rate in heads.RATES}
        assert scores[str(heads.RATE)] > max(scores.values()) - 0.01
    assert all(row["loss"][-1] < row["loss"][0] for row in stored["rows"])


def test_what_chapter_8_concludes_of_heads_holds_at_every_seed_and_length():
    rows = data.stored_result("averaging_heads")["rows"]
    for steps in heads.STEPS:
        shared, local, wide = (of(rows, "test", network=name, steps=steps) for name in heads.NETWORKS)
        assert np.all((local - shared > 0.065) & (local - shared < 0.095))
        assert np.all((local - wide > 0.005) & (local - wide < 0.025))
