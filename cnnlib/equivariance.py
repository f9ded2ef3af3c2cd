"""One number for how far ``f(T x)`` is from ``T' f(x)``, and for how far from ``f(x)``."""

import numpy as np

from .arguments import padding4, pair
from .reals import reals
from .transforms.images import image
from .values import callable_

__all__ = [
    "equivariance_error",
    "invariance_error",
]


def equivariance_error(f, transform, x, *, after=None, stride=1, border=0):
    """Measure how far ``f(T x)`` is from ``T' f(x)``, relative to the latter.

    Parameters
    ----------
    f : callable
        From an array to an array whose last two axes are ``(height, width)``.
    transform : callable
        T: one of `cnnlib.transforms`, or any function of an array.
    x : array (..., height, width)
        The image.
    after : callable or None
        T', which acts on the output of f. None takes T itself, on the grid of `stride`.
    stride : int or (height, width)
        Input pixels per output pixel of f, >= 1. On its grid a shift of 4 pixels is a shift
        of 2 at stride 2, and one of 3 is none.
    border : int, (height, width) or (top, bottom, left, right)
        Output pixels to leave out on each side, >= 0.

    Returns
    -------
    float
        ``||f(T x) - T' f(x)|| / ||T' f(x)||``, Euclidean norms over all that is compared; 0
        if both sides are equal, infinite if only T' f(x) is zero.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range, the two sides differ in shape,
        or the border leaves nothing.

    References
    ----------
    Cohen and Welling, "Group Equivariant Convolutional Networks", ICML 2016,
    arXiv:1602.07576, section 2; Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019,
    arXiv:1904.11486, section 3.1, defines the property.

    Examples
    --------
    A convolution with zeros around it is equivariant inside, and not at its border:

    >>> import numpy as np
    >>> from cnnlib import ops
    >>> from cnnlib.transforms import Shift
    >>> x = np.random.default_rng(0).random((1, 1, 16, 16))
    >>> def blur(x):
    ...     return ops.conv2d(x, np.ones((1, 1, 3, 3)), padding=1)
    >>> move = Shift((0, 2), "circular")
    >>> equivariance_error(blur, move, x) > 0.1, equivariance_error(blur, move, x, border=3) < 1e-12
    (True, True)
    """
    return _ratio(*_compare("equivariance_error", f, transform, x, after, stride, border))


def invariance_error(f, transform, x):
    """Measure how far ``f(T x)`` is from ``f(x)``, relative to the latter.

    Parameters
    ----------
    f : callable
        From an array to an array or a number.
    transform : callable
        T: one of cnnlib.transforms, or any function of an array.
    x : array (..., height, width)
        The image.

    Returns
    -------
    float
        ``||f(T x) - f(x)|| / ||f(x)||``; 0 if both are equal, infinite if only f(x) is zero.

    Raises
    ------
    ValueError
        If the two sides differ in shape.

    References
    ----------
    Goodfellow, Le, Saxe, Lee and Ng, "Measuring Invariances in Deep Networks", NIPS 2009, count
    the inputs that keep a unit firing: a measure for single units, where this one takes all.

    Examples
    --------
    The sum over all positions does not depend on where things are, if nothing leaves the image:

    >>> import numpy as np
    >>> from cnnlib.transforms import Shift
    >>> x = np.eye(4)
    >>> [invariance_error(np.sum, Shift((0, 1), b), x) for b in ("circular", "zero")]
    [0.0, 0.25]
    """
    name = "invariance_error"
    x = _given(name, f, transform, x)
    first, second = reals(name, "f(T x)", f(transform(x))), reals(name, "f(x)", f(x))
    if first.shape != second.shape:
        raise ValueError(f"invariance_error: f(T x) has shape {first.shape} and f(x) has {second.shape}; use one f")
    return _ratio(first - second, second)


def _compare(name, f, transform, x, after, stride, border):
    """Compute both sides, in the name of the function that the reader called, in float64: bytes would wrap around."""
    x = _given(name, f, transform, x)
    if after is not None:
        callable_(name, "after", after)
    strides = pair(name, "stride", stride, 1)
    if after is None:
        if hasattr(transform, "on_grid"):
            after = transform.on_grid(stride)
        elif strides != (1, 1):
            raise ValueError(
                f"{name}: stride={stride!r} needs one of cnnlib.transforms, and {transform!r} is none; "
                f"say with after= what it does to the output"
            )
        else:
            after = transform
    sides = padding4(name, border, "border")
    first, second = reals(name, "f(T x)", f(transform(x))), reals(name, "T' f(x)", after(f(x)))
    if first.shape != second.shape:
        raise ValueError(
            f"{name}: f(T x) has shape {first.shape} and T' f(x) has {second.shape}; use an f and an after= that agree"
        )
    first, second = _inside(name, first, sides), _inside(name, second, sides)
    return first - second, second


def _given(name, f, transform, x):
    """Refuse what can't be called and what is no image of real numbers; return the image, of its own kind."""
    callable_(name, "f", f), callable_(name, "transform", transform)
    reals(name, "x", x)
    return image(name, x)


def _inside(function, y, sides):
    """Cut the border off the last two axes."""
    if not any(sides):
        return y
    height, width = image(function, y).shape[-2:]
    top, bottom, left, right = sides
    if top + bottom >= height or left + right >= width:
        raise ValueError(f"{function}: border={sides} leaves nothing of {height} x {width}; use a smaller border")
    return y[..., top : height - bottom, left : width - right]


def _ratio(difference, reference):
    """Norm over norm; both are scaled first, so that no square leaves the range of float64."""
    largest = max(np.abs(difference).max(initial=0), np.abs(reference).max(initial=0))
    if largest == 0:
        return 0.0
    scale = largest if np.isfinite(largest) else 1.0
    error, size = (np.linalg.norm((part / scale).ravel()) for part in (difference, reference))
    return float(error / size) if size else float("inf")
