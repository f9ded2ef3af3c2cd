"""Finding a shift between two images by following the gradient of their difference: what positions can learn."""

from typing import NamedTuple

import numpy as np

from . import ops
from .arguments import integer
from .reals import reals
from .values import choice, number

__all__ = ["METHODS", "Descent", "find_shift", "window_error"]

METHODS = ("bilinear", "nearest", "straight-through", "straight-through, both sides")
SIDE = 1e-6  # of a pixel: to the squares on the other side of a crease
MOMENTUM, SQUARES, SMALL = 0.9, 0.999, 1e-8  # of Adam


class Descent(NamedTuple):
    """The path of a shift: ``shifts`` (steps + 1, 2) as (rows, columns), and the ``errors`` (steps + 1,)."""

    shifts: np.ndarray
    errors: np.ndarray


def window_error(image, target, shift, *, corner=(0, 0), method="bilinear"):
    """The mean squared error of a shifted window against a target, and its gradient with respect to the shift.

    Parameters
    ----------
    image : array (height, width)
    target : array (rows, columns)
        What the window is compared with.
    shift : (rows, columns)
        By how much the window is moved, in pixels; need not be whole.
    corner : (row, column)
        The window's first pixel where the shift is 0.
    method : {"bilinear", "nearest", "straight-through", "straight-through, both sides"}
        How the image is read: mixing four pixels; the nearest pixel, whose gradient is 0; the nearest pixel, with the
        gradient that bilinear sampling has there; the same with the mean of the gradients before and after the pixel.

    Returns
    -------
    error : float
    gradient : array (2,)
        By row and by column. On whole pixels the slope is that downwards and to the right.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or shape, or a method is not known.

    Examples
    --------
    >>> ramp = np.add.outer(np.zeros(8), np.arange(8.0))
    >>> error, gradient = window_error(ramp, ramp[2:5, 3:6], (0, -1.5), corner=(2, 3))
    >>> error, gradient.tolist()
    (2.25, [0.0, -3.0])
    """
    return _error("window_error", *_given("window_error", image, target, corner, method), shift)


def _given(function, image, target, corner, method):
    """What every step reads, checked once."""
    image, target = (reals(function, name, a, finite=True) for name, a in (("image", image), ("target", target)))
    choice(function, "method", method, METHODS)
    corner = _two(function, "corner", corner)
    if image.ndim != 2 or target.ndim != 2 or not target.size:
        raise ValueError(
            f"{function}: image of shape {image.shape} and target of shape {target.shape}; both have two axes"
        )
    return image, target, corner, method


def _error(function, image, target, corner, method, shift):
    shift = _two(function, "shift", shift)
    read_at = shift if method == "bilinear" else np.rint(shift)
    points = np.moveaxis(np.indices(target.shape), 0, -1) + corner + read_at
    x, points = image[None, None], points[None]
    missing = ops.bilinear_sample(x, points)[0, 0] - target
    if method == "nearest":
        return float((missing**2).mean()), np.zeros(2)
    upstream = 2 * missing[None, None] / missing.size
    slopes = ops.bilinear_sample_backward(upstream, x, points)[1]
    if method == METHODS[3]:
        slopes = (slopes + ops.bilinear_sample_backward(upstream, x, points - SIDE)[1]) / 2
    return float((missing**2).mean()), slopes.sum(axis=(0, 1, 2))


def find_shift(image, target, *, corner=(0, 0), start=(0, 0), method="bilinear", steps=150, rate=0.3):
    """Follow the gradient of `window_error` by Adam, with a rate that falls to 0 along a cosine.

    Parameters
    ----------
    image, target, corner, method
        As for `window_error`.
    start : (rows, columns)
        The first shift, in pixels.
    steps : int
        >= 1.
    rate : float
        The first step's length in pixels, about; > 0.

    Returns
    -------
    Descent

    Raises
    ------
    TypeError, ValueError
        As `window_error`, or if `steps` or `rate` is out of range.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.

    Examples
    --------
    >>> from cnnlib import data
    >>> sheep = data.photograph("sheep", side=256, grey=True)
    >>> target = ops.bilinear_sample(sheep[None, None], np.moveaxis(np.indices((1, 40, 40))[1:], 0, -1) + [62.3, 58.4])
    >>> find_shift(sheep, target[0, 0], corner=(60, 60)).shifts[-1].round(2).tolist()
    [2.3, -1.6]
    """
    steps, rate = integer("find_shift", "steps", steps, 1), number("find_shift", "rate", rate, above=0)
    shift = _two("find_shift", "start", start).copy()
    mean, square = np.zeros(2), np.zeros(2)
    given = _given("find_shift", image, target, corner, method)
    error, gradient = _error("find_shift", *given, shift)
    shifts, errors = [shift.copy()], [error]
    for step in range(steps):
        mean = MOMENTUM * mean + (1 - MOMENTUM) * gradient
        square = SQUARES * square + (1 - SQUARES) * gradient**2
        size = np.sqrt(square / (1 - SQUARES ** (step + 1))) + SMALL
        fallen = rate * (1 + np.cos(np.pi * step / steps)) / 2
        shift = shift - fallen * mean / (1 - MOMENTUM ** (step + 1)) / size
        error, gradient = _error("find_shift", *given, shift)
        shifts.append(shift.copy())
        errors.append(error)
    return Descent(np.array(shifts), np.array(errors))


def _two(function, name, value):
    value = reals(function, name, value, finite=True)
    if value.shape != (2,):
        raise ValueError(f"{function}: {name} has shape {value.shape}; use two numbers, (rows, columns)")
    return value
