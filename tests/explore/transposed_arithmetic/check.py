"""Transposed convolution arithmetic: what the page shows, held to the Python half."""

import re

import numpy as np

from cnnlib import geometry
from cnnlib.explore.transposed_arithmetic import FILLS
from tests.explore import shown as said

COLOURS = TAP, CUT, OUTPUT = "#f2b84b", "#eef1f4", "#bfe6d6"  # the light theme of the explorers
STATES = [
    {"padding": 1, "output_padding": 1},
    {
        "image": [[3, -1, 0.5], [5, 9, -2]],
        "weights": [[1, -2], [0.25, 3]],
        "stride": 3,
        "dilation": 2,
        "position": (1, 2),
        "show": "overlaps",
    },
    {"size": (3, 2), "kernel_size": 4, "stride": 3, "show": "phases", "preset": "bilinear"},
]
REFUSED = [
    ({"output_padding": 2}, "not below the larger of stride=2 and dilation=1; use at most 1$"),
    ({"padding": 3}, "padding=3 cuts away all of the 5 pixels of size=2, kernel_size=3, .* use padding <= 2$"),
]


def options(explorer, *left_out):
    names = ("stride", "padding", "output_padding", "dilation")
    return {name: getattr(explorer, name) for name in names if name not in left_out}


def stamped(explorer):
    """The positions of the frame that the lit pixel writes, bool."""
    found = np.zeros(explorer.frame.shape, bool)
    steps = explorer.dilation * np.arange(explorer.kernel_size)
    found[np.ix_(*(at * explorer.stride + steps for at in explorer.position))] = True
    return found


def check(explorer, seen):
    arrays = said.arrays(seen["numbers"])
    for name in ("input", "kernel", "output", "overlaps", "phase_sums"):
        np.testing.assert_allclose(arrays.pop(name), getattr(explorer, name), rtol=1e-6, atol=1e-9, err_msg=name)
    assert not arrays
    check_formula(explorer, seen["formula"].splitlines())
    check_status(explorer, seen["status"])
    rows, columns = explorer.output_shape
    call, _, shapes = seen["torch"].partition("  # ")
    defaults = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
    given = ", ".join(f"{name}={n}" for name, n in options(explorer).items() if n != defaults[name])
    assert call == f"torch.nn.functional.conv_transpose2d(x, w{given and ', '}{given})"
    assert shapes == f"(1, 1, {explorer.size[0]}, {explorer.size[1]}) -> (1, 1, {rows}, {columns})"
    check_cells(explorer, seen["grids"])


def check_formula(explorer, lines):
    for name, n, out, line in zip(("height", "width "), explorer.size, explorer.output_shape, lines[:2], strict=True):
        k, s, p, extra, d = explorer.kernel_size, *options(explorer).values()
        assert line == f"{name}: ({n} − 1)·{s} − 2·{p} + {d}·({k} − 1) + 1 + {extra} = {out}"
    square = explorer.size[0] == explorer.size[1]
    assert len(lines) == (3 if square else 4)
    for n, out, line in zip(explorer.size, explorer.output_shape, lines[2:], strict=False):
        window = options(explorer, "output_padding")
        reached = {}
        for m in range(1, 60):
            try:
                reached.setdefault(geometry.conv_output_size(m, explorer.kernel_size, **window), []).append(m)
            except ValueError:
                continue
        numbers = [int(found) for found in re.findall(r"\d+", line)]
        if out in reached[n]:
            alone = explorer.stride == 1 or len(reached[n]) == 1
            assert numbers == ([*reached[n], n] if alone else [*reached[n], n, explorer.output_padding, out]), line
        else:
            back = geometry.conv_output_size(out, explorer.kernel_size, **window)
            assert numbers == [out, back, n] and back > n and "not back" in line


def check_status(explorer, status):
    (row, column), k = explorer.position, explorer.kernel_size
    rows, columns = explorer.output_shape
    front = rf"Output {rows} × {columns}\. Pixel \({row}, {column}\) stamps (\S+) × the kernel: {k * k} products?"
    found = re.match(front + r"(?:, (\w+) of them where padding cuts them off)?\.", status)
    np.testing.assert_allclose(said.number(found[1]), explorer.input[row, column], rtol=6e-3)
    lost = int((stamped(explorer) & ~explorer.kept).sum())
    assert found[2] == (None if not lost else "all" if lost == k * k else str(lost))
    rest = status[found.end() :]
    if explorer.show == "values":
        assert rest == ""
    elif explorer.show == "phases":
        sums = [said.number(text) for text in re.findall(r"[A-P] ([−\d.e]+)(?:,|\.$)", rest)]
        np.testing.assert_allclose(sums, explorer.phase_sums.ravel(), rtol=1e-5, atol=1e-9)
    else:
        counts = geometry.overlap_counts(k, stride=explorer.stride, dilation=explorer.dilation)
        word = "even" if len(set(counts)) == 1 else "uneven, with gaps of zeros" if 0 in counts else "uneven"
        assert rest == f" Inside, overlaps along a row repeat {' '.join(map(str, counts))}: {word}."


def check_cells(explorer, grids):
    """Fills of the output's grid: the stamp, the output, what is cut off and hatched; greys of counts; the phases."""
    kept, here = explorer.kept, stamped(explorer)
    if explorer.show == "values":
        fills, hatched = said.cells(grids[3], kept.shape, COLOURS)
        assert np.array_equal(fills, np.where(here, TAP, np.where(kept, OUTPUT, CUT)))
        assert np.array_equal(hatched, ~kept)
        return
    most = np.outer(*(geometry_counts(explorer, axis) for axis in (0, 1))).max()
    greys = [
        f"#{level:02x}{level:02x}{level:02x}" for level in (round(255 * (1 - 0.75 * n / most)) for n in range(most + 1))
    ]
    palette = greys if explorer.show == "overlaps" else FILLS
    wanted = np.full(kept.shape, CUT)
    if explorer.show == "overlaps":
        wanted[kept] = np.array(greys)[explorer.overlaps.ravel()]
    else:
        at = np.indices(kept.shape) % explorer.stride
        phase = at[0] * explorer.stride + at[1]
        wanted[kept] = np.array(FILLS)[phase[kept] * len(FILLS) // explorer.stride**2]
    fills, _ = said.cells(grids[3], kept.shape, (*palette, CUT))
    assert np.array_equal(fills, wanted)


def geometry_counts(explorer, axis):
    """Writes along one axis of all that the stamps reach, cut off or not."""
    window = options(explorer, "padding", "output_padding")
    return geometry.overlap_counts(explorer.kernel_size, size=explorer.size[axis], **window)
