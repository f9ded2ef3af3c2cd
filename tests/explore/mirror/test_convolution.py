"""convolution.mjs and correlation.mjs compute what cnnlib.geometry and cnnlib.ops do: by hand, and in random cases."""

import numpy as np
import torch

from cnnlib import geometry, ops


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


def test_sizes_agree(library):
    """Output sizes of 3,000 random windows; of one that does not fit, there is none, and both say the same words."""
    tried = list(cases(3000))
    found = library.evaluate(
        """(cases) => { const { outputSize, misfit } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => ({ sizes: c.size.map((n) => outputSize(n, c)), misfit: misfit(c.size, c) })); }""",
        tried,
    )
    fitting = 0
    for case, answer in zip(tried, found, strict=True):
        try:
            sizes = geometry.conv_output_size(tuple(case["size"]), case["kernel_size"], **keywords(case))
        except ValueError as error:
            assert 0 in answer["sizes"]
            assert answer["misfit"] == str(error).removeprefix("conv_output_size: ")
            continue
        fitting += 1
        assert tuple(answer["sizes"]) == sizes
        assert answer["misfit"] is None
    assert 1000 < fitting < 2900


def test_what_lies_behind_the_last_window_agrees(library):
    """The padded pixels that are left over: as many as may be cut off without another size."""
    tried = [case for case in cases(500, seed=9) if fits(case)]
    found = library.evaluate(
        """(cases) => { const { leftOver } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => c.size.map((n) => leftOver(n, c))); }""",
        tried,
    )
    for case, answer in zip(tried, found, strict=True):
        for size, over in zip(case["size"], answer, strict=True):
            options = keywords(case) | {"padding": 0}
            padded = size + 2 * case["padding"]
            full, less = (
                geometry.conv_output_size(n, case["kernel_size"], **options) for n in (padded, max(padded - over, 1))
            )
            assert full == less
            if padded - over > geometry.span(case["kernel_size"], dilation=case["dilation"]):
                assert geometry.conv_output_size(padded - over - 1, case["kernel_size"], **options) == full - 1
    assert len(tried) > 200


def fits(case):
    return (case["kernel_size"] - 1) * case["dilation"] + 1 <= min(case["size"]) + 2 * case["padding"]


def test_ranges_are_exactly_what_fits(library):
    """The legal range of each parameter while the others stay, by trying every value."""
    limits = {"size": (1, 16), "kernel_size": (1, 7), "padding": (0, 6), "dilation": (1, 4), "stride": (1, 6)}
    tried = [{**case, "size": case["size"][:1]} for case in cases(300, seed=10)]
    tried = [case for case in tried if fits(case)]
    found = library.evaluate(
        """([cases, limits]) => { const { legalRange } = cnnlibExplorers.load("mirror/convolution.mjs");
        return cases.map((c) => Object.fromEntries(Object.entries(limits).map(([name, [low, high]]) =>
          [name, legalRange(name, c.size, c, { low, high })]))); }""",
        [tried, limits],
    )
    for case, answer in zip(tried, found, strict=True):
        for name, (low, high) in limits.items():
            values = range(low, high + 1)
            legal = [v for v in values if fits({**case, name: [v] if name == "size" else v})]
            assert answer[name] == [legal[0], legal[-1]], (case, name)
    assert len(tried) > 100


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
        """(cases) => { const { correlate } = cnnlibExplorers.load("mirror/correlation.mjs");
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
