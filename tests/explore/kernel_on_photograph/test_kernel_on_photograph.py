"""Kernel on a photograph: the Python half by hand, its refusals, and its own gestures on a bare page."""

import numpy as np
import pytest

from cnnlib import data, kernels
from cnnlib.explore import KernelOnPhotograph
from cnnlib.explore.base import photographs
from tests.explore.contract.page import as_python
from tests.explore.hand import control, corner, put, read, status
from tests.explore.kernel_on_photograph.check import check

TITLE = "Kernel on a photograph"


def test_by_hand():
    """A step of one answers the Sobel filter with 4 on both its sides."""
    step = np.repeat([[0, 0, 1, 1]], 3, axis=0)
    assert KernelOnPhotograph(image=step, preset="sobel").output.tolist() == [[4, 4]]
    assert KernelOnPhotograph(image=step, preset="identity").output.tolist() == [[0, 1]]


def test_the_input_is_the_photograph():
    explorer = KernelOnPhotograph(photo="lemur")
    np.testing.assert_allclose(explorer.input, data.photograph("lemur", side=224, grey=True), atol=0.5 / 255 + 1e-6)


def test_what_is_given_later_is_shown_too():
    explorer = KernelOnPhotograph()
    image = np.arange(20.0).reshape(4, 5)
    explorer.image = image
    assert (explorer.photo, explorer.output.shape) == ("array", (2, 3))
    explorer.weights = [[0, 0, 0, 0]] * 3 + [[0, 0, 0, 1]]
    assert (explorer.preset, explorer.kernel_size) == ("custom", 4)
    assert explorer.output.tolist() == image[3:, 3:].tolist()
    explorer.photo, explorer.kernel_size = "lemur", 6  # the image waits behind it; zeros beyond the weights
    assert np.array_equal(explorer.image, image) and explorer.kernel.sum() == 1


def test_a_gabor_filter_gets_the_side_that_it_needs():
    assert KernelOnPhotograph(preset="gabor").kernel_size == 9
    assert KernelOnPhotograph(preset="gabor", kernel_size=5).kernel_size == 5
    explorer = KernelOnPhotograph(kernel_size=11)
    explorer.preset = "gabor"
    assert explorer.kernel_size == 11


@pytest.mark.parametrize("name", ["Input photograph.", "Output."])
def test_a_press_moves_the_window(opened, name):
    """To the output that is pressed, or to the window whose middle is nearest to the pixel that is pressed."""
    explorer = KernelOnPhotograph(kernel_size=5, stride=3, padding=2, dilation=2)
    page, root = opened(explorer)
    picture = root.get_by_role("application", name=name)
    padded = [n + 2 * explorer.padding for n in explorer.input.shape]
    shape = padded if name.startswith("Input") else explorer.output.shape
    seen = set()
    for down, across in [(0.11, 0.21), (0.52, 0.49), (0.97, 0.03), (0.31, 0.9), (0.98, 0.98)]:
        page.mouse.click(*corner(picture, down, across))
        shown = read(root)
        where = tuple(shown["parameters"]["position"])
        pixel = [int(part * n) for part, n in zip((down, across), shape, strict=True)]
        if name.startswith("Output"):
            assert where == tuple(pixel)
        else:
            middle = np.arange(max(explorer.output.shape)) * explorer.stride
            middle = middle + explorer.dilation * (explorer.kernel_size - 1) / 2
            far = [np.abs(middle[:n] - at) for n, at in zip(explorer.output.shape, pixel, strict=True)]
            assert all(away[at] == away.min() for away, at in zip(far, where, strict=True))
        check(as_python(explorer, shown["parameters"]), shown)
        seen.add(where)
    assert len(seen) == 5


def test_filters_that_are_chosen_get_the_side_that_they_need(bare):
    """The angle rests while the filter has no direction; one's own weights begin as those that stand there."""
    root = bare(KernelOnPhotograph()).locator(".cnnlib-explorer")
    put(root, "preset", "box")
    assert control(root, "angle").is_disabled() and root.get_by_text("this filter has no direction").is_visible()
    put(root, "kernel_size", 1)
    put(root, "preset", "laplacian")
    assert control(root, "kernel_size").input_value() == "3"
    put(root, "preset", "gabor")
    assert control(root, "kernel_size").input_value() == "9" and control(root, "angle").is_enabled()
    put(root, "angle", 37)
    put(root, "preset", "custom")
    np.testing.assert_allclose(read(root)["parameters"]["weights"], kernels.named("gabor", 9, 37), atol=1e-12)


def test_an_array_that_comes_later_is_in_the_list(opened):
    """As when Python sets it: the list offers it and stands on it."""
    page, root = opened(KernelOnPhotograph(preset="identity"))
    options = "(list) => [...list.options].map((option) => option.value)"
    assert control(root, "photo").evaluate(options) == list(photographs.NAMES)
    page.evaluate(
        """(title) => {
          const model = driver.model(driver.explorers(title)[0]);
          const pixels = new Float32Array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
          model.set("image", { shape: [3, 4], data: new DataView(pixels.buffer) });
          model.set("photo", "array");
        }""",
        TITLE,
    )
    assert status(root).startswith("Output 1 × 2, values 0 to 1.")
    assert control(root, "photo").evaluate(options) == [*photographs.NAMES, "array"]
    assert control(root, "photo").input_value() == "array"
