"""What max and average pooling share: one window for every channel, and how it may hang over."""

import numpy as np

from cnnlib.arguments import flag, pair
from cnnlib.ops.arrays import axes, floats
from cnnlib.ops.windows import windows

__all__ = ["check_pooling", "pixels_seen", "running"]


def check_pooling(function, x, kernel_size, stride, padding, dilation, ceil_mode):
    """Check the arguments; return x and its `Windows`, framed widely enough for what hangs over.

    In `ceil_mode` a window may hang over the end by less than a stride, if it starts on the
    image or its first padding: then it is kept, as in torch.
    """
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    kernel = pair(function, "kernel_size", kernel_size, 1)
    stride = kernel if stride is None else pair(function, "stride", stride, 1)
    over = [step - 1 for step in stride] if flag(function, "ceil_mode", ceil_mode) else (0, 0)
    window = windows(
        function, x.shape[2:], kernel, stride=stride, padding=padding, dilation=dilation, over=over
    )
    sides, output = list(window.padding), list(window.output)
    for axis in (0, 1):
        size, step = window.size[axis], stride[axis]
        before, after = sides[2 * axis : 2 * axis + 2]
        if max(before, after) > kernel[axis] // 2:
            raise ValueError(
                f"{function}: padding={before}+{after} is more than half of kernel_size="
                f"{kernel[axis]}; use at most {kernel[axis] // 2} on a side"
            )
        if (output[axis] - 1) * step >= size + before:
            output[axis] -= 1  # it would start beyond the image
        reach = (output[axis] - 1) * step + window.dilation[axis] * (kernel[axis] - 1) + 1
        sides[2 * axis + 1] += max(0, reach - size - before - after)
    window = window._replace(padding=tuple(sides), output=tuple(output))
    if not all(counts.all() for counts in pixels_seen(window)):
        raise ValueError(
            f"{function}: some window sees no pixel of {window.size[0]}x{window.size[1]} "
            f"(kernel_size={kernel}, dilation={window.dilation}); use less dilation"
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


def pixels_seen(window):
    """Along each axis, how many pixels of the image every window reads."""
    counts = []
    for axis in (0, 1):
        starts = np.arange(window.output[axis]) * window.stride[axis] - window.padding[2 * axis]
        taps = starts[:, None] + np.arange(window.kernel[axis]) * window.dilation[axis]
        counts.append(((taps >= 0) & (taps < window.size[axis])).sum(1))
    return counts
