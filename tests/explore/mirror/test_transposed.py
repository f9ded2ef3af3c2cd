"""transposed.mjs computes what cnnlib.geometry and `conv_transpose2d` compute: by hand, and in random cases."""

import numpy as np
import torch

from cnnlib import geometry, ops

NAMES = ("stride", "padding", "output_padding", "dilation")


def cases(count, seed=10):
    """Random parameters; of some no output is left, of others output_padding is too large."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        highest = {"kernel_size": 6, "stride": 5, "padding": 5, "dilation": 4}
        case = {name: int(random.integers(name != "padding", high)) for name, high in highest.items()}
        extra = int(random.integers(0, max(case["stride"], case["dilation"]) + (random.random() < 0.1)))
        yield {**case, "size": [int(n) for n in random.integers(1, 7, 2)], "output_padding": extra}


def keywords(case):
    return {name: case[name] for name in NAMES}


def legal(case):
    try:
        return geometry.conv_transpose_output_size(tuple(case["size"]), case["kernel_size"], **keywords(case))
    except ValueError:
        return None


def test_sizes_by_hand(library):
    """The chapter's: 2 to 4 in three ways, DCGAN's and FCN's layers, and one that no multiple of the stride is."""
    cases = [
        (2, 3, 1, 0),
        (2, 2, 2, 0),
        (2, 4, 2, 1),
        (5, 4, 2, 1),
        (7, 3, 2, 1),
        (8, 16, 8, 4),
        (16, 4, 4, 0),
        (8, 4, 3, 1),
    ]
    sizes = library.evaluate(
        """(cases) => cases.map(([n, kernel_size, stride, padding]) =>
          cnnlibExplorers.load("mirror/transposed.mjs").transposedSize(n,
            { kernel_size, stride, padding, output_padding: 0, dilation: 1 }))""",
        cases,
    )
    assert sizes == [4, 4, 4, 10, 13, 64, 64, 23]


def test_sizes_and_refusals_agree(library):
    """3,000 random layers: the same size, or the same words."""
    tried = list(cases(3000))
    found = library.evaluate(
        """(cases) => { const { transposedSize, misfit } = cnnlibExplorers.load("mirror/transposed.mjs");
        return cases.map((c) => ({ sizes: c.size.map((n) => transposedSize(n, c)), misfit: misfit(c.size, c) })); }""",
        tried,
    )
    words = {}
    for case, answer in zip(tried, found, strict=True):
        try:
            sizes = geometry.conv_transpose_output_size(tuple(case["size"]), case["kernel_size"], **keywords(case))
        except ValueError as error:
            assert answer["misfit"] == str(error).partition(": ")[2]
            words[answer["misfit"].split("=")[0]] = words.get(answer["misfit"].split("=")[0], 0) + 1
            continue
        assert tuple(answer["sizes"]) == sizes
        assert answer["misfit"] is None
    assert set(words) == {"output_padding", "padding"} and min(words.values()) > 50 and sum(words.values()) < 1500


def test_values_agree_inside_and_outside_the_cut(library):
    """The frame of 400 random layers: what is kept is cnnlib's and torch's output, all of it that without padding."""
    random = np.random.default_rng(12)
    tried = [case for case in cases(700, seed=11) if legal(case)][:400]
    for case in tried:
        case["image"] = random.normal(size=case["size"]).round(3).ravel().tolist()
        case["kernel"] = random.normal(size=(case["kernel_size"],) * 2).round(3).ravel().tolist()
    assert len(tried) == 400
    found = library.evaluate(
        """(cases) => { const { scatter } = cnnlibExplorers.load("mirror/transposed.mjs");
        return cases.map((c) => { const { values, rows, columns } = scatter(c.image, c.size, c.kernel, c);
          return { values: Array.from(values), shape: [rows, columns] }; }); }""",
        tried,
    )
    behind = 0
    for case, answer in zip(tried, found, strict=True):
        x = np.reshape(case["image"], case["size"])[None, None]
        w = np.reshape(case["kernel"], (case["kernel_size"],) * 2)[None, None]
        frame, p = np.reshape(answer["values"], answer["shape"]), case["padding"]
        ours = ops.conv_transpose2d(x, w, **keywords(case))[0, 0]
        theirs = torch.nn.functional.conv_transpose2d(torch.tensor(x), torch.tensor(w), **keywords(case))[0, 0].numpy()
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
        np.testing.assert_allclose(frame[p : p + ours.shape[0], p : p + ours.shape[1]], ours, atol=1e-12)
        whole = ops.conv_transpose2d(x, w, stride=case["stride"], dilation=case["dilation"])[0, 0]
        np.testing.assert_allclose(frame[: whole.shape[0], : whole.shape[1]], whole, atol=1e-12)
        assert not frame[whole.shape[0] :].any() and not frame[:, whole.shape[1] :].any()
        behind += frame.shape != whole.shape
    assert behind > 20


def test_writers_and_overlaps_agree(library):
    """Which pixels write a position, with which tap, against what changes there; the counts against cnnlib.geometry."""
    tried = list(cases(200, seed=13))
    found = library.evaluate(
        """(cases) => { const { writers, reach, overlapCounts } = cnnlibExplorers.load("mirror/transposed.mjs");
        return cases.map((c) => ({ counts: overlapCounts(c), writers:
          Array.from({ length: reach(c.size[0], c) }, (_, at) => writers(at, c.size[0], c)) })); }""",
        tried,
    )
    for case, answer in zip(tried, found, strict=True):
        n, k = case["size"][0], case["kernel_size"]
        taps = np.arange(1.0, k + 1)
        written = ops.conv_transpose2d(
            np.eye(n)[:, None, :, None],
            taps[None, None, :, None],
            stride=(case["stride"], 1),
            dilation=(case["dilation"], 1),
        )[:, 0, :, 0]
        wanted = [[[int(i), int(column[i]) - 1] for i in np.flatnonzero(column)] for column in written.T]
        assert answer["writers"] == wanted
        counts = geometry.overlap_counts(k, stride=case["stride"], dilation=case["dilation"])
        assert tuple(answer["counts"]) == counts
