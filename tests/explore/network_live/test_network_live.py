"""The network on a picture: the Python half by hand, and what is done to a picture in both halves."""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from cnnlib import data, squeezenet
from cnnlib.explore import NetworkLive, network_live
from cnnlib.explore.network_live import assets, picture
from tests.explore.hand import BYTES, bytes_of, floats_of

PLAIN = {"shift": (0, 0), "turn": 0, "zoom": 100, "cover": (113, 113), "cover_size": 0, "cover_fill": "mean"}
PLAIN |= {"grey": False, "shuffle": "nothing", "coarse": False}


def changed(image, **values):
    return picture.changed(image, SimpleNamespace(**PLAIN | values))


# What is done to the picture ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheep():
    return assets.levels("sheep") / 255


def test_a_shift_moves_every_pixel(sheep):
    found = changed(sheep, shift=(3, -2))
    np.testing.assert_allclose(found[3:, :-2], sheep[:-3, 2:], atol=1e-12)
    np.testing.assert_allclose(found[:3, :-2], sheep[2::-1, 2:], atol=1e-12)  # mirrored at the upper edge


def test_a_quarter_turn_goes_clockwise(sheep):
    np.testing.assert_allclose(changed(sheep, turn=90), np.rot90(sheep, -1), atol=1e-9)


def test_zoom_by_two_keeps_the_middle(sheep):
    found = changed(sheep, zoom=200)
    np.testing.assert_allclose(found[1::2, 1::2], sheep[57:170, 57:170], atol=1e-12)


def test_shuffled_tiles_are_the_same_tiles(sheep):
    found = changed(sheep, shuffle="tiles of 56")
    tiles = [sheep[r : r + 56, c : c + 56] for r in range(0, 224, 56) for c in range(0, 224, 56)]
    moved = [found[r : r + 56, c : c + 56] for r in range(0, 224, 56) for c in range(0, 224, 56)]
    indices = [next(n for n, tile in enumerate(tiles) if np.array_equal(tile, one)) for one in moved]
    assert sorted(indices) == list(range(16)) != indices
    assert np.array_equal(found[224:], sheep[224:])
    pixels = changed(sheep, shuffle="pixels")
    assert not np.array_equal(pixels, sheep)
    assert np.array_equal(np.sort(pixels.reshape(-1, 3), axis=0), np.sort(sheep.reshape(-1, 3), axis=0))


def test_cover_and_grey(sheep):
    found = changed(sheep, cover=(5, 226), cover_size=20, cover_fill="black", grey=True)
    assert found[:15, 216:].max() == 0 and np.array_equal(found[15:], changed(sheep, grey=True)[15:])
    np.testing.assert_allclose(found[100, 100], sheep[100, 100] @ [0.299, 0.587, 0.114], atol=1e-12)


def test_both_halves_do_the_same_to_a_picture(library, sheep):
    random = np.random.default_rng(8)
    library.evaluate(BYTES)
    sheep = sheep.astype(np.float32)
    for case in range(12):
        values = {
            "shift": [int(n) for n in random.integers(-32, 33, 2)],
            "turn": int(random.integers(-180, 181)),
            "zoom": int(random.integers(50, 201)),
            "cover": [int(n) for n in random.integers(0, 227, 2)],
            "cover_size": int(random.integers(0, 161)),
            "cover_fill": list(picture.FILLS)[case % 3],
            "grey": bool(case % 2),
            "shuffle": list(picture.SHUFFLES)[case % 6],
        }
        script = """([planes, state]) => { const { changed, shrunk } = cnnlibExplorers.load("network_live/picture.mjs");
          const whole = changed(Float64Array.from(sent(planes)), state);
          return [written(whole), written(shrunk(whole, 113))]; }"""
        whole, coarse = library.evaluate(script, [bytes_of(sheep.transpose(2, 0, 1)), values])
        for found, expected in ((whole, changed(sheep, **values)), (coarse, changed(sheep, **values, coarse=True))):
            planes = floats_of(found, 3, *expected.shape[:2]).transpose(1, 2, 0)
            assert np.abs(planes - expected).max() < 1e-6, values


def test_the_page_unpacks_the_same_levels(library):
    library.evaluate(BYTES)
    script = """async (text) => written(await cnnlibExplorers.load("network_live/picture.mjs").unpackSquare(
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer))"""
    for name in ("cow", "kingfisher"):
        found = library.evaluate(script, base64.b64encode(assets.packed(name)).decode())
        levels = np.rint(255 * floats_of(found, 3, 227, 227)).transpose(1, 2, 0)
        assert np.array_equal(levels, assets.levels(name))


# The Python half ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", squeezenet.ROWS)
def test_the_sum_of_a_unit_is_its_response(stage):
    """At the strongest unit, and in a corner, where the padding has no terms."""
    explorer = NetworkLive(photo="lemur", stage=stage, coarse=True)
    channels = [None, 0, explorer.channels - 1]  # the last channel of a fire module is of its 3 x 3 half
    for channel, position in [(c, at) for c in channels for at in (None, (0, 0))]:
        explorer.channel, explorer.position = channel, position
        unit = explorer.unit
        assert unit.total == pytest.approx(explorer.map[unit.position], rel=1e-4, abs=2e-3)
        products = unit.weights * unit.values
        assert unit.before == pytest.approx(products.sum() + unit.bias)


def test_stages_have_the_sizes_and_fields_of_the_table():
    rows = network_live.rows(227)
    assert rows["conv1"] == [64, 113, 3, 2, 0] and rows["fire5"][:4] == [256, 28, 63, 8]
    assert [rows[name][1] for name in ("pool1", "pool2", "pool3", "conv10")] == [56, 28, 14, 14]
    assert network_live.rows(113)["conv10"][:2] == [1000, 7]


def test_an_array_is_the_same_picture_as_its_levels():
    levels = assets.levels("owl")
    named, given = NetworkLive(photo="owl"), NetworkLive(image=levels)
    assert given.photo == "array" and given.best[0][0] == named.best[0][0]
    np.testing.assert_allclose(given.probabilities, named.probabilities, atol=1e-4)
    np.testing.assert_allclose(NetworkLive(image=levels / 255).probabilities, named.probabilities, atol=1e-4)
    grey = NetworkLive(image=data.photograph("owl", grey=True))
    assert grey.image.shape[2] == 3 and grey.input.shape == (227, 227, 3)


def test_the_stored_predictions_are_those_that_are_computed():
    names = data.imagenet_classes()
    for photo, pairs in network_live.stored_predictions().items():
        if photo in ("sheep", "cow", "owl"):
            best = NetworkLive(photo=photo).best
            assert [name for name, _ in pairs] == [name for name, _ in best] and set(dict(best)) <= set(names)
            np.testing.assert_allclose([p for _, p in pairs], [p for _, p in best], atol=2e-4)
