"""A layer as a matrix: what the page shows, held to the Python half; its line of torch is run."""

import re

import numpy as np
import pytest
import torch

from tests.explore import shown as said

STATES = [
    {},
    {"connection": "tiled", "period": 3, "length": 11, "row": 5, "weights": [[1, -2, 0.5], [0, 3, 4], [-7, 0.25, 2]]},
    {"connection": "tiled", "dimensions": 2, "size": (5, 6), "kernel_size": 2, "padding": 1, "row": 7},
    {
        "dimensions": 2,
        "connection": "local",
        "stride": 2,
        "padding": 1,
        "row": 3,
        "weights": [[1, -2, 0.5]],
        "kernel_size": 2,
    },
]
REFUSED = [
    ({"length": 4, "kernel_size": 5}, "a window spanning 5 .* does not fit in 4 .* padding >= 1"),
    ({"dimensions": 2, "dilation": 3}, "a window spanning 7 .* does not fit in 4"),
]


def check(layer, shown):
    arrays = said.arrays(shown["numbers"])
    np.testing.assert_allclose(arrays["input"], layer.input)
    np.testing.assert_allclose(arrays["weights"], layer.free, rtol=1e-6)
    np.testing.assert_allclose(arrays["matrix"], layer.matrix, rtol=1e-6)
    np.testing.assert_allclose(arrays["output"], layer.output, rtol=1e-6, atol=1e-6)
    counts = layer.counts
    found = re.search(
        r"This layer: (\d+) free parameters?, (\d+) connections?, (\d+) multiply-adds?\.", shown["status"]
    )
    assert [int(n) for n in found.groups()] == list(counts[layer.connection].values())
    last = shown["formula"].splitlines()[-1]
    totals = [int(n) for n in re.findall(r"= (\d+)", last)] + [int(last.split()[-1])]
    kinds = [kind for kind in ("dense", "local", "tiled", "shared") if kind != "tiled" or layer.connection == kind]
    assert totals == [counts[kind]["parameters"] for kind in kinds]
    first = re.search(rf"Row {layer.row} of 0 to (\d+): y\[\S+\] = (\S+)\. This", shown["status"])
    assert int(first[1]) == layer.output.size - 1
    assert said.number(first[2]) == pytest.approx(layer.output.flat[layer.row], rel=1e-5, abs=1e-6)
    x = torch.from_numpy(layer.input)[None, None]
    x = x[:, 0] if layer.dimensions == 1 and layer.connection == "shared" else x
    w, free = torch.from_numpy(layer.free), torch.from_numpy(layer.free)
    w = (w[None] if layer.dimensions == 1 else w[None, None]) if layer.connection == "shared" else w
    got = eval(shown["torch"], {"torch": torch, "x": x, "w": w, "A": free})
    np.testing.assert_allclose(got.numpy().ravel(), layer.output.ravel(), rtol=1e-9, atol=1e-9)
