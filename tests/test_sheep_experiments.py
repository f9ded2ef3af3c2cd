"""The experiments of chapter 15: their parts by other means, and what their stored runs say."""

import sys

import numpy as np
import pytest
import torch

from cnnlib import data, sheep
from cnnlib.layers import DeformConv2d, SheepFinder
from tests.test_experiments import FOLDER, load

sys.path.insert(0, str(FOLDER))  # the third script imports the other two
try:
    sampling, measures, explanations = (load(f"sheep_{name}") for name in ("sampling", "measures", "explanations"))
finally:
    sys.path.remove(str(FOLDER))

SEEDS = 3


@pytest.fixture(scope="module")
def scenes():
    return sheep.sheep_scenes(6, seed=31, test=True)


def runs(experiment, name="deformable", steps=1000):
    rows = data.stored_result(experiment)["rows"]
    return [row for row in rows if (row["name"], row["steps"]) == (name, steps)]


# ------------------------------------------------------------------ parts
def test_the_faster_reading_is_the_layer_of_the_library():
    torch.manual_seed(0)
    network = sampling.finder("deformable").double()
    for layer in network.last:
        torch.nn.init.normal_(layer.offset_branch.weight, std=0.05)
        torch.nn.init.uniform_(layer.offset_branch.bias, 0.2, 0.8)  # on a pixel, slopes may differ (chapter 13)
    plain = SheepFinder().double()
    plain.load_state_dict(network.state_dict())
    x = torch.rand(2, 3, 48, 40, dtype=torch.float64, requires_grad=True)
    y, z = network(x), plain(x)
    assert type(plain.last[0]) is DeformConv2d and type(network.last[0]) is sampling.Gathered
    torch.testing.assert_close(y, z)
    for gradients in zip(
        *(torch.autograd.grad(out.square().sum(), list(n.parameters())) for out, n in ((y, network), (z, plain))),
        strict=True,
    ):
        torch.testing.assert_close(*gradients)


def test_labels_say_what_a_cell_shows_and_how_far_its_object_reaches(scenes):
    kinds, reaches = sampling.labels(scenes)
    for number, (row, column) in ((n, position) for n in range(6) for position in np.argwhere(kinds[n] == 1)[::9]):
        instance = scenes.instances[number]
        which = instance == instance[4 * row, 4 * column]
        up, down, left, right = 32 * reaches[number, :, row, column]
        assert which[4 * row - round(up)].any() and which[4 * row + round(down)].any()
        assert which[:, 4 * column - round(left)].any() and which[:, 4 * column + round(right)].any()
        assert not which[: 4 * row - round(up)].any() and not which[4 * row + round(down) + 1 :].any()
    assert (reaches[:, :, :][np.broadcast_to((kinds == 0)[:, None], reaches.shape)] == 0).all()


def test_mirrored_scenes_are_mirrored_with_their_labels(scenes):
    chosen = np.array([True, False] * 3)
    turned = sampling.mirrored(scenes, chosen)
    assert (turned.images[0] == scenes.images[0][:, ::-1]).all() and (turned.images[1] == scenes.images[1]).all()
    assert (turned.instances[0] == scenes.instances[0][:, ::-1]).all()


def test_fields_are_counted_in_pixels_and_cells_and_holes_are_none_or_every_second():
    """By hand: the first three layers see 15 pixels, 4 apart; sums of one tap a layer are what the others reach."""
    stored = data.stored_result("sheep_sampling")["fields"]
    assert stored == {name: sampling.field(options) for name, options in sampling.NETWORKS.items() if options}
    for name, seen in stored.items():
        dilations = sampling.NETWORKS[name].get("dilations", (2, 2, 2))
        reached = {0}
        for dilation in dilations:
            reached = {cell + step for cell in reached for step in (-dilation, 0, dilation)}
        assert seen["cells"] == max(reached) - min(reached) + 1 and seen["cells_read"] == len(reached)
        assert seen["pixels"] == 15 + 4 * (seen["cells"] - 1)
    assert stored["plain, dilations 1, 3, 9"]["cells_read"] == stored["plain, dilations 1, 3, 9"]["cells"] == 3**3


def test_the_larger_fields_cover_the_learned_points_and_the_plain_one_does_not():
    """Along rows or columns, on the largest fixed sheep: 99% of the points, by weight."""
    stored, (_, mask) = sheep.stored_offsets(), sheep.sheep_on_grass(76)
    where = np.argwhere(mask[::4, ::4])
    points, weights = sheep.composed_points(
        where, [field.astype(float) for field in stored.offsets[76]], stored.magnitudes
    )
    away = np.abs(points - where[:, None]).max(axis=-1)
    fields = data.stored_result("sheep_sampling")["fields"]
    inside = {name: ((away <= seen["cells"] // 2) @ weights).mean() for name, seen in fields.items()}
    assert all(inside[name] > 0.99 for name in inside if "1, 3, 9" in name or "2, 4, 8" in name)
    assert inside["plain, six layers"] > 0.98 and inside["plain"] < 0.75


def test_an_untrained_network_has_normal_responses_and_no_liking_for_sheep(scenes):
    torch.manual_seed(9)
    network = explanations.untrained("plain", 4, scenes)
    again = explanations.untrained("plain", 4, scenes)
    assert all((a == b).all() for a, b in zip(network.state_dict().values(), again.state_dict().values(), strict=True))
    with torch.no_grad():
        first = network.last[0](network.features(sampling.pixels(scenes.images)))
    normal = network.norms[0](first)
    assert normal.mean((0, 2, 3)).abs().max() < 0.02 and (normal.std((0, 2, 3)) - 1).abs().max() < 0.02
    shares = {
        (row["name"], row["steps"]): row["gradient_share"] for row in data.stored_result("sheep_explanations")["rows"]
    }
    for name in sampling.NETWORKS:
        assert shares[name, 0] < shares[name, 1000] - 0.05, name


def test_two_steps_are_the_same_again(tmp_path):
    results = []
    for name in "ab":
        sampling.run([("deformable", 2, 0)], tmp_path / f"{name}.json", tmp_path / name, train_count=8, test_count=4)
        results.append(dict(np.load(tmp_path / name / "deformable_2_0.npz")))
    assert results[0].keys() == sheep.finder_weights().keys()
    assert all((results[0][key] == results[1][key]).all() for key in results[0])


def test_positions_shares_and_clouds_by_hand(scenes):
    where = measures.positions(scenes)
    kinds, _ = sampling.labels(scenes)
    assert len(where) == (kinds == 1).sum()
    assert all(kinds[n, r, c] == 1 and scenes.instances[n, 4 * r, 4 * c] == i for n, r, c, i in where)
    on_itself = np.repeat(where[:, None, 1:3], 9, axis=1)
    assert (measures.shares(on_itself, np.ones(9), where, scenes.instances) == 1).all()
    assert (measures.shares(on_itself - 99, np.ones(9), where, scenes.instances) == 0).all()
    near = measures.beside(scenes)
    assert len(near) and all(kinds[n, r, c] == 0 for n, r, c, _ in near)
    sheep_cells = [np.argwhere(kinds[n] == 1) for n in range(6)]
    assert max(np.hypot(*(sheep_cells[n] - (r, c)).T).min() for n, r, c, _ in near) <= 3


def test_offsets_that_differ_by_image_alone_are_explained_by_the_image(monkeypatch):
    rng = np.random.default_rng(0)
    by_image = np.broadcast_to(rng.normal(size=(60, 18, 1, 1)), (60, 18, 24, 24)).copy()
    by_position = np.broadcast_to(rng.normal(size=(1, 18, 24, 24)), (60, 18, 24, 24)).copy()
    images = np.zeros((60, 96, 96, 3), np.uint8)
    unmoved = sheep.Found(None, None, [by_image[:50], by_position[:50]])
    monkeypatch.setattr(explanations, "find_sheep", lambda images, weights: unmoved)
    first, second = explanations.what_explains([by_image, by_position], images, None)
    assert (first["by_image"], first["by_place"]) == (1, 0) and (second["by_image"], second["by_place"]) == (0, 1)
    assert first["moved_in_place"] == first["moved_along"] == 0  # the same everywhere, so moving it changes nothing
    assert second["moved_in_place"] == 0 < second["moved_along"] and second["between_images"] == 0


def test_surfaces_of_points_that_lie_along_every_edge():
    """Points stretched along the stripes have a ratio of 2; turned by the control's orientations, less."""
    rows, columns = np.indices((96, 96))
    rng = np.random.default_rng(0)
    waves = [100 * np.sin(0.8 * rows), 100 * np.sin(0.8 * columns), rng.uniform(-100, 100, rows.shape)]
    below = 128 + 0.1 * rng.normal(size=rows.shape)  # flat
    pictures = [np.where(rows < 48, 128 + wave, below)[..., None].repeat(3, axis=2) for wave in waves]
    stretch = [np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.ones(2)]  # along the columns, along the rows, not at all
    offsets = [np.broadcast_to(((s - 1) * 2 * explanations.TAPS).reshape(18, 1, 1), (18, 24, 24)) for s in stretch]
    found = explanations.by_surface(offsets, pictures, rng)["edge"]
    assert found["cells"] > 100 and found["along_over_across"] == pytest.approx(2, abs=0.02)
    assert found["orientation_shuffled"] < 1.5 and found["irregularity"] == pytest.approx(0, abs=1e-6)


# ------------------------------------------------------------------ what the stored runs say
def test_every_conclusion_rests_on_the_same_seeds():
    for experiment, name in (
        *(("sheep_sampling", name) for name in sampling.NETWORKS),
        *(("sheep_explanations", name) for name in sampling.NETWORKS),
        ("sheep_measures", "deformable"),
    ):
        assert [row["seed"] for row in runs(experiment, name)] == list(range(SEEDS)), (experiment, name)


def test_offsets_follow_the_object_and_are_no_mere_shrinking():
    for row in runs("sheep_measures"):
        for view in ("layer 3", "composed"):
            share = row[view]["share"]
            assert share["learned"] > share["rigid"] + 0.08 > share["constant"] + 0.08
            assert share["learned"] > share["shuffled"] + 0.1 and share["learned"] > share["similar"] + 0.1
        assert row["composed"]["nearly_all_on"]["learned"] < 0.01  # "100% sheep"


def test_the_distance_of_taps_follows_the_height_in_every_seed():
    for row in runs("sheep_measures"):
        dilation = row["layer 3"]["effective_dilation"]
        assert dilation == sorted(dilation) and dilation[3] > 1.6 * dilation[0]
        assert row["composed"]["spread_and_height"] > 0.85


def test_the_middle_of_a_large_body_loses_and_grass_beside_it_gains():
    for row in runs("sheep_measures"):
        middle = row["parts"]["composed"]["middle"]
        assert middle["learned"] < middle["rigid"] - 0.03
        assert row["beside"]["learned"] > row["beside"]["rigid"] + 0.02


def test_offsets_belong_to_the_image_and_move_along_with_it():
    for row in runs("sheep_explanations"):
        for layer in row["explained"]:
            assert layer["by_image"] > 0.75 and layer["by_image"] + layer["by_place"] == pytest.approx(1, abs=2e-3)
            assert layer["moved_along"] < 0.06 < 0.5 < layer["moved_in_place"]


def test_points_are_not_aligned_with_edges_nor_regular_on_textures():
    found = [row["surfaces"]["scenes"] for row in runs("sheep_explanations")]
    assert all(f["edge"]["along_over_across"] < f["edge"]["orientation_shuffled"] for f in found)
    assert all(
        f["flat"]["effective_dilation"] < f["texture"]["effective_dilation"] < f["edge"]["effective_dilation"]
        for f in found
    )
    assert all(abs(f["texture"]["irregularity"] - f["edge"]["irregularity"]) < 0.05 for f in found)


def test_offsets_improve_the_reaches_but_not_the_kinds():
    bent, plain = (runs("sheep_sampling", name) for name in ("deformable", "plain"))
    assert np.mean([row["iou"]["sheep"] for row in bent]) < np.mean([row["iou"]["sheep"] for row in plain]) + 0.005
    assert max(row["reach_error"] for row in bent) < min(row["reach_error"] for row in plain) - 0.5
    assert min(row["cpu_seconds"] for row in bent) > 3 * max(
        row["cpu_seconds"] for row in plain
    )  # as stored, not timed


def test_depth_and_not_the_field_closes_most_of_the_gap_in_the_reaches():
    off = {name: np.array([row["reach_error"] for row in runs("sheep_sampling", name)]) for name in sampling.NETWORKS}
    plain, bent = off["plain"], off["deformable"]
    for wider in ("plain, dilations 1, 3, 9", "plain, dilations 2, 4, 8"):
        assert (off[wider] > plain - 0.1).all(), wider
    deep, same_field = off["plain, six layers"], off["plain, six layers of dilation 1"]
    assert ((plain - same_field) > (same_field - deep)).all() and (same_field > deep).all() and (deep > bent).all()
    assert 0.6 < (plain - deep).mean() / (plain - bent).mean() < 0.75  # "two thirds"


def test_in_less_time_six_plain_layers_overtake_the_deformable_network():
    for deep, bent in zip(runs("sheep_sampling", "plain, six layers", 2000), runs("sheep_sampling"), strict=True):
        assert deep["seed"] == bent["seed"] and deep["cpu_seconds"] < bent["cpu_seconds"]  # as stored, not timed
        assert deep["iou"]["sheep"] > bent["iou"]["sheep"] + 0.03 and deep["reach_error"] < bent["reach_error"]


def test_step_for_step_the_deformable_network_leads_in_the_reaches_and_with_wool_and_not_with_sheep():
    longer = zip(*(runs("sheep_sampling", name, 2000) for name in ("plain, six layers", "deformable")), strict=True)
    seeds = []
    for deep, bent in longer:
        assert deep["seed"] == bent["seed"]
        assert bent["reach_error"] < deep["reach_error"] - 0.2 and bent["iou"]["sheep"] < deep["iou"]["sheep"]
        assert bent["iou"]["wool"] > deep["iou"]["wool"]
        seeds.append(bent["seed"])
    assert seeds == list(range(SEEDS))


def test_float16_moves_no_share_by_two_thousandths_and_nothing_was_clipped():
    stored = data.stored_result("sheep_measures")
    assert stored["clipped"] == 0
    for view, shares in stored["float16"].items():
        full = runs("sheep_measures")[0][view]["share"]
        assert max(abs(shares[column] - full[column]) for column in ("rigid", "constant", "learned")) < 0.002, view
