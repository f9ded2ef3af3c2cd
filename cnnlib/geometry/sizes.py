"""Sizes of outputs: of a convolution, of a pooling, and of SAME."""

from ..arguments import flag, pair
from .windows import full, in_form, pool_positions, same_sides, window_counts


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
        Pixels added on each side, from 0 to half of `kernel_size`.
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
    ceil_mode = flag(name, "ceil_mode", ceil_mode)
    if stride is None:
        stride = kernel_size
    window = full(name, size, kernel_size, stride, padding, dilation)
    counts = pool_positions(name, *window, ceil_mode)
    return in_form(counts, size, kernel_size, stride, padding, dilation)


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
    return same_sides(
        pair(name, "size", size, 1),
        pair(name, "kernel_size", kernel_size, 1),
        pair(name, "stride", stride, 1),
        pair(name, "dilation", dilation, 1),
    )
