"""Layer costs: the Python half by itself, and the live one against it in every state; the chart that it is drawn on."""

import json
import re

import numpy as np
import pytest
from torch import nn

from cnnlib import layers
from cnnlib.explore import LayerCosts, layer_costs
from tests.explore.hand import control, explorer, status

TITLE = "Layer costs"
CHAPTER = "chapters/01-parameter-explosion.html"
WHOLE = [name for name in layer_costs.LIMITS if name != "kernel_size"]


# The Python half -----------------------------------------------------------------------------------------------------


def test_by_hand():
    """The exam's layer, and a window of 3 x 3 on the same picture."""
    costs = LayerCosts(side=1000, channels=1, units=10_000, filters=1, kernel_size=3, bias=False).costs
    assert costs == {"dense": 10**10, "local": 9 * 10**6, "shared": 9}
    memory = [LayerCosts(quantity="memory", bias=False, optimizer=o).costs["dense"] for o in layer_costs.OPTIMIZERS]
    assert [cost // 10**9 for cost in memory] == [160, 120, 80, 40]


@pytest.mark.parametrize("bias", [True, False])
def test_parameters_are_those_of_torch(bias):
    """All-different primes; counted by the layers themselves."""
    made = LayerCosts(side=11, channels=2, units=13, filters=5, kernel_size=3, bias=bias)
    torch = {
        "dense": nn.Linear(11 * 11 * 2, 13, bias=bias),
        "local": layers.LocalConv2d(2, 5, 3, padding=1, input_size=11, bias=bias),
        "shared": nn.Conv2d(2, 5, 3, padding=1, bias=bias),
    }
    assert made.costs == {kind: sum(p.numel() for p in layer.parameters()) for kind, layer in torch.items()}


def test_products_by_counting_them():
    """A product for every weight and every output that reads with it."""
    made = LayerCosts(quantity="multiply-adds", side=8, channels=2, units=7, filters=3, kernel_size=5, batch_size=4)
    windows = sum(1 for _ in np.ndindex(8, 8) for _ in range(3) for _ in np.ndindex(2, 5, 5))
    assert made.costs == {"dense": 4 * 8 * 8 * 2 * 7, "local": 4 * windows, "shared": 4 * windows}


def test_a_dense_layer_with_as_many_outputs():
    made = LayerCosts(quantity="outputs", side=9, units=None, filters=3, dtype="float16", batch_size=5)
    assert set(made.costs.values()) == {9 * 9 * 3 * 2 * 5}


def test_numbers_beyond_2_to_the_53_stay_whole():
    largest = {name: high for name, (_, high) in layer_costs.LIMITS.items()} | {"units": None}
    made = LayerCosts(**largest)
    assert made.costs["dense"] == (4096**2 * 1024 + 1) * 4096**2 * 1024 > 2**53


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"unit": 3}, TypeError, r"LayerCosts: unknown keyword 'unit'; did you mean 'units'\? it takes quantity, side"),
        ({"side": 7}, ValueError, r"LayerCosts: side=7 is out of range; use an integer from 8 to 4096"),
        ({"side": 28.0}, TypeError, r"side=28\.0 is a float; use an integer"),
        ({"units": 0}, ValueError, r"units=0 is out of range; use an integer from 1 to 100000"),
        ({"units": "all"}, TypeError, r"units='all' is a str; use an integer"),
        ({"kernel_size": 4}, ValueError, r"kernel_size=4 is even, and no equal padding .*; use 3 or 5"),
        ({"bias": 1}, TypeError, r"bias=1 is a int; use True or False"),
        ({"dtype": "int4"}, ValueError, r"dtype='int4' is unknown; use one of float32, float16, float64"),
        ({"optimizer": None}, TypeError, r"optimizer=None is no name; use one of adam, momentum, sgd, none"),
    ],
)
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        LayerCosts(**values)


def test_count_names_a_wrong_kind():
    with pytest.raises(
        ValueError, match=r"LayerCosts\.count: kind='conv' is not known; use one of dense, local, shared"
    ):
        LayerCosts().count("conv")


# The two halves ------------------------------------------------------------------------------------------------------


def test_limits_and_landmarks_are_the_same(library):
    """Landmarks: the networks as their tables count them."""
    found = library.evaluate(
        """() => { const { LIMITS, LANDMARKS, SIDES } = cnnlibExplorers.load("layer_costs/view.mjs");
        return { LIMITS, LANDMARKS, SIDES }; }"""
    )
    assert found["LIMITS"] == {k: list(v) for k, v in layer_costs.LIMITS.items()}
    assert found["LANDMARKS"] == layer_costs.landmarks()
    assert [found["SIDES"][0], found["SIDES"][-1]] == list(layer_costs.LIMITS["side"])


def test_every_count_agrees_to_the_last_digit(library):
    """400 random states, some of them with numbers beyond 2^53."""
    random = np.random.default_rng(1)

    def whole(name):
        low, high = layer_costs.LIMITS[name]
        return int(np.clip(round(np.exp(random.uniform(np.log(low), np.log(high)))), low, high))

    tried = []
    for _ in range(400):
        state = {name: whole(name) for name in WHOLE} | {"kernel_size": 2 * int(random.integers(0, 8)) + 1}
        state |= {"units": None} if random.random() < 0.4 else {}
        for name, options in (
            ("quantity", layer_costs.QUANTITIES),
            ("dtype", layer_costs.DTYPES),
            ("optimizer", layer_costs.OPTIMIZERS),
        ):
            state[name] = str(random.choice(options))
        tried.append(state | {"bias": bool(random.random() < 0.5)})
    found = library.evaluate(
        """(states) => { const { costs, problem, what } = cnnlibExplorers.load("layer_costs/view.mjs");
        return states.map((state) => ({ problem: problem(state), what: what(state),
          costs: Object.fromEntries(Object.entries(costs(state)).map(([kind, cost]) => [kind, String(cost)])) })); }""",
        tried,
    )
    for state, answer in zip(tried, found, strict=True):
        made = LayerCosts(**state)
        assert answer["problem"] is None
        assert answer["what"] == made._what()
        assert {kind: int(cost) for kind, cost in answer["costs"].items()} == made.costs, state
    assert sum(int(answer["costs"]["dense"]) > 2**53 for answer in found) >= 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"side": 7}, "side = 7 can't be shown; use a whole number from 8 to 4096."),
        ({"units": 0.5}, "units = 0.5 can't be shown"),
        ({"kernel_size": 4}, "kernel_size = 4 is even, and no equal padding keeps the size of the image; use 3 or 5."),
        ({"bias": 1}, "bias = 1 can't be shown; use true or false."),
        ({"dtype": "int4"}, 'dtype = "int4" is unknown; use one of float32, float16, float64.'),
        ({"quantity": "cost"}, 'quantity = "cost" is unknown; use one of parameters, memory'),
    ],
)
def test_an_impossible_state_gets_a_sentence(library, change, words):
    state = {name: getattr(LayerCosts(), name) for name in LayerCosts.parameters} | change
    said = library.evaluate("(state) => cnnlibExplorers.load('layer_costs.mjs').problem(state)", state)
    assert said.startswith(words)


# The chart -----------------------------------------------------------------------------------------------------------


def test_ticks_by_hand(library):
    ask = "([axis, most]) => cnnlibExplorers.load('kit/axis.mjs').ticks(axis, most)"
    assert library.evaluate(ask, [{"range": [0, 1]}, 5]) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert library.evaluate(ask, [{"range": [-90, 90]}, 4]) == [-50, 0, 50]
    assert library.evaluate(ask, [{"range": [8, 100], "log": True}, 9]) == [10, 20, 50, 100]
    assert library.evaluate(ask, [{"range": [1, 1e6], "log": True}, 8]) == [10**k for k in range(7)]
    assert library.evaluate(ask, [{"range": [10, 1e12], "log": True}, 5]) == [1e3, 1e6, 1e9, 1e12]


def test_ticks_lie_inside_and_are_few(library):
    """300 random axes: at least two ticks, inside, rising, and not many more than asked for."""
    random = np.random.default_rng(2)
    axes = []
    for _ in range(300):
        log = bool(random.random() < 0.5)
        low = 10 ** random.uniform(-3, 6) if log else random.uniform(-1e3, 1e3)
        high = low * 10 ** random.uniform(0.5, 15) if log else low + 10 ** random.uniform(-2, 5)
        axes.append([{"range": [low, high], "log": log}, int(random.integers(4, 12))])
    found = library.evaluate(
        "(axes) => axes.map(([axis, most]) => cnnlibExplorers.load('kit/axis.mjs').ticks(axis, most))", axes
    )
    for (axis, most), ticks in zip(axes, found, strict=True):
        low, high = axis["range"]
        slack = 1e-8 * max(abs(low), abs(high))
        assert 1 <= len(ticks) <= most + 1, (axis, ticks)
        assert low - slack <= ticks[0] and ticks[-1] <= high + slack
        assert all(np.diff(ticks) > 0)
    assert sum(len(ticks) > 1 for ticks in found) > 290


def test_scale_and_its_inverse(library):
    found = library.evaluate(
        """() => { const { scale } = cnnlibExplorers.load("kit/axis.mjs");
        const log = scale({ range: [1, 1000], log: true }, 30, 330), flat = scale({ range: [-1, 1] }, 200, 0);
        return [log.at(10), log.inverse(230), flat.at(0.5), flat.inverse(150)]; }"""
    )
    assert found == pytest.approx([130, 100, 50, -0.5])


def test_labels_are_moved_apart_and_stay_inside(library):
    labels = [{"at": at} for at in (50, 52, 6, 7, 98, 99)]
    found = library.evaluate("(labels) => cnnlibExplorers.load('kit/axis.mjs').spread(labels, 15, 5, 100)", labels)
    places = sorted(label["at"] for label in found)
    assert min(np.diff(places)) >= 15 and places[0] >= 5 and places[-1] <= 100


def test_heights_between_points(library):
    ask = """([x, log]) => cnnlibExplorers.load("kit/axis.mjs").valueAt(
        [[1, 1], [100, 10000], [1000, 0]], x, { log }, { log })"""
    assert library.evaluate(ask, [10, True]) == pytest.approx(100)
    assert library.evaluate(ask, [50.5, False]) == pytest.approx(5000.5)
    assert library.evaluate(ask, [0.5, False]) is None
    assert library.evaluate(ask, [500, True]) is None  # zero has no place on a log axis


def test_a_chart_without_stops_moves_in_steps_of_the_axis(library):
    """200 steps along the axis, ten at once with Shift, Home and End to its ends; other keys are left alone."""
    heard = library.evaluate(
        """() => { const { lineChart } = cnnlibExplorers.load("kit/chart.mjs");
        const heard = [], colours = {};
        const chart = lineChart({ label: "test", height: 200, move: (x) => { heard.push(x); paint(x); } });
        const curves = [{ name: "a", points: [[0, 1], [10, 100]], tag: "t" }];
        const [x, y] = [{ label: "x", range: [0, 10] }, { label: "y", range: [1, 100], log: true }];
        const paint = (cursor) => chart.paint({ width: 400, colours, cursor, x, y, curves });
        paint(5);
        for (const [key, shiftKey] of [["ArrowRight"], ["ArrowLeft", true], ["a"], ["End"], ["ArrowRight"], ["Home"]])
          chart.element.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey }));
        return [heard, chart.element.getAttribute("aria-valuetext"), chart.element.getAttribute("aria-valuemax")]; }"""
    )
    assert heard[0] == pytest.approx([5.05, 4.55, 10, 0])
    assert heard[1:] == ["x 0", "10"]


# On the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def chapter(open_chapter):
    return open_chapter(address=CHAPTER)


def check(shown):
    """One state as the page shows it, against cnnlib."""
    assert shown["trouble"] is None, shown
    state = {**shown["state"]}
    for name in WHOLE:
        state[name] = None if state[name] == "null" else int(state[name])
    made = LayerCosts(**state)
    assert shown["status"] == made.result()
    for kind in layer_costs.KINDS:
        numbers = json.loads(re.search(rf"^{kind} = (.*)$", shown["numbers"], re.MULTILINE)[1])
        assert tuple(numbers.values()) == (*made.count(kind), made.cost(kind))
        line = next(line for line in shown["formula"].splitlines() if line.startswith(f"{kind}:"))
        assert arithmetic(line) == made.cost(kind), line


def arithmetic(line):
    """Work out the formula as it is written: the product on the left of the first ' = '."""
    product = line.partition(":")[2].partition(" = ")[0]
    text = re.sub(r"[a-zA-Z ]+(?=·|\)|$|\+)", "", product).replace(",", "").replace("·", "*")
    text = re.sub(r"[a-zA-Z]+( of the optimiser)?", "", text)
    assert re.fullmatch(r"[\d *+()]+", text), (line, text)
    return eval(text)


def test_every_control_over_its_whole_range(chapter):
    seen = chapter.evaluate("(title) => driver.sweep(title)", TITLE)
    assert {"quantity", "side", "channels", "units", "filters", "kernel_size", "bias"} <= {s["moved"] for s in seen}
    for shown in seen:
        assert shown["moved"] != "reset", f"Reset did not restore {shown}"
        assert str(shown["state"][shown["moved"]]) == str(shown["to"])
        check(shown)


def test_a_random_walk_of_250_states(chapter):
    seen = chapter.evaluate("([title]) => driver.walk(title, 250, 20261122)", [TITLE])
    assert len({json.dumps(shown["state"], sort_keys=True) for shown in seen}) > 180
    assert {shown["state"]["quantity"] for shown in seen} == set(layer_costs.QUANTITIES)
    for shown in seen:
        check(shown)


def test_the_cursor_by_keyboard_mouse_and_touch(open_chapter):
    """Arrows go to the next side, Home and End to the ends, a press to where it is, and a drag along."""
    page = open_chapter(address=CHAPTER, has_touch=True)
    root = explorer(page, TITLE)
    chart = root.get_by_role("slider", name="Cost of the three layers")
    side = control(root, "side")
    start = int(side.input_value())
    chart.focus()
    page.keyboard.press("ArrowRight")
    assert status(root).startswith("Side 1,024,") and start == 1000
    assert chart.get_attribute("aria-valuetext") == "side 1,024" and side.input_value() == "1024"
    page.keyboard.press("Home")
    assert status(root).startswith("Side 8,")
    page.keyboard.press("Shift+ArrowRight")
    assert status(root).startswith("Side 56,")
    page.keyboard.press("End")
    assert status(root).startswith("Side 4,096,")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.touchscreen.tap(box["x"] + 2, middle)
    assert status(root).startswith("Side 8,")
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    status(root)
    assert side.input_value() == "8"  # passing over it does nothing
    page.mouse.down()
    status(root)
    pressed = int(side.input_value())
    page.mouse.move(box["x"] + box["width"] / 2 + 90, middle)
    page.mouse.up()
    status(root)
    assert 8 < pressed < int(side.input_value()) < 4096
    page.mouse.move(box["x"] + 40, middle)
    status(root)
    assert int(side.input_value()) > pressed


def test_a_link_restores_the_state_and_reset_undoes_it(chapter, open_chapter):
    root = explorer(chapter, TITLE)
    for name, value in {"quantity": "memory", "units": "null", "kernel_size": 7, "side": "28"}.items():
        chapter.evaluate(
            "([title, name, value]) => driver.set(driver.explorers(title)[0], name, value)", [TITLE, name, value]
        )
    root.get_by_role("button", name="Copy link").click()
    chapter.wait_for_function("() => /^#\\w+-\\d+:/.test(location.hash)")
    again = open_chapter(address=CHAPTER, fragment=chapter.evaluate("() => location.hash"))
    assert status(explorer(again, TITLE)) == status(root)
    explorer(again, TITLE).get_by_role("button", name="Reset").click()
    assert status(explorer(again, TITLE)).startswith("Side 1,000, parameters: dense 10,000,0")


def test_controls_rest_where_they_have_no_effect(chapter):
    root = explorer(chapter, TITLE)
    resting = {
        "parameters": {"optimizer", "dtype", "batch_size"},
        "memory": {"batch_size"},
        "multiply-adds": {"optimizer", "dtype", "bias"},
        "outputs": {"optimizer", "bias"},
    }
    for quantity, names in resting.items():
        chapter.evaluate("([t, q]) => driver.set(driver.explorers(t)[0], 'quantity', q)", [TITLE, quantity])
        disabled = root.evaluate(
            "(r) => [...r.querySelectorAll('[data-parameter]:disabled')].map((e) => e.dataset.parameter)"
        )
        assert set(disabled) == names


def test_the_picture_stands_still_and_fits(open_chapter):
    """At 390 pixels: nothing wider than the page, and a drag over all sides moves nothing below the chart."""
    page = open_chapter(address=CHAPTER, width=390, scheme="dark")
    root = explorer(page, TITLE)
    chart = root.get_by_role("slider", name="Cost of the three layers")
    assert chart.bounding_box()["x"] + chart.bounding_box()["width"] <= 390
    below = """(r) => [".controls", ".status", ".torch", "details"].map((part) =>
        r.querySelector(part).getBoundingClientRect().y - r.querySelector("canvas").getBoundingClientRect().y)"""
    before = root.evaluate(below)
    chart.focus()
    places = []
    for key in ("Home", "Shift+ArrowRight", "Shift+ArrowRight", "End"):
        page.keyboard.press(key)
        status(root)
        places.append(root.evaluate(below))
    assert places == [before] * 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_follows_the_theme(open_chapter, scheme):
    page = open_chapter(address=CHAPTER, scheme=scheme)
    root = explorer(page, TITLE)
    picture = "(title) => driver.explorers(title)[0].querySelector('canvas').toDataURL()"
    first = page.evaluate(picture, TITLE)
    other = {"light": "dark", "dark": "light"}[scheme]
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", other)
    page.wait_for_function("([t, theme]) => driver.explorers(t)[0].dataset.theme === theme", arg=[TITLE, other])
    status(root)
    assert page.evaluate(picture, TITLE) != first


def test_what_the_chart_keeps_between_frames_is_never_old(open_chapter):
    """Drawn straight away, or copied from what stood there before the cursor moved: the same picture for each state."""
    page = open_chapter(address=CHAPTER)
    root = explorer(page, TITLE)
    chart = root.locator("canvas.chart")
    pictures = []
    for kernel in (3, 9, 3, 9):
        page.evaluate("([t, k]) => driver.set(driver.explorers(t)[0], 'kernel_size', k)", [TITLE, kernel])
        pictures.append([chart.evaluate("(canvas) => canvas.toDataURL()")])
        chart.focus()
        for key in ("ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
            status(root)
            pictures[-1].append(chart.evaluate("(canvas) => canvas.toDataURL()"))
    for straight, moved, back in pictures:
        assert straight == back != moved
    assert pictures[0] == pictures[2] != pictures[1] == pictures[3]
