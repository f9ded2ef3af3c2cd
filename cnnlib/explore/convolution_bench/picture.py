"""The small picture of a variant: four input channels, one output channel, and who reads and shares what."""

import numpy as np

from cnnlib.explore.convolution_bench.variants import PERIOD

#: Side of the input maps that are drawn, and of those of the transposed layer, whose outputs are larger.
SIDE, SMALL = 9, 5
CHANNELS = 4


def side(state) -> int:
    """Side of the input maps in the picture."""
    return SMALL if state.variant == "transposed" else SIDE


def kernels(state) -> np.ndarray:
    """Number of the kernel, from 1, that makes each output; of a transposed layer, of the set of taps that write it."""
    n, s = side(state), state.stride
    if state.variant == "unshared":
        return np.arange(1, n * n + 1).reshape(n, n)
    if state.variant == "strided":
        return np.ones((-(-n // s),) * 2, int)
    if state.variant in ("tiled", "transposed"):
        period, length = (PERIOD, n) if state.variant == "tiled" else (s, n * s)
        turn = np.arange(length) % period
        return turn[:, None] * period + turn + 1
    return np.ones((n, n), int)


def reads(state) -> np.ndarray:
    """Inputs that the output at ``state.position`` reads, (4, rows, columns) of bool."""
    n, half, variant = side(state), state.kernel_size // 2, state.variant
    found = np.zeros((CHANNELS, n, n), bool)
    row, column = state.position
    if variant == "transposed":
        for r, c in np.ndindex(n, n):
            found[:, r, c] = all(abs(at - i * state.stride) <= half for at, i in ((row, r), (column, c)))
        return found
    step = state.stride if variant == "strided" else 1
    gap = state.dilation if variant == "dilated" else 1
    reach = {"pointwise": 0, "inception": half + 1}.get(variant, half)
    for tap in np.ndindex(2 * reach + 1, 2 * reach + 1):
        r, c = (at * step + (i - reach) * gap for at, i in zip((row, column), tap, strict=True))
        if variant in ("deformable", "modulated"):
            r, c = (v + o for v, o in zip((r, c), wandered(*tap, row, column), strict=True))
        if 0 <= r < n and 0 <= c < n:
            found[: read_channels(state), r, c] = True
    return found


def read_channels(state) -> int:
    """How many of the four drawn channels one output reads, for its share of all."""
    if state.variant == "depthwise":
        return 1
    return max(1, CHANNELS // state.groups) if state.variant == "grouped" else CHANNELS


def wandered(i: int, j: int, row: int, column: int) -> tuple[int, int]:
    """An example of an offset in whole pixels, -1 to 1: where a real layer would ask the image."""
    return (3 * i + 5 * j + 2 * row + column) % 3 - 1, (i + 2 * j + row + 2 * column) % 3 - 1
