"""A layer as a matrix: the Python half by hand, both halves on random states."""

import itertools

import numpy as np
import pytest

from cnnlib.explore import LayerAsMatrix, layer_as_matrix
from tests.explore.contract.states import fitting


def test_by_hand():
    layer = LayerAsMatrix(length=4, kernel_size=2, stride=2)
    assert layer.matrix.tolist() == [[1, 2, 0, 0], [0, 0, 1, 2]]
    assert layer.output.tolist() == [[0 + 2, 2 + 6]]
    layer.connection = "local"
    assert layer.matrix.tolist() == [[1, 2, 0, 0], [0, 0, 11, 12]]
    layer.connection = "dense"
    assert layer.matrix.tolist() == [[1, 2, 3, 4], [11, 12, 13, 14]]
    assert layer.output.tolist() == [[20, 80]]


def test_counts_by_hand():
    """Padding makes multiply-adds that are no connections, and for the local layer weights that meet nothing else."""
    layer = LayerAsMatrix(length=4, kernel_size=3, padding=1)
    assert layer.counts == {
        "dense": {"parameters": 16, "connections": 16, "macs": 16},
        "local": {"parameters": 12, "connections": 10, "macs": 12},
        "tiled": {"parameters": 6, "connections": 10, "macs": 12},
        "shared": {"parameters": 3, "connections": 10, "macs": 12},
    }


@pytest.mark.parametrize(("period", "free"), [(1, 3), (2, 6), (3, 9), (6, 18)])
def test_the_period_is_a_dial_from_shared_to_local(period, free):
    """Of 6 outputs; with a period of 1 the layer is the shared one, with 6 the local one."""
    layer = LayerAsMatrix(connection="tiled", length=8, kernel_size=3, period=period)
    assert layer.free.size == layer.counts["tiled"]["parameters"] == free
    same = {1: "shared", 6: "local"}.get(period)
    if same:
        assert layer.matrix.tolist() == LayerAsMatrix(connection=same, length=8, kernel_size=3).matrix.tolist()


@pytest.mark.parametrize(("period", "followed"), [(1, [1, 2, 3, 4]), (2, [2, 4]), (3, [3])])
def test_a_tiled_layer_follows_shifts_by_its_period_and_no_others(period, followed):
    image = np.zeros(12)
    image[2:5] = 3, 1, 2
    layer = LayerAsMatrix(connection="tiled", period=period, length=12, kernel_size=3, image=image)
    output = layer.output[0]
    found = []
    for shift in (1, 2, 3, 4):
        layer.image = np.roll(image, shift)
        if np.array_equal(layer.output[0], np.roll(output, shift)):
            found.append(shift)
    assert found == followed


def test_arrays_set_the_sizes():
    line = LayerAsMatrix(image=[0, 0, 1, 0, 0], weights=[1, 2, 3])
    assert (line.dimensions, line.length, line.kernel_size) == (1, 5, 3)
    assert line.output.tolist() == [[3, 2, 1]]
    image = LayerAsMatrix(image=np.eye(3), weights=[[1, 0], [0, 5]])
    assert (image.dimensions, image.size, image.kernel_size) == (2, (3, 3), 2)
    assert image.output.tolist() == [[6, 0], [0, 6]]


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("connection", layer_as_matrix.CONNECTIONS)
def test_the_matrix_times_the_input_is_the_output(dimensions, connection):
    layer = LayerAsMatrix(
        dimensions=dimensions, connection=connection, size=(5, 6), kernel_size=2, stride=2, padding=1, dilation=2
    )
    np.testing.assert_allclose(layer.matrix @ layer.input.ravel(), layer.output.ravel())
    assert np.count_nonzero(layer.matrix) == layer.counts[connection]["connections"]


@pytest.mark.parametrize("connection", layer_as_matrix.CONNECTIONS)
def test_presets_are_the_same_layer_for_every_connection(connection):
    layer = LayerAsMatrix(connection=connection, preset="difference", length=6, stride=2)
    assert layer.matrix.tolist() == [[-1, 0, 1, 0, 0, 0], [0, 0, -1, 0, 1, 0]]
    layer.preset = "ones"
    assert layer.free.min() == layer.free.max() == 1


def own_states(count, seed=4):
    """Random states that fit, with numbers of their own in every second; some too few or too many."""
    random, found = np.random.default_rng(seed), []
    plain = {"pattern": "positions", "image": None, "preset": "counted", "weights": None, "row": 0}
    for layer, state in itertools.islice(fitting(LayerAsMatrix, 100 * count, seed, **plain), count):
        if random.random() < 0.5:
            more, less = random.integers(-1, 2, 2)
            rows, columns = layer.free.shape
            shape = max(1, rows + more), max(1, columns + less)
            if max(shape) <= 100:
                state |= {"preset": "custom", "weights": random.normal(size=shape).round(3).tolist()}
            state |= {"pattern": "array", "image": random.normal(size=layer.input_size).round(3).tolist()}
        found.append(state)
    return found


def test_loosening_changes_nothing_and_tightening_takes_the_nearest(library):
    """To the left each keeps the matrix, to the right each is the least squares projection onto its kind."""
    tried = own_states(60, seed=5)
    found = library.evaluate(
        """(states) => { const { matrixOf, converted } = cnnlibExplorers.load("layer_as_matrix/model.mjs");
        const matrix = (s) => Array.from(matrixOf(s).matrix);
        return states.map((s) => ["dense", "local", "tiled", "shared"].map((to) =>
          matrix({ ...s, connection: to, preset: "custom", weights: converted(s, to) }))); }""",
        tried,
    )
    order = ("dense", "local", "tiled", "shared")
    for state, answer in zip(tried, found, strict=True):
        layer = LayerAsMatrix(**state)
        own = layer.matrix
        for to, flat in zip(order, answer, strict=True):
            matrix = np.reshape(flat, own.shape)
            if order.index(to) <= order.index(state["connection"]):
                np.testing.assert_allclose(matrix, own, atol=1e-12)
                continue
            basis = []  # the matrices that one free weight of the tighter kind makes
            other = LayerAsMatrix(**{**state, "connection": to, "preset": "counted", "weights": None})
            for index in np.ndindex(other.free.shape):
                one = np.zeros(other.free.shape)
                one[index] = 1
                other.weights = one
                basis.append(other.matrix.ravel())
            basis = np.array(basis).T
            nearest = basis @ np.linalg.lstsq(basis, own.ravel(), rcond=None)[0]
            np.testing.assert_allclose(matrix.ravel(), nearest, atol=1e-9)
