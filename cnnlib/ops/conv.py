"""Two-dimensional convolution, forward.

`conv2d` is what the chapters call. `conv2d_plain` is the definition in two lines;
a test keeps the two equal. The gradients are in `conv_gradients`.
"""

import numpy as np

from cnnlib.arguments import flag, integer
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.blas import band_budget
from cnnlib.ops.borders import MODES, check_mode, extended
from cnnlib.ops.row_shifts import by_row_shifts, suits_row_shifts
from cnnlib.ops.windows import bands, frame, windows
from cnnlib.ops.winograd import by_winograd, is_close, suits_winograd
from cnnlib.signatures import public

__all__ = ["conv2d", "conv2d_plain"]

_BAND = band_budget()


@public
def conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"):
    """Slide a bank of kernels over a batch of images (cross-correlation, as in torch).

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    w : array_like, (O, C/groups, KH, KW)
        Kernels. ``groups=C`` is depthwise, ``KH = KW = 1`` pointwise convolution.
    b : array_like, (O,), optional
        Added to each output channel.
    stride : int or (height, width)
        Pixels between neighbouring windows, at least 1.
    padding : int, (height, width), (top, bottom, left, right), "same" or "valid"
        Pixels added on each side. "valid" adds none; "same" keeps the size, at stride 1 only,
        and where it needs an odd number puts the odd pixel at the end, as in torch.
    dilation : int or (height, width)
        Pixels between neighbouring taps; 1 is the ordinary, dense kernel.
    groups : int
        Output channels of group g read only the input channels of group g.
    flip : bool
        True turns the kernel by 180 degrees first: convolution as mathematics
        defines it. Frameworks do not.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the padding holds, under torch's names. ``ABCD`` with two pixels on either side
        becomes ``00ABCD00``, ``CBABCDCB``, ``AAABCDDD`` or ``CDABCDAB``.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``y[n,o,h,w] = b[o] + sum_cij w[o,c,i,j] x[n,c, h*sh + i*dh - top, w*sw + j*dw - left]``
        with the padding outside the image and c running over the channels of o's group;
        ``OH = floor((H + top + bottom - dh*(KH-1) - 1) / sh) + 1``.

    Raises
    ------
    TypeError
        If an array holds no real numbers, or an option is no integer.
    ValueError
        If shapes do not fit each other, no window fits in the image, or the image is too
        small to be reflected.

    Notes
    -----
    float32 and float64 stay as they are; float16 becomes float32, integers float64.

    Which of three ways the product goes depends on the shapes: in bands of windows, by row
    shifts (`row_shifts`, at stride 1, when there are few outputs for what is read), or by
    Winograd's method (`winograd`, only in float32, only for 3x3 with 48 channels or more on
    both sides, only for values of like size). The first two round to about 1e-6 of what the
    products would add up to without their signs; in float64, which never takes the third, to
    1e-14. The third keeps to about 1e-5 of the largest output: a sample of its outputs is
    computed anew, and where the products cancel, as under a Laplacian, the result is dropped and
    one of the others taken.

    Memory beside the result: the padded image, and bands of windows of a few MB. 64 channels
    of 224 x 224 take at most 35 MB above the result in float32 and 45 MB in float64, where
    the whole matrix of 3 x 3 windows would be 116 MB and 231 MB.

    References
    ----------
    .. [1] K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural
       networks for document processing", 2006, section 3.1 (one matrix product).
    .. [2] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep
       learning", 2016, relationship 6 (strides that do not divide).

    Examples
    --------
    A falling edge gives +1 or -1, depending on who defines convolution:

    >>> x, w = [[[[0, 0, 1, 1, 0]]]], [[[[1, -1]]]]
    >>> conv2d(x, w).ravel()
    array([ 0., -1.,  0.,  1.])
    >>> conv2d(x, w, flip=True).ravel()
    array([ 0.,  1.,  0., -1.])

    Padding is per side; it can be given for one side alone:

    >>> conv2d(x, w, padding=(0, 0, 2, 0)).ravel()
    array([ 0.,  0.,  0., -1.,  0.,  1.])

    On a ring there is no border, and "same" keeps all five pixels:

    >>> conv2d(x, w, padding="same", padding_mode="circular").ravel()
    array([ 0., -1.,  0.,  1.,  0.])
    """
    x, w, b, window, groups = check_conv("conv2d", x, w, b, stride, padding, dilation, groups, flip)
    check_mode("conv2d", padding_mode, window.size, window.padding)
    x, window = extended(x, window, padding_mode)
    return convolve(x, w, b, window, groups, flip)


@public
def conv2d_plain(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, flip=False, padding_mode="zeros"):
    """The definition of `conv2d`: lay out every window, multiply once.

    Takes and returns what `conv2d` does; needs room for all windows at once.

    Examples
    --------
    >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> conv2d_plain(x, np.ones((1, 1, 3, 3)))
    array([[[[45., 54.],
             [81., 90.]]]])
    """
    x, w, b, window, groups = check_conv("conv2d_plain", x, w, b, stride, padding, dilation, groups, flip)
    if flip:
        w = w[:, :, ::-1, ::-1]
    n, o, (oh, ow) = len(x), len(w), window.output
    check_mode("conv2d_plain", padding_mode, window.size, window.padding)
    taps = window.taps(padded_plain(x, window, padding_mode))  # (N, C, KH, KW, OH, OW)
    columns = taps.reshape(n, groups, w[0].size, oh * ow)  # (N, G, C/G*KH*KW, OH*OW)
    y = w.reshape(groups, o // groups, -1) @ columns  # (N, G, O/G, OH*OW)
    y = y.reshape(n, o, oh, ow)
    return y if b is None else y + b[:, None, None]


def padded_plain(x, window, mode):
    """Images with their border, as NumPy pads them."""
    top, bottom, left, right = window.padding
    return np.pad(x, [(0, 0), (0, 0), (top, bottom), (left, right)], MODES[mode])


def check_conv(function, x, w, b, stride, padding, dilation, groups, flip=False):
    """Check the arguments of a convolution; return them with its `Windows`."""
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "x", x, "N C H W")
    groups = check_channels(function, x, w, b, groups, "O C/groups KH KW")
    flag(function, "flip", flip)
    window = windows(function, x.shape[2:], w.shape[2:], stride=stride, padding=padding, dilation=dilation)
    return x, w, b, window, groups


def check_channels(function, x, w, b, groups, layout):
    """Refuse kernels that do not fit the channels of `x`; return `groups` as an int."""
    axes(function, "w", w, layout)
    groups = integer(function, "groups", groups, 1)
    channels, outputs = x.shape[1], len(w)
    if channels % groups or outputs % groups:
        raise ValueError(
            f"{function}: groups={groups} does not divide both C={channels} and O={outputs}; use a common divisor"
        )
    if w.shape[1] * groups != channels:
        raise ValueError(
            f"{function}: w has shape {w.shape}, so with groups={groups} it reads "
            f"{w.shape[1] * groups} channels, and x has C={channels}; use a w of shape "
            f"{(outputs, channels // groups, *w.shape[2:])} = ({layout.replace(' ', ', ')})"
        )
    if b is not None:
        shape_of(function, "b", b, (outputs,), "(O,)")
    return groups


def convolve(x, w, b, window, groups, flip=False):
    """`conv2d` after its checks."""
    y = correlate(x, w[:, :, ::-1, ::-1] if flip else w, window, groups)
    if b is not None:
        y += b[:, None, None]
    return y


def correlate(x, w, window, groups):
    """`conv2d` without its checks, the way that suits the shapes; no bias.

    Padding may be negative here (a side that is cut), as the gradients need it.
    """
    if suits_winograd(x, w, window, groups):
        y = by_winograd(x, w, window)
        if is_close(y, x, w, window):
            return y
    if suits_row_shifts(w.shape[1], len(w) // groups, window):
        return by_row_shifts(x, w, window, groups)
    return by_columns(x, w, window, groups)


def by_columns(x, w, window, groups):
    """Lay the windows out and multiply, band by band: any stride, any kernel."""
    n, o, (oh, ow) = len(x), len(w), window.output
    kernels = w.reshape(groups, o // groups, -1)
    if window.kernel == window.stride == (1, 1) and window.output == window.size and not any(window.padding):
        return (kernels @ x.reshape(n, groups, kernels.shape[2], oh * ow)).reshape(n, o, oh, ow)
    taps = window.taps(frame(x, window.padding))  # a view: nothing is copied yet
    y = np.empty((n, groups, o // groups, oh * ow), x.dtype)
    budget = max(_BAND, 2 * w.size)  # large kernels are read once a band: make it pay
    for images, rows in bands(n, oh, groups * kernels.shape[2] * ow, budget):
        out = y[images, ..., rows.start * ow : rows.stop * ow]
        columns = taps[images, ..., rows, :].reshape(*out.shape[:2], kernels.shape[2], -1)
        np.matmul(kernels, columns, out=out)  # the reshape copied the band, and only it
    return y.reshape(n, o, oh, ow)
