"""A camera's colour mosaic, one colour at each pixel, and the kernels that fill in the other two.

The mosaic is that of Bayer: red and green alternate in the even rows, green and blue in the odd ones. Its kernels are
weights of `cnnlib.ops.tiled_conv2d`, which serve the pixel in their middle; so they take a padding of half their side.
"""

import functools

import numpy as np

from cnnlib.arguments import integer
from cnnlib.data import _arrays
from cnnlib.reals import reals, up_to_one
from cnnlib.values import choice

__all__ = ["BAYER", "NAMES", "kernels", "mosaic", "psnr"]

#: Which of red, green and blue (0, 1, 2) is measured at a pixel, by the parity of its row and of its column.
BAYER = ((0, 1), (1, 2))
#: Kernels that there are: see `kernels`.
NAMES = ("tiled", "shared", "bilinear")


def mosaic(image):
    """What a sensor measures behind a mosaic of colour filters: one of the three colours at each pixel.

    Parameters
    ----------
    image : array_like, (height, width, 3)
        Red, green and blue.

    Returns
    -------
    ndarray, (height, width)

    Raises
    ------
    TypeError
        If the image holds no real numbers.
    ValueError
        If it has another shape, or holds NaN or infinity.

    References
    ----------
    B. E. Bayer, *Color imaging array*, US patent 3,971,065, 1976.

    Examples
    --------
    An even orange, with red 9, green 5 and blue 1:

    >>> mosaic(np.broadcast_to([9, 5, 1], (2, 4, 3)))
    array([[9., 5., 9., 5.],
           [5., 1., 5., 1.]])
    """
    image = reals("mosaic", "image", image, finite=True)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"mosaic: image has shape {image.shape}; use (height, width, 3)")
    measured = np.empty(image.shape[:2], image.dtype)
    for i, j in np.ndindex(2, 2):
        measured[i::2, j::2] = image[i::2, j::2, BAYER[i][j]]
    return measured


def kernels(name, kernel_size=5):
    """Kernels from one value of the mosaic to red, green and blue, (3, 1, K, K, TH, TW).

    Parameters
    ----------
    name : one of `NAMES`
        ``"tiled"``: four, one for each kind of pixel, so that the period (TH, TW) is (2, 2). ``"shared"``: one for
        all, (1, 1). Both were fitted to photographs by least squares, by ``experiments/demosaicing.py``.
        ``"bilinear"``: four again, nothing learned: the mean of the nearest pixels that measure the colour.
    kernel_size : int
        3 or 5. Bilinear kernels of 5 have zeros around those of 3.

    Raises
    ------
    TypeError, ValueError
        If ``name`` or ``kernel_size`` is none of these.

    Examples
    --------
    Green at a pixel that measures red is the mean of its four neighbours:

    >>> kernels("bilinear", 3)[1, 0, :, :, 0, 0]
    array([[0.  , 0.25, 0.  ],
           [0.25, 0.  , 0.25],
           [0.  , 0.25, 0.  ]])
    >>> kernels("tiled").size, kernels("shared").size
    (300, 75)
    """
    choice("kernels", "name", name, NAMES)
    size = integer("kernels", "kernel_size", kernel_size)
    if size not in (3, 5):
        raise ValueError(f"kernels: kernel_size={size} was not fitted; use 3 or 5")
    if name != "bilinear":
        return _arrays("kernels", "weights", "mosaic.npz")[f"{name}{size}"].astype(np.float64)
    return _bilinear(size).copy()


@functools.cache
def _bilinear(kernel_size):
    near = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 4  # a pixel counts by how near it is
    found = np.zeros((3, 1, 3, 3, 2, 2))
    for colour, i, j in np.ndindex(3, 2, 2):
        there = np.array([[BAYER[(i + r) % 2][(j + c) % 2] == colour for c in (1, 0, 1)] for r in (1, 0, 1)])
        weights = near * there
        if there[1, 1]:  # measured: kept as it is
            weights = weights * np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
        found[colour, 0, :, :, i, j] = weights / weights.sum()
    rim = (kernel_size - 3) // 2
    return np.pad(found, [(0, 0)] * 2 + [(rim, rim)] * 2 + [(0, 0)] * 2)


def psnr(image, reference):
    """Peak signal-to-noise ratio in dB, for values from 0 to 1: 10 dB more is a tenth of the squared error.

    Parameters
    ----------
    image, reference : array_like of one shape
        The reference goes up to 1 at most. The image may overshoot a little, as interpolations do.

    Returns
    -------
    float
        ``-10 log10`` of the mean squared difference; infinite where there is none.

    Raises
    ------
    TypeError
        If one holds no real numbers.
    ValueError
        If the shapes differ, if there is nothing in them, a value is not finite, or they count levels up to 255.

    Examples
    --------
    >>> psnr([0.5, 0.5], [0.4, 0.6])
    20.0
    """
    image, reference = (
        reals("psnr", name, array, finite=True) for name, array in (("image", image), ("reference", reference))
    )
    if image.shape != reference.shape or not image.size:
        raise ValueError(
            f"psnr: image has shape {image.shape} and reference {reference.shape}; use equal ones, not empty"
        )
    up_to_one("psnr", "reference", reference.max())
    error = float(np.mean((image - reference) ** 2))
    if error > 1:
        raise ValueError(
            f"psnr: image and reference differ by {error:.9g} in the mean of the squares, and values from 0 to 1 by 1 "
            "at most; use both from 0 to 1, as image / 255 gives"
        )
    return float("inf") if error == 0 else round(float(-10 * np.log10(error)), 12)
