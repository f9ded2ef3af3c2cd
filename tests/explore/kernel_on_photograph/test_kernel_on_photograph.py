"""Kernel on a photograph: the Python half by hand, its refusals, and its own gestures on a bare page."""

import numpy as np
import pytest

from cnnlib import data, kernels
from cnnlib.explore import KernelOnPhotograph
from cnnlib.explore.base import photographs
from tests.explore.contract.page import as_python
from tests.explore.hand import call, control, corner, keys, put, read, status
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


def test_own_image_and_weights():
    image = np.arange(12.0).reshape(3, 4) - 5
    explorer = KernelOnPhotograph(image=image, weights=[[0, 0], [0, 2]])
    assert (explorer.photo, explorer.preset, explorer.kernel_size) == ("array", "custom", 2)
    assert explorer.output.tolist() == (2 * image[1:, 1:]).tolist()


def test_what_is_given_later_is_shown_too():
    explorer = KernelOnPhotograph()
    image = np.arange(20.0).reshape(4, 5)
    explorer.image = image
    assert (explorer.photo, explorer.output.shape) == ("array", (2, 3))
    explorer.weights = [[0, 0, 0, 0]] * 3 + [[0, 0, 0, 1]]
    assert (explorer.preset, explorer.kernel_size) == ("custom", 4)
    assert explorer.output.tolist() == image[3:, 3:].tolist()
    explorer.photo = "lemur"  # the image stays, to come back to
    assert np.array_equal(explorer.image, image)
    with pytest.raises(ValueError, match=r"a window spanning 4 .* does not fit in 3"):
        explorer.image = np.ones((3, 9))
    assert explorer.photo == "lemur" and np.array_equal(explorer.image, image)
    explorer.kernel_size = 6  # zeros beyond the weights
    assert explorer.kernel.sum() == 1


def test_a_gabor_filter_gets_the_side_that_it_needs():
    assert KernelOnPhotograph(preset="gabor").kernel_size == 9
    assert KernelOnPhotograph(preset="gabor", kernel_size=5).kernel_size == 5
    explorer = KernelOnPhotograph(kernel_size=11)
    explorer.preset = "gabor"
    assert explorer.kernel_size == 11


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"position": (160, 3)},
            r"position=\(160, 3\) lies outside the output of 160 x 222; use a row from 0 to 159 and a column from 0 to",
        ),
        (
            {"preset": "gabor", "kernel_size": 2},
            r"kernel_size=2 is too small for preset='gabor'; use kernel_size >= 3",
        ),
        ({"image": np.zeros((2, 2))}, r"a window spanning 3 .* does not fit in 2 .* padding >= 1"),
    ],
)
def test_what_does_not_fit_says_what_would(values, message):
    with pytest.raises(ValueError, match=f"^KernelOnPhotograph: {message}"):
        KernelOnPhotograph(**values)


@pytest.mark.parametrize("name", photographs.NAMES)
def test_photographs_are_the_same_pixels(library, name):
    """The packed photograph unpacks to exactly the levels that cnnlib uses."""
    packed = library.evaluate('(name) => cnnlibExplorers.load("generated/photographs.mjs").PHOTOGRAPHS[name]', name)
    (found,) = call(library, "kit/pixels.mjs", "unpack", [[packed]])
    levels = np.rint(255 * np.reshape(found["values"], (found["height"], found["width"])))
    assert np.array_equal(levels, photographs.levels(name))


def test_a_weight_is_edited(bare):
    """The filter becomes the reader's own: the old weights but one."""
    explorer = KernelOnPhotograph(photo="hedgehog", preset="gaussian")
    root = bare(explorer).locator(".cnnlib-explorer")
    root.get_by_role("application", name="Kernel.").focus()
    keys(root, "ArrowDown", "ArrowRight", "Enter")
    root.get_by_role("textbox", name="Kernel, row 1, column 1", exact=True).fill("1.5")
    keys(root, "Enter")
    shown = read(root)
    wanted = explorer.kernel
    wanted[1, 1] = 1.5
    assert shown["parameters"]["preset"] == "custom"
    np.testing.assert_allclose(shown["parameters"]["weights"], wanted, atol=1e-12)
    check(as_python(explorer, shown["parameters"]), shown)


@pytest.mark.parametrize("name", ["Input photograph.", "Output."])
def test_a_press_moves_the_window(bare, name):
    """To the output that is pressed, or to the window whose middle is nearest to the pixel that is pressed."""
    explorer = KernelOnPhotograph(kernel_size=5, stride=3, padding=2, dilation=2)
    page = bare(explorer)
    root = page.locator(".cnnlib-explorer")
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


def test_the_window_by_arrow_keys(bare):
    """With Shift ten at once; not past the border."""
    page = bare(KernelOnPhotograph(position=(12, 4)))
    root = page.locator(".cnnlib-explorer")
    root.get_by_role("application", name="Input photograph.").focus()
    for key, where in (("Shift+ArrowUp", (2, 4)), ("ArrowLeft", (2, 3)), ("Shift+ArrowLeft", (2, 0))):
        page.keyboard.press(key)
        assert f"Window ({where[0]}, {where[1]})" in status(root)


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


def test_an_array_that_comes_later_is_in_the_list(bare):
    """As when Python sets it: the list offers it and stands on it."""
    page = bare(KernelOnPhotograph(preset="identity"))
    root = page.locator(".cnnlib-explorer")
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
