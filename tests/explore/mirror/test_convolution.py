"""The JavaScript half computes what cnnlib computes: golden cases and random ones, in the browser."""

import numpy as np
import pytest
import torch

from cnnlib import geometry, kernels, ops
from cnnlib.explore import conv_arithmetic, kernel_on_photograph
from cnnlib.explore.base import photographs


def cases(count, seed=6):
    """Random parameters; about a third of the windows do not fit."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield {
            "size": [int(n) for n in random.integers(1, 17, 2)],
            "kernel_size": int(random.integers(1, 8)),
            "stride": int(random.integers(1, 7)),
            "padding": int(random.integers(0, 7)),
            "dilation": int(random.integers(1, 5)),
        }


def keywords(case):
    return {name: case[name] for name in ("stride", "padding", "dilation")}


def test_output_sizes_by_hand(library):
    """AlexNet's first layer at 227, 225 and 224, as the chapter counts them."""
    sizes = library.evaluate(
        """() => { const { outputSize } = cnnlibExplorers.load("mirror/convolution.mjs");
        return [[227, 0], [225, 0], [224, 0], [224, 2]].map(([n, padding]) =>
          outputSize(n, { kernel_size: 11, stride: 4, padding, dilation: 1 })); }"""
    )
    assert sizes == [55, 54, 54, 55]


def test_sizes_and_unread_pixels_agree(library):
    """Output sizes and unread pixels of 3,000 random windows; a window that does not fit has no output."""
    tried = list(cases(3000))
    found = library.evaluate(
        """(cases) => { const { outputSize, unread, misfit } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => ({ sizes: c.size.map((n) => outputSize(n, c)), unread: c.size.map((n) => unread(n, c)),
          misfit: misfit(c.size, c) })); }""",
        tried,
    )
    fitting = 0
    for case, answer in zip(tried, found, strict=True):
        try:
            sizes = geometry.conv_output_size(tuple(case["size"]), case["kernel_size"], **keywords(case))
        except ValueError as error:
            assert 0 in answer["sizes"]
            what, _, remedy = str(error).removeprefix("conv_output_size: a window").partition("; ")
            assert answer["misfit"] == f"A window{what}; {remedy}."
            continue
        fitting += 1
        assert tuple(answer["sizes"]) == sizes
        assert answer["misfit"] is None
        assert tuple(answer["unread"]) == geometry.unread(tuple(case["size"]), case["kernel_size"], **keywords(case))
    assert 1000 < fitting < 2900


def test_correlation_agrees(library):
    """Values of 400 random correlations, against cnnlib and against torch, to float32 tolerance.

    Every third kernel is a column times a row, which goes another way; one is all zeros.
    """
    random = np.random.default_rng(7)
    tried = []
    for case in cases(600):
        if max((case["kernel_size"] - 1) * case["dilation"] + 1 - n for n in case["size"]) > 2 * case["padding"]:
            continue
        image = random.normal(size=case["size"]).round(3)
        kernel = random.normal(size=(case["kernel_size"],) * 2).round(3)
        if len(tried) % 3 == 0:
            kernel = np.outer(kernel[0], kernel[:, -1]) * (len(tried) > 0)
        tried.append({**case, "image": image.ravel().tolist(), "kernel": kernel.ravel().tolist()})
    tried = tried[:400]
    assert len(tried) > 250
    found = library.evaluate(
        """(cases) => { const { correlate } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => { const { output, rows, columns } = correlate(c.image, ...c.size, c.kernel, c);
          return { output: Array.from(output), shape: [rows, columns] }; }); }""",
        tried,
    )
    for case, answer in zip(tried, found, strict=True):
        x = np.reshape(case["image"], case["size"])[None, None]
        w = np.reshape(case["kernel"], (case["kernel_size"],) * 2)[None, None]
        mine = np.reshape(answer["output"], answer["shape"])
        ours = ops.conv2d(x, w, **keywords(case))[0, 0]
        theirs = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(w), **keywords(case))[0, 0].numpy()
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
        np.testing.assert_allclose(mine, ours, rtol=1e-5, atol=1e-5)


def test_readers_agree_with_the_windows(library):
    """Which outputs read a pixel: counted by looking whether the output changes with the pixel."""
    tried = [
        c for c in cases(200, seed=8) if (c["kernel_size"] - 1) * c["dilation"] + 1 <= c["size"][0] + 2 * c["padding"]
    ]
    found = library.evaluate(
        """(cases) => { const { readers } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => Array.from({ length: c.size[0] }, (_, i) => readers(i, c.size[0], c))); }""",
        tried,
    )
    for case, answer in zip(tried, found, strict=True):
        impulses = np.eye(case["size"][0])[:, None, :, None]
        w = np.zeros((1, 1, case["kernel_size"], 1))
        w[:] = 1
        sees = ops.conv2d(
            impulses, w, stride=(case["stride"], 1), padding=(case["padding"], 0), dilation=(case["dilation"], 1)
        )[:, 0, :, 0]
        assert answer == [np.flatnonzero(row).tolist() for row in sees]


def test_named_filters_agree(library):
    """Every filter at every size and at eight angles."""
    wanted = [
        [name, size, angle]
        for name in kernels.NAMES
        for size in range(kernels.SMALLEST[name], 12)
        for angle in (0, 7, 15, 45, 90, 135, 210, 359)
    ]
    found = library.evaluate(
        """(wanted) => { const { named, NAMES, SMALLEST } = cnnlibExplorers.load("mirror/kernels.mjs");
        return { names: NAMES, smallest: SMALLEST, kernels: wanted.map((w) => Array.from(named(...w))) }; }""",
        wanted,
    )
    assert found["names"] == list(kernels.NAMES)
    assert found["smallest"] == kernels.SMALLEST
    for (name, size, angle), kernel in zip(wanted, found["kernels"], strict=True):
        np.testing.assert_allclose(np.reshape(kernel, (size, size)), kernels.named(name, size, angle), atol=1e-12)


@pytest.mark.parametrize("name", photographs.NAMES)
def test_photographs_are_the_same_pixels(library, name):
    """The packed photograph unpacks to exactly the levels that cnnlib uses."""
    found = library.evaluate(
        """async (name) => { const picture = await cnnlibExplorers.load("kit/pixels.mjs").unpack(
          cnnlibExplorers.load("generated/photographs.mjs").PHOTOGRAPHS[name]);
        return { shape: [picture.height, picture.width],
          levels: Array.from(picture.values, (v) => Math.round(v * 255)) }; }""",
        name,
    )
    assert np.array_equal(np.reshape(found["levels"], found["shape"]), photographs.levels(name))


@pytest.mark.parametrize(
    ("module", "limits"),
    [("conv_arithmetic/view.mjs", conv_arithmetic.LIMITS), ("kernel_on_photograph/view.mjs", kernel_on_photograph.LIMITS)],
)
def test_limits_are_the_same(library, module, limits):
    """Both halves allow the same values."""
    assert library.evaluate("(name) => cnnlibExplorers.load(name).LIMITS", module) == {
        k: list(v) for k, v in limits.items()
    }
