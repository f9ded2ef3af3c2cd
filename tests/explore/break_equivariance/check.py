"""Break equivariance: what the page shows, held to the Python half: texts, numbers and every pixel of f(T x)."""

import re

import numpy as np
import pytest

from cnnlib.explore.break_equivariance import tables
from tests.explore import shown as said

STATES = [
    {},
    {"layers": "stride", "shift": (3, -5), "border": 2},
    {"image": np.random.default_rng(0).random((100, 70)), "layers": "max_pool", "shift": (1, 2), "boundary": "zero"},
    {"layers": "squeezenet", "photo": "kingfisher", "boundary": "zero"},
]
REFUSED = [
    ({"layers": "dense", "border": 7}, "border=7 leaves too little of the 16 x 16 .* border <= 6"),
]


def number(text, pattern):
    return float(re.search(pattern, text.replace("−", "-"))[1])


def check(explorer, shown):
    text, down, right = shown["status"].replace("−", "-"), *explorer.shift
    assert text.startswith(f"Moved by ({down}, {right})")
    if explorer.layers == "squeezenet":
        label, percent, own_percent = explorer.label
        own = tables.shifts(explorer.photo, explorer.boundary)[0]
        words = (
            f"still “{own}”, with {percent}%"
            if label == own
            else f"“{label}”, with {percent}%; “{own}” has {own_percent}%"
        )
        assert text.endswith(f": {words}.")
        times = r"another label wins (\d+) time"
        assert re.search(times, explorer.result())[1] == re.search(times, shown["formula"])[1]
        return
    values = dict(re.findall(r"^(\w+) = ([-\d.e]+)$", shown["numbers"], re.MULTILINE))
    moved, reference = explorer.maps
    assert float(values["unmoved_error"]) == pytest.approx(explorer.unmoved_error, abs=1e-9)
    assert float(values["mean"]) == pytest.approx(moved.mean(), abs=1e-9)
    if explorer.pooled:
        change = abs(float(values["mean"]) / float(values["mean_unmoved"]) - 1)
        assert change == pytest.approx(explorer.error, abs=1e-9)
        assert number(text, r"a change of ([\d.]+)%") == pytest.approx(100 * explorer.error, abs=0.0051)
    else:
        assert float(values["error"]) == pytest.approx(explorer.error, abs=1e-9)
        assert number(text, r"T′ f\(x\) by ([\d.]+)%") == pytest.approx(100 * explorer.error, abs=0.051)
        assert number(text, r"unmoved, by ([\d.]+)%") == pytest.approx(100 * explorer.unmoved_error, abs=0.051)
    middle = len(moved) // 2
    for name, map_ in (("output_row", moved), ("reference_row", reference)):
        np.testing.assert_allclose(said.arrays(shown["numbers"])[name][0], map_[middle], atol=1e-6)
    want = np.clip(255 * moved / explorer.f(explorer.input).max(), 0, 255)
    assert np.abs(said.pixels(shown["picture"])[..., 0] - want).max() <= 0.51
