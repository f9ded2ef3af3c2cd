"""Upsampling: what the page shows, held to the Python half, down to the pixels of the result."""

import json
import re

import numpy as np
import pytest

from cnnlib import ops
from cnnlib.explore.upsampling import FLAT, percent
from tests.explore import shown as said

STATES = [
    {"kind": "sub-pixel", "weights": "random", "seed": 3},
    {"photo": "constant"},
    {"photo": "hedgehog", "kind": "nearest + conv", "weights": "random", "kernel_size": 5, "position": (90, 3)},
    {"photo": "lemur", "kernel_size": 4, "weights": "bilinear"},
    {"image": np.random.default_rng(0).random((33, 50)), "kind": "bilinear + conv", "weights": "random"},
]
REFUSED = [
    ({"kernel_size": 1}, "kernel_size=1 leaves pixels that no stamp reaches; use at least 2"),
    ({"kind": "sub-pixel", "kernel_size": 4}, "kernel_size=4 is even, and has no middle for .*; use an odd one"),
    ({"weights": "ICNR"}, "makes four kernels equal, and kind='transposed' has one; use kind='sub-pixel'"),
    ({"position": (131, 0)}, "lies outside the range of 131 x 193; use a row from 0 to 130"),
]


def check(explorer, seen):
    numbers = seen["numbers"]
    for name in ("share", "own_share"):
        value = float(re.search(rf"^{name} = (\S+)$", numbers, re.MULTILINE)[1])
        assert value == pytest.approx(getattr(explorer, name), rel=1e-6, abs=1e-15), name
    arrays = {name: json.loads(text) for name, text in re.findall(r"(\w+) = (\[\[.*?\]\])", numbers, re.DOTALL)}
    kernels = {f"kernel_{n}": kernel for n, kernel in enumerate(explorer.kernels)}
    wanted = {"phase_means": explorer.phase_means, "gains": explorer.gains, **kernels}
    assert list(arrays) == list(wanted)
    for name, array in wanted.items():
        np.testing.assert_allclose(arrays[name], array, rtol=1e-6, atol=1e-9, err_msg=name)
    check_words(explorer, seen)
    picture = said.pixels(seen["picture"])
    output = explorer.output
    low, high = min(0, output.min()), max(1, output.max())
    assert picture.shape == (64, 64, 3)
    assert np.abs(picture - 255 * ((output - low) / (high - low))[..., None]).max() <= 1.01


def check_words(explorer, seen):
    status, flat = seen["status"], np.ptp(explorer.output) < FLAT
    first, _, means = status.partition(". Phase means ")
    found = [said.number(text) for text in re.findall(r"[−\d.e-]*\d", means)]
    np.testing.assert_allclose(found, explorer.phase_means.ravel(), rtol=6e-3)
    assert (first == "The result is constant: no checkerboard at all") == flat
    if explorer.photo == "constant" and not flat:
        told = re.fullmatch(r"The result is a constant and a checkerboard, nothing else: (\S+)% in this measure", first)
        assert float(told[1]) == pytest.approx(100 * explorer.share, rel=6e-3)
    elif not flat:
        front, back = first.split(" of the result's energy is checkerboard, ")
        for text, share in ((front, explorer.share), (back.removesuffix(" of the piece's"), explorer.own_share)):
            if 0 < share < 1e-5:
                assert text == percent(share) == "less than 0.001%"
            else:
                assert float(text.removesuffix("%")) == pytest.approx(100 * share, rel=6e-3)
    gains, why = seen["formula"].splitlines()
    found = [said.number(text) for text in re.findall(r"[\d.]+", gains.removeprefix("a constant 1 becomes"))]
    np.testing.assert_allclose(found, explorer.gains.ravel(), rtol=6e-3)
    even = np.ptp(explorer.gains) < FLAT
    if explorer.kind.endswith("conv"):
        assert even and "every phase gets the same weights" in why
    elif even:
        assert why == "the weights of the four phases have the same sum"
    elif explorer.kind == "transposed":
        assert ("overlap is uneven" in why) == bool(explorer.kernel_size % 2)
        assert ("its own weights" in why) == (explorer.weights == "random")
    check_torch(explorer, seen["torch"])


def check_torch(explorer, line):
    """The line, run: torch's own layers with our weights give our result."""
    import torch
    from torch import nn

    layer = eval(line, {"nn": nn}).double()
    (parameter,) = layer.parameters()
    with torch.no_grad():
        parameter.copy_(torch.tensor(explorer.kernels[:, None]))
        x = np.random.default_rng(0).normal(size=(1, 1, 6, 7))
        theirs = layer(torch.tensor(x)).numpy()
    np.testing.assert_allclose(theirs, ops.upsample2x(x, explorer.kernels[:, None], kind=explorer.kind), atol=1e-12)
