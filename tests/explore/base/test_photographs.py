"""The photographs that explorers offer: the page unpacks exactly the levels that cnnlib uses."""

import numpy as np
import pytest

from cnnlib.explore.base import colour_photographs, photographs
from tests.explore.hand import call


@pytest.mark.parametrize("name", photographs.NAMES)
def test_grey_ones(library, name):
    packed = library.evaluate('(name) => cnnlibExplorers.load("generated/photographs.mjs").PHOTOGRAPHS[name]', name)
    (found,) = call(library, "kit/pixels.mjs", "unpack", [[packed]])
    levels = np.rint(255 * np.reshape(found["values"], (found["height"], found["width"])))
    assert np.array_equal(levels, photographs.levels(name))


@pytest.mark.parametrize("name", colour_photographs.NAMES)
def test_colour_ones(library, name):
    packed = "(name) => cnnlibExplorers.load('generated/colour_photographs.mjs').COLOUR_PHOTOGRAPHS[name]"
    (found,) = call(library, "filter_bank/model.mjs", "unpackPhotograph", [[library.evaluate(packed, name)]])
    levels = colour_photographs.levels(name)
    assert (found["height"], found["width"]) == levels[0].shape
    pixels = np.reshape(found["pixels"], (*levels[0].shape, 4))
    assert np.array_equal(pixels[..., :3], levels.transpose(1, 2, 0)) and (pixels[..., 3] == 255).all()
    np.testing.assert_allclose(found["planes"], colour_photographs.centred(name).reshape(3, -1), atol=1e-12)
