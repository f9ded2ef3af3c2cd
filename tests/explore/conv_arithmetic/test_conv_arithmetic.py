"""Convolution arithmetic: the Python half by itself, and the live one against it in every state."""

import json
import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from cnnlib import plots
from cnnlib.explore import ConvArithmetic
from cnnlib.explore.conv_arithmetic import IMAGES, KERNELS, UNREAD
from tests.explore import shown as said
from tests.explore.hand import explorer as place
from tests.explore.hand import status

TITLE = "Convolution arithmetic"
COLOURS = TAP, INPUT, PADDING, OUTPUT = "#f2b84b", "#d3e6f5", "#eef1f4", "#bfe6d6"  # the light theme of the explorers


def test_by_hand():
    """A 1 x 3 window sum over positions: 9 times the middle."""
    explorer = ConvArithmetic(size=(3, 4))
    assert explorer.output.tolist() == [[9 * 11, 9 * 12]]
    assert explorer.unread.shape == (3, 4) and not explorer.unread.any()


def test_unread_by_hand():
    """Taps at 0 and 2 of a row of five pixels, windows two apart, one row of padding: only 1 and 3 are read."""
    explorer = ConvArithmetic(size=(1, 5), kernel_size=2, stride=2, padding=1, dilation=2)
    assert explorer.unread.astype(int).tolist() == [[1, 1, 1, 1, 1]]
    explorer = ConvArithmetic(size=(2, 5), kernel_size=2, stride=2, padding=1, dilation=2)
    assert explorer.unread.astype(int).tolist() == [[1, 1, 1, 1, 1], [1, 0, 1, 0, 1]]
    assert explorer.result().endswith("; 8 pixels of 10 are read by no window.")
    assert ConvArithmetic().result().endswith("; every pixel is read by a window.")


def test_the_static_picture_hatches_what_no_window_reads():
    """Dilation gaps too; padding is grey and not hatched."""
    explorer = ConvArithmetic(size=(6, 7), padding=1, dilation=2, stride=2)
    axes = explorer.figure().axes[0]
    assert axes.get_title() == "input\ngrey: padding\nhatched: read by no window"
    hatched, grey = np.zeros((8, 9), bool), np.zeros((8, 9), bool)
    for patch in axes.patches:
        row, column = (int(v + 0.5) for v in patch.get_xy()[::-1])
        if patch.get_hatch():
            hatched[row, column] = True
            assert to_hex(patch.get_edgecolor()) == UNREAD
        elif to_hex(patch.get_facecolor()) == plots.DIM:
            grey[row, column] = True
    assert hatched.sum() == 33
    assert np.array_equal(hatched, np.pad(explorer.unread, 1))
    tapped = np.zeros((8, 9), bool)
    tapped[0:5:2, 0:5:2] = True
    assert np.array_equal(grey, np.pad(np.zeros((6, 7), bool), 1, constant_values=True) & ~tapped)


def test_image_and_weights_set_the_sizes():
    explorer = ConvArithmetic(image=[[1, 2, 3], [4, 5, 6]], weights=[[1, 0], [0, -1]])
    assert explorer.size == (2, 3)
    assert explorer.kernel_size == 2
    assert explorer.output.tolist() == [[1 - 5, 2 - 6]]


def test_a_larger_size_fills_up_with_zeros():
    explorer = ConvArithmetic(image=np.ones((2, 2)), size=4, kernel_size=1)
    assert explorer.output.sum() == 4


def test_what_is_given_later_sets_the_sizes_too():
    explorer = ConvArithmetic()
    explorer.image, explorer.weights = np.ones((4, 9)), np.ones((2, 2))
    assert (explorer.size, explorer.kernel_size) == ((4, 9), 2)
    assert explorer.output.tolist() == np.full((3, 8), 4).tolist()
    explorer.size = 2
    with pytest.raises(ValueError, match="does not fit in 2"):
        explorer.weights = np.ones((3, 3))
    assert np.shape(explorer.weights) == (2, 2) and explorer.kernel_size == 2


@pytest.mark.parametrize("name", IMAGES)
def test_a_named_image_keeps_its_name(name):
    explorer = ConvArithmetic(size=(7, 7), image=IMAGES[name]((7, 7)))
    explorer.size = (7, 9)
    assert np.array_equal(explorer.image, IMAGES[name]((7, 9)))
    explorer.image = np.where(explorer.image, 2, 0)  # now the reader's own
    explorer.size = 7
    assert np.array_equal(explorer.image, 2 * IMAGES[name]((7, 9)))


@pytest.mark.parametrize("name", KERNELS)
def test_named_weights_keep_their_name(name):
    explorer = ConvArithmetic(weights=KERNELS[name](3))
    for size in (2, 5, 1, 3):
        explorer.kernel_size = size
        assert np.array_equal(explorer.kernel, KERNELS[name](size))


def test_a_pair_may_be_an_array():
    explorer = ConvArithmetic(size=np.array([5, 4]))
    assert explorer.size == (5, 4) and all(type(n) is int for n in explorer.size)


def test_a_name_that_does_not_exist_is_refused():
    explorer = ConvArithmetic()
    with pytest.raises(
        AttributeError, match=r"ConvArithmetic: unknown attribute 'strid'; did you mean 'stride'\? it has size, kernel"
    ):
        explorer.strid = 3
    explorer.layout.width = "50%"
    explorer.layout = {"width": "60%"}
    assert explorer.stride == 1


def test_observers_hear_of_changes():
    explorer, heard = ConvArithmetic(), []
    explorer.observe(lambda change: heard.append((change["name"], change["new"])), ["stride", "size"])
    explorer.stride = 2
    explorer.size = 9
    assert heard == [("stride", 2), ("size", (9, 9))]
    assert explorer.output.shape == (4, 4)


def test_a_refused_value_changes_nothing():
    explorer = ConvArithmetic(size=5)
    with pytest.raises(ValueError, match="does not fit in 5"):
        explorer.dilation = 3
    assert explorer.dilation == 1
    with pytest.raises(ValueError, match="does not fit"), explorer.hold_trait_notifications():
        explorer.kernel_size = 4
        explorer.dilation = 4
    assert (explorer.kernel_size, explorer.dilation) == (3, 1)


def test_changes_that_only_fit_together():
    explorer = ConvArithmetic(size=5)
    with explorer.hold_trait_notifications():
        explorer.dilation = 4
        explorer.padding = 2
    assert explorer.output.shape == (1, 1)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"kernel": 3},
            TypeError,
            r"ConvArithmetic: unknown keyword 'kernel'; did you mean 'kernel_size'\? it takes size, kernel_size",
        ),
        ({"stride": 0}, ValueError, r"ConvArithmetic: stride=0 is out of range; use an integer from 1 to 6"),
        ({"stride": True}, TypeError, r"stride=True is a bool; use an integer from 1 to 6"),
        ({"stride": 2.0}, TypeError, r"stride=2\.0 is a float; use an integer from 1 to 6"),
        (
            {"size": 3, "kernel_size": 5},
            ValueError,
            r"a window spanning 5 \(kernel_size=5, dilation=1\) does not fit in 3 \(size=3, padding=0\); "
            r"shrink the window or use padding >= 1",
        ),
        ({"size": (3, 4, 5)}, ValueError, r"size=\(3, 4, 5\) has 3 numbers; use one integer or a pair"),
        ({"size": None}, TypeError, r"size=None is a NoneType; use an integer from 1 to 16 or a pair of them"),
        ({"size": np.array([3.5, 4])}, TypeError, r"size=3\.5 is a float; use an integer from 1 to 16"),
        ({"size": np.array([3, 4, 5])}, ValueError, r"size=\[3, 4, 5\] has 3 numbers; use one integer or a pair"),
        (
            {"position": (50, 50)},
            ValueError,
            r"position=\(50, 50\) lies outside the output of 5 x 5; use a row from 0 to 4 and a column from 0 to 4",
        ),
        ({"size": 17}, ValueError, r"size=17 is out of range; use an integer from 1 to 16"),
        ({"image": [[1, float("nan")]]}, ValueError, r"image\[0, 1\] is nan; every number must be finite"),
        (
            {"image": np.zeros((4, 4, 3))},
            ValueError,
            r"image has 3 dimensions \(shape \(4, 4, 3\)\); use two, \(height, width\); for a colour image",
        ),
        ({"image": [[1, 2], [3]]}, TypeError, r"image is not an array of numbers"),
        ({"image": np.zeros((0, 3))}, ValueError, r"image of shape \(0, 3\) is empty"),
        ({"image": np.zeros((17, 3))}, ValueError, r"image of shape \(17, 3\) is too large"),
        ({"weights": np.ones((2, 3))}, ValueError, r"weights of shape \(2, 3\) are not square"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        ConvArithmetic(**values)


def check(shown):
    """One state as the page shows it, against cnnlib."""
    state = shown["state"]
    assert shown["trouble"] is None, shown
    arrays = numbers(shown)
    explorer = ConvArithmetic(
        size=(state["height"], state["width"]),
        image=None if state["image"] == "positions" else arrays["input"],
        weights=None if state["weights"] == "ones" else arrays["kernel"],
        **{name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")},
    )
    np.testing.assert_allclose(arrays["input"], explorer.input)
    np.testing.assert_allclose(arrays["kernel"], explorer.kernel, rtol=1e-6)
    np.testing.assert_allclose(arrays["output"], explorer.output, rtol=1e-5, atol=1e-5)
    rows, columns = explorer.output.shape
    lines = shown["formula"].splitlines()
    window = {name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")}
    said.check_formulas(lines, explorer.size, (rows, columns), window)
    behind = [
        (n + 2 * explorer.padding - explorer.dilation * (explorer.kernel_size - 1) - 1) % explorer.stride
        for n in explorer.size
    ]
    noun = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in zip(behind, ("row", "column"), strict=True)]
    assert lines[2] == (
        f"floored: {noun[0]} and {noun[1]} of the padded input lie behind the last window"
        if any(behind)
        else "divides exactly: nothing lies behind the last window"
    )
    where = re.match(rf"Output {rows} × {columns}\. Window \((\d+), (\d+)\): ", shown["status"])
    row, column = map(int, where.groups())
    taps = tapped(explorer, row, column)
    padded = np.pad(explorer.input, explorer.padding)
    said.check_sum(shown["status"], explorer.kernel, padded[taps].reshape(explorer.kernel.shape), 9)
    assert shown["torch"].endswith(f"# (1, 1, {state['height']}, {state['width']}) -> (1, 1, {rows}, {columns})")
    given = dict(re.findall(r"(stride|padding|dilation)=(\d+)", shown["torch"]))
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    assert given == {name: str(state[name]) for name in plain if state[name] != plain[name]}
    reads = np.zeros(explorer.size, bool)
    for r, c in np.ndindex(rows, columns):
        at = [
            [p * explorer.stride - explorer.padding + i * explorer.dilation for i in range(explorer.kernel_size)]
            for p in (r, c)
        ]
        inside = [[v for v in axis if 0 <= v < n] for axis, n in zip(at, explorer.size, strict=True)]
        reads[np.ix_(*inside)] = True
    assert np.array_equal(explorer.unread, ~reads)
    words = explorer.result().partition("; ")[2]  # the same words as in Python
    assert ("read by no window" in shown["status"]) == bool((~reads).any())
    assert shown["status"].endswith(f" {words}") == bool((~reads).any())
    inside = np.pad(np.ones(explorer.size, bool), explorer.padding)
    fills, hatched = said.cells(shown["grids"][0], padded.shape, COLOURS)
    assert np.array_equal(fills, np.where(taps, TAP, np.where(inside, INPUT, PADDING)))
    assert np.array_equal(hatched, np.pad(~reads, explorer.padding))
    assert set(said.cells(shown["grids"][1], explorer.kernel.shape, COLOURS)[0].ravel()) == {TAP}
    assert set(said.cells(shown["grids"][2], explorer.output.shape, COLOURS)[0].ravel()) == {OUTPUT}


def tapped(explorer, row, column):
    """Which cells of the padded input the window reads that makes this output."""
    taps = np.zeros([n + 2 * explorer.padding for n in explorer.size], bool)
    offsets = np.arange(explorer.kernel_size) * explorer.dilation
    taps[np.ix_(row * explorer.stride + offsets, column * explorer.stride + offsets)] = True
    return taps


def test_every_control_over_its_whole_range(chapter):
    seen = chapter.evaluate("(title) => driver.sweep(title)", TITLE)
    assert {shown["moved"] for shown in seen} == {
        "height",
        "width",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "image",
        "weights",
    }
    assert len(seen) > 40
    for shown in seen:
        assert shown["moved"] != "reset", f"Reset did not restore {shown}"
        if shown["moved"] not in ("image", "weights") or shown["to"] != "yours":
            assert shown["state"][shown["moved"]] == shown["to"]
        check(shown)


def test_a_random_walk_of_300_states(chapter):
    seen = chapter.evaluate("([title]) => driver.walk(title, 300, 20261122)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 200
    for shown in seen:
        check(shown)


def test_named_numbers_are_the_same_in_both_halves(library):
    """Every image and every kernel with a name, at every size."""
    found = library.evaluate(
        """() => { const { IMAGES, KERNELS } = cnnlibExplorers.load("conv_arithmetic/view.mjs");
        const all = Array.from({ length: 256 }, (_, k) => [(k >> 4) + 1, (k & 15) + 1]);
        const every = (names, sizes) =>
          Object.fromEntries(Object.entries(names).map(([name, made]) => [name, sizes.map(made)]));
        return { images: every(IMAGES, all), kernels: every(KERNELS, [1, 2, 3, 4, 5, 6, 7]) }; }"""
    )
    sizes = [(r, c) for r in range(1, 17) for c in range(1, 17)]
    assert found["images"].pop("positions") == [None] * 256 and found["kernels"].pop("ones") == [None] * 7
    assert set(found["images"]) == set(IMAGES) and set(found["kernels"]) == set(KERNELS)
    for name, made in IMAGES.items():
        assert found["images"][name] == [made(size).astype(float).tolist() for size in sizes]
    for name, made in KERNELS.items():
        assert found["kernels"][name] == [made(k).astype(float).tolist() for k in range(1, 8)]


def test_named_numbers_keep_their_name_on_the_page(chapter):
    """The list goes on to say what they are, and the numbers are those of the new size."""
    seen = chapter.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0], seen = [];
          await driver.start(root);
          for (const [image, weights] of [["edge", "mean"], ["impulse", "difference"], ["edge", "centre"]]) {
            await driver.set(root, "image", image);
            await driver.set(root, "weights", weights);
            for (const [name, value] of [["width", 12], ["height", 5], ["kernel_size", 1], ["kernel_size", 4]]) {
              await driver.set(root, name, value);
              seen.push({ wanted: [image, weights], ...driver.read(root) });
            }
          }
          return seen;
        }""",
        TITLE,
    )
    for shown in seen:
        state, (image, weights) = shown["state"], shown["wanted"]
        assert (state["image"], state["weights"]) == (image, weights)
        arrays = numbers(shown)
        assert np.array_equal(arrays["input"], IMAGES[image]((state["height"], state["width"])))
        np.testing.assert_allclose(arrays["kernel"], KERNELS[weights](state["kernel_size"]), rtol=1e-6)
        check(shown)


def test_a_pixel_is_edited(chapter):
    """It is called by its place in the image, not in the padded one; the outputs that read it follow."""
    root = place(chapter, TITLE)
    chapter.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0];
          await driver.start(root);
          for (const [name, value] of [["padding", 2], ["stride", 1]]) await driver.set(root, name, value);
        }""",
        TITLE,
    )
    before = numbers(chapter.evaluate("(title) => driver.read(driver.explorers(title)[0])", TITLE))
    grid = root.get_by_role("application", name="Input.")
    grid.focus()
    for key in ["ArrowDown"] * 3 + ["ArrowRight"] * 4:
        chapter.keyboard.press(key)
    assert status(root).startswith("Pixel (1, 2) is read by 9 outputs.")
    chapter.keyboard.press("Enter")
    editor = root.get_by_role("textbox", name="Input, pixel (1, 2)", exact=True)
    assert editor.input_value() == "12"
    editor.fill("-4.5")
    chapter.keyboard.press("Enter")
    shown = chapter.evaluate(
        "async (title) => { const root = driver.explorers(title)[0]; document.activeElement.blur(); "
        "await driver.settle(root); return driver.read(root); }",
        TITLE,
    )
    assert shown["state"]["image"] == "yours"
    changed = np.array(numbers(shown)["input"]) - before["input"]
    assert np.argwhere(changed).tolist() == [[1, 2]] and changed[1, 2] == -4.5 - 12
    check(shown)


def test_a_pixel_lights_the_outputs_that_read_it(chapter):
    """Number and place, for every pixel that the mouse can reach, against what changes when the pixel does."""
    root = place(chapter, TITLE)
    chapter.evaluate(
        """async (title) => {
          const root = driver.explorers(title)[0];
          await driver.start(root);
          for (const name of ["stride", "dilation"]) await driver.set(root, name, 2);
          await driver.set(root, "padding", 1);
        }""",
        TITLE,
    )
    state = chapter.evaluate("(title) => driver.state(driver.explorers(title)[0])", TITLE)
    size = (state["height"], state["width"])
    window = {name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")}
    grid = root.get_by_role("application", name="Input.")
    grid.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = grid.bounding_box()
    cell = (box["width"] - 2) / (size[1] + 2)
    counts = set()
    for row, column in np.ndindex(*size):
        chapter.mouse.move(box["x"] + 1 + cell * (column + 1.5), box["y"] + 1 + cell * (row + 1.5))
        shown = chapter.evaluate(
            "async (title) => { await driver.frame(); return driver.read(driver.explorers(title)[0]); }",
            TITLE,
        )
        one = np.zeros(size)
        one[row, column] = 1
        reads = ConvArithmetic(image=one, **window).output != 0
        found = re.match(r"Pixel \((\d+), (\d+)\) is read by (\d+) outputs?\.", shown["status"]).groups()
        assert tuple(map(int, found)) == (row, column, reads.sum())
        fills, _ = said.cells(shown["grids"][2], reads.shape, COLOURS)
        assert np.array_equal(fills, np.where(reads, TAP, OUTPUT))
        counts.add(int(reads.sum()))
    assert len(counts) > 2


def numbers(shown):
    """The arrays under "Numbers as text"."""
    return {name: json.loads(text) for name, text in re.findall(r"(\w+) = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)}
