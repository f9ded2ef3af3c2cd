"""Point between pixels: what the page shows, held to the Python half."""

import json
import re

import numpy as np
import pytest

from cnnlib.explore.point_between_pixels import descent
from tests.explore import shown as said

STATES = [
    {},
    {"image": [[3, -1.5], [0, 8], [2.25, 40]], "row": -0.3, "column": 1, "rule": "truncate"},
    {"panel": "descent"},
    {"photograph": np.random.default_rng(0).random((80, 70)), "start_row": 1, "method": "straight-through"},
    {"window": "grass", "start_row": 3.5, "start_column": -7, "step": 20, "method": "straight-through"},
]
#: Left out of the text of the point; to choose the other shows that.
ACTIVE = {"panel"}


def after(name, text):
    return json.loads(re.search(rf"{name} = (\[.*?\]|\S+)$", text, re.DOTALL | re.MULTILINE)[1])


def check(explorer, seen):
    (check_descent if explorer.panel == "descent" else check_point)(explorer, seen)


def check_descent(explorer, seen):
    ways, rows = explorer.ways, said.arrays(seen["numbers"])
    ends = np.array([way.shifts[-1] for way in ways.values()])
    errors = [way.errors[-1] for way in ways.values()]
    np.testing.assert_allclose(rows["start"], [[explorer.start_row, explorer.start_column]])
    np.testing.assert_allclose(rows["shifts"], ends, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(rows["errors"][0], errors, rtol=1e-4, atol=1e-11)
    np.testing.assert_allclose(rows["way"], ways[explorer.method].shifts, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(rows["map"], descent.errors(descent.piece(explorer)), rtol=1e-5, atol=1e-11)
    step, method, down, right, away = re.match(
        r"After (\d+) steps (\S+) is at \((\S+), (\S+)\), (\S+) pixels from the shift\.", seen["status"]
    ).groups()
    assert (int(step), method) == (explorer.step, explorer.method)
    found = [said.number(text) for text in (down, right, away)]
    np.testing.assert_allclose(found, [*ends[list(ways).index(method)], explorer.distances[method]], atol=6e-4)
    far = np.abs(ends[list(ways).index(method)]).max() >= descent.FAR
    assert ("It has left the picture" in seen["status"]) == far
    for line, (name, way), error in zip(seen["formula"].splitlines(), ways.items(), errors, strict=True):
        start, down, right, value = re.fullmatch(
            r"(\S+): shift \((\S+), (\S+)\), mean squared error (\S+)", line
        ).groups()
        assert start == name
        np.testing.assert_allclose([said.number(down), said.number(right)], way.shifts[-1], atol=6e-4)
        assert said.number(value) == pytest.approx(error, rel=1e-3, abs=1e-12)
    picture, part = said.pixels(seen["picture"])[..., 0], descent.errors(descent.piece(explorer))
    bands = np.minimum(9, np.floor(10 * np.sqrt(part / part.max()))) / 10
    assert picture.shape == part.shape and (np.abs(picture - 255 * bands) > 1).sum() <= 1  # one on a band's border


def check_point(explorer, seen):
    rows = said.arrays(seen["numbers"])
    np.testing.assert_allclose(rows["image"], explorer.input, rtol=1e-6)
    np.testing.assert_allclose(rows["weights"], explorer.weights, atol=1e-6)
    assert after("value", seen["numbers"]) == pytest.approx(explorer.value, rel=1e-6, abs=1e-6)
    np.testing.assert_allclose(after("slopes", seen["numbers"]), explorer.slopes, rtol=1e-6, atol=1e-6)
    value, down, right = re.match(
        r"Value (\S+); slopes (\S+) downwards and (\S+) to the right\.", seen["status"]
    ).groups()
    for text, wanted in ((value, explorer.value), (down, explorer.slopes[0]), (right, explorer.slopes[1])):
        assert said.number(text) == pytest.approx(wanted, rel=1e-4, abs=1e-5)
    if explorer.method == "bilinear":
        total, by_row, by_column = (said.number(line.rpartition(" = ")[2]) for line in seen["formula"].splitlines())
        np.testing.assert_allclose([total, by_row, by_column], [explorer.value, *explorer.slopes], rtol=1e-4, atol=1e-5)
        check_creases(explorer, seen["status"])
    x, y = map(said.number, re.search(r"\(x, y\) = \((\S+), (\S+)\) with align_corners=True", seen["torch"]).groups())
    np.testing.assert_allclose([(y + 1) * 2, (x + 1) * 2], [explorer.row, explorer.column], atol=1e-4)
    low, high = min(0, explorer.input.min()), explorer.input.max()
    picture, side = said.pixels(seen["picture"])[..., 0], 145
    assert picture.shape == (side, side)
    for k in (0, 31, 72, 100, 144):
        for j in (0, 50, 96, 144):
            there = type(explorer)(
                row=k / 24 - 1, column=j / 24 - 1, method=explorer.method, rule=explorer.rule, image=explorer.input
            )
            level = np.clip(255 * (there.value - low) / ((high - low) or 1), 0, 255)
            assert picture[k, j] == pytest.approx(level, abs=1.01)


def check_creases(explorer, status):
    """The slope before the point, by a step that is small against a pixel, where the point is on a pixel's line."""
    for name, words, slope in (("row", "from above", 0), ("column", "from the left", 1)):
        found = re.search(rf"{words} is (−?[\d.e−]+?)(?:,|\.$)", status)
        at = getattr(explorer, name)
        if found:
            assert at == int(at)
            where = {"row": explorer.row, "column": explorer.column} | {name: at - 2**-10}
            if min(where.values()) < -1:
                continue
            there = type(explorer)(**where, image=explorer.input)
            assert said.number(found[1]) == pytest.approx(there.slopes[slope], rel=1e-4, abs=1e-4)
            assert said.number(found[1]) != pytest.approx(explorer.slopes[slope])
