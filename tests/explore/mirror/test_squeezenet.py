"""SqueezeNet in JavaScript: every row as in Python, on photographs and noise, cut, with parts taken out, and again."""

import base64
import zlib

import numpy as np
import pytest
import torch

from cnnlib import data, layers, squeezenet
from cnnlib.explore import network_live
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.network_live import assets
from tests.explore.hand import BYTES, bytes_of, floats_of

LOAD = """async (network) => {
  const { engine, unpackNetwork } = cnnlibExplorers.load("mirror/squeezenet.mjs");
  const bytes = Uint8Array.from(atob(network), (letter) => letter.charCodeAt(0));
  globalThis.network = unpackNetwork(bytes.buffer);
  globalThis.net = engine();
  net.load(globalThis.network.layers);
  return [network.length, globalThis.network.classes.length, Object.keys(globalThis.network.layers).length];
}"""
RUN = """([text, side, options]) => {
  const { maps, fresh } = net.forward(sent(text), side, options);
  return [Object.fromEntries([...maps].map(([name, map]) => [name, [map.channels, map.side, written(map.values)]])),
    fresh, Array.from(net.means(maps.get("conv10")))];
}"""


@pytest.fixture(scope="module")
def net(library):
    library.evaluate(BYTES)
    packed = zlib.decompress(assets.network())
    assert library.evaluate(LOAD, base64.b64encode(packed).decode())[1:] == [1000, 26]
    return library


def images():
    """Two photographs and two of noise, on sides that leave something over in each pooling."""
    noise = np.random.default_rng(4)
    yield "cow", assets.levels("cow").transpose(2, 0, 1) / 255
    yield "giraffe, smaller", data.area_resize(assets.levels("giraffe") / 255, (113, 113)).transpose(2, 0, 1)
    yield "noise", noise.random((3, 98, 98))
    yield "black and white", noise.integers(0, 2, (3, 131, 131)).astype(float)


def ran(net, image, **options):
    found, fresh, scores = net.evaluate(RUN, [bytes_of(squeezenet.pixels(image[None])[0]), image.shape[1], options])
    maps = {name: floats_of(values, channels, side, side) for name, (channels, side, values) in found.items()}
    return maps, fresh, np.array(scores)


def same(found, expected):
    assert tuple(found) == tuple(expected) == squeezenet.ROWS
    for name, values in expected.items():
        assert found[name].shape == values[0].shape
        assert np.abs(found[name] - values[0]).max() <= 2e-6 * max(1, np.abs(values).max()), name


@pytest.mark.parametrize(("name", "image"), list(images()))
def test_every_row_is_that_of_python(net, name, image):
    found, fresh, _ = ran(net, image)
    same(found, squeezenet.maps(image[None], weights=squeezenet.int8_weights()))
    assert tuple(fresh) == squeezenet.ROWS


def test_the_answer_is_that_of_torch_with_the_same_weights(net):
    image = assets.levels("panda").transpose(2, 0, 1) / 255
    network = layers.SqueezeNet()
    for name, array in squeezenet.int8_weights().items():
        network.get_buffer(name.replace("/", "_")).copy_(torch.from_numpy(array))
    with torch.inference_mode():
        expected = network(torch.from_numpy(image[None]).float())[0].numpy()
    scores = ran(net, image)[2]
    np.testing.assert_allclose(scores, expected, atol=1e-5 * expected.max())
    assert scores.argmax() == 388


@pytest.mark.parametrize("rank", [1, 2])
def test_slices_of_lower_rank_are_those_of_the_singular_values(net, rank):
    for layer in ("conv1", "fire2/expand3x3", "fire9/expand3x3"):
        found = net.evaluate("([layer, rank]) => Array.from(net.weightsOf(layer, rank))", [layer, rank])
        expected = network_live.weights(rank)[f"{layer}/w"]
        assert np.abs(np.reshape(found, expected.shape) - expected).max() < 1e-6 * np.abs(expected).max()
        assert np.linalg.matrix_rank(np.reshape(found, expected.shape), tol=1e-6).max() <= rank
    image = np.random.default_rng(1).random((3, 75, 75))
    same(ran(net, image, rank=rank)[0], squeezenet.maps(image[None], weights=network_live.weights(rank)))


def test_only_what_changes_is_computed_again(net):
    """With something taken out, from there on; with another rank, everything; the same again, nothing."""
    image = np.random.default_rng(2).random((3, 75, 75))
    given = bytes_of(squeezenet.pixels(image[None])[0])
    runs = [{}, {}, {"removed": ["fire8", 0, 256]}, {"removed": ["fire9", 3, 4]}, {"rank": 2}, {"rank": 2}, {}]
    fresh, maps = net.evaluate(
        """([text, runs]) => { const kept = new Map(); const key = {}; const given = sent(text);
        const found = runs.map((options) => net.forward(given, 75, { ...options, kept, key }).fresh);
        return [found, Object.fromEntries([...kept].map(([name, map]) => [name, written(map.values)]))]; }""",
        [given, runs],
    )
    rows = list(squeezenet.ROWS)
    assert fresh == [rows, [], rows[rows.index("fire8") :], rows[rows.index("fire8") :], rows, [], rows]
    expected = squeezenet.maps(image[None], weights=squeezenet.int8_weights())
    for name, values in expected.items():
        found = floats_of(maps[name], *values.shape)
        assert np.abs(found - values).max() <= 2e-6 * values.max()


@pytest.mark.parametrize("removed", [("conv1", 7, 8), ("fire4", 128, 256)])
def test_what_is_taken_out(net, removed):
    image = np.random.default_rng(3).random((3, 90, 90))
    expected = squeezenet.maps(image[None], weights=squeezenet.int8_weights(), removed=removed)
    same(ran(net, image, removed=list(removed))[0], expected)


@pytest.mark.parametrize("size", [(5, 7), (1, 1), (113, 90), (230, 301)])
def test_the_square_in_the_middle(library, size):
    planes = np.random.default_rng(5).random((3, *size))
    library.evaluate(BYTES)
    script = """([planes, size]) =>
      written(cnnlibExplorers.load("mirror/area.mjs").middleSquare(sent(planes), 3, size, 227))"""
    found = floats_of(library.evaluate(script, [bytes_of(planes), list(size)]), 3, 227, 227)
    expected = middle_square(planes.astype(np.float32).transpose(1, 2, 0), 227).transpose(2, 0, 1)
    np.testing.assert_allclose(found, expected, atol=1e-7)
