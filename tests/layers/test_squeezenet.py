"""The trained SqueezeNet: the stored labels of photographs come out, and what it does not take is refused."""

import numpy as np
import pytest
import torch

from cnnlib import data
from cnnlib.layers import SqueezeNet
from cnnlib.layers.squeezenet import STAGES


@pytest.fixture(scope="module")
def network():
    return SqueezeNet().eval()


def test_parameters_are_those_of_the_published_network(network):
    assert sum(buffer.numel() for buffer in network.buffers()) == 1_235_496
    assert list(network.parameters()) == []  # nothing here is trained


def test_first_layer_by_hand(network):
    """One response written out: blue, green, red from 0 to 255, less their means, and no flip."""
    weights = data.squeezenet_weights()
    images = torch.rand(1, 3, 9, 9, generator=torch.Generator().manual_seed(0))
    levels = 255 * images[0].numpy()[::-1] - np.array([103.939, 116.779, 123.68])[:, None, None]
    expected = (weights["conv1/w"][5] * levels[:, 2:5, 4:7]).sum() + weights["conv1/b"][5]
    assert network(images, stop="conv1")[0, 5, 1, 2].item() == pytest.approx(expected, rel=1e-4)


def test_stages_have_the_channels_and_sizes_of_version_1_1(network):
    images = torch.rand(2, 3, 227, 227, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        shapes = {stage: tuple(network(images, stop=stage).shape[1:]) for stage in STAGES}
    assert shapes["conv1"] == (64, 113, 113) and shapes["fire3"] == (128, 56, 56)
    assert shapes["fire5"] == (256, 28, 28) and shapes["fire9"] == (512, 14, 14) and shapes["conv10"] == (1000, 14, 14)


@pytest.mark.parametrize(("name", "label"), [("panda", 388), ("koala", 105), ("sheep", 348)])
def test_labels_of_photographs(network, name, label):
    image = data.photograph(name)
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    image = data.area_resize(image[top : top + side, left : left + side], (227, 227))
    with torch.inference_mode():
        scores = network(torch.from_numpy(image.transpose(2, 0, 1)[None]).float())
    assert scores.shape == (1, 1000) and scores.argmax().item() == label


@pytest.mark.parametrize(
    ("shape", "stop", "message"),
    [
        ((3, 32, 32), None, r"images of shape \(3, 32, 32\); it takes"),
        ((1, 4, 32, 32), None, r"images of shape \(1, 4, 32, 32\); it takes"),
        ((1, 3, 32, 32), "fire1", "stop='fire1' is unknown; did you mean .* use one of 'conv1', 'fire2'"),
    ],
)
def test_what_it_does_not_take(network, shape, stop, message):
    with pytest.raises(ValueError, match=message):
        network(torch.zeros(shape), stop)
