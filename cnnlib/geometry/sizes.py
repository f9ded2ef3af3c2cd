"""Sizes of outputs: of a convolution, a pooling, a transposed convolution, and of SAME."""

from ..arguments import pair, padding4
from .windows import AXES, answer, both, span, window_counts


def conv_output_size(size, kernel_size, *, stride=1, padding=0, dilation=1):
    """Count the positions of a window that lies wholly inside the padded input.

    Parameters
    ----------
    size : int or (height, width)
        Input pixels, >= 1.
    kernel_size : int or (height, width)
        Taps of the window, >= 1.
    stride : int or (height, width)
        Pixels from one position to the next, >= 1.
    padding : int, (height, width) or (top, bottom, left, right)
        Pixels added on each side, >= 0.
    dilation : int or (height, width)
        Distance between two taps, >= 1.

    Returns
    -------
    int or (int, int)
        ``floor((size + before + after - span) / stride) + 1``
        with ``span = dilation * (kernel_size - 1) + 1``

    Raises
    ------
    TypeError
        If an argument is no integer (a bool is none).
    ValueError
        If an argument is out of range, or if not even one window fits.

    References
    ----------
    Dumoulin and Visin, arXiv:1603.07285, relationship 6 (with dilation, section 5.1);
    torch.nn.Conv2d, "Shape".

    Examples
    --------
    AlexNet's first layer, on the 227 pixels that its 55 outputs need. Two pixels fewer
    still give 54, and two columns that nothing reads; the 224 of the paper do too:

    >>> [conv_output_size(size, 11, stride=4) for size in (227, 225, 224)]
    [55, 54, 54]

    Where every one of N pixels starts a window, stride S leaves ``ceil(N / S)`` of them
    and not ``N / S``:

    >>> conv_output_size(7, 3, stride=2, padding=1)
    4
    """
    return window_counts("conv_output_size", size, kernel_size, stride, padding, dilation)


def pool_output_size(size, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Count the positions of a pooling window, which may hang over the far edge.

    Parameters
    ----------
    size : int or (height, width)
        Input pixels, >= 1.
    kernel_size : int or (height, width)
        Taps of the window, >= 1.
    stride : int, (height, width) or None
        Pixels from one position to the next, >= 1; None takes `kernel_size`.
    padding : int, (height, width) or (top, bottom, left, right)
        Pixels added on each side, from 0 to half of the window's span.
    dilation : int or (height, width)
        Distance between two taps, >= 1.
    ceil_mode : bool
        False counts the windows that fit; True counts also one that starts inside the
        input or its padding before, and ends beyond the padding after.

    Returns
    -------
    int or (int, int)
        ``floor(room / stride) + 1`` with ``room = size + before + after - span``;
        with `ceil_mode` ``ceil(room / stride) + 1``, less one where the last window
        would start in the padding after the input.

    Raises
    ------
    TypeError
        If an argument is no integer, or `ceil_mode` no bool.
    ValueError
        If an argument is out of range, or if no window is left.

    References
    ----------
    torch.nn.MaxPool2d, "Shape" and its note on `ceil_mode`. Caffe rounds up too, always,
    and drops a last window that starts beyond the input only where there is padding
    (``PoolingLayer::Reshape``); the two rules differ only if a stride exceeds its window.

    Examples
    --------
    GoogLeNet's poolings, 112 -> 56 -> 28 -> 14 -> 7, need the ceiling:

    >>> pool_output_size(112, 3, stride=2, ceil_mode=True), pool_output_size(112, 3, stride=2)
    (56, 55)

    AlexNet's do not care, which is why its papers never say:

    >>> [pool_output_size(55, 3, stride=2, ceil_mode=mode) for mode in (True, False)]
    [27, 27]
    """
    name = "pool_output_size"
    if not isinstance(ceil_mode, bool):
        raise TypeError(f"{name}: ceil_mode={ceil_mode!r} is a {type(ceil_mode).__name__}; use True or False")
    if stride is None:
        stride = kernel_size
    spans = map(span, pair(name, "kernel_size", kernel_size, 1), pair(name, "dilation", dilation, 1))
    sides = padding4(name, padding)
    for axis, reach, before, after in zip(AXES, spans, sides[::2], sides[1::2]):
        if max(before, after) > reach // 2:
            raise ValueError(
                f"{name}: padding={padding!r} is more than half of a window spanning {reach} along the {axis} "
                f"(kernel_size={kernel_size!r}, dilation={dilation!r}); use at most {reach // 2}"
            )
    return window_counts(name, size, kernel_size, stride, padding, dilation, ceil_mode)


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

    >>> [conv_output_size(size, 3, stride=2) for size in (5, 6)]
    [2, 2]
    >>> [conv_transpose_output_size(2, 3, stride=2, output_padding=extra) for extra in (0, 1)]
    [5, 6]
    """
    name = "conv_transpose_output_size"
    sizes = pair(name, "size", size, 1)
    spans = map(span, pair(name, "kernel_size", kernel_size, 1), pair(name, "dilation", dilation, 1))
    strides, gaps = pair(name, "stride", stride, 1), pair(name, "dilation", dilation, 1)
    extras = pair(name, "output_padding", output_padding, 0)
    sides = padding4(name, padding)
    for axis, extra, step, gap in zip(AXES, extras, strides, gaps):
        if extra >= max(step, gap):
            raise ValueError(
                f"{name}: output_padding={extra} along the {axis} is not below the larger of stride={step} "
                f"and dilation={gap}; use at most {max(step, gap) - 1}"
            )
    outputs = []
    for axis, n, reach, step, extra, before, after in zip(
        AXES, sizes, spans, strides, extras, sides[::2], sides[1::2]
    ):
        scattered = (n - 1) * step + reach + extra
        if scattered <= before + after:
            raise ValueError(
                f"{name}: padding={both(before, after)} along the {axis} cuts away all of the {scattered} pixels "
                f"that size={n}, kernel_size={kernel_size!r}, stride={step} give; use padding <= {(scattered - 1) // 2}"
            )
        outputs.append(scattered - before - after)
    return answer(outputs, size, kernel_size, stride, padding, output_padding, dilation)


def same_padding(size, kernel_size, *, stride=1, dilation=1):
    """Give the padding with which stride S turns N pixels into ``ceil(N / S)``.

    Parameters
    ----------
    size : int or (height, width)
        Input pixels, >= 1.
    kernel_size : int or (height, width)
        Taps of the window, >= 1.
    stride : int or (height, width)
        Pixels from one position to the next, >= 1.
    dilation : int or (height, width)
        Distance between two taps, >= 1.

    Returns
    -------
    tuple of int
        ``(top, bottom, left, right)``, ready for `padding`. In all
        ``max((ceil(size / stride) - 1) * stride + span - size, 0)`` along an axis, the
        odd pixel at the end.

    Raises
    ------
    TypeError
        If an argument is no integer (a bool is none).
    ValueError
        If an argument is below 1.

    References
    ----------
    TensorFlow, ``tf.nn``, "Notes on padding", ``SAME``. PyTorch's ``padding="same"`` is this
    rule at stride 1 and refuses any other stride.

    Examples
    --------
    The padding depends on the size of the image, and is lopsided at an even one:

    >>> same_padding(224, 3, stride=2), same_padding(225, 3, stride=2)
    ((0, 1, 0, 1), (1, 1, 1, 1))
    >>> conv_output_size(224, 3, stride=2, padding=(0, 1, 0, 1))
    (112, 112)
    """
    name = "same_padding"
    spans = map(span, pair(name, "kernel_size", kernel_size, 1), pair(name, "dilation", dilation, 1))
    sides = []
    for n, reach, step in zip(pair(name, "size", size, 1), spans, pair(name, "stride", stride, 1)):
        total = max((-(-n // step) - 1) * step + reach - n, 0)
        sides += [total // 2, total - total // 2]
    return tuple(sides)
