"""Checkerboards in integers: how often a transposed convolution writes each output pixel."""

from ..arguments import padding4, pair
from .transposed import scattered
from .windows import in_form


def overlap_counts(kernel_size, *, stride=1, padding=0, output_padding=0, dilation=1, size=None):
    """Count the kernels that a transposed convolution writes onto each output pixel.

    Parameters
    ----------
    kernel_size, stride, padding, output_padding, dilation
        As for `conv_transpose_output_size`.
    size : int, (height, width) or None
        Input pixels, >= 1; None: an input without end.

    Returns
    -------
    tuple of int, or (rows, columns)
        Along one axis, the writes of every output pixel; without a `size`, those of one period,
        `stride` pixels. In the plane multiply them: a pixel is written rows[i] * columns[j] times.

    Raises
    ------
    TypeError, ValueError
        As for `conv_transpose_output_size`.

    References
    ----------
    A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts", Distill, 2016,
    "Deconvolution and overlap".

    Examples
    --------
    Three taps, two apart, write every second pixel twice; four taps write all alike, but for
    the ends, which padding cuts:

    >>> overlap_counts(3, stride=2), overlap_counts(4, stride=2)
    ((2, 1), (2, 2))
    >>> overlap_counts(4, stride=2, size=3), overlap_counts(4, stride=2, padding=1, size=3)
    ((1, 1, 2, 2, 2, 2, 1, 1), (1, 2, 2, 2, 2, 1))
    """
    name = "overlap_counts"
    kernels = pair(name, "kernel_size", kernel_size, 1)
    strides, gaps = pair(name, "stride", stride, 1), pair(name, "dilation", dilation, 1)
    sides, extras = padding4(name, padding), pair(name, "output_padding", output_padding)
    sizes = outputs = (None, None)
    if size is not None:
        sizes = pair(name, "size", size, 1)
        outputs = scattered(name, sizes, kernels, strides, sides, extras, gaps)
    along = zip(sizes, outputs, kernels, strides, gaps, sides[::2], strict=True)
    counts = tuple(_writes(*arguments) for arguments in along)
    return in_form(counts, kernel_size, stride, padding, output_padding, dilation, *(() if size is None else (size,)))


def _writes(size, output, taps, stride, gap, before):
    """Along one axis: for every tap, which pixels it writes."""
    counts = [0] * (stride if output is None else output)
    for reach in range(0, taps * gap, gap):
        if output is None:
            counts[(reach - before) % stride] += 1
            continue
        first = reach - before
        start = first if first >= 0 else first % stride
        for pixel in range(start, min(output, first + (size - 1) * stride + 1), stride):
            counts[pixel] += 1
    return tuple(counts)
