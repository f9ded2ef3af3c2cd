"""The size of a transposed convolution's output, which undoes that of a convolution."""

from ..arguments import padding4, pair
from .windows import both, in_form


def conv_transpose_output_size(size, kernel_size, *, stride=1, padding=0, output_padding=0, dilation=1):
    """Count the pixels onto which a transposed convolution scatters its input.

    Parameters
    ----------
    size : int or (height, width)
        Input pixels, >= 1.
    kernel_size : int or (height, width)
        Taps of the window, >= 1.
    stride : int or (height, width)
        Output pixels from one scattered window to the next, >= 1.
    padding : int, (height, width) or (top, bottom, left, right)
        Output pixels cut off each side, >= 0.
    output_padding : int or (height, width)
        Pixels added at the end, >= 0 and below the larger of `stride` and `dilation`.
    dilation : int or (height, width)
        Distance between two taps, >= 1.

    Returns
    -------
    int or (int, int)
        ``(size - 1) * stride - before - after + span + output_padding``

    Raises
    ------
    TypeError
        If an argument is no integer (a bool is none).
    ValueError
        If an argument is out of range, or if no output pixel is left.

    References
    ----------
    Dumoulin and Visin, arXiv:1603.07285, relationships 13 and 14;
    torch.nn.ConvTranspose2d, "Shape".

    Examples
    --------
    It undoes the size of a convolution only where the stride left nothing over. 5 and 6
    pixels both become 2, and both come back as 5; `output_padding` says which it was:

    >>> from cnnlib.geometry import conv_output_size
    >>> [conv_output_size(size, 3, stride=2) for size in (5, 6)]
    [2, 2]
    >>> [conv_transpose_output_size(2, 3, stride=2, output_padding=extra) for extra in (0, 1)]
    [5, 6]
    """
    name = "conv_transpose_output_size"
    sizes = pair(name, "size", size, 1)
    kernels = pair(name, "kernel_size", kernel_size, 1)
    strides = pair(name, "stride", stride, 1)
    gaps = pair(name, "dilation", dilation, 1)
    extras = pair(name, "output_padding", output_padding, 0)
    outputs = scattered(name, sizes, kernels, strides, padding4(name, padding), extras, gaps)
    return in_form(outputs, size, kernel_size, stride, padding, output_padding, dilation)


def scattered(function, sizes, kernels, strides, sides, extras, gaps):
    """Count the output's pixels per axis, from arguments already in their full form, as `cnnlib.ops` has them."""
    before, after = sides[::2], sides[1::2]
    along = zip(sizes, kernels, strides, gaps, extras, before, after, strict=True)
    return tuple(_scattered(function, *arguments) for arguments in along)


def _scattered(function, size, taps, stride, gap, extra, before, after):
    """Size along one axis."""
    if extra >= max(stride, gap):
        raise ValueError(
            f"{function}: output_padding={extra} is not below the larger of stride={stride} and "
            f"dilation={gap}; use at most {max(stride, gap) - 1}"
        )
    scattered = (size - 1) * stride + gap * (taps - 1) + 1 + extra
    if scattered <= before + after:
        raise ValueError(
            f"{function}: padding={both(before, after)} cuts away all of the {scattered} pixels of "
            f"size={size}, kernel_size={taps}, stride={stride}, dilation={gap}; "
            f"use padding <= {(scattered - 1) // 2}"
        )
    return scattered - before - after
