"""SqueezeNet in NumPy: equal to torch's, its dilated form holds the strided one, and it knows the photographs."""

import numpy as np
import pytest
import torch

from cnnlib import data, layers, networks, squeezenet


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(3).random((2, 3, 101, 132))


@pytest.mark.parametrize("stage", squeezenet.STAGES)
def test_equals_torch(images, stage):
    with torch.inference_mode():
        expected = layers.SqueezeNet()(torch.from_numpy(images).float(), stop=stage).numpy()
    found = squeezenet.responses(images, stage)
    assert found.shape == expected.shape and found.dtype == np.float32
    assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()


def test_scores_are_the_mean_of_the_last_map(images):
    with torch.inference_mode():
        expected = layers.SqueezeNet()(torch.from_numpy(images).float()).numpy()
    np.testing.assert_allclose(squeezenet.scores(images), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("size", [(97, 101), (113, 127), (120, 99), (150, 142)])
@pytest.mark.parametrize(
    ("dilated", "stage", "rate"), [(1, "fire7", 2), (2, "fire4", 2), (2, "fire9", 4), (1, "fire5", 1)]
)
def test_dilated_form_holds_the_strided_one(size, dilated, stage, rate):
    """Whatever the sizes leave over: at every second or fourth position, and at no other, stands the strided map."""
    images = np.random.default_rng(0).random((1, 3, *size))
    strided = squeezenet.responses(images, stage)
    dense = squeezenet.responses(images, stage, dilated=dilated)
    assert dense.shape[2:] == tuple(rate * (count - 1) + 1 for count in strided.shape[2:])
    assert np.abs(dense[:, :, ::rate, ::rate] - strided).max() < 1e-5 * np.abs(strided).max()
    if rate > 1:
        assert np.abs(dense[:, :, 1::rate, ::rate] - strided[:, :, :-1]).max() > 1e-2 * np.abs(strided).max()


def test_weights_of_ones_own():
    weights = {name: np.zeros_like(array) for name, array in data.squeezenet_weights().items()}
    weights["conv10/b"] = np.arange(1000, dtype=np.float32)
    assert squeezenet.scores(np.zeros((1, 3, 40, 40)), weights=weights)[0, [3, 999]].tolist() == [3, 999]


@pytest.mark.parametrize(("name", "label"), [("panda", 388), ("koala", 105), ("sheep", 348)])
def test_labels_of_photographs(name, label):
    image = squeezenet.centre_square(data.photograph(name))
    assert squeezenet.scores(image.transpose(2, 0, 1)[None]).argmax() == label


def test_table_has_the_sizes_of_the_forward_pass():
    images = np.zeros((1, 3, 224, 224))
    table = networks.squeezenet("1.1")
    for stage in ("conv1", "fire3", "fire5", "fire9", "conv10"):
        row = table[stage]
        assert squeezenet.responses(images, stage).shape[1:] == (row.channels, *np.broadcast_to(row.size, 2))
    assert table.parameters == sum(array.size for array in data.squeezenet_weights().values())


def test_centre_square():
    """A column of its own to the left and right of the square, and nothing of either comes through."""
    image = np.zeros((4, 8, 3))
    image[:, :2] = image[:, 6:] = 5
    image[:2, 2:4] = 1
    np.testing.assert_array_equal(squeezenet.centre_square(image, 2)[..., 1], [[1, 0], [0, 0]])
    assert squeezenet.centre_square(image).shape == (4, 4, 3)  # nothing is enlarged
    assert squeezenet.centre_square(image[..., 0], 2).shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: squeezenet.responses(np.zeros((3, 32, 32))), ValueError, r"responses: images of shape \(3, 32, 32\)"),
        (lambda: squeezenet.responses(np.zeros((1, 3, 32, 32)), "fire1"), ValueError, "stop='fire1'"),
        (lambda: squeezenet.responses(np.zeros((1, 3, 32, 32)), dilated=3), ValueError, "dilated=3 of the three"),
        (lambda: squeezenet.responses(np.zeros((1, 3, 32, 32)), dilated=True), TypeError, "dilated=True"),
        (lambda: squeezenet.responses(np.zeros((1, 3, 4, 4))), ValueError, "does not fit|no output"),
        (lambda: squeezenet.centre_square(np.zeros(4)), ValueError, r"photograph of shape \(4,\)"),
        (lambda: squeezenet.centre_square(np.zeros((4, 4)), 0), ValueError, "side=0 is below 1"),
    ],
)
def test_what_it_does_not_take(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_maps_hold_every_row_after_its_relu():
    images = np.random.default_rng(5).random((1, 3, 227, 227))
    found = squeezenet.maps(images)
    table = {row.name: row for row in networks.squeezenet("1.1").trace(227)}
    assert tuple(found) == squeezenet.ROWS
    for name, values in found.items():
        assert values.shape[1:] == (table[name].channels, *np.broadcast_to(table[name].size, 2)), name
        assert values.min() >= 0
        if name in squeezenet.STAGES:
            np.testing.assert_array_equal(values, np.maximum(squeezenet.responses(images, name), 0))
    np.testing.assert_array_equal(found["conv10"].mean(axis=(2, 3)), squeezenet.scores(images))


def test_a_removed_channel_is_one_whose_readers_have_no_weights():
    """Zeros in a map, or zeros in the columns of the weights that read it: what comes after is the same."""
    images, weights = np.random.default_rng(6).random((1, 3, 75, 75)), data.squeezenet_weights()
    blind = weights | {"fire4/squeeze1x1/w": weights["fire4/squeeze1x1/w"].copy()}
    blind["fire4/squeeze1x1/w"][:, 64:128] = 0
    without = squeezenet.maps(images, removed=("fire3", 64, 128))
    expected = squeezenet.maps(images, weights=blind)
    assert without["fire3"][:, 64:].max() == 0 < expected["fire3"][:, 64:].max()
    for name in squeezenet.ROWS[squeezenet.ROWS.index("fire4_squeeze") :]:
        np.testing.assert_allclose(without[name], expected[name], rtol=1e-5, atol=1e-3)


def test_rounded_weights_are_near_the_exact_ones():
    exact, rounded = data.squeezenet_weights(), squeezenet.int8_weights()
    assert rounded.keys() == exact.keys()
    for name, weight in exact.items():
        if name.endswith("/w"):
            largest = np.abs(weight).max(axis=(1, 2, 3), keepdims=True)
            assert (np.abs(weight - rounded[name]) <= 0.5001 * largest / 127).all(), name
        else:
            np.testing.assert_array_equal(weight, rounded[name])


def test_removal_of_what_there_is_not():
    with pytest.raises(ValueError, match="removed='fire1'"):
        squeezenet.maps(np.zeros((1, 3, 75, 75)), removed=("fire1", 0, 1))
