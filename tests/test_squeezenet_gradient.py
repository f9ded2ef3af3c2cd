"""SqueezeNet's gradient in NumPy: equal to torch's autograd, linear, and in words where it refuses."""

import numpy as np
import pytest
import torch

from cnnlib import layers, squeezenet
from cnnlib.squeezenet_gradient import differentiate


@pytest.mark.parametrize("size", [(101, 132), (79, 79), (64, 90)])
@pytest.mark.parametrize("stop", [None, "conv10", "fire9", "fire6", "fire5", "fire2", "conv1"])
def test_equals_autograd(size, stop):
    """Sizes that the stride and the poolings divide and that they do not."""
    rng = np.random.default_rng(3)
    images = rng.random((2, 3, *size)).astype(np.float32)
    found, gradient = differentiate(images, stop)
    upstream = rng.normal(size=found.shape).astype(np.float32)
    x = torch.from_numpy(images).requires_grad_()
    expected = layers.SqueezeNet()(x, stop)
    expected.backward(torch.from_numpy(upstream))
    assert np.abs(found - expected.detach().numpy()).max() < 1e-5 * np.abs(found).max()
    assert gradient(upstream).shape == images.shape
    assert np.abs(gradient(upstream) - x.grad.numpy()).max() < 1e-4 * x.grad.abs().max()


def test_gives_what_the_forward_pass_gives():
    images = np.random.default_rng(0).random((1, 3, 50, 61))
    np.testing.assert_array_equal(differentiate(images, "fire5")[0], squeezenet.responses(images, "fire5"))
    np.testing.assert_allclose(differentiate(images)[0], squeezenet.scores(images), rtol=1e-6)


def test_is_linear_and_may_be_called_again():
    found, gradient = differentiate(np.random.default_rng(1).random((1, 3, 40, 40)), "fire3")
    one, other = np.random.default_rng(2).normal(size=(2, *found.shape))
    both = gradient(one + 2 * other)
    np.testing.assert_allclose(both, gradient(one) + 2 * gradient(other), atol=1e-4 * np.abs(both).max())


def test_refuses():
    images = np.ones((1, 3, 40, 40))
    with pytest.raises(ValueError, match=r"^differentiate: stop='fire1'"):
        differentiate(images, "fire1")
    with pytest.raises(ValueError, match=r"^differentiate: gradient has shape \(1, 999\); use shape \(1, 1000\)"):
        differentiate(images)[1](np.ones((1, 999)))
    with pytest.raises(ValueError, match=r"^differentiate: images of shape"):
        differentiate(np.ones((3, 40, 40)))
    with pytest.raises(TypeError, match=r"^differentiate: images"):
        differentiate("panda")


def test_nan_shows():
    images = np.ones((1, 3, 40, 40))
    images[0, 0, 20, 20] = np.nan
    assert np.isnan(differentiate(images)[0]).all()
