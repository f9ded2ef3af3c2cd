"""The grid that deformable convolution bends: where its taps lie, and which shapes fit it."""

import numpy as np

from cnnlib.ops.arrays import axes, shape_of
from cnnlib.ops.windows import windows

__all__ = ["check_shapes", "taps_grid"]


def taps_grid(window, dtype):
    """Where the taps lie before they are moved, (2, 1, K, P): rows, then columns."""
    lines = [
        np.arange(window.kernel[a])[:, None] * window.dilation[a]
        + np.arange(window.output[a]) * window.stride[a]
        - window.padding[2 * a]
        for a in (0, 1)
    ]
    shape = (window.kernel[0], window.kernel[1], *window.output)
    rows = np.broadcast_to(lines[0][:, None, :, None], shape)
    columns = np.broadcast_to(lines[1][None, :, None, :], shape)
    k, p = shape[0] * shape[1], shape[2] * shape[3]
    return np.stack([rows, columns]).reshape(2, 1, k, p).astype(dtype)


def check_shapes(function, x, offset, w, b, mask, stride, padding, dilation, names=("w", "b")):
    """Check the arrays of a deformable convolution by their shapes.

    `names` are what the caller knows w and b by. Returns the `Windows`, the number of groups,
    and the number of offset groups.
    """
    axes(function, "x", x, "N C H W")
    axes(function, names[0], w, "O C/groups KH KW")
    (n, c), (o, read) = x.shape[:2], w.shape[:2]
    groups = max(1, c // read)
    if groups * read != c or o % groups:
        raise ValueError(
            f"{function}: {names[0]} has shape {w.shape}, so it would take groups={c}/{read} to read x "
            f"with C={c}; use C/groups channels with a number of groups that divides C={c} and O={o}"
        )
    window = windows(function, x.shape[2:], w.shape[2:], stride=stride, padding=padding, dilation=dilation)
    axes(function, "offset", offset, "N 2*G*KH*KW OH OW")
    k = w.shape[2] * w.shape[3]
    parts = max(1, offset.shape[1] // (2 * k))
    if c % parts:
        raise ValueError(
            f"{function}: offset has shape {offset.shape}, so G={parts} offset groups, which does "
            f"not divide C={c}; use {2 * k} channels (G=1) or another divisor's multiple"
        )
    right = (n, 2 * parts * k, *window.output)
    shape_of(function, "offset", offset, right, f"(N, 2*G*KH*KW, OH, OW) with G={parts}")
    if mask is not None:
        right = (n, parts * k, *window.output)
        shape_of(function, "mask", mask, right, f"(N, G*KH*KW, OH, OW) with G={parts}")
    if b is not None:
        shape_of(function, names[1], b, (o,), "(O,)")
    return window, groups, parts
