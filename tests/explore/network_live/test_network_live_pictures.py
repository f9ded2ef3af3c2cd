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
    for index, channel in enumerate(order):
        top, left = 29 * (index // 6), 29 * (index % 6)
        tile = found[top : top + 28, left : left + 28]
        assert np.abs(tile - signed(maps[channel], limit)[at[:, None], at]).max() <= 3, index
    text = root.locator(".panel.channels").inner_text()
    some = f"The strongest 36 of {len(maps):,}" if len(maps) > 36 else f"All {len(maps)} channels, strongest first"
    assert some in text


def test_the_bars_are_the_five_best_and_what_they_were(both):
    explorer, root = both
    names, probabilities, intact = data.imagenet_classes(), explorer.probabilities, explorer.intact
    best = np.argsort(-probabilities, kind="stable")[:5]
    changed = any(getattr(explorer, name) != explorer.traits()[name].default_value for name in ("turn", "shuffle"))
    for row, n in zip(root.locator(".prediction-row").all(), best, strict=True):
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
        product, source = row.inner_text().split("\n")
        if explorer.stage.startswith("pool"):
            assert products[n] == 0 or number(product) == pytest.approx(products[n], rel=6e-3, abs=2e-3)
            continue
        weight, value, result = (number(part) for part in re.split(" [×=] ", product))
        assert abs(result) == pytest.approx(abs(products[n]), rel=1e-2, abs=2e-3)
        assert weight * value == pytest.approx(result, rel=6e-2, abs=2e-3)
        assert re.fullmatch(rf"{unit.source}\[\d+\] at \(\d+, \d+\)", source)
    total = root.locator(".total").inner_text()
    assert number(re.search(r"(\S+)$", total)[1]) == pytest.approx(unit.total, rel=2e-3, abs=2e-3)


def test_before_the_network_is_there_the_strip_shows_the_first_photograph(library):
    """The maps that the page holds: the strongest channels, 14 x 14."""
    found = library.evaluate("""() => cnnlibExplorers.load("network_live/tables.mjs").FIRST_STAGES
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


def test_the_formula_has_the_largest_products(both):
    explorer, root = both
    line = read(root)["formula"].splitlines()[0]
    unit, (row, column) = explorer.unit, explorer.shown_position
    assert line.startswith(f"{explorer.stage}[{explorer.shown_channel}, {row}, {column}] = max")
    if explorer.stage.startswith("pool"):
        assert f"max of {len(unit.weights)} = " in line
        return
    found = [(number(sign + w), number(x)) for sign, w, x in re.findall(r"([−+]) ([\d.e−]+)·\(?([−\d.e]+)\)?", line)]
    order = np.argsort(-np.abs(unit.weights * unit.values), kind="stable")[:4]
    np.testing.assert_allclose(found, np.stack([unit.weights, unit.values], 1)[order], rtol=1e-2, atol=1e-3)
    assert f"({len(unit.weights)} products)" in line
    first = number(re.search(r"max\(0, (\S+)", line)[1])
    assert first == pytest.approx(unit.bias, rel=1e-2, abs=1e-3)


def test_the_frames_are_where_the_unit_looks(both):
    """Over the picture and over the map: the field of the unit, as far as it lies on them."""
    explorer, root = both
    _, _, field, jump, start = network_live.rows(picture.COARSE)[explorer.stage]
    edges = """(sheet) => { const { width, height } = sheet; // which may be larger than what is seen of it
      const scale = Number.parseFloat(sheet.style.width) / width;
      const { data } = sheet.getContext("2d").getImageData(0, 0, width, height);
      const at = Array.from({ length: width * height }, (_, n) => n).filter((n) => data[4 * n + 3] > 128);
      const [rows, columns] = [at.map((n) => Math.floor(n / width)), at.map((n) => n % width)];
      const ends = (all) => [Math.min(...all) * scale, (Math.max(...all) + 1) * scale];
      return [...ends(rows), ...ends(columns), sheet.parentElement.clientHeight]; }"""
    for panel in ("map",) if explorer.cover_size else ("map", "input"):
        *found, size = root.locator(f".panel.{panel} .marks canvas").evaluate(edges)
        unit = size / picture.COARSE
        first = [start + at * jump for at in explorer.shown_position]
        wanted = [end * unit for at in first for end in (at, at + max(field, 4 / unit))]
        if not any(0 <= end <= size for end in wanted):  # it sees more than all
            assert not np.isfinite(found).any()
            continue
        found = np.clip(found, 0, size)
        np.testing.assert_allclose(found, np.clip(wanted, 0, size), atol=4)  # half of the line's width, on either side


def test_a_pixel_is_named_by_its_colour(bare):
    """The network reads blue, green and red, in this order."""
    explorer = NetworkLive(coarse=True, stage="conv1", channel=3, position=(50, 40))
    root = bare(explorer).locator(".cnnlib-explorer")
    status(root)
    unit, colours = explorer.unit, ["blue", "green", "red"]
    order = np.argsort(-np.abs(unit.weights * unit.values), kind="stable")[:6]
    said = [row.inner_text().split("\n")[1] for row in root.locator(".term:visible").all()]
    wanted = [f"{colours[c]} pixel ({r}, {q})" for c, r, q in unit.indices[order].tolist()]
    assert said == wanted
    c, r, q = unit.indices[order[0]]
    light = 255 * explorer.input[r, q, 2 - c] - squeezenet.MEANS[c]
    assert unit.values[order[0]] == pytest.approx(light, abs=1e-3)
