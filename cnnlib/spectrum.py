"""Patterns with a short period in a map: how much of its energy they hold, and what the map is at each phase.

Three things look alike and are kept apart by these measures. A *checkerboard* is a pattern that a layer adds, period 2
(or its stride). *Gridding* means that neighbouring outputs of dilated layers read disjoint pixels. *Aliasing* is fine
detail that a stride turns into coarse detail. Real images have some energy at these frequencies themselves, so compare
with the data, never with zero.
"""

import numpy as np

from .arguments import integer, pair
from .reals import reals

__all__ = ["checkerboard_share", "phase_means", "phase_share"]


def checkerboard_share(x, period=2):
    """The share of a map's energy that repeats every `period` pixels.

    The mean is removed, a Hann window applied, and the power at the frequencies (a / period, b / period), all but
    (0, 0), divided by the power at all frequencies. The spectra of all maps are added up first.

    Parameters
    ----------
    x : array (..., height, width)
        Maps. A map's sides are at least 2 * period, and multiples of it, so that the spectrum has these frequencies.
    period : int or (height, width)
        Pixels, >= 1; 1 along an axis looks for stripes along it.

    Returns
    -------
    float
        0 to 1. A pattern and nothing else has 4 / 9, for the window spreads a line over its neighbours; white noise
        has (height * width of the period, less 1) / (height * width of a map), about. NaN if all maps are constant.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, a side is no multiple of the period, or a value is not finite.

    References
    ----------
    Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", Distill, 2016, doi:10.23915/distill.00003,
    for the pattern. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform",
    Proceedings of the IEEE 66(1), 1978, doi:10.1109/PROC.1978.10837, for the window.

    Examples
    --------
    >>> rows, columns = np.indices((32, 32))
    >>> round(checkerboard_share((rows + columns) % 2), 4)
    0.4444
    >>> round(checkerboard_share(np.sin(rows / 3)), 4)
    0.0
    """
    maps, periods = _maps("checkerboard_share", x, period)
    height, width = maps.shape[-2:]
    for name, side, length in zip(("height", "width"), (height, width), periods, strict=True):
        if side % length or side < 2 * length:
            raise ValueError(
                f"checkerboard_share: {name} {side} with period={period!r}; use a multiple, at least twice it"
            )
    maps = maps.reshape(-1, height, width)
    maps = maps - maps.mean(axis=(1, 2), keepdims=True)
    power = (np.abs(np.fft.fft2(maps * np.outer(_hann(height), _hann(width)))) ** 2).sum(axis=0)
    lines = power[:: height // periods[0], :: width // periods[1]].sum() - power[0, 0]
    return float(lines / power.sum()) if power.any() else float("nan")


def phase_means(x, period, *, border=0):
    """The mean of each map over the pixels of each phase, those at ``(i mod period, j mod period)``.

    Parameters
    ----------
    x : array (..., height, width)
        Maps.
    period : int or (height, width)
        Pixels, >= 1.
    border : int
        Pixels that are left out on each side, >= 0; phases are counted from the first one that is left.

    Returns
    -------
    array (..., period height, period width)

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, a value is not finite, or fewer pixels are left than there are phases.

    Examples
    --------
    Ones through a transposed convolution with kernel 3 and stride 2 are written once, twice or four times:

    >>> from cnnlib import ops
    >>> y = ops.conv_transpose2d(np.ones((1, 1, 8, 8)), np.ones((1, 1, 3, 3)), stride=2)
    >>> phase_means(y[0, 0], 2, border=2)
    array([[4., 2.],
           [2., 1.]])
    """
    inner, periods = _inner("phase_means", x, period, border)
    rows = [[phase.mean(axis=(-2, -1)) for phase in row] for row in _phases(inner, periods)]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def phase_share(x, period, *, border=0):
    """The share of each map's variance that its phases explain.

    Parameters, and errors, as for `phase_means`.

    Returns
    -------
    array (...)
        0 to 1: the variance between phases over the whole variance; 1 if pixels of one phase are all equal. NaN for
        a constant map. Maps that have nothing to do with the period have (number of phases - 1) / (pixels - 1) in the
        mean.

    Examples
    --------
    >>> rows, columns = np.indices((6, 9))
    >>> phase_share(np.stack([rows % 2, columns % 3, rows % 2 + columns % 3]), (2, 3)).round(3)
    array([1., 1., 1.])
    >>> phase_share((rows % 2 + columns % 3), (2, 1)).round(3)
    np.float64(0.273)
    """
    inner, periods = _inner("phase_share", x, period, border)
    middle = inner.mean(axis=(-2, -1))
    between = 0.0
    for phase in (phase for row in _phases(inner, periods) for phase in row):
        pixels = phase.shape[-2] * phase.shape[-1]
        between = between + pixels * (phase.mean(axis=(-2, -1)) - middle) ** 2
    whole = ((inner - middle[..., None, None]) ** 2).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, between / whole, np.nan)[()]


def _phases(maps, periods):
    """The pixels of each phase, rows of columns of arrays."""
    return [[maps[..., i :: periods[0], j :: periods[1]] for j in range(periods[1])] for i in range(periods[0])]


def _hann(length):
    """The periodic Hann window, whose transform is 1/2 at zero and 1/4 beside it."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


def _maps(function, x, period):
    maps = reals(function, "x", x, finite=True)
    if maps.ndim < 2 or 0 in maps.shape:
        raise ValueError(f"{function}: x of shape {maps.shape}; use maps (..., height, width) that are not empty")
    return maps, pair(function, "period", period, 1)


def _inner(function, x, period, border):
    maps, periods = _maps(function, x, period)
    border = integer(function, "border", border)
    height, width = (side - 2 * border for side in maps.shape[-2:])
    if height < periods[0] or width < periods[1]:
        raise ValueError(
            f"{function}: maps of {maps.shape[-2]} x {maps.shape[-1]} less border={border} do not hold one "
            f"period={period!r}; use larger maps or a smaller border"
        )
    return maps[..., border : border + height, border : border + width], periods
