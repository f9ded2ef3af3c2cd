"""Filters with names, at any size: what they were before networks learned them.

All are for cross-correlation, as in torch: entry [i, j] multiplies the pixel i rows down and j columns to the right of
the window's first. Directional ones take an ``angle`` in degrees, the direction in which brightness must rise for a
positive response: 0 to the right, 90 downwards.
"""

import math

import numpy as np

from cnnlib.arguments import integer
from cnnlib.values import choice, number

__all__ = [
    "NAMES",
    "SMALLEST",
    "box",
    "gabor",
    "gaussian",
    "identity",
    "laplacian",
    "named",
    "prewitt",
    "quadrature",
    "sharpen",
    "sobel",
]


def identity(size: int) -> np.ndarray:
    """One in the centre, zeros around: the image itself. (size, size)

    Raises
    ------
    TypeError, ValueError
        If `size` is no integer or too small.

    Examples
    --------
    >>> identity(3)
    array([[0., 0., 0.],
           [0., 1., 0.],
           [0., 0., 0.]])
    """
    size = _size("identity", size)
    kernel = np.zeros((size, size))
    kernel[size // 2, size // 2] = 1
    return kernel


def box(size: int) -> np.ndarray:
    """The mean of the window. (size, size), sum 1.

    Errors are those of `identity`.

    Examples
    --------
    >>> box(2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    size = _size("box", size)
    return np.full((size, size), 1 / size**2)


def gaussian(size: int) -> np.ndarray:
    """A weighted mean that falls off as a Gaussian with standard deviation size / 5. (size, size), sum 1.

    Errors are those of `identity`.

    Examples
    --------
    >>> gaussian(3).round(2)
    array([[0.03, 0.11, 0.03],
           [0.11, 0.45, 0.11],
           [0.03, 0.11, 0.03]])
    """
    size = _size("gaussian", size)
    kernel = np.exp(-_squares(size) / (2 * (size / 5) ** 2))
    return kernel / kernel.sum()


def sobel(size: int, angle: float = 0) -> np.ndarray:
    """The slope of the brightness, smoothed across by binomial weights. (size, size), sum 0.

    Size 3 is the classic; larger ones are scaled to respond to a ramp as it does.

    Raises
    ------
    TypeError, ValueError
        If `size` is no integer or too small, or `angle` no finite number.

    References
    ----------
    Sobel and Feldman, *A 3x3 isotropic gradient operator for image processing*, 1968; larger sizes as in OpenCV.

    Examples
    --------
    >>> sobel(3)
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    size = _size("sobel", size)
    slope = np.convolve(_binomial(size - 2), [-1, 1])
    return _directed(_binomial(size - 1), slope, 8, _radians("sobel", angle))


def prewitt(size: int, angle: float = 0) -> np.ndarray:
    """The slope of the plane that fits the window best. (size, size), sum 0; scaled as size 3 is.

    Errors are those of `sobel`.

    References
    ----------
    Prewitt, *Object enhancement and extraction*, 1970.

    Examples
    --------
    >>> prewitt(3)
    array([[-1.,  0.,  1.],
           [-1.,  0.,  1.],
           [-1.,  0.,  1.]])
    """
    size = _size("prewitt", size)
    return _directed(np.ones(size), np.arange(size) - (size - 1) / 2, 6, _radians("prewitt", angle))


def laplacian(size: int) -> np.ndarray:
    """How much brighter the surroundings are than the centre. (size, size), sum 0.

    Size 3 is the sum of the four neighbours less four times the centre; larger ones are the Laplacian of a Gaussian
    with standard deviation size / 6, scaled so that the absolute weights add up to 8 as well.

    Errors are those of `identity`.

    References
    ----------
    Marr and Hildreth, *Theory of edge detection*, 1980.

    Examples
    --------
    >>> laplacian(3)
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    size = _size("laplacian", size)
    if size == 3:
        return np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
    squares, variance = _squares(size), (size / 6) ** 2
    return _balanced((squares - 2 * variance) * np.exp(-squares / (2 * variance)), 8)


def sharpen(size: int) -> np.ndarray:
    """The image less its Laplacian: `identity` - `laplacian`. (size, size), sum 1.

    Errors are those of `identity`.

    Examples
    --------
    >>> sharpen(3)
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]])
    """
    size = _size("sharpen", size)
    return identity(size) - laplacian(size)


def gabor(size: int, angle: float = 0) -> np.ndarray:
    """A grating under a Gaussian (standard deviation size / 5, wavelength size / 2.5). (size, size), sum 0.

    The absolute weights add up to 2.

    Errors are those of `sobel`.

    References
    ----------
    Daugman, *Uncertainty relation for resolution in space, spatial frequency, and orientation optimized by
    two-dimensional visual cortical filters*, 1985.

    Examples
    --------
    Bright along the middle, dark beside it:

    >>> gabor(5)[2].round(2)
    array([ 0.04, -0.2 ,  0.32, -0.2 ,  0.04])
    """
    size, turn = _size("gabor", size), _radians("gabor", angle)
    at = np.arange(size) - (size - 1) / 2
    along = at * math.cos(turn) + at[:, None] * math.sin(turn)
    wave = np.cos(2 * math.pi * along / (size / 2.5)) * np.exp(-_squares(size) / (2 * (size / 5) ** 2))
    return _balanced(wave, 2)


def quadrature(size: int, angle: float = 0) -> np.ndarray:
    """Two Gabor filters that differ by a quarter of a wave, the even one and the odd one. (2, size, size), sums 0.

    Envelope and wavelength are those of `gabor`. What is subtracted to make the sum 0 falls off as the envelope does,
    and one factor scales both, so that the absolute weights of the even one add up to 2. For a wave of their length the
    sum of their squared responses hardly depends on its phase: the energy model of a complex cell.

    Errors are those of `sobel`.

    References
    ----------
    Adelson and Bergen, *Spatiotemporal energy models for the perception of motion*, 1985.

    Examples
    --------
    >>> even, odd = quadrature(11)
    >>> bool(np.allclose(even, even[::-1, ::-1]) and np.allclose(odd, -odd[::-1, ::-1]))
    True
    """
    size, turn = integer("quadrature", "size", size, minimum=SMALLEST["gabor"]), _radians("quadrature", angle)
    at = np.arange(size) - (size - 1) / 2
    along = at * math.cos(turn) + at[:, None] * math.sin(turn)
    envelope = np.exp(-_squares(size) / (2 * (size / 5) ** 2))
    phase = 2 * math.pi * along / (size / 2.5)
    even = envelope * np.cos(phase)
    even -= envelope * (even.sum() / envelope.sum())
    return np.stack([even, envelope * np.sin(phase)]) * (2 / np.abs(even).sum())


_MAKERS = {
    "identity": identity,
    "box": box,
    "gaussian": gaussian,
    "sobel": sobel,
    "prewitt": prewitt,
    "laplacian": laplacian,
    "sharpen": sharpen,
    "gabor": gabor,
}
NAMES = tuple(_MAKERS)
SMALLEST = {name: {"sobel": 2, "prewitt": 2, "laplacian": 3, "sharpen": 3, "gabor": 3}.get(name, 1) for name in NAMES}
DIRECTED = ("sobel", "prewitt", "gabor")


def named(name: str, size: int, angle: float = 0) -> np.ndarray:
    """The filter of that name; ``angle`` matters to the directional ones only.

    Raises
    ------
    TypeError, ValueError
        If there is no filter of that name, `size` is no integer or too small, or `angle` no finite number.

    Examples
    --------
    >>> bool((named("sobel", 3, 90) == sobel(3, 90)).all()), bool((named("box", 3, 90) == box(3)).all())
    (True, True)
    """
    choice("named", "name", name, NAMES)
    size = integer("named", "size", size, minimum=SMALLEST[name])
    angle = number("named", "angle", angle, meaning="a number of degrees")
    return _MAKERS[name](size, angle) if name in DIRECTED else _MAKERS[name](size)


def _size(name: str, size: int) -> int:
    return integer(name, "size", size, minimum=SMALLEST[name])


def _radians(name: str, angle: float) -> float:
    return math.radians(number(name, "angle", angle, meaning="a number of degrees"))


def _binomial(n: int) -> np.ndarray:
    return np.array([math.comb(n, k) for k in range(n + 1)], float)


def _squares(size: int) -> np.ndarray:
    """Squared distance of each entry from the centre."""
    at = np.arange(size) - (size - 1) / 2
    return at**2 + at[:, None] ** 2


def _directed(smooth: np.ndarray, slope: np.ndarray, gain: float, turn: float) -> np.ndarray:
    """The slope along ``turn`` in radians, smoothed across, answering ``gain`` to a ramp of one per pixel."""
    across = np.outer(smooth, slope) * (gain / (smooth.sum() * (slope * np.arange(len(slope))).sum()))
    return across * math.cos(turn) + across.T * math.sin(turn)


def _balanced(kernel: np.ndarray, total: float) -> np.ndarray:
    """Shifted to sum 0 and scaled to absolute sum ``total``."""
    kernel = kernel - kernel.mean()
    return kernel * (total / np.abs(kernel).sum())
