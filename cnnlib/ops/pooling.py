"""What max and average pooling share: one window for every channel, and how it may hang over."""

import numpy as np

from cnnlib.arguments import flag, padding4, pair
from cnnlib.geometry.windows import pool_positions
from cnnlib.ops.arrays import axes, floats
from cnnlib.ops.windows import Windows, taken

__all__ = ["check_pooling", "pixels_seen", "running"]


def check_pooling(function, x, kernel_size, stride, padding, dilation, ceil_mode):
    """Check the arguments; return x and its `Windows`, framed widely enough for what hangs over.

    How many windows there are says `cnnlib.geometry.pool_output_size`.
    """
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    size, kernel = x.shape[2:], pair(function, "kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair(function, "stride", stride, 1)
    dilation, sides = pair(function, "dilation", dilation, 1), padding4(function, padding)
    ceil_mode = flag(function, "ceil_mode", ceil_mode)
    output = pool_positions(function, size, kernel, stride, sides, dilation, ceil_mode)
    framed = list(sides)
    for axis in (0, 1):
        reach = (output[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
        framed[2 * axis + 1] += max(0, reach - size[axis] - sum(sides[2 * axis : 2 * axis + 2]))
    window = Windows(size, kernel, *taken(size, tuple(framed), stride, dilation), output)
    if not all(counts.all() for counts in pixels_seen(window)):
        raise ValueError(
            f"{function}: some window sees no pixel of {size[0]}x{size[1]} "
            f"(kernel_size={kernel}, dilation={dilation}); use less dilation"
        )
    return x, window


def running(combine, framed, window):
    """Combine the taps of each window: along the columns, then along the rows."""
    for axis in (1, 0):
        kernel, stride, dilation, output = (
            getattr(window, name)[axis] for name in ("kernel", "stride", "dilation", "output")
        )
        parts = (
            framed[(..., slice(k * dilation, k * dilation + (output - 1) * stride + 1, stride))
                   + (slice(None),) * (1 - axis)]
            for k in range(kernel)
        )  # fmt: skip
        total = next(parts).copy()
        for part in parts:
            combine(total, part, out=total)
        framed = total
    return framed


def pixels_seen(window, margin=(0, 0, 0, 0)):
    """Along each axis, how many pixels every window reads, of the image and a margin around it."""
    counts = []
    for axis in (0, 1):
        before, after = margin[2 * axis : 2 * axis + 2]
        starts = np.arange(window.output[axis]) * window.stride[axis] - window.padding[2 * axis]
        taps = starts[:, None] + np.arange(window.kernel[axis]) * window.dilation[axis]
        counts.append(((taps >= -before) & (taps < window.size[axis] + after)).sum(1))
    return counts
