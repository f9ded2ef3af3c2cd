"""Kernels that factor in space: rank-1 terms, and two thin convolutions in place of one."""

from typing import NamedTuple

import numpy as np

from cnnlib.arguments import integer
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.conv import check_conv, convolve
from cnnlib.ops.conv_gradients import convolve_backward
from cnnlib.ops.windows import Windows
from cnnlib.signatures import public

__all__ = [
    "SeparableTerms",
    "separable_conv2d",
    "separable_conv2d_backward",
    "separable_terms",
]


class SeparableTerms(NamedTuple):
    """A kernel as a sum of outer products, largest first; made by `separable_terms`.

    Attributes
    ----------
    rank : int
        How many terms are needed.
    singular_values : ndarray, (min(KH, KW),)
        The size of each term, in falling order; zero (to rounding) from `rank` on.
    vertical : ndarray, (min(KH, KW), KH)
        One column filter a term, scaled by the square root of its singular value.
    horizontal : ndarray, (min(KH, KW), KW)
        One row filter a term, scaled likewise.
    """

    rank: int
    singular_values: np.ndarray
    vertical: np.ndarray
    horizontal: np.ndarray

    def kernel(self, terms=None):
        """The kernel that the first `terms` terms add up to, from 0 on; all of them by default."""
        if terms is not None:
            terms = integer("SeparableTerms.kernel", "terms", terms)
        return self.vertical[:terms].T @ self.horizontal[:terms]


@public
def separable_terms(kernel):
    """Write a kernel as a sum of products of a column and a row.

    Parameters
    ----------
    kernel : array_like, (KH, KW)
        Any kernel, finite.

    Returns
    -------
    SeparableTerms
        ``kernel = sum_r outer(vertical[r], horizontal[r])``; the first r terms are the
        best approximation of rank r in the sum of squares. Signs are chosen so that the
        largest entry of each column filter is positive.

    Raises
    ------
    TypeError, ValueError
        If `kernel` holds no real numbers, is not two-dimensional, or is not finite.

    References
    ----------
    .. [1] C. Eckart, G. Young, "The approximation of one matrix by another of lower
       rank", Psychometrika 1(3), 1936.

    Examples
    --------
    The Sobel kernel is one product; the Laplacian, as small as it, takes two:

    >>> separable_terms([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).rank
    1
    >>> separable_terms([[0, 1, 0], [1, -4, 1], [0, 1, 0]]).rank
    2
    """
    (kernel,) = floats("separable_terms", kernel=kernel)
    axes("separable_terms", "kernel", kernel, "KH KW")
    if not np.isfinite(kernel).all():
        raise ValueError("separable_terms: kernel holds NaN or infinity; use finite weights")
    columns, sizes, rows = np.linalg.svd(kernel, full_matrices=False)
    rank = int((sizes > sizes[0] * max(kernel.shape) * np.finfo(kernel.dtype).eps).sum())
    peaks = np.take_along_axis(columns, np.abs(columns).argmax(0)[None], 0)[0]
    scale = np.where(peaks < 0, -np.sqrt(sizes), np.sqrt(sizes))
    return SeparableTerms(rank, sizes, (columns * scale).T, (rows.T * scale).T)


@public
def separable_conv2d(x, vertical, horizontal, b=None, *, stride=1, padding=0, dilation=1):
    """Convolve with a column and then with a row, in place of a full kernel.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    vertical : array_like, (KH,) or (M, C, KH)
        One column filter for every channel by itself, or a bank that maps C channels to M.
    horizontal : array_like, (KW,) or (O, M, KW)
        Likewise for the row that follows; both of the same kind.
    b : array_like, (C,) or (O,), optional
        Added to each output channel.
    stride, padding, dilation
        As in `conv2d` with a kernel of (KH, KW).

    Returns
    -------
    ndarray, (N, C, OH, OW) or (N, O, OH, OW)
        What `conv2d` gives for ``w[i,j] = vertical[i] horizontal[j]``, or for
        ``w[o,c,i,j] = sum_m horizontal[o,m,j] vertical[m,c,i]``.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`; and if the filters are of different kinds.

    References
    ----------
    .. [1] M. Jaderberg, A. Vedaldi, A. Zisserman, "Speeding up convolutional neural
       networks with low rank expansions", BMVC 2014, section 2, scheme 2.

    Examples
    --------
    Six weights do the work of nine:

    >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> separable_conv2d(x, [1, 2, 1], [-1, 0, 1])
    array([[[[8., 8.],
             [8., 8.]]]])
    """
    _, b, first, second = _two_steps("separable_conv2d", x, vertical, horizontal, b, stride, padding, dilation)
    return convolve(convolve(*first[:2], None, *first[2:]), second[0], b, *second[1:])


@public
def separable_conv2d_backward(dy, x, vertical, horizontal, b=None, *, stride=1, padding=0, dilation=1):
    """Gradients of `separable_conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like
        Gradient of some scalar with respect to the output, and of its shape.
    x, vertical, horizontal, b, stride, padding, dilation
        What `separable_conv2d` took.

    Returns
    -------
    dx, dvertical, dhorizontal, db : ndarray
        Shaped like the inputs: the chain rule through the two convolutions. The one
        filter for every channel sums the gradients of all. db is None without a `b`.

    Raises
    ------
    TypeError, ValueError
        As `separable_conv2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dv, dh, db = separable_conv2d_backward(
    ...     [[[[1]]]], [[[[1, 2], [3, 4]]]], [10, 1], [1, 100])
    >>> dv, dh
    (array([201., 403.]), array([13., 24.]))
    """
    function = "separable_conv2d_backward"
    shapes, b, (x, v, one, groups), (h, two, _) = _two_steps(
        function, x, vertical, horizontal, b, stride, padding, dilation
    )
    dy, x, v, h = floats(function, dy=dy, x=x, v=v, h=h)
    shape_of(function, "dy", dy, (len(x), len(h), *two.output), "(N, O, OH, OW)")
    middle = convolve(x, v, None, one, groups)
    dmiddle, dh, db = convolve_backward(dy, middle, h, b, two, groups)
    dx, dv, _ = convolve_backward(dmiddle, x, v, None, one, groups)
    if len(shapes[0]) == 1:
        dv, dh = dv.sum(0), dh.sum(0)
    return dx, dv.reshape(shapes[0]), dh.reshape(shapes[1]), db


def _two_steps(function, x, vertical, horizontal, b, stride, padding, dilation):
    """Check; return the filters' shapes, b, and the arguments of the two convolutions."""
    x, v, h, b = floats(function, x=x, vertical=vertical, horizontal=horizontal, b=b)
    axes(function, "x", x, "N C H W")
    channels, shapes = x.shape[1], (v.shape, h.shape)
    if (v.ndim, h.ndim) == (1, 1):
        axes(function, "vertical", v, "KH")
        axes(function, "horizontal", h, "KW")
        v, h = (np.broadcast_to(f, (channels, 1, len(f))) for f in (v, h))
        groups = channels
    elif (v.ndim, h.ndim) == (3, 3):
        groups = 1
        axes(function, "vertical", v, "M C KH")
        axes(function, "horizontal", h, "O M KW")
        shape_of(function, "vertical", v, (len(v), channels, v.shape[2]), "(M, C, KH)")
        shape_of(function, "horizontal", h, (len(h), len(v), h.shape[2]), "(O, M, KW)")
    else:
        raise ValueError(
            f"{function}: vertical has shape {v.shape} and horizontal {h.shape}; use (KH,) and "
            "(KW,) for one filter on every channel, or (M, C, KH) and (O, M, KW) for banks"
        )
    whole = np.broadcast_to(x.dtype.type(0), (len(h), channels // groups, v.shape[2], h.shape[2]))
    _, _, _, window, _ = check_conv(function, x, whole, b, stride, padding, dilation, groups)
    (top, bottom, left, right), (sh, sw), (dh, dw) = window.padding, window.stride, window.dilation
    size = window.output[0], window.size[1]
    one = Windows(window.size, (v.shape[2], 1), (sh, 1), (top, bottom, 0, 0), (dh, 1), size)
    two = Windows(size, (1, h.shape[2]), (1, sw), (0, 0, left, right), (1, dw), window.output)
    return shapes, b, (x, v[..., None], one, groups), (h[:, :, None], two, groups)
