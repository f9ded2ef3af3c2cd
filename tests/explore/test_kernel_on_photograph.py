"""Kernel on a photograph: the Python half by itself, and the live one against it in every state."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from cnnlib import data, kernels
from cnnlib.explore import KernelOnPhotograph

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


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
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
    kernel = json.loads(re.search(r"kernel = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)[1])
    if state["preset"] == "custom":
        state["weights"] = kernel
    explorer = KernelOnPhotograph(**state)
    output = explorer.output
    np.testing.assert_allclose(kernel, explorer.kernel, atol=1e-6)
    row, column, value = re.search(r"output\[(\d+), (\d+)\] = (\S+)", shown["numbers"]).groups()
    assert float(value) == pytest.approx(output[int(row), int(column)], abs=2e-5, rel=1e-4)
    assert shown["status"].startswith(f"Output {output.shape[0]} × {output.shape[1]}, values ")
    low, high = (
        float(v.replace("−", "-")) for v in re.search(r"values (\S+) to (\S+)\. Window", shown["status"]).groups()
    )
    assert low == pytest.approx(output.min(), abs=2e-5, rel=1e-4)
    assert high == pytest.approx(output.max(), abs=2e-5, rel=1e-4)
    picture = np.asarray(
        Image.open(io.BytesIO(base64.b64decode(shown["picture"].partition(",")[2]))).convert("RGB"), float
    )
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
