"""Kernel on a photograph: the Python half by itself, and the live one against it in every state."""

import json
import re

import numpy as np
import pytest

from cnnlib import data, kernels
from cnnlib.explore import KernelOnPhotograph
from tests.explore import shown as said
from tests.explore.hand import control, status
from tests.explore.hand import explorer as place

TITLE = "Kernel on a photograph"  # the last one on the page shows a photograph, the two before it an array
NEGATIVE, POSITIVE = np.array([5, 48, 97]), np.array([178, 24, 43])


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
    explorer.kernel_size = 6  # the weights within are framed by zeros
    assert explorer.kernel.sum() == 1


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"image": np.zeros((5, 5)), "photo": "sheep"},
            ValueError,
            r"KernelOnPhotograph: image and photo='sheep' can't both be shown; leave out photo to show the image, or",
        ),
        (
            {"weights": np.eye(3), "preset": "box"},
            ValueError,
            r"KernelOnPhotograph: weights and preset='box' can't both be shown; leave out preset to show the weights",
        ),
        ({"weights": np.ones((2, 3))}, ValueError, r"weights of shape \(2, 3\) are not square"),
        ({"angle": 360}, ValueError, r"angle=360 is out of range; use an integer from 0 to 359"),
        (
            {"position": (160, 3)},
            ValueError,
            r"position=\(160, 3\) lies outside the output of 160 x 222; use a row from 0 to 159 and a column from 0 to",
        ),
        ({"photo": "ship"}, ValueError, r"KernelOnPhotograph: photo='ship' is unknown; use one of sheep, lemur"),
        ({"preset": 3}, TypeError, r"preset=3 is no name; use one of identity, box"),
        (
            {"preset": "gabor", "kernel_size": 2},
            ValueError,
            r"kernel_size=2 is too small for preset='gabor'; use kernel_size >= 3",
        ),
        ({"photo": "array"}, ValueError, r"photo='array' needs an image"),
        ({"image": np.full((3, 3), np.inf)}, ValueError, r"image\[0, 0\] is inf; every number must be finite"),
        ({"image": np.zeros((5, 5, 3))}, ValueError, r"image has 3 dimensions .* array\.mean\(-1\)"),
        ({"image": np.zeros((600, 600))}, ValueError, r"too large; use at most 512 x 512"),
        ({"image": np.zeros((2, 2))}, ValueError, r"a window spanning 3 .* does not fit in 2 .* padding >= 1"),
        ({"kernel": 3}, TypeError, r"unknown keyword 'kernel'; did you mean 'kernel_size'"),
        ({"dilation": 9}, ValueError, r"dilation=9 is out of range; use an integer from 1 to 8"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        KernelOnPhotograph(**values)


def colours(explorer):
    """The output's picture, from cnnlib's numbers: what the page must show."""
    output, kernel = explorer.output.astype(float), explorer.kernel
    if not explorer.signed:
        return np.repeat(np.clip(255 * output / kernel.sum(), 0, 255)[..., None], 3, axis=-1)
    part = output / (np.abs(output).max() or 1)
    ends = np.where(part[..., None] < 0, NEGATIVE, POSITIVE)
    return 255 + np.abs(part)[..., None] * (ends - 255)


def check(shown):
    """One state as the page shows it, against cnnlib: texts, numbers and every pixel of the picture."""
    state = dict(shown["state"])
    assert shown["trouble"] is None, shown
    kernel, patch = (
        np.array(json.loads(re.search(rf"{name} = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)[1]))
        for name in ("kernel", "patch")
    )
    if state["preset"] == "custom":
        state["weights"] = kernel
    explorer = KernelOnPhotograph(**state)
    output = explorer.output
    np.testing.assert_allclose(kernel, explorer.kernel, atol=1e-6)
    row, column, value = re.search(r"output\[(\d+), (\d+)\] = (\S+)", shown["numbers"]).groups()
    row, column = int(row), int(column)
    assert float(value) == pytest.approx(output[row, column], abs=2e-5, rel=1e-4)
    window = {name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")}
    read = [at * state["stride"] + np.arange(state["kernel_size"]) * state["dilation"] for at in (row, column)]
    np.testing.assert_allclose(patch, np.pad(explorer.input, state["padding"])[np.ix_(*read)], atol=1e-6)
    assert f" Window ({row}, {column}): " in shown["status"]
    said.check_sum(shown["status"], explorer.kernel, patch, 9 if state["kernel_size"] <= 3 else 4)
    said.check_formulas(shown["formula"].splitlines(), explorer.input.shape, output.shape, window)
    assert shown["status"].startswith(f"Output {output.shape[0]} × {output.shape[1]}, values ")
    low, high = (
        float(v.replace("−", "-")) for v in re.search(r"values (\S+) to (\S+)\. Window", shown["status"]).groups()
    )
    assert low == pytest.approx(output.min(), abs=2e-5, rel=1e-4)
    assert high == pytest.approx(output.max(), abs=2e-5, rel=1e-4)
    picture = said.pixels(shown["picture"])
    assert picture.shape == (*output.shape, 3)
    assert np.abs(picture - colours(explorer)).max() <= 1.01


def test_every_control_over_its_whole_range(chapter):
    seen = chapter.evaluate("(title) => driver.sweep(title, -1)", TITLE)
    moved = {shown["moved"] for shown in seen}
    assert moved >= {"photo", "preset", "kernel_size", "stride", "padding", "dilation", "enlarge"}
    assert moved <= {"photo", "preset", "kernel_size", "stride", "padding", "dilation", "enlarge", "angle"}
    for shown in seen:
        assert shown["state"][shown["moved"]] == shown["to"]
        check(shown)
    assert {shown["to"] for shown in seen if shown["moved"] == "preset"} == {*kernels.NAMES, "custom"}


def test_every_angle(chapter):
    """The angle rests while a filter without direction is chosen; with one, all 24 are right."""
    seen = chapter.evaluate(
        """async (title) => {
          const root = driver.explorers(title).at(-1), seen = [];
          await driver.start(root);
          await driver.set(root, "preset", "box");
          seen.push(root.querySelector('[data-parameter="angle"]').disabled);
          for (const preset of ["sobel", "prewitt", "gabor"]) {
            await driver.set(root, "preset", preset);
            for (let angle = 0; angle <= 345; angle += 15) {
              await driver.set(root, "angle", angle);
              seen.push(driver.read(root));
            }
          }
          return seen;
        }""",
        TITLE,
    )
    assert seen[0] is True
    assert [shown["state"]["angle"] for shown in seen[1:]] == 3 * list(range(0, 360, 15))
    for shown in seen[1:]:
        check(shown)


def test_a_random_walk_of_250_states(chapter):
    seen = chapter.evaluate("([title]) => driver.walk(title, 250, 403, -1)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 180
    for shown in seen:
        check(shown)


def read(page, index=-1):
    """What an explorer shows, once it has settled, with its numbers as text open."""
    return page.evaluate(
        """async ([title, index]) => {
          const root = driver.explorers(title).at(index);
          root.querySelector("details").open = true;
          await driver.frame();
          await driver.settle(root);
          return driver.read(root);
        }""",
        [TITLE, index],
    )


def test_the_angle_moves_by_single_degrees(chapter):
    """The slider stands where it is, and the filter is that of the angle, between the usual ones too."""
    root = place(chapter, TITLE, -1)
    slider = control(root, "angle")
    slider.focus()
    for angle in range(1, 8):
        chapter.keyboard.press("ArrowRight")
        assert int(slider.input_value()) == angle
    check(read(chapter))


def test_a_weight_is_edited(chapter):
    """The filter becomes the reader's own: the old weights but one."""
    root = place(chapter, TITLE, -1)
    before = KernelOnPhotograph(**read(chapter)["state"]).kernel
    grid = root.get_by_role("application", name="Kernel.")
    grid.focus()
    chapter.keyboard.press("ArrowDown")
    chapter.keyboard.press("ArrowRight")
    chapter.keyboard.press("Enter")
    root.get_by_role("textbox", name="Kernel, row 1, column 1", exact=True).fill("1.5")
    chapter.keyboard.press("Enter")
    shown = read(chapter)
    assert shown["state"]["preset"] == "custom"
    kernel = np.array(json.loads(re.search(r"kernel = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)[1]))
    before[1, 1] = 1.5
    np.testing.assert_allclose(kernel, before, atol=1e-6)
    check(shown)


@pytest.mark.parametrize("name", ["Input photograph.", "Output."])
def test_the_mouse_moves_the_window(chapter, name):
    """To the output under the pointer, or to the window whose middle is nearest to the pixel under it."""
    root = place(chapter, TITLE, -1)
    state = read(chapter)["state"]
    explorer = KernelOnPhotograph(**state)
    canvas = root.get_by_role("application", name=name)
    canvas.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = canvas.bounding_box()
    shape = explorer.input.shape if name.startswith("Input") else explorer.output.shape
    seen = set()
    for down, across in [(0.11, 0.21), (0.52, 0.49), (0.97, 0.03), (0.31, 0.9), (0.98, 0.98)]:
        chapter.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        shown = read(chapter)
        where = tuple(map(int, re.search(r"Window \((\d+), (\d+)\)", status(root)).groups()))
        pixel = [int(part * n) for part, n in zip((down, across), shape, strict=True)]
        if name.startswith("Output"):
            assert where == tuple(pixel)
        else:
            middle = np.arange(max(explorer.output.shape)) * explorer.stride - explorer.padding
            middle = middle + explorer.dilation * (explorer.kernel_size - 1) / 2
            far = [np.abs(middle[:n] - at) for n, at in zip(explorer.output.shape, pixel, strict=True)]
            assert all(away[at] == away.min() for away, at in zip(far, where, strict=True))
        check(shown)
        seen.add(where)
    assert len(seen) == 5


def test_nine_products_are_written_out(chapter):
    """As many as a 3 x 3 window has; of a larger one four, and how many there are."""
    root = place(chapter, TITLE, -1)
    for size, products in ((3, 9), (5, 4)):
        control(root, "kernel_size").fill(str(size))
        assert status(root).count("·") == products


def test_an_array_that_comes_later_is_in_the_list(chapter):
    """As when Python sets it: the list offers it and stands on it."""
    options = chapter.evaluate(
        """async (title) => {
          const pixels = new Float32Array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
          const state = {
            photo: "sheep", preset: "identity", kernel_size: 3, angle: 0, stride: 1, padding: 0, dilation: 1,
            position: null, weights: null, image: null, enlarge: false,
          };
          const heard = {};
          const model = {
            get: (name) => state[name], save_changes() {}, off() {}, on: (name, call) => (heard[name] = call),
            set(name, value) { state[name] = value; heard[`change:${name}`]?.(); },
          };
          const el = document.createElement("div");
          document.querySelector("main, body").append(el);
          cnnlibExplorers.load("kernel_on_photograph/view.mjs").default.render({ model, el });
          const root = el.firstChild, list = root.querySelector('[data-parameter="photo"]');
          while (!list.options.length) await driver.frame();
          await driver.settle(root);
          const before = [...list.options].map((option) => option.value);
          model.set("image", { shape: [3, 4], data: new DataView(pixels.buffer) });
          model.set("photo", "array");
          await driver.settle(root);
          const after = [...list.options].map((option) => option.value);
          return { before, after, value: list.value, status: root.querySelector(".status").textContent };
        }""",
        TITLE,
    )
    assert "array" not in options["before"]
    assert options["after"] == [*options["before"], "array"]
    assert options["value"] == "array"
    assert options["status"].startswith("Output 1 × 2, values 0 to 1.")


@pytest.mark.parametrize(("size", "fits"), [(3, True), (8, False)])
def test_numbers_stand_only_where_they_fit(chapter, size, fits):
    """Beside another explorer there is room for nine weights, not for 64; none runs into the next cell."""
    chapter.evaluate(
        """async ([title, size]) => {
          const root = driver.explorers(title)[0];
          await driver.start(root);
          await driver.set(root, "preset", "gaussian");
          await driver.set(root, "kernel_size", size);
        }""",
        [TITLE, size],
    )
    picture = said.pixels(read(chapter, 0)["grids"][0])
    cell = (picture.shape[1] - 2) // size
    assert cell > 17  # from there on numbers were once written whatever their length
    inner = picture[1:-1, 1:-1].reshape(size, cell, size, cell, 3).swapaxes(1, 2)[:, :, 1:-1, 1:-1]
    edges = np.concatenate([inner[:, :, :, :1], inner[:, :, :, -1:]], axis=3)  # the columns at both sides of a cell
    assert np.ptp(edges, axis=(2, 3)).max() == 0, "a number runs into the next cell"
    written = np.ptp(inner, axis=(2, 3)).max(-1) > 30
    assert written.all() == fits
