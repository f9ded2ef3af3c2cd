"""Scenes with sheep: what is in them, that tests differ from training, and the four fixed ones."""

import numpy as np
import pytest

from cnnlib import sheep
from cnnlib.sheep import cuttings
from cnnlib.sheep.scenes import HEIGHTS, PARTS


@pytest.fixture(scope="module")
def scenes():
    return sheep.sheep_scenes(40, seed=3)


def test_the_same_seed_gives_the_same_scenes_and_another_others(scenes):
    again, other = sheep.sheep_scenes(2, seed=3), sheep.sheep_scenes(2, seed=4)
    assert (again.images == scenes.images[:2]).all() and (again.instances == scenes.instances[:2]).all()
    assert (other.images != again.images).any()


def test_instances_kinds_and_heights_belong_together(scenes):
    for instances, kinds, heights in zip(scenes.instances, scenes.kinds, scenes.heights, strict=True):
        there = set(np.unique(instances)) - {0}
        assert there <= set(np.flatnonzero(kinds)) and set(kinds) <= {0, 1, 2}
        assert ((heights > 0) == (kinds > 0)).all()
        assert ((heights[kinds > 0] >= 14) & (heights[kinds > 0] <= 80)).all()
    assert {1, 2} <= set(scenes.kinds.ravel())


def test_an_object_is_about_as_high_as_it_says():
    scenes = sheep.sheep_scenes(30, seed=9, test=True)
    compared = 0
    for instances, kinds, heights in zip(scenes.instances, scenes.kinds, scenes.heights, strict=True):
        rows = np.flatnonzero((instances == 1).any(axis=1))
        alone = kinds[2] == 0 and len(rows) and rows[0] > 0 and rows[-1] < 95
        if alone:
            compared += 1
            assert 0.85 * heights[1] - 2 <= len(rows) <= 1.35 * heights[1] + 2  # turned by up to 15 degrees
    assert compared >= 5


def test_training_and_testing_take_other_grass_and_photographs():
    train, test = cuttings._photographs(False), cuttings._photographs(True)
    assert (len(train), len(test)) == (59, 10)
    assert not any(np.array_equal(a, b) for a in train for b in test)
    (first, last), (start, end) = cuttings._GRASS[False], cuttings._GRASS[True]
    assert end <= start + 222 <= first < last
    from cnnlib.data import sheep_mask

    assert not sheep_mask()[:, start:end].any() and not sheep_mask()[:, first:last].any()


def test_wool_is_wool():
    blob = cuttings.wool_blob(np.random.default_rng(1), 40)
    colour = blob[..., :3][blob[..., 3] > 0.99].mean(axis=0)
    assert colour.min() > 0.35 and colour.max() - colour.min() < 0.15  # pale and hardly coloured; grass is neither


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_fixed_scenes_show_one_sheep_of_that_height(height):
    image, mask = sheep.sheep_on_grass(height)
    assert image.dtype == np.uint8 and image.shape == (96, 96, 3) and mask.shape == (96, 96)
    rows = np.flatnonzero(mask.any(axis=1))
    assert rows[-1] - rows[0] + 1 == height
    other, _ = sheep.sheep_on_grass(18)
    assert (image[0] == other[0]).all()  # on the same grass
    parts = sheep.sheep_parts(height)
    assert ((parts > 0) == mask).all() and set(np.unique(parts)) == set(range(len(PARTS)))


def test_other_heights_are_refused():
    with pytest.raises(ValueError, match="sheep_on_grass: height=20 is no stored size; use one of 18"):
        sheep.sheep_on_grass(20)
    with pytest.raises(TypeError, match="sheep_on_grass: height='30'"):
        sheep.sheep_on_grass("30")
    with pytest.raises(ValueError, match="sheep_scenes: count=-1"):
        sheep.sheep_scenes(-1, seed=0)
