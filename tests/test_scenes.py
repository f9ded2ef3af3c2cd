"""cnnlib.scenes: what is claimed about a scene can be found in it."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import data
from cnnlib.scenes import garment_masks, garments_on_photographs


def test_garments_on_photographs_are_where_they_say():
    scenes, labels, centres = garments_on_photographs(200, seed=5)
    assert scenes.shape == (200, 40, 40) and scenes.dtype == np.float32
    assert scenes.min() >= 0 and scenes.max() <= 1 and set(labels) == set(range(10))
    assert centres.min() == 9.5 and centres.max() == 29.5
    again, *_ = garments_on_photographs(200, seed=5)
    np.testing.assert_array_equal(scenes, again)
    assert not np.array_equal(scenes, garments_on_photographs(200, seed=6)[0])


def test_each_garment_stands_at_its_stated_place_and_nowhere_near():
    fashion = data.fashion_mnist()
    small = np.moveaxis(data.area_resize(np.moveaxis(fashion.x_test, 0, 2), (20, 20)), 2, 0)
    small = small.astype(np.float32)

    def found(patch, label):
        garments = small[fashion.y_test == label]
        return ((garments == patch) | (garments <= 0.1)).all(axis=(1, 2)).any()

    scenes, labels, centres = garments_on_photographs(12, seed=5, test=True)
    for scene, label, (row, column) in zip(scenes, labels, (centres - 9.5).astype(int), strict=True):
        assert found(scene[row : row + 20, column : column + 20], label)
        assert not found(scene[row : row + 20, column : column + 20], (label + 1) % 10)
        shifted = scene[max(row - 1, 0) :, max(column - 1, 0) :][:20, :20]
        assert (row, column) == (0, 0) or not found(shifted, label)


def test_masks_are_of_the_same_scenes_and_cover_the_garments():
    scenes, masks = garment_masks(40, seed=5)
    again, _, centres = garments_on_photographs(40, seed=5)
    np.testing.assert_array_equal(scenes, again)
    assert masks.dtype == bool and masks.shape == scenes.shape
    for mask, (row, column) in zip(masks, (centres - 9.5).astype(int), strict=True):
        assert mask.sum() == mask[row : row + 20, column : column + 20].sum() > 20
    fashion = data.fashion_mnist()
    small = np.moveaxis(data.area_resize(np.moveaxis(fashion.x_train, 0, 2), (20, 20)), 2, 0) > 0.1
    pieces = [mask[r : r + 20, c : c + 20] for mask, (r, c) in zip(masks, (centres - 9.5).astype(int), strict=True)]
    assert all((small == piece).all(axis=(1, 2)).any() for piece in pieces)


@pytest.mark.parametrize("test", [False, True])
def test_backgrounds_of_training_and_test_are_different_photographs(test):
    names = data.photograph_names()
    kept = names[3::7]
    assert len(kept) == 10
    photographs = [data.photograph(n, side=320, grey=True) for n in names if (n in kept) is test]
    scenes, _, centres = garments_on_photographs(8, seed=1, test=test)
    for scene, (row, _) in zip(scenes, centres, strict=True):
        strip = scene[-1:] if row < 20 else scene[:1]
        windows = (sliding_window_view(photo, strip.shape) for photo in photographs)
        assert any((window == strip).all(axis=(2, 3)).any() for window in windows)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"count": 0}, ValueError, "count=0"),
        ({"count": 2.0}, TypeError, "count=2.0"),
        ({"count": 1, "garment_side": 30}, ValueError, "garment_side=30, side=40 do not fit"),
        ({"count": 1, "side": 10}, ValueError, "garment_side=20, side=10 do not fit"),
        ({"count": 1, "side": 200}, ValueError, "side=200 do not fit"),
    ],
)
def test_errors_say_what_would_work(options, error, message):
    with pytest.raises(error, match=f"garments_on_photographs: .*{message}"):
        garments_on_photographs(seed=1, **options)
