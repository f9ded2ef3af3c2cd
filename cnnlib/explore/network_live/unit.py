"""The sum that made one unit of SqueezeNet, term by term."""

from typing import NamedTuple

import numpy as np

from cnnlib import squeezenet


class Unit(NamedTuple):
    """One unit: ``total`` is what it hands on, ``before`` the sum before the ReLU, bias and products.

    ``source`` is the row that it reads, ``"input"`` or one of `cnnlib.squeezenet.ROWS`; ``indices`` (terms, 3) says
    which channel, row and column of it, ``values`` and ``weights`` (terms,) what is there and what it is multiplied by.
    Padding has no terms. Of a pooling the weights are 1 for the largest value and 0 for the others.
    """

    source: str
    position: tuple[int, int]
    indices: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    bias: float
    before: float
    total: float


def read_by(stage: str, channel: int, channels: int) -> tuple[str, str | None, int, int, int, int]:
    """What a channel of a row reads: (row, layer, its filter, kernel size, stride, padding)."""
    at = squeezenet.ROWS.index(stage)
    source = squeezenet.ROWS[at - 1] if at else "input"
    if stage.startswith("pool"):
        return source, None, channel, 3, 2, 0
    if stage.startswith("conv"):
        return source, stage, channel, *((3, 2, 0) if stage == "conv1" else (1, 1, 0))
    if stage.endswith("_squeeze"):
        return source, stage.replace("_squeeze", "/squeeze1x1"), channel, 1, 1, 0
    half = channels // 2
    if channel < half:
        return source, f"{stage}/expand1x1", channel, 1, 1, 0
    return source, f"{stage}/expand3x3", channel - half, 3, 1, 1


def unit(maps, weights, stage, channel, position) -> Unit:
    """The unit of a channel at a position, from the maps of every row and ``"input"``."""
    source, layer, number, k, stride, padding = read_by(stage, channel, len(maps[stage]))
    values = maps[source]
    top, left = (at * stride - padding for at in position)
    channels = range(len(values)) if layer else [channel]
    indices = [
        (c, row, column)
        for c in channels
        for row in range(top, top + k)
        for column in range(left, left + k)
        if 0 <= row < values.shape[1] and 0 <= column < values.shape[2]
    ]
    indices = np.array(indices)
    read = values[tuple(indices.T)].astype(float)
    if layer is None:
        factors, bias = (np.arange(len(read)) == read.argmax()).astype(float), 0.0
    else:
        c, row, column = indices.T
        factors = weights[f"{layer}/w"][number][c, row - top, column - left].astype(float)
        bias = float(weights[f"{layer}/b"][number])
    before = bias + float(factors @ read)
    total = max(0.0, before) if layer else before
    return Unit(source, tuple(position), indices, read, factors, bias, before, total)
