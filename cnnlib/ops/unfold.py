"""The windows of an image as columns of a matrix, and columns added back into an image."""

import numpy as np

from cnnlib.arguments import pair
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.windows import frame, windows
from cnnlib.signatures import public

__all__ = ["fold", "fold_backward", "unfold", "unfold_backward"]


@public
def unfold(x, kernel_size, *, stride=1, padding=0, dilation=1):
    """Lay every window of an image out as a column ("im2col"): a convolution is then one product.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    kernel_size : int or (height, width)
        Size of the window.
    stride, padding, dilation
        As in `conv2d`.

    Returns
    -------
    ndarray, (N, C*KH*KW, L)
        One column a window, L = OH*OW in reading order; in a column the channels one after the
        other, each with its taps in reading order, as in torch:
        ``y[n, (c*KH + i)*KW + j, h*OW + v] = x[n,c, h*sh + i*dh - top, v*sw + j*dw - left]``.

    Raises
    ------
    TypeError
        If `x` holds no real numbers, or an option is no integer.
    ValueError
        If no window fits.

    References
    ----------
    .. [1] K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural
       networks for document processing", 2006, section 3.1.

    Examples
    --------
    Windows of two pixels; what two windows share stands there twice:

    >>> x = np.array([[[[1.0, 2, 3, 4]]]])
    >>> unfold(x, (1, 2))
    array([[[1., 2., 3.],
            [2., 3., 4.]]])

    The product with a kernel is the convolution:

    >>> np.array([10, 1]) @ unfold(x, (1, 2))
    array([[12., 23., 34.]])
    """
    x, window = _check_image("unfold", x, kernel_size, stride, padding, dilation)
    return _columns(x, window)


@public
def unfold_backward(dy, x, kernel_size, *, stride=1, padding=0, dilation=1):
    """Gradient of `unfold` from the gradient of its result: `fold`.

    Parameters
    ----------
    dy : array_like, (N, C*KH*KW, L)
        Gradient of some scalar with respect to the columns.
    x, kernel_size, stride, padding, dilation
        What `unfold` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        At each pixel the sum of `dy` wherever it stood.

    Raises
    ------
    TypeError, ValueError
        As `unfold`; and if `dy` does not have the shape of its result.

    Examples
    --------
    >>> unfold_backward([[[1, 1, 1], [10, 10, 10]]], [[[[1, 2, 3, 4]]]], (1, 2))
    array([[[[ 1., 11., 11., 10.]]]])
    """
    function = "unfold_backward"
    x, window = _check_image(function, x, kernel_size, stride, padding, dilation)
    dy, x = floats(function, dy=dy, x=x)
    (n, c), (kh, kw), (oh, ow) = x.shape[:2], window.kernel, window.output
    shape_of(function, "dy", dy, (n, c * kh * kw, oh * ow), "(N, C*KH*KW, L)")
    return window.add_back(dy.reshape(n, c, kh, kw, oh, ow))


@public
def fold(x, output_size, kernel_size, *, stride=1, padding=0, dilation=1):
    """Add columns back into an image ("col2im"): the adjoint of `unfold`, not its inverse.

    Parameters
    ----------
    x : array_like, (N, C*KH*KW, L)
        One column for each window of the image. N may be 0.
    output_size : int or (height, width)
        Size of the image, which L alone does not tell.
    kernel_size, stride, padding, dilation
        As in `unfold` of such an image.

    Returns
    -------
    ndarray, (N, C, H, W)
        At each pixel the sum of the entries that `unfold` would have read from it; 0 at a
        pixel that no window reads.

    Raises
    ------
    TypeError, ValueError
        As `unfold`; and if `x` does not have a row for each tap and a column for each window.

    Examples
    --------
    Unfolded and folded, every pixel comes back as often as windows read it:

    >>> x = np.array([[[[1.0, 2, 3, 4]]]])
    >>> fold(unfold(x, (1, 2)), (1, 4), (1, 2))
    array([[[[1., 4., 6., 4.]]]])
    """
    x, window, c = _check_columns("fold", x, output_size, kernel_size, stride, padding, dilation)
    return window.add_back(x.reshape(len(x), c, *window.kernel, *window.output))


@public
def fold_backward(dy, x, output_size, kernel_size, *, stride=1, padding=0, dilation=1):
    """Gradient of `fold` from the gradient of its result: `unfold`.

    Parameters
    ----------
    dy : array_like, (N, C, H, W)
        Gradient of some scalar with respect to the image.
    x, output_size, kernel_size, stride, padding, dilation
        What `fold` took.

    Returns
    -------
    ndarray, (N, C*KH*KW, L)
        The gradient at the pixel that each entry was added to; 0 for what fell on the padding.

    Raises
    ------
    TypeError, ValueError
        As `fold`; and if `dy` does not have the shape of its result.

    Examples
    --------
    >>> fold_backward([[[[1, 2, 3]]]], [[[0, 0], [0, 0]]], (1, 3), (1, 2))
    array([[[1., 2.],
            [2., 3.]]])
    """
    function = "fold_backward"
    x, window, c = _check_columns(function, x, output_size, kernel_size, stride, padding, dilation)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (len(x), c, *window.size), "(N, C, H, W)")
    return _columns(dy, window)


def _columns(x, window):
    """The windows of x, copied."""
    (n, c), (kh, kw), (oh, ow) = x.shape[:2], window.kernel, window.output
    taps = window.taps(frame(x, window.padding))
    return np.array(taps, order="C").reshape(n, c * kh * kw, oh * ow)


def _check_image(function, x, kernel_size, stride, padding, dilation):
    """Check the arguments; return x and its `Windows`."""
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    kernel = pair(function, "kernel_size", kernel_size, 1)
    return x, windows(function, x.shape[2:], kernel, stride=stride, padding=padding, dilation=dilation)


def _check_columns(function, x, output_size, kernel_size, stride, padding, dilation):
    """Check the arguments; return x, the `Windows` of the image, and C."""
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C*KH*KW L")
    size = pair(function, "output_size", output_size, 1)
    kernel = pair(function, "kernel_size", kernel_size, 1)
    window = windows(function, size, kernel, stride=stride, padding=padding, dilation=dilation)
    taps, (oh, ow) = kernel[0] * kernel[1], window.output
    channels = max(1, x.shape[1] // taps)
    shape_of(function, "x", x, (len(x), channels * taps, oh * ow), f"(N, C*KH*KW, L), {oh} x {ow} windows")
    return x, window, channels
