"""Where a deformable layer looks: the points that its offsets lead to."""

import numpy as np

from cnnlib.arguments import padding4, pair
from cnnlib.ops.arrays import axes, floats
from cnnlib.ops.deformable_grid import taps_grid
from cnnlib.ops.windows import Windows
from cnnlib.signatures import public

__all__ = ["sampling_points"]


@public
def sampling_points(offset, kernel_size, *, stride=1, padding=0, dilation=1):
    """Where a deformable layer looks, from its offsets: for layers of any library that keeps torchvision's order.

    Parameters
    ----------
    offset : array_like, (N, 2*G*KH*KW, OH, OW)
        (dy, dx) for each tap in reading order, in pixels, for each of G groups of channels: that of
        `deform_conv2d`.
    kernel_size, stride, padding, dilation
        Those of the layer, as in `conv2d`.

    Returns
    -------
    ndarray, (N, G*KH*KW, OH, OW, 2)
        (row, column) of each tap at each position, in pixels of the layer's input: the tap's position on the grid plus
        its offset. (0, 0) is the centre of the first pixel. `bilinear_sample` takes them as they are.

    Raises
    ------
    TypeError
        If `offset` holds no real numbers, or an option is no integer.
    ValueError
        If `offset` has not four axes, or its channels are not pairs for all taps of a window.

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, section 2.1.

    Examples
    --------
    A window of two taps, one above the other, at two positions in a row. Only the second tap is moved, to the right:

    >>> offset = np.zeros((1, 4, 1, 2))
    >>> offset[0, 3] = 0.25
    >>> sampling_points(offset, (2, 1))[0, 1, 0]
    array([[1.  , 0.25],
           [1.  , 1.25]])
    """
    (offset,) = floats("sampling_points", offset=offset)
    axes("sampling_points", "offset", offset, "N 2*G*KH*KW OH OW")
    kernel = pair("sampling_points", "kernel_size", kernel_size, 1)
    steps = pair("sampling_points", "stride", stride, 1), pair("sampling_points", "dilation", dilation, 1)
    n, channels, oh, ow = offset.shape
    k = kernel[0] * kernel[1]
    parts = channels // (2 * k)
    if channels % (2 * k):
        raise ValueError(
            f"sampling_points: offset has {channels} channels, which are no pairs for the {k} taps of "
            f"kernel_size={kernel}; use a multiple of {2 * k}"
        )
    window = Windows(None, kernel, steps[0], padding4("sampling_points", padding), steps[1], (oh, ow))
    grid = taps_grid(window, offset.dtype)[:, 0].reshape(2, 1, k, oh, ow)
    moved = grid + offset.reshape(n * parts, k, 2, oh, ow).transpose(2, 0, 1, 3, 4)
    return np.ascontiguousarray(moved.reshape(2, n, parts * k, oh, ow).transpose(1, 2, 3, 4, 0))
