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


@pytest.mark.parametrize("dilations", [(2, 2, 2), (1, 3, 9), (2, 4, 8), (2,) * 6, [1]], ids=str)
def test_an_output_depends_on_as_many_pixels_as_its_dilations_say(dilations):
    """Counted by a gradient: positive weights let no ReLU hide a pixel. Each dilation adds two of its steps."""
    network = layers.SheepFinder(deformable=False, dilations=dilations).double().eval()
    for parameter in network.parameters():
        torch.nn.init.uniform_(parameter, 0.1, 0.2)
    x = torch.ones(1, 3, 160, 160, dtype=torch.float64, requires_grad=True)
    network(x)[0, 0, 20, 20].backward()
    seen = np.flatnonzero(x.grad.abs().sum((0, 1, 3)).numpy())
    assert len(seen) == 15 + 4 * 2 * sum(dilations) and list(seen[[0, -1]] + seen[[-1, 0]]) == [160, 160]
    assert network(x).shape == (1, 7, 40, 40) and len(network.norms) == len(dilations)


@pytest.mark.parametrize(
    "dilations, kind, message",
    [
        (2, TypeError, "SheepFinder: dilations=2 is an int; use a tuple with one integer >= 1 for each layer"),
        ((2, 2.0), TypeError, r"SheepFinder: dilations=\(2, 2.0\) holds a float"),
        ((2, 0), ValueError, r"SheepFinder: dilations=\(2, 0\) holds 0; use an integer >= 1"),
        ((), ValueError, r"SheepFinder: dilations=\(\) has no layer; use a tuple with one integer >= 1 for each layer"),
    ],
)
def test_dilations_that_make_no_network_are_refused(dilations, kind, message):
    with pytest.raises(kind, match=message):
        layers.SheepFinder(dilations=dilations)


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
