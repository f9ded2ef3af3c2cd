"""Winograd's minimal filtering: a 3x3 convolution with a quarter of the multiplications.

To compute 4 x 4 neighbouring outputs of a 3x3 kernel takes 144 multiplications, or 36 and
some additions: seen as polynomials, the tile and the kernel are evaluated at six points,
multiplied there point by point, and the product is interpolated. Along each axis that is

    y = A^T ((G w) * (B^T x)),   6 inputs x, 3 weights w, 4 outputs y.

The result is the same up to rounding. But the rounding is that of the largest value in the
6 x 6 tile, and it reaches all outputs of the tile, also those that do not read that value;
hence the conditions in `suits_winograd`. And where the products cancel, as those of a smooth
image under a Laplacian do, the rounding stays and the output becomes small. No look at the
values beforehand can tell that cheaply, so `is_close` looks afterwards.
"""

import numpy as np

from cnnlib.ops.windows import bands, taps_of

__all__ = ["by_winograd", "is_close", "suits_winograd"]

_PROMISE = 1e-5  # of the largest output
_POINTS = 0, 2 / 3, -2 / 3, 3 / 2, -3 / 2  # and infinity; with 1 and 2 rounding doubles


def _matrices():
    """B^T, G and A^T for these points: Toom and Cook's product of polynomials, transposed."""
    points = np.array(_POINTS)
    b, g, a = np.zeros((6, 6)), np.zeros((6, 3)), np.zeros((4, 6))
    for i, p in enumerate(points):
        others = np.delete(points, i)
        b[i, :5] = np.poly(others)[::-1]  # the polynomial that is zero at the other points
        g[i] = p ** np.arange(3) / np.prod(p - others)
        a[:, i] = p ** np.arange(4)
    b[5], g[5, 2], a[3, 5] = np.poly(points)[::-1], 1, 1  # at infinity: the leading coefficient
    return b, g, a


def suits_winograd(x, w, window, groups):
    """Whether `by_winograd` may stand in for the direct product, and pays.

    It may where rounding is far below what float32 keeps anyway: in float32, for values
    that are alike, that is, finite and none beyond 30 times their root mean square. A lone
    bright pixel, a NaN, a gradient that starts from one output go the direct way. It pays
    from about 64 channels on either side.
    """
    if (window.kernel, window.stride, window.dilation, groups) != ((3, 3), (1, 1), (1, 1), 1):
        return False
    if x.dtype != np.float32 or min(len(w), w.shape[1]) < 48 or min(window.output) < 8:
        return False
    return x.size > 0 and _alike(x) and _alike(w)


def is_close(y, x, w, window):
    """Whether what `by_winograd` gave keeps to 1e-5 of its largest output, from a sample.

    The sample is computed anew, in float64: a few positions and channels spread over the output,
    the position that sees the largest number of the image and the channel with the largest weight.
    Its error has to be below a quarter of the promise, as most of the outputs were not looked at.
    """
    (n, o, oh, ow), (top, _, left, _), (height, width) = y.shape, window.padding, x.shape[2:]
    image, _, row, column = np.unravel_index(_largest(x), x.shape)
    lit = image, min(max(0, row + top - 1), oh - 1), min(max(0, column + left - 1), ow - 1)
    sampled = np.linspace(0, n * oh * ow - 1, min(16, max(1, n * oh * ow // 64)) + 2)[1:-1].astype(int)
    image, h, v = np.column_stack([np.unravel_index(sampled, (n, oh, ow)), lit])
    channels = np.append(np.linspace(0, o - 1, 16).astype(int), _largest(w) // w[0].size)
    rows, columns = (first[:, None] + np.arange(3) for first in (h - top, v - left))
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None]
    rows, columns = rows.clip(0, height - 1)[:, :, None], columns.clip(0, width - 1)[:, None]
    seen = x[image[:, None, None], :, rows, columns] * inside[..., None]  # (positions, 3, 3, C)
    kernels = w[channels].transpose(2, 3, 1, 0).reshape(-1, len(channels)).astype(np.float64)
    right = seen.reshape(len(seen), -1) @ kernels
    error = np.abs(y[image[:, None], channels, h[:, None], v[:, None]] - right).max()
    return bool(4 * error <= _PROMISE * max(float(y.max()), -float(y.min())))


def _largest(a):
    """Where the largest value lies, whatever its sign."""
    return max(a.argmax(), a.argmin(), key=lambda k: abs(a.flat[k]))


def _alike(a):
    flat = a.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        square, peak = float(np.dot(flat, flat)), max(float(a.max()), -float(a.min()))
    # NaN compares as False; beyond 1e30 the square would overflow
    return bool(square < 1e30 and peak * peak * a.size <= 900 * square)


def by_winograd(x, w, window):
    """`conv2d` without its checks, for 3x3 kernels at stride 1.

    Parameters
    ----------
    x, w : ndarray, (N, C, H, W) and (O, C, 3, 3)
    window : Windows

    Returns
    -------
    ndarray, (N, O, OH, OW)

    References
    ----------
    .. [1] A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", CVPR
       2016, sections 3 and 4.1, F(4x4, 3x3).
    """
    (n, c), o, (oh, ow) = x.shape[:2], len(w), window.output
    down, right = -(-oh // 4), -(-ow // 4)  # tiles of 4 x 4 outputs
    top, _, left, _ = window.padding
    framed = np.zeros((n, c, 4 * down + 2, 4 * right + 2), x.dtype)
    _paste(framed, x, top, left)
    tiles = taps_of(framed, (6, 6), (down, right), stride=(4, 4))
    both = [np.kron(m, m).astype(x.dtype) for m in _matrices()]  # rows and columns at once
    kernels = (both[1] @ w.reshape(o * c, 9).T).reshape(36, o, c)
    y = np.empty((n, o, down, 4, right, 4), x.dtype)
    for images, rows in bands(n, down, 36 * max(c, o) * right, 2**20):
        band = tiles[images, ..., rows, :].transpose(2, 3, 1, 0, 4, 5)  # (6, 6, C, N, h, w)
        points = (both[0] @ band.reshape(36, -1)).reshape(36, c, -1)
        products = (kernels @ points).reshape(36, -1)  # one matrix product for each point
        out = (both[2] @ products).reshape(4, 4, o, *band.shape[3:])
        y[images, :, rows] = out.transpose(3, 2, 4, 0, 5, 1)
    return np.ascontiguousarray(y.reshape(n, o, 4 * down, 4 * right)[:, :, :oh, :ow])


def _paste(framed, x, top, left):
    """Put x into the frame at (top, left); what sticks out, and negative sides, are cut."""
    x = x[:, :, max(0, -top) :, max(0, -left) :]
    room = framed[:, :, max(0, top) :, max(0, left) :]
    h, w = min(x.shape[2], room.shape[2]), min(x.shape[3], room.shape[3])
    room[:, :, :h, :w] = x[:, :, :h, :w]
