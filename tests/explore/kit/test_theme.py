"""Colours that mean signs follow the theme: a zero is as light, or as dark, as the page."""

import numpy as np
import pytest

from cnnlib.explore import KernelOnPhotograph
from tests.explore import shown as said
from tests.explore.hand import read


@pytest.mark.parametrize(
    ("scheme", "zero", "word"), [("light", (255, 255, 255), "white"), ("dark", (35, 40, 46), "dark")]
)
def test_a_zero_does_not_glare(bare, scheme, zero, word):
    """A Sobel filter on grey that is equal everywhere, with a single brighter pixel."""
    image = np.full((9, 9), 0.5)
    image[1, 1] = 1
    root = bare(KernelOnPhotograph(image=image, preset="sobel"), scheme=scheme).locator(".cnnlib-explorer")
    picture = said.pixels(read(root)["picture"])
    assert (picture[3:, 3:] == zero).all() and not (picture[:3, :3] == zero).all()
    assert f", {word} 0, " in root.locator(".caption").all_inner_texts()[1]
