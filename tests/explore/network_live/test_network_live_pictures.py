"""The network on its page: what is drawn, pixel by pixel, and every text beside it, held to the Python half."""

import re

import numpy as np
import pytest

from cnnlib import data, squeezenet
from cnnlib.explore import NetworkLive, network_live
from cnnlib.explore.network_live import picture
from tests.explore.contract.page import as_python
from tests.explore.hand import put, read, status
from tests.explore.shown import number, pixels, signed

STATES = [
    {"coarse": True, "stage": "fire4", "position": (2, 11)},
    {"coarse": True, "photo": "owl", "stage": "conv10", "turn": 40, "cover_size": 40, "cover": (60, 200), "grey": True},
    {"coarse": True, "photo": "cow", "stage": "pool1", "channel": 9, "shuffle": "tiles of 56", "remove": "fire6 1x1"},
]
CANVAS = "(canvas) => driver.visible(canvas)"


@pytest.fixture(params=range(len(STATES)))
def both(request, bare):
    """The explorer in Python, and its frame on a page."""
    explorer = NetworkLive(**STATES[request.param])
    root = bare(NetworkLive(**STATES[request.param])).locator(".cnnlib-explorer")
    status(root)
    return explorer, root


def drawn(root, panel):
    return pixels(root.locator(f".panel.{panel} .pixels").evaluate(CANVAS)).astype(float)


def test_the_picture_is_the_one_that_the_network_is_given(both):
    explorer, root = both
    found = drawn(root, "input")
    assert found.shape == explorer.input.shape
    assert np.abs(found - 255 * explorer.input).max() <= 1


def test_the_strip_has_each_stage_with_its_size_and_strongest_channel(both):
    explorer, root = both
    tiles = root.locator(".tiles button").all()
    names = [name for name in squeezenet.ROWS if not name.endswith("_squeeze")]
    assert len(tiles) == len(names)
    for name, tile in zip(names, tiles, strict=True):
        channels, side, field = network_live.rows(picture.COARSE)[name][:3]
        assert tile.inner_text().split() == [name, f"{channels}×{side}²", "sees", f"{field}²"]
        assert tile.get_attribute("aria-pressed") == str(name == explorer.stage).lower()
        maps = explorer.maps[name]
        strongest = maps[maps.mean(axis=(1, 2), dtype=float).argmax()]
        found = pixels(tile.locator("canvas").evaluate("(canvas) => canvas.toDataURL()")).astype(float)
        assert found.shape == (side, side, 3)
        assert np.abs(found - signed(strongest, np.abs(strongest).max())).max() <= 3, name


def test_the_channel_lies_over_the_picture_where_its_units_look(both):
    explorer, root = both
    _, side, field, jump, start = network_live.rows(picture.COARSE)[explorer.stage]
    middles = start + jump * np.arange(side) + (field - 1) / 2
    at = np.abs(np.arange(picture.COARSE)[:, None] - middles).argmin(axis=1)
    part = explorer.map[at[:, None], at] / explorer.map.max()
    grey = 90 + 150 * explorer.input @ np.array(data.GREY_WEIGHTS)
    wanted = (1 - 0.8 * part)[..., None] * grey[..., None] + 0.8 * part[..., None] * [178, 24, 43]
    found = drawn(root, "map")
    assert found.shape == wanted.shape
    # where a pixel lies between two middles either will do
    assert (np.abs(found - wanted).max(axis=-1) > 2).mean() < 0.03 + 2 * (jump % 2 == 0) / jump * (jump > 1)


def test_the_gallery_has_the_channels_in_their_order(both):
    explorer, root = both
    maps = explorer.maps[explorer.stage]
    order = np.argsort(-maps.mean(axis=(1, 2), dtype=float), kind="stable")[:36]
    found = drawn(root, "channels")
    limit = maps[order].max() / 2
    at = np.arange(28) * maps.shape[1] // 28
    assert found.shape[1] == 6 * 29
    for place, channel in enumerate(order):
        top, left = 29 * (place // 6), 29 * (place % 6)
        tile = found[top : top + 28, left : left + 28]
        assert np.abs(tile - signed(maps[channel], limit)[at[:, None], at]).max() <= 3, place
    text = root.locator(".panel.channels").inner_text()
    assert f"{min(36, len(maps))} strongest of {len(maps)} channels" in text


def test_the_bars_are_the_five_best_and_what_they_were(both):
    explorer, root = both
    names, probabilities, intact = data.imagenet_classes(), explorer.probabilities, explorer.intact
    best = np.argsort(-probabilities, kind="stable")[:5]
    changed = any(getattr(explorer, name) != explorer.traits()[name].default_value for name in ("turn", "shuffle"))
    for row, n in zip(root.locator(".answer-row").all(), best, strict=True):
        name, share, *was = row.inner_text().strip().split("\n")
        assert (name, number(share)) == (names[n], pytest.approx(probabilities[n], abs=1.1e-3))
        assert [number(text.removeprefix("was ")) for text in was] == (
            [pytest.approx(intact[n], abs=1.1e-3)] if changed else []
        )
        wide = row.locator(".bar").first.evaluate("(bar) => parseFloat(bar.style.width)")
        assert wide == pytest.approx(100 * probabilities[n], abs=0.11)
        opened = explorer.stage == "conv10" and n == explorer.shown_channel
        assert row.get_attribute("aria-pressed") == str(opened).lower()


def test_the_terms_beside_it_are_those_of_the_sum(both):
    explorer, root = both
    unit = NetworkLive(**STATES[STATES.index(next(s for s in STATES if s["stage"] == explorer.stage))]).unit
    products = unit.weights * unit.values
    order = np.argsort(-np.abs(products), kind="stable")[:6]
    rows = root.locator(".term:visible").all()
    assert len(rows) == 6
    for row, n in zip(rows, order, strict=True):
        product, place = row.inner_text().split("\n")
        if explorer.stage.startswith("pool"):
            assert products[n] == 0 or number(product) == pytest.approx(products[n], rel=6e-3, abs=2e-3)
            continue
        weight, value, result = (number(part) for part in re.split(" [×=] ", product))
        assert abs(result) == pytest.approx(abs(products[n]), rel=1e-2, abs=2e-3)
        assert weight * value == pytest.approx(result, rel=6e-2, abs=2e-3)
        assert re.fullmatch(rf"{unit.source}\[\d+\] at \(\d+, \d+\)", place)
    total = root.locator(".total").inner_text()
    assert number(re.search(r"(\S+)$", total)[1]) == pytest.approx(unit.total, rel=2e-3, abs=2e-3)


def test_before_the_network_is_there_the_strip_shows_the_first_photograph(library):
    """The maps that the page holds: the strongest channels, 14 x 14."""
    found = library.evaluate("""() => cnnlibExplorers.load("network_live/schema.mjs").FIRST_STAGES
      .map((text) => Array.from(atob(text), (letter) => letter.charCodeAt(0)))""")
    maps = NetworkLive().maps
    names = [name for name in squeezenet.ROWS if not name.endswith("_squeeze")]
    for name, levels in zip(names, found, strict=True):
        strongest = maps[name][maps[name].mean(axis=(1, 2)).argmax()]
        tile = data.area_resize(strongest, (14, 14))
        assert np.abs(np.reshape(levels, (14, 14)) - 255 * tile / tile.max()).max() <= 1.5, name


def test_a_change_of_the_stage_by_the_list_draws_anew(bare):
    """As a reader goes through the stages: every one has its own channels, map and sum."""
    root = bare(NetworkLive(coarse=True)).locator(".cnnlib-explorer")
    status(root)
    seen = set()
    for stage in ("fire2_squeeze", "fire8", "pool2"):
        put(root, "stage", stage)
        found = read(root)
        explorer = as_python(NetworkLive(coarse=True), found["parameters"])
        assert found["status"].replace("×", "x") == explorer.result()
        seen.add(root.locator(".panel.map .pixels").evaluate(CANVAS))
    assert len(seen) == 3
