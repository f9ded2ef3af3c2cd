"""Colours that mean signs follow the theme: a zero is as light, or as dark, as the page."""

import numpy as np
import pytest

from cnnlib.explore import CortexCells, KernelOnPhotograph, Mosaic, NetworkLive
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


#: Of each canvas, how bright its palest pixel is: the least of red, green and blue.
PALEST = """(canvases) => canvases.map((canvas) => {
  const values = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let palest = 0;
  for (let k = 0; k < values.length; k += 4)
    if (values[k + 3] === 255) palest = Math.max(palest, Math.min(...values.subarray(k, k + 3)));
  return palest; })"""


@pytest.mark.parametrize(
    ("make", "pictures"),
    [
        (CortexCells, ".panel:nth-child(2) canvas.pixels"),  # the filter
        (NetworkLive, ".tiles canvas"),  # the stages
    ],
    ids=["filter", "stages"],
)
def test_a_signed_picture_is_pale_in_the_light_alone(bare, make, pictures):
    palest = []
    for scheme in ("light", "dark"):
        page = bare(make(), scheme=scheme)
        page.evaluate("() => driver.start(document.querySelector('.cnnlib-explorer'))")
        palest.append(page.locator(pictures).evaluate_all(PALEST))
    light, dark = map(np.array, palest)
    assert len(light) > 0 and light.max() > 200 and (light > 150).all()
    assert (dark < 120).all()


def test_kernels_in_cells_are_dark_in_the_dark(bare):
    """The first cell of a bilinear kernel is a zero; its corner holds no digit."""
    corner = """(canvases) => canvases.map((canvas) => [...canvas.getContext("2d").getImageData(4, 4, 1, 1).data])"""
    for scheme, zero in (("light", 255), ("dark", 46)):
        page = bare(Mosaic(), scheme=scheme)
        page.evaluate("() => driver.start(document.querySelector('.cnnlib-explorer'))")
        corners = page.locator(".cells canvas").evaluate_all(corner)
        assert zero in {max(each[:3]) for each in corners}, scheme
        assert scheme == "light" or 255 not in {max(each[:3]) for each in corners}
