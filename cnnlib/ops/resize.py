"""Resizing, nearest and bilinear: what comes before the convolution in resize-and-convolve."""

import numpy as np

from cnnlib.arguments import flag, pair
from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.ops.lines import add_lines_back
from cnnlib.signatures import public
from cnnlib.values import number

__all__ = [
    "resize_bilinear2d",
    "resize_bilinear2d_backward",
    "resize_nearest2d",
    "resize_nearest2d_backward",
]


@public
def resize_nearest2d(x, *, size=None, scale_factor=None):
    """Give every output pixel the value of one input pixel.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    size : int or (height, width)
        Size of the output; this or `scale_factor`.
    scale_factor : float or (height, width)
        Output pixels for each input pixel; sizes are rounded down.

    Returns
    -------
    ndarray, (N, C, OH, OW)
        ``y[p,q] = x[floor(p H / OH), floor(q W / OW)]``. With a `scale_factor` that leaves
        a fraction, 1 / scale_factor stands for H / OH, unless OH is exactly H or 2 H.

    Raises
    ------
    TypeError, ValueError
        If `x` is no batch of images, or not exactly one of the two options is given and
        positive.

    Notes
    -----
    The coordinate is computed in float32, as in torch's ``interpolate(mode="nearest")``, and so may
    be rounded to the pixel before: from 2 to 82 pixels, output 41 shows pixel 0. torch itself
    has two rules. This is the one for ``OH + OW <= 128``; above, it computes the coordinates of
    float64 images in float64, and does without the exception for H and 2 H.

    References
    ----------
    .. [1] A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts",
       Distill, 2016, "Better upsampling".

    Examples
    --------
    >>> resize_nearest2d([[[[1, 2, 3]]]], size=(1, 5))
    array([[[[1., 1., 2., 2., 3.]]]])
    """
    x, rows, columns = _check("resize_nearest2d", x, size, scale_factor)
    return x[:, :, _nearest(*rows)[:, None], _nearest(*columns)]


@public
def resize_nearest2d_backward(dy, x, *, size=None, scale_factor=None):
    """Gradient of `resize_nearest2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, OH, OW)
        Gradient of some scalar with respect to the output.
    x, size, scale_factor
        What `resize_nearest2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        At each pixel the sum over the output pixels that show it.

    Raises
    ------
    TypeError, ValueError
        As `resize_nearest2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> resize_nearest2d_backward([[[[1, 10, 100]]]], [[[[7, 8]]]], size=(1, 3))
    array([[[[ 11., 100.]]]])
    """
    dy, rows, columns = _check_backward("resize_nearest2d_backward", dy, x, size, scale_factor)
    for axis, line in ((2, rows), (3, columns)):
        dy = add_lines_back(dy, _nearest(*line), axis, line[0])
    return dy


@public
def resize_bilinear2d(x, *, size=None, scale_factor=None, align_corners=False):
    """Mix, for every output pixel, the four input pixels around its position.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    size, scale_factor
        As in `resize_nearest2d`.
    align_corners : bool
        False lines up the outer edges of the corner pixels, True their centres.

    Returns
    -------
    ndarray, (N, C, OH, OW)
        Linear along columns, then along rows: with ``u = (p + 1/2) H/OH - 1/2``, or
        ``u = p (H-1)/(OH-1)`` with aligned corners, and 0 where that is below 0,
        ``y[p] = (1 - f) x[i] + f x[i+1]`` for ``i = floor(u)`` and ``f = u - i``; there is no
        pixel after the last one, which then takes both shares. An axis that keeps its length
        is copied. Shrinking does not blur first, and so aliases; all as in torch.

    Raises
    ------
    TypeError, ValueError
        As `resize_nearest2d`.

    References
    ----------
    .. [1] R. Gonzalez, R. Woods, "Digital Image Processing", 3rd edition, 2008, section
       2.4.4 (interpolation: nearest neighbour and bilinear).

    Examples
    --------
    Doubling, with edges and with centres aligned:

    >>> resize_bilinear2d([[[[0, 4]]]], size=(1, 4))
    array([[[[0., 1., 3., 4.]]]])
    >>> resize_bilinear2d([[[[0, 3]]]], size=(1, 4), align_corners=True)
    array([[[[0., 1., 2., 3.]]]])
    """
    flag("resize_bilinear2d", "align_corners", align_corners)
    x, rows, columns = _check("resize_bilinear2d", x, size, scale_factor)
    for axis, line in ((3, columns), (2, rows)):
        first, following, part = _between(*line, align_corners, axis, x.dtype)
        x = x.take(first, axis) * (1 - part) + x.take(following, axis) * part
    return x


@public
def resize_bilinear2d_backward(dy, x, *, size=None, scale_factor=None, align_corners=False):
    """Gradient of `resize_bilinear2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, C, OH, OW)
        Gradient of some scalar with respect to the output.
    x, size, scale_factor, align_corners
        What `resize_bilinear2d` took.

    Returns
    -------
    ndarray, (N, C, H, W)
        Along rows, then along columns, the adjoint: ``dy[p]`` gives ``1 - f`` of itself
        to pixel i and f to pixel i + 1.

    Raises
    ------
    TypeError, ValueError
        As `resize_bilinear2d`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> resize_bilinear2d_backward([[[[0, 4, 0, 0]]]], [[[[7, 8]]]], size=(1, 4))
    array([[[[3., 1.]]]])
    """
    flag("resize_bilinear2d_backward", "align_corners", align_corners)
    dy, rows, columns = _check_backward("resize_bilinear2d_backward", dy, x, size, scale_factor)
    for axis, line in ((2, rows), (3, columns)):
        first, following, part = _between(*line, align_corners, axis, dy.dtype)
        first, following = (
            add_lines_back(dy * weight, pixels, axis, line[0])
            for pixels, weight in ((first, 1 - part), (following, part))
        )
        dy = first + following
    return dy


def _nearest(length, output, step):
    """The input pixel that each output pixel shows, along one axis."""
    positions = np.arange(output)
    if output in (length, 2 * length):
        return positions * length // output
    return np.minimum((positions.astype(np.float32) * np.float32(step)).astype(np.intp), length - 1)


def _between(length, output, step, align_corners, axis, dtype):
    """The input pixels before and after each output pixel, and how far beyond the first."""
    positions = np.arange(output, dtype=dtype)
    if length == output:
        first = following = np.arange(length)
        part = np.zeros_like(positions)
    else:
        if align_corners:
            u = positions * ((length - 1) / max(1, output - 1))
        else:
            u = np.maximum((positions + 0.5) * step - 0.5, 0)
        first = np.minimum(u.astype(np.intp), length - 1)
        following = np.minimum(first + 1, length - 1)
        part = np.minimum(u - first.astype(dtype), 1)
    return first, following, part.reshape(-1, *(1,) * (3 - axis))  # which broadcasts along axis


def _check(function, x, size, scale_factor):
    """Check the arguments; return x and (length, output, input pixels per step) of each axis."""
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C H W")
    if (size is None) == (scale_factor is None):
        raise ValueError(f"{function}: size={size!r} and scale_factor={scale_factor!r}; use exactly one of them")
    if size is not None:
        output = pair(function, "size", size, 1)
        steps = tuple(n / m for n, m in zip(x.shape[2:], output, strict=True))
    else:
        factors = scale_factor if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * 2
        meaning = "a number > 0, or a pair (height, width) of them"
        # As Python's floats: NumPy's small types would overflow.
        factors = [
            number(function, "scale_factor", factor, above=0, meaning=meaning, whole=scale_factor) for factor in factors
        ]
        if len(factors) != 2:
            entries = "1 entry" if len(factors) == 1 else f"{len(factors)} entries"
            raise ValueError(f"{function}: scale_factor={scale_factor!r} has {entries}; use {meaning}")
        output = tuple(int(n * factor) for n, factor in zip(x.shape[2:], factors, strict=True))
        steps = tuple(1 / factor for factor in factors)
        if min(output) < 1:
            raise ValueError(
                f"{function}: scale_factor={scale_factor!r} leaves nothing of "
                f"{x.shape[2]}x{x.shape[3]}; use a larger one"
            )
    rows, columns = zip(x.shape[2:], output, steps, strict=True)
    return x, rows, columns


def _check_backward(function, dy, x, size, scale_factor):
    x, rows, columns = _check(function, x, size, scale_factor)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (*x.shape[:2], rows[1], columns[1]), "(N, C, OH, OW)")
    return dy, rows, columns
