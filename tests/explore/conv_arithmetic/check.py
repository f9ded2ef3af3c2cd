"""Convolution arithmetic: what the page shows, held to the Python half."""

import re

import numpy as np

from tests.explore import shown as said

COLOURS = TAP, INPUT, PADDING, OUTPUT = "#f2b84b", "#d3e6f5", "#eef1f4", "#bfe6d6"  # the light theme of the explorers
STATES = [
    {"size": (7, 8), "stride": 2, "padding": 1},
    {
        "image": [[3, -1, 4, 1], [5, 9, -2, 6], [5, 3, 5, -8]],
        "weights": [[1, -2], [0.5, 3]],
        "padding": 1,
        "dilation": 2,
    },
]
REFUSED = [
    (
        {"size": (3, 3), "kernel_size": 5},
        r"5 \(kernel_size=5, dilation=1\) does not fit in 3 .* padding >= 1$",
    ),
]


def check(explorer, seen):
    shape, (row, column) = explorer.output.shape, explorer.position
    arrays = said.arrays(seen["numbers"])
    assert arrays["input"].tolist() == explorer.input.tolist()
    np.testing.assert_allclose(arrays["kernel"], explorer.kernel, rtol=1e-6)
    np.testing.assert_allclose(arrays["output"], explorer.output, rtol=1e-5, atol=1e-4)
    window = {name: getattr(explorer, name) for name in ("kernel_size", "stride", "padding", "dilation")}
    *axes, last = seen["formula"].splitlines()
    said.check_formulas(axes, explorer.size, shape, window)
    over = [
        (n + 2 * explorer.padding - (explorer.kernel_size - 1) * explorer.dilation - 1) % explorer.stride
        for n in explorer.size
    ]
    numbers = [int(n) for n in re.findall(r"\d+", last)]
    assert numbers == (over if any(over) else []), last
    assert seen["torch"].endswith(f"# (1, 1, {explorer.size[0]}, {explorer.size[1]}) -> (1, 1, {shape[0]}, {shape[1]})")
    assert seen["status"].startswith(f"Output {shape[0]} × {shape[1]}. Window ({row}, {column}): ")
    framed = np.pad(explorer.input, explorer.padding)
    reach = (explorer.kernel_size - 1) * explorer.dilation + 1
    top, left = row * explorer.stride, column * explorer.stride
    taps = framed[top : top + reach : explorer.dilation, left : left + reach : explorer.dilation]
    said.check_sum(seen["status"], explorer.kernel, taps, most=9)
    count = int(explorer.unread.sum())
    assert (f"{count} pixel" in seen["status"]) == (count > 0)
    fills, hatched = said.cells(seen["grids"][0], framed.shape, (TAP, INPUT, PADDING))
    tapped = np.zeros(framed.shape, bool)
    tapped[top : top + reach : explorer.dilation, left : left + reach : explorer.dilation] = True
    inside = np.pad(np.ones(explorer.size, bool), explorer.padding)
    assert np.array_equal(fills, np.where(tapped, TAP, np.where(inside, INPUT, PADDING)))
    assert np.array_equal(hatched, np.pad(explorer.unread, explorer.padding))
