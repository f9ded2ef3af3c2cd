"""A picture of the reader's own in every explorer that shows a photograph: the same in both halves, or a sentence."""

import re

import numpy as np
import pytest

from cnnlib import data
from cnnlib.data import GREY_WEIGHTS
from cnnlib.explore.base.photographs import middle_piece, middle_square, too_small
from cnnlib.explore.base.schema import schema
from tests.explore.contract.page import classes, folder, own_check
from tests.explore.hand import call, control, read, status
from tests.explore.kit.files import IMAGE, chosen, file, noise


def own_of(kind):
    """The parameter that holds an own picture, the choice that shows it, and that choice's value; None without one."""
    images = [(name, *entry["shows"]) for name, entry in schema(kind).items() if entry["kind"] == "image"]
    return images[0] if images else None


KINDS = [kind for kind in classes() if own_of(kind)]
OWN = pytest.mark.parametrize("kind", KINDS, ids=folder)
#: Where the row of controls is not there from the first.
STATES = {"CortexCells": {"view": "fovea"}, "PointBetweenPixels": {"panel": "descent"}, "NetworkLive": {"coarse": True}}
#: Explorers that show the square in the middle.
SQUARE = {"BreakEquivariance": 64, "DilatedStack": 96, "DeformableGrid": 32, "PointBetweenPixels": 64,
          "FieldStack": 256, "NetworkLive": 227}  # fmt: skip


def started(kind):
    return kind(**STATES.get(kind.__name__, {}))


def given(root, kind):
    name = own_of(kind)[0]
    shape, values = root.evaluate(IMAGE.replace('"image"', f'"{name}"'))
    return np.reshape(values, shape).astype(np.float32)


def test_every_explorer_with_a_photograph_takes_an_own_picture():
    named = {kind.__name__ for kind in KINDS}
    shows = {"photo", "window", "source"}
    assert named == {kind.__name__ for kind in classes() if shows & set(schema(kind))} | {"DeformableGrid"}


@OWN
def test_a_file_is_shown_as_python_shows_it(opened, kind):
    """Cropped and averaged by the one rule, grey or in colour; then everything that the page says is Python's. And the
    second of two of one size is shown, not the first."""
    name, choice, shown = own_of(kind)
    _, root = opened(started(kind))
    chosen(root, file(noise(300, 420, 3, seed=1)))  # one of the same size before it
    levels = noise(300, 420, 3)
    assert chosen(root, file(levels))[1].startswith("Your picture")
    image, light = given(root, kind), levels / 255
    if not schema(kind)[name].get("colour"):
        light = light @ np.array(GREY_WEIGHTS)
    side = SQUARE.get(kind.__name__)
    expected = middle_square(light, side) if side else data.area_resize(light, image.shape[:2])
    assert image.shape == expected.shape and (side or max(image.shape) in (144, 224, 320))
    np.testing.assert_allclose(image, expected, atol=1e-6)
    seen = read(root)
    assert seen["parameters"][choice] == shown
    state = {key: value for key, value in seen["parameters"].items() if key != name}
    own_check(kind).check(kind(**state, **{name: image}), seen)
    # the same again from Python, whose array is cut by the same rule
    explorer = kind(**STATES.get(kind.__name__, {}), **{name: np.asarray(light[100:240, 100:260], np.float32)})
    assert getattr(explorer, choice) == shown and repr(explorer) and explorer.figure() is not None


@OWN
def test_small_narrow_and_uniform_ones(opened, kind):
    """A sentence where it can't be shown, which changes nothing; never a number that is none."""
    _, root = opened(started(kind))
    before = read(root)["parameters"]
    for levels in (
        noise(1, 1, 3),
        noise(20, 900, 3),
        np.full((300, 300, 3), 130, np.uint8),
        np.zeros((64, 64, 3), np.uint8),
    ):
        _, said = chosen(root, file(levels))
        assert said.startswith("Your picture"), said
        seen = read(root)
        assert seen["trouble"] is None
        if "can't be shown here" in said:
            assert re.search(r"Your picture of \d+ × \d+ can't be shown here: .*use", said), said
            assert min(levels.shape[:2]) < 64 and seen["parameters"] == before
        else:
            before = seen["parameters"]
        for text in (seen["status"], seen["formula"], root.locator(".stage").inner_text()):
            assert not re.search(r"NaN|Infinity|undefined", text), text


@OWN
def test_the_link_is_without_it_and_reset_takes_it_away(opened, kind):
    name, choice, shown = own_of(kind)
    page, root = opened(started(kind))
    chosen(root, file(noise(80, 90, 3)))
    assert shown in control(root, choice).evaluate("(list) => [...list.options].map((option) => option.value)")
    root.get_by_role("button", name="Copy link").click()
    root.get_by_text("without your picture").wait_for()
    link = page.evaluate("() => decodeURIComponent(location.hash)")
    assert f"{choice}=" not in link and name not in link.partition(":")[2].split("=")[0]
    root.get_by_role("button", name="Reset").click()
    status(root)
    assert root.evaluate(IMAGE.replace('"image"', f'"{name}"')) is None
    assert control(root, choice).input_value() != shown


def test_what_python_refuses():
    for kind in KINDS:
        name = own_of(kind)[0]
        for image, message in (
            (np.full((70, 70), 2.0), "values from 2 to 2; use 0 to 1, or uint8"),
            (np.zeros((70, 70, 2)), "shape|dimensions"),
            (np.full((70, 70), np.nan), "must be finite"),
            (np.zeros((600, 70)), "too large; use at most"),
            ("sheep", "array"),
            ([[1, 2], [3]], "rows of unequal length|array of numbers"),
        ):
            if kind.__name__ == "KernelOnPhotograph" and "0 to 1" in message:
                continue  # any numbers will do there
            with pytest.raises((TypeError, ValueError), match=rf"^{kind.__name__}: {name}.*({message})"):
                kind(**{name: image})


def test_both_halves_refuse_a_small_one_with_one_sentence(library):
    for kind in KINDS:
        name, choice, shown = own_of(kind)
        script = """([entry, state, name, shape]) => {
          const data = new DataView(new ArrayBuffer(4 * shape.reduce((product, n) => product * n, 1)));
          return cnnlibExplorers.load(entry).default.problem({ ...state, [name]: { shape, data } }); }"""
        state = {key: entry["default"] for key, entry in schema(kind).items()} | {choice: shown}
        for rows, columns in ((8, 9), (40, 9), (70, 80)):
            shape = [rows, columns, *([3] if schema(kind)[name].get("colour") else [])]
            told = library.evaluate(script, [kind.module, {**state, "position": None} if "position" in state and
                                             schema(kind)["position"]["none"] else state, name, shape])  # fmt: skip
            try:
                kind(**{name: np.zeros(shape)})
            except ValueError as error:
                assert told.rstrip(".").lower() == str(error).removeprefix(f"{kind.__name__}: ").lower()
            else:
                assert told is None or "lies outside" in told  # a position that stands as it was


def test_a_picture_beside_its_piece(library):
    """Where the piece is put, in both halves, and which square is taken of an array."""
    for shape in ((32, 32), (33, 50), (60, 35)):
        (found,) = call(library, "kit/pictures.mjs", "middlePiece", [[{"shape": shape}, 32]])
        assert tuple(found) == middle_piece(np.zeros(shape), 32)
    assert middle_piece([[1, 2], [3]], 1) == (0, 0)
    state = type("State", (), {"photo": "array", "image": np.zeros((9, 40))})
    assert too_small(state, 9) is None
    assert too_small(state, 10) == "image of 9 x 40 pixels is too small; use at least 10 x 10"
