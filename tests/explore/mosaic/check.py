"""Mosaic: what the page shows, held to the Python half, down to the pixels of the piece."""

import json
import re

import numpy as np
import torch

from tests.explore import shown as said

STATES = [
    {},
    {"photo": "lemur", "position": (1, 0), "kernels": "shared", "kernel_size": 3, "colour": "red"},
    {"photo": "sheep", "position": (0, 7), "kernels": "bilinear", "shift": (1, 2), "colour": "blue"},
    {"image": np.random.default_rng(0).random((60, 75, 3)), "kernels": "shared", "shift": (1, 0)},
    {"photo": "brandenburg_gate", "position": (33, 91), "kernel_size": 3, "shift": (2, 3)},
]
REFUSED = [
    ({"kernel_size": 4}, "kernel_size=4 has no middle pixel; use 3 or 5"),
]
KINDS = ["red", "green, red row", "green, blue row", "blue"]


def as_torch_takes_it(explorer):
    """The kernels as channels of one convolution, each where its turn begins, (12, 1, K + 1, K + 1)."""
    begins = 2 - explorer.kernel_size // 2  # the first row and column that torch has an output for, in the piece
    weights = np.roll(explorer.weights(explorer.kernels), (-begins, -begins), (4, 5))
    down, across = weights.shape[4:]
    found = [
        np.pad(weights[c, 0, :, :, i, j], ((i, down - 1 - i), (j, across - 1 - j)))
        for c, i, j in np.ndindex(3, down, across)
    ]
    return np.array(found)[:, None]


def check(explorer, seen):
    assert seen["status"] == explorer.result()
    numbers = seen["numbers"]
    assert f"position = {explorer.position}" in numbers
    for k, kernel in enumerate(explorer.used):
        title, found = re.search(rf"# ([^#\n]*)\nkernel_{k} = (\[\[.*?\]\])", numbers, re.DOTALL).groups()
        assert title == f"{explorer.colour} at a pixel that measures {KINDS[k]}"
        np.testing.assert_allclose(json.loads(found), kernel, atol=2e-7)
    size = explorer.kernel_size
    assert f"sum over the {size} × {size} pixels" in seen["formula"]
    shared = explorer.kernels == "shared"
    assert ("period 1 × 1" if shared else "period 2 × 2") in seen["formula"]
    misplaced = not shared and any(v % 2 for v in explorer.shift)
    assert ("used where another belongs" in seen["formula"]) == misplaced
    mosaic = torch.from_numpy(explorer.measured)[None, None]
    got = eval(seen["torch"], {"torch": torch, "mosaic": mosaic, "w": torch.from_numpy(as_torch_takes_it(explorer))})
    rim = (got.shape[-1] - 48) // 2
    found = got[0, :, rim : rim + 48, rim : rim + 48].permute(1, 2, 0)
    np.testing.assert_allclose(found, explorer.output, atol=1e-9)
    picture = said.pixels(seen["picture"])
    assert np.abs(picture - 255 * np.clip(explorer.output, 0, 1)).max() <= 0.51
