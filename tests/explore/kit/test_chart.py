"""The chart that explorers draw on: ticks, scales, labels, and its cursor by keyboard."""

import numpy as np
import pytest

from cnnlib.explore import LayerCosts
from tests.explore.hand import control, keys, status


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
    heights = sorted(label["at"] for label in found)
    assert min(np.diff(heights)) >= 15 and heights[0] >= 5 and heights[-1] <= 100


def test_heights_between_points(library):
    ask = """([x, log]) => cnnlibExplorers.load("kit/axis.mjs").valueAt(
        [[1, 1], [100, 10000], [1000, 0]], x, { log }, { log })"""
    assert library.evaluate(ask, [10, True]) == pytest.approx(100)
    assert library.evaluate(ask, [50.5, False]) == pytest.approx(5000.5)
    assert library.evaluate(ask, [0.5, False]) is None
    assert library.evaluate(ask, [500, True]) is None  # zero is nowhere on a log axis


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


def test_what_the_chart_keeps_between_frames_is_never_old(bare):
    """Drawn straight away, or copied from what stood there before the cursor moved: the same picture for each state."""
    page = bare(LayerCosts())
    chart = page.locator("canvas.chart")
    pictures = []
    for kernel in (3, 9, 3, 9):
        page.evaluate("(k) => driver.set(driver.explorers('Layer costs')[0], 'kernel_size', k)", kernel)
        pictures.append([chart.evaluate("(canvas) => canvas.toDataURL()")])
        chart.focus()
        for key in ("ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
            page.evaluate("() => driver.frame()")
            pictures[-1].append(chart.evaluate("(canvas) => canvas.toDataURL()"))
    for straight, moved, back in pictures:
        assert straight == back != moved
    assert pictures[0] == pictures[2] != pictures[1] == pictures[3]


def test_the_cursor_by_keyboard_mouse_and_touch(opened):
    """Arrows go to the next side, Home and End to the ends, a press to where it is, and a drag along."""
    page, root = opened(LayerCosts(), touch=True)
    chart, side = root.get_by_role("slider", name="Cost of the three layers"), control(root, "side")
    chart.focus()
    for key, words in [("ArrowRight", "1,024"), ("Home", "8"), ("Shift+ArrowRight", "56"), ("End", "4,096")]:
        keys(root, key)
        assert status(root).startswith(f"Side {words},")
        assert chart.get_attribute("aria-valuetext") == f"side {words}"
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.touchscreen.tap(box["x"] + 2, middle)
    assert status(root).startswith("Side 8,")
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    status(root)
    pressed = int(side.input_value())
    page.mouse.move(box["x"] + box["width"] / 2 + 90, middle)
    page.mouse.up()
    status(root)
    assert 8 < pressed < int(side.input_value()) < 4096
