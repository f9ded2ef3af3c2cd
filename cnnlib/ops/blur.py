"""Blur pooling: low-pass first, then keep every second pixel."""

from math import comb
from typing import NamedTuple

import numpy as np

from cnnlib.arguments import integer
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.borders import MODES, check_mode, sources
from cnnlib.ops.conv import conv2d_plain
from cnnlib.ops.lines import add_lines_back
from cnnlib.signatures import public
from cnnlib.values import choice

__all__ = ["blur_pool2d", "blur_pool2d_backward", "blur_pool2d_plain"]


@public
def blur_pool2d(x, *, kernel_size=3, stride=2, padding_mode="reflect"):
    """Shrink images without aliasing: a binomial blur, then a stride.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    kernel_size : int
        Taps of the binomial filter along each axis: 1 (none), 2 (box), 3 (1, 2, 1), ...
    stride : int
        Every how many pixels one is kept.
    padding_mode : {"reflect", "zeros", "replicate", "circular"}
        What lies beyond the border, under torch's names. The first pads ``ABCD`` to
        ``BABCDC``, the others to ``0ABCD0``, ``AABCDD`` and ``DABCDA``.

    Returns
    -------
    ndarray, (N, C, ceil(H / stride), ceil(W / stride))
        ``y[h,w] = sum_ij f[i] f[j] x[h*stride + i - p, w*stride + j - p]`` with
        ``f[i] = binomial(kernel_size - 1, i) / 2**(kernel_size - 1)`` and
        ``p = (kernel_size - 1) // 2``. A constant image stays constant (but with zeros).

    Raises
    ------
    TypeError
        If `x` holds no real numbers, or an option is no integer.
    ValueError
        If an option is out of range, or the image is too small to be reflected.

    References
    ----------
    .. [1] R. Zhang, "Making convolutional networks shift-invariant again", ICML 2019,
       section 3.2.

    Examples
    --------
    Stripes one pixel wide: every second pixel is all white or all black, depending on
    where you start; blurred first, they are grey either way.

    >>> stripes = np.tile([1.0, 0.0], (1, 1, 4, 4))
    >>> stripes[0, 0, 0, ::2], stripes[0, 0, 0, 1::2]
    (array([1., 1., 1., 1.]), array([0., 0., 0., 0.]))
    >>> blur_pool2d(stripes)[0, 0, 0]
    array([0.5, 0.5, 0.5, 0.5])
    """
    x, lines = _check("blur_pool2d", x, kernel_size, stride, padding_mode)
    for axis, line in ((3, lines[1]), (2, lines[0])):
        x = line.blur(x, axis)
    return x


@public
def blur_pool2d_plain(x, *, kernel_size=3, stride=2, padding_mode="reflect"):
    """The definition of `blur_pool2d`: pad, and convolve every channel with the whole kernel.

    Takes and returns what `blur_pool2d` does.

    Examples
    --------
    >>> blur_pool2d_plain([[[[4, 8, 0, 16]]]], stride=1, padding_mode="replicate")
    array([[[[ 5.,  5.,  6., 12.]]]])
    """
    x, lines = _check("blur_pool2d_plain", x, kernel_size, stride, padding_mode)
    sides = [_sides(len(lines[0].weights))] * 2
    padded = np.pad(x, [(0, 0), (0, 0), *sides], MODES[padding_mode])
    kernel = np.outer(lines[0].weights, lines[1].weights).astype(x.dtype)
    kernels = np.broadcast_to(kernel, (x.shape[1], 1, *kernel.shape))
    return conv2d_plain(padded, kernels, stride=stride, groups=x.shape[1])


@public
def blur_pool2d_backward(dy, x, *, kernel_size=3, stride=2, padding_mode="reflect"):
    """Gradient of `blur_pool2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, OH, OW)
        Gradient of some scalar with respect to the output.
    x, kernel_size, stride, padding_mode
        What `blur_pool2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        The adjoint, along rows and then columns: ``dy[h]`` gives ``f[i]`` of itself to
        the pixel that tap i read; what fell on the border goes where the border came from.

    Raises
    ------
    TypeError, ValueError
        As `blur_pool2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> blur_pool2d_backward([[[[4, 4]]]], np.zeros((1, 1, 1, 4)), padding_mode="replicate")
    array([[[[3., 2., 2., 1.]]]])
    """
    function = "blur_pool2d_backward"
    x, lines = _check(function, x, kernel_size, stride, padding_mode)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], *(line.output for line in lines)), "(N, C, OH, OW)")
    for axis, line in ((2, lines[0]), (3, lines[1])):
        dy = line.give_back(dy, axis)
    return dy


class _Line(NamedTuple):
    """The blur along one axis."""

    weights: list  # of the binomial filter
    source: np.ndarray  # where each pixel of the padded line comes from; -1 for a zero
    size: int
    stride: int

    @property
    def output(self):
        return len(range(0, self.size, self.stride))

    def _tap(self, i, axis):
        """Index of the padded pixels that tap i reads, along `axis`."""
        taps = slice(i, i + (self.output - 1) * self.stride + 1, self.stride)
        return (slice(None),) * axis + (taps,)

    def blur(self, x, axis):
        padded = x.take(self.source, axis)  # -1 takes the last pixel ...
        padded[(slice(None),) * axis + (self.source < 0,)] = 0  # ... and is made zero here
        return sum(f * padded[self._tap(i, axis)] for i, f in enumerate(self.weights))

    def give_back(self, dy, axis):
        lead, after = dy.shape[:axis], dy.shape[axis + 1 :]
        padded = np.zeros((*lead, len(self.source), *after), dy.dtype)
        for i, f in enumerate(self.weights):
            padded[self._tap(i, axis)] += f * dy
        return add_lines_back(padded, self.source, axis, self.size)


def binomial(kernel_size):
    """The filter's taps: Pascal's triangle, to add up to 1; exact in any float type."""
    return [comb(kernel_size - 1, i) / 2 ** (kernel_size - 1) for i in range(kernel_size)]


def check_options(function, kernel_size, stride, padding_mode):
    """Check the options, and return the two that are integers."""
    kernel_size = integer(function, "kernel_size", kernel_size, 1)
    stride = integer(function, "stride", stride, 1)
    choice(function, "padding_mode", padding_mode, MODES)
    return kernel_size, stride


def check_size(function, size, kernel_size, padding_mode):
    """Refuse an image (height, width) that is too small to be reflected."""
    check_mode(function, padding_mode, size, _sides(kernel_size) * 2, cure="use a smaller kernel")


def _sides(kernel_size):
    """How far the window reaches before and after its pixel."""
    return (kernel_size - 1) // 2, kernel_size // 2


def _check(function, x, kernel_size, stride, padding_mode):
    """Check the arguments; return x and the blur along its rows and its columns."""
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    kernel_size, stride = check_options(function, kernel_size, stride, padding_mode)
    check_size(function, x.shape[2:], kernel_size, padding_mode)
    sides, weights = _sides(kernel_size), binomial(kernel_size)
    return x, [_Line(weights, sources(size, *sides, padding_mode), size, stride) for size in x.shape[2:]]
