"""The detector in NumPy is the one in torch; float16 costs it nothing; what is stored is what it computes."""

import numpy as np
import pytest
import torch

from cnnlib import layers, sheep
from cnnlib.sheep.scenes import HEIGHTS


@pytest.fixture(scope="module")
def scenes():
    return sheep.sheep_scenes(12, seed=77, test=True)


def torch_network(weights, **options):
    network = layers.SheepFinder(**options).double().eval()
    missing = network.load_state_dict({k: torch.from_numpy(v).double() for k, v in weights.items()}, strict=False)
    assert all("num_batches" in name for name in missing.missing_keys) and not missing.unexpected_keys
    return network


def test_numpy_and_torch_agree(scenes):
    weights = sheep.finder_weights()
    network, found = torch_network(weights), sheep.find_sheep(scenes.images[:3])
    images = torch.from_numpy(scenes.images[:3]).permute(0, 3, 1, 2).double() / 255
    with torch.no_grad():
        answer = network(images).numpy()
        points = network.last[0].sampling(network.features(images))[0].numpy()
    np.testing.assert_allclose(found.scores, answer[:, :3], atol=2e-3)
    np.testing.assert_allclose(found.reaches, 32 * answer[:, 3:], atol=2e-2)
    np.testing.assert_allclose(found.offsets[0], points, atol=1e-4)


def test_the_plain_network_is_the_deformable_one_with_offsets_of_zero():
    torch.manual_seed(1)
    bent, plain = layers.SheepFinder().eval(), layers.SheepFinder(deformable=False).eval()
    plain.load_state_dict({k: v for k, v in bent.state_dict().items() if "offset_branch" not in k})
    x = torch.rand(2, 3, 32, 40)
    assert (bent(x) - plain(x)).abs().max() < 1e-5
    torch.nn.init.normal_(bent.last[1].offset_branch.weight, std=0.1)
    assert (bent(x) - plain(x)).abs().max() > 1e-4


def test_the_stored_network_finds_sheep_that_it_has_not_seen(scenes):
    cells = scenes.instances[:, ::4, ::4]
    kinds = np.take_along_axis(scenes.kinds, cells.reshape(len(cells), -1), axis=1).reshape(cells.shape)
    found = sheep.find_sheep(scenes.images).scores.argmax(axis=1)
    both = ((found == 1) & (kinds == 1)).sum() / ((found == 1) | (kinds == 1)).sum()
    assert both > 0.7
    nothing = sheep.find_sheep(scenes.images, offsets=[np.zeros(1)] * 3).scores.argmax(axis=1)
    assert ((nothing == 1) & (kinds == 1)).sum() / ((nothing == 1) | (kinds == 1)).sum() < both - 0.2


@pytest.mark.parametrize("height", HEIGHTS)
def test_stored_offsets_are_those_that_the_network_computes(height):
    stored = sheep.stored_offsets()
    computed = np.concatenate(sheep.find_sheep(sheep.sheep_on_grass(height)[0][None]).offsets)
    assert np.abs(stored.offsets[height] - computed).max() <= 1 / 32 + 1e-3
    np.testing.assert_allclose(stored.magnitudes.sum(axis=1), 1, atol=1e-6)


def test_sixteenths_move_no_share_by_more_than_a_point():
    stored, (image, mask) = sheep.stored_offsets(), sheep.sheep_on_grass(76)
    exact = [field[0] for field in sheep.find_sheep(image[None]).offsets]
    where = np.argwhere(mask[::4, ::4])
    shares = []
    for offsets in (exact, stored.offsets[76]):
        points, weights = sheep.composed_points(where, offsets, stored.magnitudes)
        shares.append(sheep.share_on_object(4 * points, weights, mask))
    assert abs(shares[0].mean() - shares[1].mean()) < 0.002
    assert np.abs(shares[0] - shares[1]).max() < 0.03


def test_images_of_another_kind_are_refused(scenes):
    with pytest.raises(TypeError, match="find_sheep: images hold float64"):
        sheep.find_sheep(scenes.images / 255)
    with pytest.raises(ValueError, match=r"find_sheep: images of shape \(96, 96, 3\)"):
        sheep.find_sheep(scenes.images[0])
