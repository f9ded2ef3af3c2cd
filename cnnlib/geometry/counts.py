"""Counts that a layer costs: parameters, multiply-adds, activations."""

from ..arguments import flag, integer, pair


def count_parameters(in_channels, out_channels, kernel_size=1, *, groups=1, bias=True, positions=1):
    """Count the parameters that a layer learns.

    Parameters
    ----------
    in_channels : int
        Input channels (features, for a dense layer), >= 1; a multiple of `groups`.
    out_channels : int
        Output channels (features), >= 1; a multiple of `groups`.
    kernel_size : int or (height, width)
        Taps of the window, >= 1. A dense layer has a window of 1 on features, or one that
        covers the whole image.
    groups : int
        Parts into which the channels fall, >= 1; `in_channels` for a depthwise layer.
    bias : bool
        Whether each output channel adds a parameter of its own.
    positions : int or (height, width)
        Height and width of the map of positions that have weights and a bias of their own,
        >= 1. One integer is both, as for `kernel_size`: 55 means 55 x 55 positions. 1 where
        all share theirs, the size of the output for a locally connected layer, that of the
        tile for one whose kernels take turns.

    Returns
    -------
    int
        ``(in_channels / groups * kernel_height * kernel_width + bias) * out_channels``
        times the height and the width of ``positions``

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If an argument is out of range, or `groups` does not divide the channels.

    Examples
    --------
    AlexNet's first layer, weights and biases, then what sharing saves it:

    >>> count_parameters(3, 96, 11)
    34944
    >>> count_parameters(3, 96, 11, positions=55)
    105705600

    A dense layer from a megapixel to as many units as a small image has:

    >>> count_parameters(1000 * 1000, 10_000, bias=False)
    10000000000
    """
    name = "count_parameters"
    bias = flag(name, "bias", bias)
    per_output = _taps(name, in_channels, out_channels, kernel_size, groups) + bias
    rows, columns = pair(name, "positions", positions, 1)
    return per_output * int(out_channels) * rows * columns


def count_macs(in_channels, out_channels, kernel_size=1, positions=1, *, groups=1):
    """Count the multiply-adds of a layer for one image; its FLOPs are twice as many.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, groups
        As for `count_parameters`.
    positions : int or (height, width)
        Height and width of the map of positions at which the window is applied, >= 1. One
        integer is both: 55 means 55 x 55 positions. The size of the output, 1 for a dense
        layer, and for a transposed convolution, which scatters, the size of the input.

    Returns
    -------
    int
        ``in_channels / groups * kernel_height * kernel_width * out_channels`` times the
        height and the width of ``positions``; multiplications with the zeros of the padding
        are counted, additions of a bias are not.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If an argument is out of range, or `groups` does not divide the channels.

    References
    ----------
    Howard et al., "MobileNets", arXiv:1704.04861, section 3.1, count the same way.

    Examples
    --------
    A depthwise separable layer is 8.7 times cheaper than the dense one, not 9 times:

    >>> dense = count_macs(128, 256, 3, 32)
    >>> separable = count_macs(128, 128, 3, 32, groups=128) + count_macs(128, 256, 1, 32)
    >>> round(dense / separable, 2)
    8.69
    """
    name = "count_macs"
    rows, columns = pair(name, "positions", positions, 1)
    per_output = _taps(name, in_channels, out_channels, kernel_size, groups)
    return per_output * int(out_channels) * rows * columns


def count_activations(channels, size, *, batch_size=1):
    """Count the values of a feature map.

    Parameters
    ----------
    channels : int
        Channels, >= 1.
    size : int or (height, width)
        Pixels along the axes, >= 1.
    batch_size : int
        Images at a time, >= 1.

    Returns
    -------
    int
        ``batch_size * channels * height * width``

    Raises
    ------
    TypeError
        If an argument is no integer.
    ValueError
        If an argument is below 1.

    Examples
    --------
    The stride of 4 in AlexNet's first layer shrinks the grid and grows the tensor:

    >>> count_activations(3, 227), count_activations(96, 55)
    (154587, 290400)
    """
    name = "count_activations"
    rows, columns = pair(name, "size", size, 1)
    batch = integer(name, "batch_size", batch_size, 1)
    return batch * integer(name, "channels", channels, 1) * rows * columns


def _taps(function, in_channels, out_channels, kernel_size, groups):
    """Weights per output channel, after checking everything that they depend on."""
    groups = integer(function, "groups", groups, 1)
    channels = {"in_channels": in_channels, "out_channels": out_channels}
    for name, value in channels.items():
        count = integer(function, name, value, 1)
        if count % groups:
            raise ValueError(
                f"{function}: groups={groups} does not divide {name}={count}; use a divisor of both channel counts"
            )
    rows, columns = pair(function, "kernel_size", kernel_size, 1)
    return int(in_channels) // groups * rows * columns
