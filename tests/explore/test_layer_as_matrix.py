"""A layer as a matrix: the Python half by itself, and the live one against it in every state."""

import json
import re

import numpy as np
import pytest
import torch

from cnnlib.explore import LayerAsMatrix, layer_as_matrix
from tests.explore.hand import control, explorer, follow, status

TITLE = "A layer as a matrix"
CHAPTER = "chapters/04-sharing-weights.html"
PARAMETERS = LayerAsMatrix.parameters


@pytest.fixture
def chapter(open_chapter):
    return open_chapter(address=CHAPTER)


# The Python half ------------------------------------------------------------------------------------------------------


def test_by_hand():
    layer = LayerAsMatrix(length=4, kernel_size=2, stride=2)
    assert layer.matrix.tolist() == [[1, 2, 0, 0], [0, 0, 1, 2]]
    assert layer.output.tolist() == [[0 + 2, 2 + 6]]
    layer.connection = "local"
    assert layer.matrix.tolist() == [[1, 2, 0, 0], [0, 0, 11, 12]]
    layer.connection = "dense"
    assert layer.matrix.tolist() == [[1, 2, 3, 4], [11, 12, 13, 14]]
    assert layer.output.tolist() == [[20, 80]]


def test_counts_by_hand():
    """Padding makes products that are no connections, and for the local layer weights that meet nothing else."""
    layer = LayerAsMatrix(length=4, kernel_size=3, padding=1)
    assert layer.counts == {
        "dense": {"parameters": 16, "connections": 16, "macs": 16},
        "local": {"parameters": 12, "connections": 10, "macs": 12},
        "shared": {"parameters": 3, "connections": 10, "macs": 12},
    }


def test_arrays_set_the_sizes():
    line = LayerAsMatrix(image=[0, 0, 1, 0, 0], weights=[1, 2, 3])
    assert (line.dimensions, line.length, line.kernel_size) == (1, 5, 3)
    assert line.output.tolist() == [[3, 2, 1]]
    image = LayerAsMatrix(image=np.eye(3), weights=[[1, 0], [0, 5]])
    assert (image.dimensions, image.size, image.kernel_size) == (2, (3, 3), 2)
    assert image.output.tolist() == [[6, 0], [0, 6]]


@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("connection", layer_as_matrix.CONNECTIONS)
def test_the_matrix_times_the_input_is_the_output(dimensions, connection):
    layer = LayerAsMatrix(
        dimensions=dimensions, connection=connection, size=(5, 6), kernel_size=2, stride=2, padding=1, dilation=2
    )
    np.testing.assert_allclose(layer.matrix @ layer.input.ravel(), layer.output.ravel())
    assert np.count_nonzero(layer.matrix) == layer.counts[connection]["connections"]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"kernel": 3}, TypeError, r"LayerAsMatrix: unknown keyword 'kernel'; did you mean 'kernel_size'"),
        ({"connection": "conv"}, ValueError, r"connection='conv' is unknown; use one of shared, local, dense"),
        ({"connection": 3}, TypeError, r"connection=3 is no name"),
        ({"dimensions": 3}, ValueError, r"dimensions=3 is out of range; use an integer from 1 to 2"),
        ({"length": 17}, ValueError, r"length=17 is out of range; use an integer from 2 to 16"),
        ({"size": 7, "dimensions": 2}, ValueError, r"size=7 is out of range; use an integer from 2 to 6"),
        ({"length": 4, "kernel_size": 5}, ValueError, r"a window spanning 5 .* does not fit in 4 .* padding >= 1"),
        ({"dimensions": 2, "dilation": 3}, ValueError, r"a window spanning 7 .* does not fit in 4"),
        ({"weights": [[1, float("inf")]]}, ValueError, r"weights\[0, 1\] is inf"),
        ({"image": np.zeros((2, 2, 2))}, ValueError, r"image has 3 dimensions"),
        ({"image": np.zeros((17, 2))}, ValueError, r"image of shape \(17, 2\) is too large .* at most 16 rows"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        LayerAsMatrix(**values)


def test_a_refused_value_changes_nothing():
    layer = LayerAsMatrix(length=6)
    with pytest.raises(ValueError, match="does not fit in 6"):
        layer.dilation = 3
    with pytest.raises(ValueError, match="does not fit in 4"):
        layer.kernel_size, layer.dimensions = 5, 2
    assert (layer.dilation, layer.dimensions, layer.kernel_size) == (1, 1, 5)


# Both halves ----------------------------------------------------------------------------------------------------------


def states(count, seed=4):
    """Random states that fit, with numbers of their own in every second."""
    random, found = np.random.default_rng(seed), []
    limits = {name: pair for name, pair in layer_as_matrix.LIMITS.items() if name not in ("size", "row")}
    while len(found) < count:
        state = {name: int(random.integers(low, high + 1)) for name, (low, high) in limits.items()}
        state |= {"size": [int(n) for n in random.integers(2, 7, 2)], "row": 0, "image": None, "weights": None}
        state["connection"] = str(random.choice(layer_as_matrix.CONNECTIONS))
        try:
            layer = LayerAsMatrix(**state)
        except ValueError:
            continue
        if random.random() < 0.5:
            more, less = random.integers(-1, 2, 2)  # now and then too small or too large: zeros beyond, or cut off
            rows, columns = layer.free.shape
            shape = max(1, rows + more), max(1, columns + less)
            state["weights"] = random.normal(size=shape).round(3).tolist() if max(shape) <= 100 else None
            state["image"] = random.normal(size=layer.input_size).round(3).tolist()
        found.append(state)
    return found


def test_limits_are_the_same(library):
    found = library.evaluate(
        "() => { const { LIMITS, CONNECTIONS, MOST } = cnnlibExplorers.load('layer_matrix.mjs');"
        "return { LIMITS, CONNECTIONS, MOST }; }"
    )
    assert found["LIMITS"] == {name: list(pair) for name, pair in layer_as_matrix.LIMITS.items()}
    assert found["CONNECTIONS"] == list(layer_as_matrix.CONNECTIONS)
    assert found["MOST"] == layer_as_matrix.MOST


def test_matrices_outputs_and_counts_agree(library):
    """300 random states against cnnlib, which pushes unit vectors through its own operations."""
    tried = states(300)
    found = library.evaluate(
        """(states) => { const { matrixOf, inputValues, product, counts } = cnnlibExplorers.load("layer_as_matrix/model.mjs");
        return states.map((s) => { const { matrix } = matrixOf(s), x = inputValues(s);
          return { matrix: Array.from(matrix), y: Array.from(product(matrix, x)), counts: counts(s) }; }); }""",
        tried,
    )
    for state, answer in zip(tried, found, strict=True):
        layer = LayerAsMatrix(**state)
        matrix = layer.matrix
        np.testing.assert_allclose(np.reshape(answer["matrix"], matrix.shape), matrix, atol=1e-12)
        np.testing.assert_allclose(np.reshape(answer["y"], layer.output_size), layer.output, rtol=1e-9, atol=1e-9)
        assert answer["counts"] == layer.counts


def test_loosening_changes_nothing_and_tightening_takes_the_nearest(library):
    """shared -> local -> dense keeps the matrix; dense -> local -> shared is the least squares projection."""
    tried = states(60, seed=5)
    found = library.evaluate(
        """(states) => { const { matrixOf, converted } = cnnlibExplorers.load("layer_as_matrix/model.mjs");
        const matrix = (s) => Array.from(matrixOf(s).matrix);
        return states.map((s) => ["dense", "local", "shared"].map((to) =>
          matrix({ ...s, connection: to, weights: converted(s, to) }))); }""",
        tried,
    )
    order = ("dense", "local", "shared")
    for state, answer in zip(tried, found, strict=True):
        layer = LayerAsMatrix(**state)
        own = layer.matrix
        for to, flat in zip(order, answer, strict=True):
            matrix = np.reshape(flat, own.shape)
            if order.index(to) <= order.index(state["connection"]):
                np.testing.assert_allclose(matrix, own, atol=1e-12)
                continue
            basis = []  # the matrices that one free weight of the tighter kind makes
            other = LayerAsMatrix(**{**state, "connection": to, "weights": None})
            for index in np.ndindex(other.free.shape):
                one = np.zeros(other.free.shape)
                one[index] = 1
                other.weights = one
                basis.append(other.matrix.ravel())
            basis = np.array(basis).T
            nearest = basis @ np.linalg.lstsq(basis, own.ravel(), rcond=None)[0]
            np.testing.assert_allclose(matrix.ravel(), nearest, atol=1e-9)


# The live one ---------------------------------------------------------------------------------------------------------


def read(shown):
    """The arrays that a state shows, and the Python half in the same state."""
    state = shown["state"]
    assert shown["trouble"] is None, shown
    arrays = {
        name: np.array(json.loads(text))
        for name, text in re.findall(r"(\w+) = (\[\[.*?\]\])", shown["numbers"], re.DOTALL)
    }
    flat = int(state["dimensions"]) == 1
    layer = LayerAsMatrix(
        dimensions=int(state["dimensions"]),
        connection=state["connection"],
        length=state["length"],
        size=(state["height"], state["width"]),
        image=None if state["image"] == "positions" else arrays["input"],
        weights=None if state["weights"] == "counted" else arrays["weights"],
        **{name: state[name] for name in ("kernel_size", "stride", "padding", "dilation")},
    )
    assert layer.input_size == ((1, state["length"]) if flat else (state["height"], state["width"]))
    return arrays, layer


def check(shown, torch_too=False):
    """One state as the page shows it, against cnnlib, and the line of torch by running it."""
    arrays, layer = read(shown)
    np.testing.assert_allclose(arrays["input"], layer.input)
    np.testing.assert_allclose(arrays["weights"], layer.free, rtol=1e-6)
    np.testing.assert_allclose(arrays["matrix"], layer.matrix, rtol=1e-6)
    np.testing.assert_allclose(arrays["output"], layer.output, rtol=1e-6, atol=1e-6)
    counts = layer.counts
    said = re.search(r"This layer: (\d+) free parameters?, (\d+) connections?, (\d+) multiply-adds?\.", shown["status"])
    assert [int(n) for n in said.groups()] == list(counts[layer.connection].values())
    last = shown["formula"].splitlines()[-1]
    totals = [int(n) for n in re.findall(r"= (\d+)", last)] + [int(last.split()[-1])]
    assert totals == [counts[kind]["parameters"] for kind in ("dense", "local", "shared")]
    first = re.search(r"Row 0 of 0 to (\d+): y\[0(?:,0)?\] = (\S+)\. This", shown["status"])
    assert int(first[1]) == layer.output.size - 1
    assert float(first[2].replace("−", "-")) == pytest.approx(layer.output.flat[0], rel=1e-5, abs=1e-6)
    x = torch.from_numpy(layer.input)[None, None]
    x = x[:, 0] if layer.dimensions == 1 and layer.connection == "shared" else x
    w, free = torch.from_numpy(layer.free), torch.from_numpy(layer.free)
    w = (w[None] if layer.dimensions == 1 else w[None, None]) if layer.connection == "shared" else w
    got = eval(shown["torch"], {"torch": torch, "x": x, "w": w, "A": free})
    np.testing.assert_allclose(got.numpy().ravel(), layer.output.ravel(), rtol=1e-9, atol=1e-9)
    return layer


def test_every_control_over_its_whole_range(chapter):
    """Both explorers of the chapter, one on a line and one on an image."""
    both = {"dimensions", "connection", "kernel_size", "stride", "padding", "dilation", "weights", "image"}
    for index, sizes in enumerate(({"length"}, {"height", "width"})):
        seen = chapter.evaluate("([title, index]) => driver.sweep(title, index)", [TITLE, index])
        assert {shown["moved"] for shown in seen} == both | sizes
        for shown in seen:
            if shown["to"] != "yours":
                assert shown["state"][shown["moved"]] == shown["to"]
            check(shown)


def test_a_random_walk_of_300_states(chapter):
    seen = chapter.evaluate("([title]) => driver.walk(title, 300, 20261122)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 200
    kinds = {(layer.dimensions, layer.connection) for layer in map(check, seen)}
    assert len(kinds) == 6


def numbers(root):
    root.page.evaluate("() => driver.frame()")
    text = root.locator("details pre").inner_text()
    return {name: np.array(json.loads(found)) for name, found in re.findall(r"(\w+) = (\[\[.*?\]\])", text, re.DOTALL)}


def prepared(page, **values):
    root = explorer(page, TITLE)
    root.locator("summary").click()
    for name, value in values.items():
        page.evaluate(
            "([title, name, value]) => driver.set(driver.explorers(title)[0], name, value)", [TITLE, name, value]
        )
    return root


def write(root, down, right, text):
    """Go to a cell of the large grid by keys and write a number there."""
    grid = root.get_by_role("application", name="Matrix,")
    grid.focus()
    for key, times in (("ArrowLeft", 30), ("ArrowUp", 30), ("ArrowDown", down), ("ArrowRight", right)):
        for _ in range(times):
            root.page.keyboard.press(key)
    root.page.keyboard.press("Enter")
    root.get_by_role("textbox").fill(text)
    root.page.keyboard.press("Enter")


@pytest.mark.parametrize(("connection", "copies"), [("shared", 6), ("local", 1), ("dense", 1)])
def test_a_written_weight_repeats_or_stands_alone(chapter, connection, copies):
    """By keyboard: row 2 of the matrix, pixel 3, is W2 of place 2."""
    root = prepared(chapter, connection=connection)
    before = numbers(root)["matrix"]
    write(root, 3, 3, "-7")
    after = numbers(root)["matrix"]
    changed = np.argwhere(before != after)
    assert len(changed) == copies and [2, 3] in changed.tolist()
    assert (after[before != after] == -7).all()
    assert all(column - row == 1 for row, column in changed.tolist())
    said = status(root)
    assert ("W2 = −7 stands 6 times" in said) == (connection == "shared")
    assert ("W2 = −7 of place 2 stands alone" in said) == (connection == "local")
    assert ("A[2,3] = −7 stands alone" in said) == (connection == "dense")


def test_a_pixel_is_written_above_the_matrix(chapter):
    root = prepared(chapter)
    write(root, 0, 4, "50")
    found = numbers(root)
    assert found["input"].tolist() == [[0, 1, 2, 3, 50, 5, 6, 7]]
    np.testing.assert_allclose(found["output"].ravel(), found["matrix"] @ found["input"].ravel())
    assert "Pixel 4, x[4], is column 4: 3 outputs read it." in status(root)


def test_loosened_then_painted_then_tied_again(chapter):
    """The reader's own kernel goes to local unchanged; one changed weight comes back as the mean over its places."""
    root = prepared(chapter)
    write(root, 1, 0, "7")
    kernel = numbers(root)["weights"]
    control(root, "connection").select_option("local")
    assert (numbers(root)["weights"] == kernel).all() and len(numbers(root)["weights"]) == 6
    write(root, 2, 1, "1")
    control(root, "connection").select_option("shared")
    np.testing.assert_allclose(numbers(root)["weights"], [[(5 * 7 + 1) / 6, 2, 3]])


def test_painting_by_a_drag(chapter):
    """With a brush a press and a drag paint, and no editor opens; entries that are not connected stay zero."""
    root = prepared(chapter, connection="local")
    root.get_by_role("button", name="A press paints 2").click()
    grid = root.get_by_role("application", name="Matrix,")
    grid.scroll_into_view_if_needed()
    box, cell = grid.bounding_box(), grid.evaluate("(canvas) => (canvas.getBoundingClientRect().width - 2) / 9")
    at = lambda row, column: (box["x"] + (column + 0.5) * cell, box["y"] + (row + 1.5) * cell)  # noqa: E731
    chapter.mouse.move(*at(2, 2))
    chapter.mouse.down()
    for column in range(3, 8):
        chapter.mouse.move(*at(2, column))
    chapter.mouse.up()
    chapter.mouse.move(*at(4, 4))
    matrix = numbers(root)["matrix"]
    assert matrix[2].tolist() == [0, 0, 2, 2, 2, 0, 0, 0]
    assert matrix[4].tolist() == [0, 0, 0, 0, 41, 42, 43, 0]
    assert root.get_by_role("textbox").count() == 0


def test_the_row_follows_pointer_and_keys(chapter):
    root = explorer(chapter, TITLE)
    root.get_by_role("application", name="Output.").focus()
    for _ in range(4):
        chapter.keyboard.press("ArrowRight")
    assert "Row 4 of 0 to 5: y[4] = 32." in status(root)
    assert root.locator(".formula").inner_text().startswith("y[4] = W1·x[4] + W2·x[5] + W3·x[6]")
    grid = root.get_by_role("application", name="Matrix,")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    chapter.mouse.move(box["x"] + 5, box["y"] + box["height"] * 0.8)
    assert "Output 4 does not read pixel 0: a zero for good." in status(root)


def test_touch_chooses_a_row_and_paints(open_chapter):
    page = open_chapter(address=CHAPTER, width=390, has_touch=True)
    root = prepared(page)
    output = root.get_by_role("application", name="Output.")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 6, box["y"] + 6)
    assert "Row 5 of 0 to 5: y[5] = 38." in status(root)
    root.get_by_role("button", name="A press paints -1").click()
    grid = root.get_by_role("application", name="Matrix,")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    cell = (box["width"] - 2) / 9
    page.touchscreen.tap(box["x"] + 1.5 * cell, box["y"] + 1.5 * cell)
    assert numbers(root)["weights"].tolist() == [[1, -1, 3]]
    page.touchscreen.tap(box["x"] + 6.5 * cell, box["y"] + 1.5 * cell)  # row 0 does not read pixel 6
    assert numbers(root)["weights"].tolist() == [[1, -1, 3]]
    assert "Output 0 does not read pixel 6" in status(root)


def test_a_link_restores_numbers_and_row(chapter, open_chapter):
    root = prepared(chapter, connection="local", stride=2)
    write(root, 1, 1, "9")
    wanted, said = numbers(root), root.locator(".formula").inner_text()
    root.get_by_role("button", name="Copy link").click()
    chapter.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    again = open_chapter(address=CHAPTER, fragment=chapter.evaluate("() => location.hash"))
    other = explorer(again, TITLE)
    other.locator("summary").click()
    found = numbers(other)
    assert {name: array.tolist() for name, array in found.items()} == {n: a.tolist() for n, a in wanted.items()}
    assert other.locator(".formula").inner_text() == said
    other.get_by_role("button", name="Reset").click()
    assert numbers(other)["matrix"][0].tolist() == [1, 2, 3, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("connection=%22conv%22", 'connection = "conv" is unknown; use one of shared, local, dense'),
        ("length=99", "length = 99 can't be shown; use a whole number from 2 to 16"),
        ("length=3&kernel_size=5", "A window spanning 5 (kernel_size=5, dilation=1) does not fit in 3"),
        ("weights=%5B%5Bnull%5D%5D", "weights can't be shown"),
    ],
)
def test_an_impossible_link_gets_a_sentence(chapter, open_chapter, query, words):
    root = follow(open_chapter, chapter, TITLE, CHAPTER, query)
    assert words in root.locator(".trouble").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_stage_keeps_its_height_and_the_page_its_width(open_chapter, width):
    """Whatever slider moves, nothing below is pushed, and nothing is wider than the page."""
    page = open_chapter(address=CHAPTER, width=width)
    heights = page.evaluate(
        """async (title) => {
          const found = [];
          for (const root of driver.explorers(title)) {
            const heights = new Set();
            for (const input of root.querySelectorAll("input[type=range]")) {
              if (input.disabled) continue;
              for (const value of [input.min, input.max]) {
                await driver.set(root, input.dataset.parameter, Number(value));
                heights.add(root.querySelector(".stage").getBoundingClientRect().height);
              }
            }
            found.push([...heights]);
          }
          return found;
        }""",
        TITLE,
    )
    assert [len(found) for found in heights] == [1, 1], heights
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".cnnlib-explorer, .cnnlib-explorer canvas, .cnnlib-explorer .control")]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.className || e.tagName)"""
    )
    assert wide == []
