"""The experiments of chapter 14: their parts by other means, and that the stored results are theirs."""

import numpy as np
import pytest
import torch

from cnnlib import data, layers
from tests.test_experiments import load

taps, cost = (load(name) for name in ("learned_taps", "deformable_cost"))
GENERATOR = torch.Generator().manual_seed(0)


def images(count=2):
    side = taps.SIDE + 2 * taps.MARGIN
    return torch.randn(count, 1, side, side, generator=GENERATOR)


def test_the_student_is_a_deformable_layer_with_the_same_offsets_everywhere():
    """Values and the gradient by offsets, on whole pixels too; the layer's frame is cut away."""
    x, kernel = images(), torch.randn(1, 1, 3, 3, generator=GENERATOR)
    offsets = (4 * torch.rand(9, 2, generator=GENERATOR) - 2).index_fill(0, torch.tensor([2, 5]), 0).requires_grad_()
    side, lost = x.shape[-1] - 2, taps.MARGIN - 1
    field = offsets.reshape(1, 18, 1, 1).expand(2, 18, side, side)
    whole = layers.deform_conv2d(x, field, kernel)[:, :, lost : lost + taps.SIDE, lost : lost + taps.SIDE]
    read = taps.read(x, kernel, offsets)
    torch.testing.assert_close(read, whole, atol=1e-5, rtol=1e-5)
    gradients = [torch.autograd.grad((y**3).sum(), offsets)[0] for y in (read, whole)]
    torch.testing.assert_close(*gradients, atol=1e-2, rtol=1e-4)


@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_teachers_positions_explain_everything_and_others_do_not(dilation):
    kernel, x = torch.randn(1, 1, 3, 3, generator=GENERATOR), images()
    right = taps.TAPS * (dilation - 1)
    assert taps.unexplained(x, kernel, dilation, kernel, right) < 1e-10
    assert taps.unexplained(x, kernel, dilation, kernel, right + 0.5) > 0.1


def test_the_first_stored_run_is_begun_again():
    """Twenty steps of the first setting move the taps outwards, and repeat."""
    pictures = [data.photograph(name, side=160, grey=True) for name in data.photograph_names()[:48]]
    setting = taps.SETTINGS["dilation 2, weights known"]
    rows = [taps.measured(setting, pictures[:40], pictures[40:], 0, 20) for _ in range(2)]
    assert rows[0] == rows[1]
    assert rows[0]["distance"] < np.sqrt(2) * 4 / 9 + 4 / 9


@pytest.mark.parametrize("size, along", [(0.5, 1), (0.1, 1), (0.5, -1), (0.1, -1)])
def test_a_start_outwards_is_nearer_by_its_size_and_off_the_grid_everywhere(monkeypatch, size, along):
    """No step is made, so the offsets are those of the start; a tap of the middle row has no outwards along it."""
    monkeypatch.setattr(taps, "pieces", None)
    setting = {"dilation": 2, "weights": "known", "start": size, "along": along}
    starts = [taps.train(setting, None, seed, 0)[2] for seed in range(5)]
    for offsets in starts:
        way = (taps.TAPS - offsets).abs()  # to go, from dilation 1 to dilation 2
        torch.testing.assert_close(way[taps.TAPS != 0], torch.full((12,), 1 - along * size))
        torch.testing.assert_close(offsets.abs(), torch.full((9, 2), size))
    assert any((offsets != starts[0]).any() for offsets in starts)  # the random directions


def test_the_side_of_the_pixel_decides_where_taps_end():
    def away(start):
        name = f"dilation 2, weights known{start}"
        rows = data.stored_result("learned_taps")["rows"]
        return np.array([row["distance"] for row in rows if row["name"] == name and row["steps"] == 2 * taps.STEPS])

    half_out, tenth_out, grid, tenth_in, half_in = (
        away(start)
        for start in (
            ", start half a pixel outwards",
            ", start a tenth of a pixel outwards",
            "",
            ", start a tenth of a pixel inwards",
            ", start half a pixel inwards",
        )
    )
    means = [found.mean() for found in (half_out, tenth_out, grid, tenth_in, half_in)]
    assert means == sorted(means) and means[3] > 3 * means[1]
    assert half_out.max() < 0.2 < half_in.min()
    assert (tenth_out < tenth_in).sum() >= 4  # seed by seed


def test_stored_runs_are_of_these_settings():
    stored = data.stored_result("learned_taps")
    keys = [(row["name"], row["seed"], row["steps"]) for row in stored["rows"]]
    assert keys == [(name, seed, n) for name in taps.SETTINGS for seed in stored["seeds"] for n in stored["steps"]]
    assert stored["steps"] == [taps.STEPS, 2 * taps.STEPS]
    for row in stored["rows"]:
        setting, ends = taps.SETTINGS[row["name"]], taps.TAPS.numpy() + row["offsets"]
        away = np.linalg.norm(ends - setting["dilation"] * taps.TAPS.numpy(), axis=1)
        assert row["distance"] == pytest.approx(away.mean(), abs=1e-3)
        assert (away < taps.NEAR - 1e-3).sum() <= row["own_position"] <= (away < taps.NEAR + 1e-3).sum()
        assert row["own_position"] <= row["any_position"] <= 9


@pytest.mark.parametrize("library", ["NumPy", "torch"])
def test_what_is_timed_is_the_layer_and_its_parts(library):
    parts = cost.calls(4, 7, np.random.default_rng(0))
    ours, other = (np.asarray(parts[name]["layer"]()) for name in (library, "NumPy"))
    np.testing.assert_allclose(ours, other, atol=1e-4)
    assert np.abs(ours - np.asarray(parts[library]["plain"]())).max() > 0.1
    assert np.asarray(parts[library]["samples"]()).shape == (1, 4, 9, 7, 7)
    assert np.asarray(parts[library]["branch"]()).shape == (1, 18, 7, 7)


def test_stored_ratios_are_of_these_cases():
    stored = data.stored_result("deformable_cost")
    assert [(row["channels"], row["size"]) for row in stored["rows"][::2]] == list(cost.CASES)
    for row in stored["rows"]:
        channels = row["channels"]
        work = 9 * channels * channels, 9 * channels * 18, 4 * 9 * channels
        assert row["counted"] == pytest.approx(sum(work) / work[0], abs=0.005)
        assert all(low <= middle <= high for low, middle, high in row["parts"].values())
