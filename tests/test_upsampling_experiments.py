"""The experiments of chapter 10, on decoders and on the grid in a gradient: what their stored results rest on."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnlib import data, geometry
from tests.test_experiments import load

decoders, grid = load("decoders"), load("gradient_grid")
LEARNED = [kind for kind in decoders.KINDS if "conv" not in kind]
RESIZED = ["nearest + conv", "bilinear + conv"]


# Decoders ------------------------------------------------------------------------------------------------------------


def test_the_decoders_differ_in_their_upsampling_alone_and_have_the_stored_parameters():
    stored = data.stored_result("decoders")["parameters"]
    assert list(stored) == list(decoders.KINDS)
    for kind, options in decoders.KINDS.items():
        network = decoders.Autoencoder(**options)
        assert network(torch.zeros(2, 1, 28, 32)).shape == (2, 1, 28, 32)
        assert sum(p.numel() for p in network.decode.parameters()) == stored[kind]
        assert sum(p.numel() for p in network.encode.parameters()) == 16 * 17 + 8 * (16 * 16 + 1)
    assert stored["transposed 4"] == geometry.count_parameters(8, 16, 4) + geometry.count_parameters(16, 1, 4)


@pytest.mark.parametrize("kind", decoders.KINDS)
def test_a_flat_code_decodes_to_a_tile_that_repeats_and_to_a_constant_after_a_resize(kind):
    torch.manual_seed(1)
    network = decoders.Autoencoder(**decoders.KINDS[kind])
    examples = torch.rand(4, 1, 28, 28)
    tile = decoders.flat_tile(network, examples)
    with torch.no_grad():
        code = network.encode(examples).mean((0, 2, 3)).reshape(1, -1, 1, 1)
        whole = network.decode(code.expand(1, -1, 12, 12))[0, 0, 12:-12, 12:-12].numpy()
    np.testing.assert_allclose(whole, np.tile(tile, (6, 6)), atol=1e-6)
    flat = np.ptp(tile) < 1e-6
    assert flat == (kind in (*RESIZED, "sub-pixel, ICNR"))


def test_psnr_and_spread_by_hand():
    class Darker(torch.nn.Module):
        encode = staticmethod(lambda x: x[:, :, ::4, ::4])
        decode = staticmethod(lambda z: F.interpolate(z, scale_factor=4) + torch.tensor([0.0, 0.2]).repeat(24))

        def forward(self, x):
            return x - 0.1

    found = decoders.measure(Darker(), torch.full((3, 1, 8, 8), 0.4))
    assert found["psnr"] == 20.0  # the squared error is 0.01
    assert found["flat"] == pytest.approx(0.2)  # 0.4 and 0.6 in turn: 0.1 over 0.5
    np.testing.assert_allclose(found["tile"], [[0.4, 0.6, 0.4, 0.6]] * 4)


def test_pieces_lie_in_their_photographs():
    ramp = np.arange(40 * 50, dtype=float).reshape(40, 50)
    for piece in decoders.pieces([ramp], 20, seed=0, side=32)[:, 0].numpy():
        np.testing.assert_array_equal(piece - piece[0, 0], ramp[:32, :32])
        assert piece[0, 0] in ramp[:9, :19]


def test_runs_that_are_stored_are_not_made_again(monkeypatch):
    ran = []
    monkeypatch.setattr(decoders, "train", lambda network, pictures, steps, seed: ran.append((steps, seed)) or 0.5)
    monkeypatch.setattr(decoders, "pictures", lambda name: (torch.rand(4, 1, 28, 28), torch.rand(9, 1, 28, 28)))
    plan = (("garments", (0, 5), ("transposed 3",), 2),)
    *_, result = decoders.run(plan)
    assert ran == [(5, 0), (5, 1)] and [row["steps"] for row in result["rows"]] == [0, 5, 0, 5]
    assert list(decoders.run(plan, result)) == [] and len(ran) == 2


def values(kind, steps, key, pictures="garments"):
    rows = data.stored_result("decoders")["rows"]
    return {r["seed"]: r[key] for r in rows if (r["name"], r["steps"], r["data"]) == (kind, steps, pictures)}


def test_every_run_of_the_plan_is_stored():
    for pictures, lengths, kinds, seeds in decoders.PLAN:
        for kind in kinds:
            for steps in lengths:
                assert set(range(seeds)) <= set(values(kind, steps, "psnr", pictures)), (pictures, kind, steps)


def test_the_stored_untrained_rows_are_those_of_this_script():
    """A decoder of random weights is made again in no time, and measured as it was."""
    _, tests = decoders.pictures("garments")
    for kind in ("transposed 3", "sub-pixel, ICNR"):
        torch.manual_seed(1)
        found = decoders.measure(decoders.Autoencoder(**decoders.KINDS[kind]), tests)
        assert found["share"] == pytest.approx(values(kind, 0, "share")[1], rel=1e-3)
        assert found["psnr"] == pytest.approx(values(kind, 0, "psnr")[1], abs=0.01)


def test_untrained_a_twentieth_or_more_is_checkerboard_unless_the_layer_forbids_it():
    for kind in decoders.KINDS:
        shares = values(kind, 0, "share").values()
        clean = kind in (*RESIZED, "sub-pixel, ICNR")
        assert max(shares) < 0.005 if clean else min(shares) > 0.05


@pytest.mark.parametrize("pictures", ["garments", "photographs"])
@pytest.mark.parametrize("steps", [400, 800])
def test_what_chapter_10_concludes_holds_for_every_seed_at_both_lengths(pictures, steps):
    own = data.stored_result("decoders")["shares"][pictures]
    for kind in LEARNED:
        shares, flats = (values(kind, steps, key, pictures).values() for key in ("share", "flat"))
        if shares:  # of photographs not all kinds were tried
            assert max(shares) < 1.2 * own  # no more checkerboard than the pictures have themselves
            assert min(flats) > 0.002  # but a pattern on a flat code, after ICNR too
    for kind in RESIZED:
        for flat in values(kind, steps, "flat", pictures).values():
            assert flat < 1e-5


def test_on_garments_resizing_first_costs_accuracy_with_every_seed_and_after_twice_as_many_steps():
    best = max(value for kind in RESIZED for value in values(kind, 800, "psnr").values())
    assert best < min(value for kind in LEARNED for value in values(kind, 800, "psnr").values()) - 1
    resized, learned = (values(kind, 1600, "psnr") for kind in ("nearest + conv", "transposed 4"))
    assert max(resized.values()) < min(learned.values()) - 1
    collapsed = [seed for seed, share in values("nearest + conv", 1600, "share").items() if share is None]
    assert len(collapsed) == 1 and resized[collapsed[0]] < 10  # of which the chapter speaks


# The grid in a gradient -----------------------------------------------------------------------------------------------


def test_kernels_of_ones_send_back_how_often_a_pixel_is_read(monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", lambda seed: SimpleNamespace(standard_normal=np.ones))
    for size, expected in ((3, [4, 2, 2, 1]), (2, [1, 1, 1, 1]), (4, [1, 1, 1, 1])):
        back = grid.sent_back(torch.ones(1, 64, 113, 113), size, 0)
        assert grid.measure(back)["phases"] == expected


def test_the_first_layer_s_gradient_is_the_one_that_makes_the_image_s():
    network = grid.Watched()
    image, upstream = grid.gradients(network, data.photograph("sheep"))
    back = F.conv_transpose2d(upstream, network.conv1_w, stride=grid.STRIDE)
    torch.testing.assert_close(255 * back.flip(1), image, rtol=1e-3, atol=1e-6)


def rows(kernel):
    return [row for row in data.stored_result("gradient_grid")["rows"] if row["kernel"] == kernel]


def test_the_stored_grid_is_in_every_photograph_and_where_overlap_is_uneven():
    stored = data.stored_result("gradient_grid")
    assert len(rows("trained 3 x 3")) == stored["photographs"] == 30
    expected = {"trained 3 x 3": (1.4, 2), "drawn 3 x 3": (2, 3), "drawn 2 x 2": (0.8, 1.2), "drawn 4 x 4": (0.9, 1.1)}
    for kernel, (low, high) in expected.items():
        assert len(rows(kernel)) == 30 * (1 if kernel.startswith("trained") else stored["seeds"])
        assert all(low < row["phases"][0] < high for row in rows(kernel)), kernel
    for row in rows("trained 3 x 3"):
        control = max(row["explained"][period] for period in ("3", "5", "7"))
        assert min(row["explained"][period] for period in ("2", "4", "8", "16")) > 5 * control


def test_a_stored_row_is_what_the_script_gives():
    (row,) = [row for row in rows("trained 3 x 3") if row["photograph"] == "ajanta_cave"]
    (image, _) = grid.gradients(grid.Watched(), data.photograph("ajanta_cave"))
    np.testing.assert_allclose(grid.measure(image)["phases"], row["phases"], atol=2e-3)
