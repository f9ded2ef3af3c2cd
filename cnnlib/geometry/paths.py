"""Ways through a stack: by how many paths a unit depends on each input pixel."""

from collections import Counter

from ..arguments import pair
from .stack import axes, is_paired, sizes_through


def count_paths(layers, unit, *, size):
    """Count the paths by which each pixel along an axis reaches one unit.

    A path takes one tap in every layer. With all weights 1, and the mean times its number of
    taps in place of a pooling, the count is the gradient of the unit with respect to the
    pixel. With independent weights of mean 0 and one variance it is in proportion to the mean
    of the *squared* gradient: the product of two different paths has the mean 0.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module; or one torch module
        From the input up, as for `receptive_field`.
    unit : int or (row, column)
        Index of the unit in the output of the last layer.
    size : int or (height, width)
        Size of the image, >= 1. Paths through the padding of any layer end there.

    Returns
    -------
    tuple of int, or (rows, columns)
        One count for each pixel of the axis. In two dimensions a pixel has the product of the
        count of its row and that of its column.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If an argument is out of range, a window does not fit, or `unit` lies outside the output.

    References
    ----------
    Luo, Li, Urtasun and Zemel, "Understanding the Effective Receptive Field in Deep
    Convolutional Neural Networks", NIPS 2016, section 2.

    Examples
    --------
    Five layers of 3 see 11 pixels, but 51 of 243 paths come from the middle one, and 1 from
    each end:

    >>> from cnnlib.geometry import Layer
    >>> count_paths([Layer(3)] * 5, 0, size=11)
    (1, 5, 15, 30, 45, 51, 45, 30, 15, 5, 1)

    Dilations of 2 alone never read every other pixel:

    >>> count_paths([Layer(3, dilation=2)] * 2, 0, size=9)
    (1, 0, 2, 0, 3, 0, 2, 0, 1)
    """
    name = "count_paths"
    stack, seen = axes(name, layers)
    units = pair(name, "unit", unit, None)
    sizes = sizes_through(name, stack, size)
    if not all(0 <= at < count for at, count in zip(units, sizes[-1], strict=True)):
        raise ValueError(
            f"{name}: unit={unit!r} lies outside the {sizes[-1]} outputs of size={size!r}; use indices from 0"
        )
    rows, columns = (
        _counted(windows, at, counts) for windows, at, counts in zip(seen, units, zip(*sizes, strict=True), strict=True)
    )
    paired = is_paired(stack) or any(isinstance(value, (tuple, list)) for value in (unit, size))
    return (rows, columns) if paired else rows


def _counted(windows, unit, counts):
    """Follow the paths of `unit` down one axis; `counts` are its units from the input up."""
    paths = {unit: 1}
    for (taps, stride, before, gap, transposed), inside in zip(windows[::-1], counts[-2::-1], strict=True):
        below = Counter()
        for at, ways in paths.items():
            for offset in range(0, taps * gap, gap):
                origin = at + before - offset if transposed else at * stride - before + offset
                if transposed:
                    if origin % stride:
                        continue
                    origin //= stride
                if 0 <= origin < inside:
                    below[origin] += ways
        paths = below
    return tuple(paths.get(pixel, 0) for pixel in range(counts[0]))
