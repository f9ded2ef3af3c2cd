"""Where a kernel looks: the view that nearly every operation here stands on.

A convolution is usually pictured as a small window that visits every position of
the image. Turn that round: each *tap* of the kernel (one of its KH x KW weights) sees
one large window of the image, of the size of the output. There are only KH x KW of
those, they are views of the padded image, and copying them means copying long rows
rather than many short ones.
"""

from typing import NamedTuple

import numpy as np

from cnnlib.arguments import padding4, pair
from cnnlib.geometry.windows import AXES, positions, same_sides

__all__ = ["Windows", "bands", "frame", "sides_of", "taken", "taps_of", "view", "windows"]


class Windows(NamedTuple):
    """Where the windows of one operation lie: `windows` checks the arguments, and makes it.

    Attributes
    ----------
    size, kernel, stride, dilation, output : tuple of int
        ``(height, width)`` of the input, the kernel, the step between windows, the
        step between taps, and the grid of windows.
    padding : tuple of int
        ``(top, bottom, left, right)`` in pixels; negative, in the gradients, where the windows
        begin or end inside the image.
    """

    size: tuple
    kernel: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    output: tuple

    def taps(self, framed):
        """View of a framed image: for each tap, the image that it sees.

        Parameters
        ----------
        framed : ndarray, (N, C, top + H + bottom, left + W + right)
            The image with its padding, as `frame` makes it.

        Returns
        -------
        ndarray, (N, C, KH, KW, OH, OW), read-only
            ``taps[n, c, i, j, h, w] = framed[n, c, h*sh + i*dh, w*sw + j*dw]``.
        """
        return taps_of(framed, self.kernel, self.output, self.stride, self.dilation)

    def add_back(self, taps):
        """Give every tap's value back to the pixel it came from: the adjoint of `taps`.

        Parameters
        ----------
        taps : ndarray, (N, C, KH, KW, OH, OW)
            One value for each tap of each window.

        Returns
        -------
        ndarray, (N, C, H, W)
            At each pixel the sum of all values whose tap read it.
        """
        (kh, kw), (sh, sw), (dh, dw), (oh, ow) = (
            self.kernel,
            self.stride,
            self.dilation,
            self.output,
        )
        (h, w), (top, bottom, left, right) = self.size, self.padding
        framed = np.zeros((*taps.shape[:2], top + h + bottom, left + w + right), taps.dtype)
        for i in range(kh):
            rows = slice(i * dh, i * dh + (oh - 1) * sh + 1, sh)
            for j in range(kw):
                columns = slice(j * dw, j * dw + (ow - 1) * sw + 1, sw)
                framed[:, :, rows, columns] += taps[:, :, i, j]
        return np.ascontiguousarray(framed[:, :, top : top + h, left : left + w])


def taps_of(framed, kernel, output, stride=(1, 1), dilation=(1, 1)):
    """View of an image with its padding: for each tap of a kernel, the image that it sees.

    Parameters
    ----------
    framed : ndarray, (N, C, height, width)
        Where the first window begins, at least ``(OH - 1)*sh + dh*(KH - 1) + 1`` high.
    kernel, output, stride, dilation : tuple of int
        ``(height, width)``, as in `Windows`.

    Returns
    -------
    ndarray, (N, C, KH, KW, OH, OW), read-only
        As `Windows.taps`.

    Examples
    --------
    >>> taps_of(np.arange(5).reshape(1, 1, 1, 5), (1, 2), (1, 2), stride=(1, 2))[0, 0, 0, :, 0]
    array([[0, 2],
           [1, 3]])
    """
    (sh, sw), (dh, dw) = stride, dilation
    framed = np.ascontiguousarray(framed)
    n, c, row, column = framed.strides
    shape = (*framed.shape[:2], *kernel, *output)
    return view(framed, shape, (n, c, dh * row, dw * column, sh * row, sw * column))


def windows(function, size, kernel, *, stride=1, padding=0, dilation=1, names=AXES):
    """Check one operation's geometry and lay out its windows.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    size, kernel : tuple of int
        ``(height, width)`` of the input and of the kernel.
    stride, dilation : int or pair
        At least 1.
    padding : int, pair, (top, bottom, left, right), "same" or "valid"
        At least 0.
    names : pair of str
        What the axes are called, for the message.

    Returns
    -------
    Windows
        With the ``output`` of `cnnlib.geometry.conv_output_size`.

    Raises
    ------
    TypeError, ValueError
        If an option is no integer or out of range, or no window fits.

    Examples
    --------
    >>> windows("conv2d", (227, 227), (11, 11), stride=4).output
    (55, 55)
    >>> windows("conv2d", (5, 9), (3, 3), dilation=3)
    Traceback (most recent call last):
    ValueError: conv2d: a window spanning 7 (kernel_size=3, dilation=3) does not fit in 5
    (size=5, padding=0) along the height; shrink the window or use padding >= 1
    """
    stride = pair(function, "stride", stride, 1)
    dilation = pair(function, "dilation", dilation, 1)
    sides = sides_of(function, padding, kernel, stride, dilation)
    output = positions(function, size, kernel, stride, sides, dilation, names=names)
    return Windows(size, kernel, *taken(size, sides, stride, dilation), output)


def taken(size, sides, stride, dilation):
    """Return stride, sides and dilation, no step longer than the framed image: none such is ever taken.

    A huge one would be no number of NumPy's.

    Examples
    --------
    >>> taken((3, 4), (1, 1, 0, 0), (10**30, 2), (1, 10**20))
    ((5, 2), (1, 1, 0, 0), (1, 4))
    """
    lengths = (sides[0] + size[0] + sides[1], sides[2] + size[1] + sides[3])
    stride, dilation = (tuple(map(min, steps, lengths)) for steps in (stride, dilation))
    return stride, sides, dilation


def sides_of(function, padding, kernel, stride, dilation):
    """Return a padding, which may be "same" or "valid", as ``(top, bottom, left, right)``.

    Raises
    ------
    TypeError, ValueError
        As `cnnlib.arguments.padding4`; and for "same" with a stride, where the padding would
        depend on the size of the image.

    Examples
    --------
    An even window has no middle; the odd pixel goes to the end, as in torch:

    >>> sides_of("conv2d", "same", (3, 4), (1, 1), (1, 1))
    (1, 1, 1, 2)
    >>> sides_of("conv2d", "same", (3, 3), (2, 2), (1, 1))
    Traceback (most recent call last):
    ValueError: conv2d: padding='same' with stride=(2, 2) depends on the size of the image; use stride=1, or
    the padding that geometry.same_padding(size, kernel_size, stride=(2, 2)) gives
    """
    if type(padding) is not str:
        return padding4(function, padding)
    if padding == "valid":
        return 0, 0, 0, 0
    if padding != "same":
        raise ValueError(
            f"{function}: padding={padding!r} is unknown; use 'same', 'valid', an integer >= 0, a pair "
            "(height, width) or (top, bottom, left, right)"
        )
    if stride != (1, 1):
        raise ValueError(
            f"{function}: padding='same' with stride={stride} depends on the size of the image; use stride=1, "
            f"or the padding that geometry.same_padding(size, kernel_size, stride={stride}) gives"
        )
    return same_sides(kernel, kernel, stride, dilation)  # at stride 1 it does not depend on the size


def frame(x, sides, value=0.0):
    """Put a frame around the last two axes; a negative side cuts instead.

    Parameters
    ----------
    x : ndarray, (..., H, W)
    sides : tuple of int
        ``(top, bottom, left, right)`` in pixels.
    value : float
        What the frame holds.

    Returns
    -------
    ndarray, (..., top + H + bottom, left + W + right)
        `x` itself, not a copy, when all sides are 0.

    Examples
    --------
    >>> frame(np.ones((1, 2)), (1, 0, 0, -1))
    array([[0.],
           [1.]])
    """
    if not any(sides):
        return x
    if min(sides) < 0:
        h, w = x.shape[-2:]
        top, bottom, left, right = (max(0, -side) for side in sides)
        x = x[..., top : h - bottom, left : w - right]
        sides = tuple(max(0, side) for side in sides)
    top, bottom, left, right = sides
    *lead, h, w = x.shape
    shape = (*lead, top + h + bottom, left + w + right)
    framed = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    framed[..., top : top + h, left : left + w] = x
    return framed


def view(array, shape, strides):
    """A read-only view of a contiguous array, other steps in the same memory.

    What ``np.lib.stride_tricks.as_strided`` does, ten times sooner, and refusing steps that
    would lead out of the array.

    Examples
    --------
    >>> view(np.arange(5), (3, 3), (8, 8))
    array([[0, 1, 2],
           [1, 2, 3],
           [2, 3, 4]])
    """
    found = np.ndarray(shape, array.dtype, array, 0, strides)
    found.flags.writeable = False
    return found


def bands(batch, rows, row_numbers, budget=2**21):
    """Cut a batch of outputs into bands, so that memory stays bounded.

    Parameters
    ----------
    batch, rows : int
        Images, and output rows of each.
    row_numbers : int
        Values that have to be laid out for one output row of one image.
    budget : int
        Values in a band, at most (a single row may be more): 2**21 are 8 MB of
        float32, which stays near the cache.

    Yields
    ------
    pair of slice
        Which images, which rows: several whole images, or some rows of one.

    Examples
    --------
    >>> [(rows.start, rows.stop) for _, rows in bands(1, 10, 300, budget=1000)]
    [(0, 3), (3, 6), (6, 9), (9, 10)]
    """
    images = max(1, budget // (row_numbers * rows))
    height = min(rows, max(1, budget // row_numbers))
    height = -(-rows // -(-rows // height))  # bands of equal height
    for first in range(0, batch, images):
        for top in range(0, rows, height):
            yield slice(first, min(first + images, batch)), slice(top, min(top + height, rows))
