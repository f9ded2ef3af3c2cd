"""Filter bank: the Python half by itself, its modules against cnnlib, and the live one in every state."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from cnnlib import data, filters, ops
from cnnlib.explore import FilterBank, filter_bank
from cnnlib.explore.base import colour_photographs
from tests.explore.hand import control, explorer, status

TITLE, ADDRESS = "Filter bank", "chapters/07-channels-and-filter-banks.html"
NEGATIVE, POSITIVE = np.array([5, 48, 97]), np.array([178, 24, 43])


@pytest.fixture
def page(open_chapter):
    return open_chapter(address=ADDRESS)


# The Python half -----------------------------------------------------------------------------------------------------


def test_one_place_of_the_map_by_hand():
    chosen = FilterBank(photo="sheep", filter=7, stride=3, position=(2, 5))
    window = chosen.input[:, 6:17, 15:26]
    assert chosen.map[2, 5] == pytest.approx((window * chosen.weights).sum())
    assert chosen.parts.sum() == pytest.approx(chosen.map[2, 5])


def test_the_input_is_the_photograph_less_its_mean_colour():
    photograph = data.photograph("kingfisher", side=144).transpose(2, 0, 1)
    given = FilterBank(photo="kingfisher").input
    assert np.abs(given.mean(axis=(1, 2))).max() < 1e-12
    np.testing.assert_allclose(given, photograph - photograph.mean(axis=(1, 2), keepdims=True), atol=1 / 255)


@pytest.mark.parametrize("stride", [1, 4, 8])
def test_best_windows_are_large_and_apart(stride):
    chosen = FilterBank(filter=3, stride=stride)
    answers, best = chosen.map, chosen.best
    values = [answers[where] for where in best]
    assert values == sorted(values, reverse=True) and values[0] == answers.max()
    for one in best:
        for other in best:
            assert one == other or max(abs(a - b) for a, b in zip(one, other, strict=True)) * stride >= 11
    far = [
        answers[r, c]
        for r, c in np.ndindex(answers.shape)
        if all(max(abs(r - a), abs(c - b)) * stride >= 11 for a, b in best)
    ]
    assert max(far) <= values[-1]


def test_orders():
    for sort in filter_bank.SORTS[1:]:
        chosen = FilterBank(bank="face", sort=sort)
        key = getattr(chosen.features, sort)[chosen.order]
        assert (np.diff(key) >= 0).all() and sorted(chosen.order) == list(range(32))


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"bank": "face", "filter": 32}, ValueError, r"filter=32 is not in bank='face', which has 32; use filter from"),
        ({"filter": 96}, ValueError, r"filter=96 is out of range; use an integer from 0 to 95"),
        ({"filter": 1.5}, TypeError, r"filter=1\.5 is a float"),
        ({"bank": "alexnet"}, ValueError, r"bank='alexnet' is unknown; use one of learned, second"),
        ({"stride": 9}, ValueError, r"stride=9 is out of range; use an integer from 1 to 8"),
        ({"photo": "lion"}, ValueError, r"photo='lion' is unknown; use one of lemur"),
        ({"filters": 3}, TypeError, r"unknown keyword 'filters'; did you mean 'filter'"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        FilterBank(**values)


def test_a_bank_without_the_present_filter_is_refused():
    chosen = FilterBank(filter=90)
    with pytest.raises(ValueError, match=r"filter=90 is not in bank='squeezenet', which has 64"):
        chosen.bank = "squeezenet"
    assert chosen.bank == "learned"


# The two halves ------------------------------------------------------------------------------------------------------


def test_limits_names_and_sizes_are_the_same(library):
    found = library.evaluate(
        """() => { const { LIMITS, SORTS } = cnnlibExplorers.load("filter_bank/view.mjs");
        return { LIMITS, SORTS, banks: Object.keys(cnnlibExplorers.load("filter_bank/weights.mjs").BANKS),
          photos: Object.keys(cnnlibExplorers.load("generated/colour_photographs.mjs").COLOUR_PHOTOGRAPHS) }; }"""
    )
    assert found["LIMITS"] == {name: list(limits) for name, limits in filter_bank.LIMITS.items()}
    assert tuple(found["SORTS"]) == filter_bank.SORTS
    assert tuple(found["banks"]) == filter_bank.BANKS and tuple(found["photos"]) == colour_photographs.NAMES


@pytest.mark.parametrize("name", filter_bank.BANKS)
def test_banks_and_what_is_measured_are_the_same(library, name):
    found = library.evaluate(
        """async (name) => { const { BANKS } = cnnlibExplorers.load("filter_bank/weights.mjs");
        const bank = await cnnlibExplorers.load("filter_bank/view.mjs").unpackBank(BANKS[name]);
        return { filters: bank.filters.map((f) => Array.from(f)), measured: bank.measured, orders: bank.orders,
          power: Array.from(cnnlibExplorers.load("mirror/filters.mjs").power(bank.filters[1], bank.side)) }; }""",
        name,
    )
    bank, measured = filters.bank(name), filters.features(filters.bank(name))
    np.testing.assert_array_equal(np.reshape(found["filters"], bank.shape), bank)
    np.testing.assert_allclose(np.reshape(found["power"], (32, 32)), filters.power(bank)[1], rtol=1e-9, atol=1e-9)
    for key in measured._fields:
        mine = [one[key] for one in found["measured"]]
        np.testing.assert_allclose(mine, getattr(measured, key), rtol=1e-9, atol=1e-9, err_msg=key)
    for sort in filter_bank.SORTS:
        assert found["orders"][sort] == FilterBank(bank=name, sort=sort).order.tolist()


@pytest.mark.parametrize("name", colour_photographs.NAMES)
def test_photographs_are_the_same_pixels(library, name):
    found = library.evaluate(
        """async (name) => { const { COLOUR_PHOTOGRAPHS } = cnnlibExplorers.load("generated/colour_photographs.mjs");
        const picture = await cnnlibExplorers.load("filter_bank/view.mjs").unpackPhotograph(COLOUR_PHOTOGRAPHS[name]);
        return { ...picture, pixels: Array.from(picture.pixels),
          planes: picture.planes.map((p) => Array.from(p)) }; }""",
        name,
    )
    levels = colour_photographs.levels(name)
    size = levels[0].size
    assert (found["height"], found["width"]) == levels[0].shape
    pixels = np.reshape(found["pixels"], (*levels[0].shape, 4))
    assert np.array_equal(pixels[..., :3], levels.transpose(1, 2, 0)) and (pixels[..., 3] == 255).all()
    planes = np.array([plane[:size] for plane in found["planes"]])
    np.testing.assert_allclose(planes, colour_photographs.centred(name).reshape(3, -1), atol=1e-12)
    assert all(plane[size:] == [0, 0, 0, 0] for plane in found["planes"])


def test_correlation_agrees(library):
    """Random planes, sides 1 to 12, strides 1 to 8, sizes that do not divide."""
    rng, tried = np.random.default_rng(7), []
    for _ in range(60):
        side, stride = int(rng.integers(1, 13)), int(rng.integers(1, 9))
        height, width = (int(v) for v in rng.integers(side, 30, 2))
        planes, weights = rng.normal(size=(3, height, width)).round(3), rng.normal(size=(3, side, side)).round(3)
        tried.append((planes, weights, stride))
    found = library.evaluate(
        """(cases) => { const { correlate } = cnnlibExplorers.load("mirror/filters.mjs");
        return cases.map(({ planes, weights, height, width, side, stride }) => {
          const given = planes.map((p) => Float64Array.from([...p, 0, 0, 0, 0]));
          const { output, rows, columns } = correlate(given, height, width, Float64Array.from(weights), side, stride);
          return { output: Array.from(output), shape: [rows, columns] }; }); }""",
        [
            {
                "planes": planes.reshape(3, -1).tolist(),
                "weights": weights.ravel().tolist(),
                "height": planes.shape[1],
                "width": planes.shape[2],
                "side": weights.shape[1],
                "stride": stride,
            }
            for planes, weights, stride in tried
        ],
    )
    for (planes, weights, stride), answer in zip(tried, found, strict=True):
        want = ops.conv2d(planes[None], weights[None], stride=stride)[0, 0]
        np.testing.assert_allclose(np.reshape(answer["output"], answer["shape"]), want, atol=1e-10)


# The live one --------------------------------------------------------------------------------------------------------


def check(shown):
    """One state as the page shows it, against cnnlib: texts, numbers and every pixel of the map."""
    assert shown["trouble"] is None, shown
    numbers = dict(line.split(" = ", 1) for line in shown["numbers"].split("\n") if " = " in line)
    place = next(key for key in numbers if key.startswith("map["))
    where = tuple(int(v) for v in re.findall(r"\d+", place))
    chosen = FilterBank(**shown["state"], position=where)
    answers, measured = chosen.map, chosen.features
    for key in measured._fields:
        assert float(numbers[key]) == pytest.approx(getattr(measured, key)[chosen.filter], abs=1e-9), key
    assert float(numbers["sparseness"]) == pytest.approx(filters.sparseness(answers))
    assert [float(v) for v in numbers["low, high"].split(", ")] == pytest.approx([answers.min(), answers.max()])
    assert json.loads(numbers["order"]) == chosen.order.tolist()
    best = json.loads(numbers["best"])
    assert [value for *_, value in best] == pytest.approx([answers[where] for where in chosen.best])
    assert [answers[row, column] for row, column, _ in best] == pytest.approx([value for *_, value in best])
    total, parts = numbers[place].split(" = sum")
    assert float(total) == pytest.approx(answers[where], abs=1e-9)
    assert json.loads(parts[1:-1]) == pytest.approx(chosen.parts.tolist(), abs=1e-9)
    assert f"Map {answers.shape[0]} × {answers.shape[1]}, values " in shown["status"]
    assert f"Filter {chosen.filter}: " in shown["status"]
    count, _, side, _ = filters.bank(chosen.bank).shape
    assert f"= {count * (3 * side**2 + 1):,} parameters" in shown["formula"]
    assert (".relu()" in shown["torch"]) == chosen.rectify and (chosen.stride == 1) == ("stride" not in shown["torch"])
    picture = Image.open(io.BytesIO(base64.b64decode(shown["picture"].partition(",")[2]))).convert("RGB")
    drawn = (np.maximum(answers, 0) if chosen.rectify else answers) / np.abs(answers).max()
    ends = np.where(drawn[..., None] < 0, NEGATIVE, POSITIVE)
    want = 255 + np.abs(drawn)[..., None] * (ends - 255)
    assert np.asarray(picture).shape == want.shape
    assert np.abs(np.asarray(picture, float) - want).max() <= 1.01


def test_every_control_over_its_whole_range(page):
    seen = page.evaluate("(title) => driver.sweep(title)", TITLE)
    assert {shown["moved"] for shown in seen} == {"photo", "bank", "filter", "sort", "stride", "rectify"}
    for shown in seen:
        assert shown["state"][shown["moved"]] == shown["to"]
        check(shown)


def test_a_random_walk_of_200_states(page):
    seen = page.evaluate("([title]) => driver.walk(title, 200, 403)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 150
    assert {shown["state"]["bank"] for shown in seen} == set(filter_bank.BANKS)
    for shown in seen:
        check(shown)


def test_the_gallery_by_keyboard_and_by_mouse(page):
    """An arrow key goes to the next filter shown, in the order of the gallery; a press takes the one under it."""
    root = explorer(page, TITLE)
    control(root, "sort").select_option("orientation")
    gallery = root.get_by_role("application", name="Gallery of the filters.")
    before = int(control(root, "filter").input_value())
    order = FilterBank(sort="orientation").order.tolist()
    place = order.index(before)
    gallery.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert f"Filter {order[min(95, min(95, place + 1) + 16)]}: " in status(root)
    gallery.scroll_into_view_if_needed()
    box = gallery.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    assert f"Filter {order[0]}: " not in status(root) or place == 0  # not in passing
    page.mouse.down()
    assert f"Filter {order[0]}: " in status(root)
    page.mouse.move(box["x"] + 40, box["y"] + 3, steps=3)
    page.mouse.up()
    assert f"Filter {order[1]}: " in status(root)


def test_the_window_by_keyboard_by_mouse_and_from_the_best_ones(page):
    root = explorer(page, TITLE)
    text = status(root)
    row, column = (int(v) for v in re.search(r"Window \((\d+), (\d+)\)", text).groups())
    root.get_by_role("application", name="Map of the filter.").focus()
    page.keyboard.press("ArrowLeft" if column else "ArrowRight")
    assert f"Window ({row}, {column - 1 if column else 1})" in status(root)
    root.get_by_role("application", name="The best windows.").focus()
    page.keyboard.press("ArrowRight")
    assert f"Window ({row}, {column})" in status(root)
    photograph = root.get_by_role("application", name="Photograph.")
    photograph.hover(position={"x": 2, "y": 2})
    assert "Window (0, 0)" in status(root)


def test_reset_and_link_bring_back_the_state(page, open_chapter):
    root = explorer(page, TITLE)
    text = status(root)
    control(root, "bank").select_option("face")
    control(root, "photo").select_option("kingfisher")
    page.wait_for_function("() => /32 filters/.test(document.querySelector('.cnnlib-explorer .caption').textContent)")
    changed = status(root)
    root.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    other = open_chapter(address=ADDRESS, fragment="#" + page.url.partition("#")[2])
    other.evaluate("(title) => driver.settle(driver.explorers(title)[0])", TITLE)
    assert status(explorer(other, TITLE)) == changed
    root.get_by_role("button", name="Reset").click()
    assert status(root) == text


def test_damage_is_said_in_words(page):
    root = explorer(page, TITLE)
    wrong = page.evaluate(
        """() => { const { problem } = cnnlibExplorers.load("filter_bank/view.mjs");
        const good = { photo: "lemur", bank: "face", filter: 3, sort: "index", stride: 1, rectify: false,
          position: null };
        return [{}, { filter: 40 }, { filter: -1 }, { stride: 0 }, { photo: "x" }, { rectify: 1 }, { position: [1] },
          { sort: 2 }].map((values) => problem({ ...good, ...values })); }"""
    )
    assert wrong[0] is None and all(isinstance(sentence, str) for sentence in wrong[1:])
    assert wrong[1] == "filter = 40 is not in the bank face, which has 32; use 0 to 31."
    assert root.locator(".trouble").is_hidden()


def test_no_slider_changes_the_height(page):
    heights = page.evaluate(
        """async (title) => { const root = driver.explorers(title)[0]; await driver.start(root);
        const heights = new Set();
        for (const [name, values] of [["stride", [1, 2, 3, 5, 8]], ["filter", [0, 30, 60, 95]]]) {
          for (const value of values) {
            await driver.set(root, name, value);
            heights.add(root.querySelector(".stage").offsetHeight);
          }
        }
        return [...heights]; }""",
        TITLE,
    )
    assert len(heights) == 1
