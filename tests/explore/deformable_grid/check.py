"""Deformable grid: what the page shows, held to the Python half."""

import re

import numpy as np
import pytest

from tests.explore import shown as said

OWN = [[0.5, -0.25], [3, 0], [0, 0], [-16, 2], [0.125, 0.125], [1, 1], [0, -0.5], [2.3, -1.7], [0, 16]]
MASKS = [[0.5, 1, 0], [0.25, 0.8, 1], [0, 0.1, 0.35]]
STATES = [
    {},
    {"picture": "photograph", "place": (30, 2), "dilation": 1, "offsets": OWN, "order": "dx, dy", "panel": "sum"},
    {"image": [[3, -1.5], [0, 8], [2.25, 40]], "place": (1, 0), "angle": 45, "kernel": "sobel", "tap": 8},
    {"picture": "photograph", "place": (8, 7), "pull": 0.8, "masks": MASKS, "panel": "sum"},
    {"factor": 0.75, "out_channels": 22, "weights": [[0, 2, -1], [0.5, 0, 3], [1, 1, -4]], "panel": "cost"},
    {"down": 1.25, "masks": MASKS, "panel": "cost", "tap": 0},
    {"squeeze": 1.75},
    {"photograph": np.random.default_rng(0).random((50, 40)), "place": (31, 8), "dilation": 3, "kernel": "sobel"},
]
REFUSED = [
    ({"offsets": np.zeros((2, 9))}, r"offsets of shape \(2, 9\) are not nine pairs; use 9 rows of \(dy, dx\)"),
    ({"offsets": np.full((9, 2), 16.5)}, "offsets reach beyond 16 pixels; use numbers from -16 to 16"),
    ({"masks": np.ones((2, 3))}, r"masks of shape \(2, 3\) are not one for each tap; use 3 rows of 3"),
    ({"weights": np.ones((3, 1))}, r"weights of shape \(3, 1\) are not one for each tap; use 3 rows of 3"),
    ({"masks": np.full((3, 3), 1.5)}, "masks reach beyond 0 to 1; use numbers from 0 to 1"),
    ({"pull": 0.5}, "preset='sheep' has no sheep in picture='numbers'; use picture='photograph'"),
]


def check(explorer, seen):
    numbers = said.arrays(seen["numbers"])
    wanted = {
        "image": explorer.input,
        "channels": explorer.channels[None],
        "points": explorer.points,
        "values": explorer.values[None],
        "pixels": explorer.pixels,
        "shares": explorer.shares,
        "weights": explorer.kernel_values,
        "masks": explorer.mask_values,
        "results": [[explorer.output, explorer.rigid, explorer.effective_dilation]],
        "parameters": [[*explorer.parameters_of.values(), 0]],
        "multiply_adds": [list(explorer.macs_of.values())],
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(numbers[name], value, rtol=1e-6, atol=2e-6, err_msg=name)
    check_status(explorer, seen["status"])
    check_formula(explorer, seen["formula"].splitlines())
    assert ("mask=mask" in seen["torch"]) == (explorer.version == "v2")
    padding, dilation, side = re.search(r"padding=(\d+), dilation=(\d+).*18, (\d+)", seen["torch"]).groups()
    assert (int(padding), int(dilation), int(side)) == (*[explorer.dilation] * 2, explorer.image_shape[0])
    if explorer.picture in ("photograph", "own"):
        np.testing.assert_array_equal(said.pixels(seen["picture"])[3:-3, 3:-3, 0], explorer.input)


def check_status(explorer, status):
    pattern = (
        r"Output (\S+), with the rigid grid (\S+); effective dilation (\S+)\. Tap (\d) is moved by \(dy, dx\) = "
        r"\((\S+), (\S+)\) and reads (\S+) at \((\S+), (\S+)\)\."
    )
    found = [said.number(text) for text in re.match(pattern, status).groups()]
    tap, pairs = explorer.tap, explorer.channels.reshape(9, 2)
    wanted = [explorer.output, explorer.rigid, explorer.effective_dilation, tap, *pairs[tap], explorer.values[tap]]
    np.testing.assert_allclose(found, [*wanted, *explorer.points[tap]], rtol=6e-4, atol=2e-6)
    np.testing.assert_allclose(
        np.delete(found, 2), np.delete([*wanted, *explorer.points[tap]], 2), rtol=1e-5, atol=2e-6
    )
    outside = ((explorer.points <= -1) | (explorer.points >= explorer.image_shape[0])).any(1).sum()
    counted = re.search(r"(\d) taps? outside the image", status)
    assert (int(counted[1]) if counted else 0) == outside
    masked = re.search(r"Its mask multiplies that by (\S+)\.(?: |$)", status)
    assert (said.number(masked[1]) if masked else 1) == pytest.approx(explorer.mask_values.flat[tap])
    assert ("The outline pulls the taps" in status) == (explorer.preset == "sheep")
    assert ("mistake" in status) == (explorer.order == "dx, dy")


def check_formula(explorer, lines):
    kernel = explorer.kernel_values.ravel()
    grid = type(explorer)(**{name: getattr(explorer, name) for name in explorer.parameters} | {"preset": "rigid"})
    sums = (
        (kernel * explorer.mask_values.ravel(), explorer.values, explorer.output),
        (kernel, grid.values, explorer.rigid),
        (explorer.shares.ravel(), explorer.pixels.ravel(), explorer.values[explorer.tap]),
    )
    for line, (weights, values, total) in zip(lines[:3], sums, strict=True):
        terms, result = said.products(line)
        np.testing.assert_allclose(terms, np.stack([weights, values], 1), rtol=6e-3, atol=2e-6, err_msg=line)
        assert result == pytest.approx(total, rel=1e-5, abs=2e-6)
    kernel_, branch, reading, total, ratio, shared, channels = (
        said.number(text.replace(",", "")) for text in re.findall(r"[\d.,]*\d", lines[3].partition("=")[2])[:7]
    )
    assert {"kernel": kernel_, "branch": branch, "reading": reading} == explorer.macs_of
    assert total == sum(explorer.macs_of.values()) and ratio == pytest.approx(explorer.ratio, rel=6e-4)
    more = 32 if explorer.version == "v2" else 22
    assert (shared, channels) == (1, more) and lines[3].endswith(f"1 + {more} / {explorer.out_channels}")
