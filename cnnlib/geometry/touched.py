"""Gridding in integers: which pixels of its field a unit of a stack really reads."""

from fractions import Fraction
from typing import NamedTuple

from ..arguments import pair
from .fields import pixels_read, receptive_field
from .stack import axes, is_paired


class Touched(NamedTuple):
    """The pixels that a unit reads, among those of its receptive field; made by `touched`.

    Parameters
    ----------
    offsets : tuple of int, or (rows, columns)
        Along one axis, the pixels read, counted from the first.
    count, field : int
        Pixels read, and pixels of the field, in the plane.
    jump : int or (int, int)
        Pixels from one unit's field to the next one's.
    """

    offsets: tuple
    count: int
    field: int
    jump: object

    @property
    def share(self):
        """The part of the field that is read, a fraction."""
        return Fraction(self.count, self.field)

    def common(self, step):
        """Count the pixels that a unit shares with the unit `step` units away.

        Parameters
        ----------
        step : int or (down, right)
            One integer stands for a step along the row.

        Returns
        -------
        int
        """
        steps = pair("Touched.common", "step", step, None, "(down, right)")
        if not isinstance(step, (tuple, list)):
            steps = 0, steps[1]
        jumps = self.jump if isinstance(self.jump, tuple) else (self.jump, self.jump)
        lines = self.offsets if isinstance(self.offsets[0], tuple) else (self.offsets, self.offsets)
        both = [
            len(set(line) & {at + by * jump for at in line}) for line, by, jump in zip(lines, steps, jumps, strict=True)
        ]
        return both[0] * both[1]


def touched(layers):
    """Say which pixels of its receptive field a unit of a stack reads, gaps left out.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module
        As for `receptive_field`; none of them transposed.

    Returns
    -------
    Touched
        The offsets are the sums of one tap from each layer, ``i * dilation * jump`` with the
        jump of the layers below; without a pair anywhere, they hold for rows and columns.

    Raises
    ------
    TypeError
        If a layer is none, or has an unknown option.
    ValueError
        If an option is out of range, or a layer is transposed: its units read by turns.

    References
    ----------
    P. Wang et al., "Understanding convolution for semantic segmentation", WACV 2018, section
    3.2 (gridding).

    Examples
    --------
    Three layers of dilation 2 read 49 of 169 pixels, and two neighbours have none in common;
    dilations 1, 2, 3 read all of the same field:

    >>> from cnnlib.geometry import Layer
    >>> grid = touched([Layer(3, dilation=2)] * 3)
    >>> grid.offsets, grid.count, grid.field, grid.common(1)
    ((0, 2, 4, 6, 8, 10, 12), 49, 169, 0)
    >>> full = touched([Layer(3, dilation=d) for d in (1, 2, 3)])
    >>> full.count, full.field, full.common(1)
    (169, 169, 156)
    """
    name = "touched"
    stack, _ = axes(name, layers)
    for index, layer in enumerate(stack):
        if layer.transposed:
            raise ValueError(
                f"{name}: layer {index} is transposed, so its units read different pixels by turns; "
                "use pixels_read for one unit"
            )
    lines, field = pixels_read(stack, (0, 0)), receptive_field(stack)
    offsets = tuple(tuple(at - line[0] for at in line) for line in lines)
    reach = [line[-1] + 1 for line in offsets]
    found = offsets if is_paired(stack) else offsets[0]
    return Touched(found, len(offsets[0]) * len(offsets[1]), reach[0] * reach[1], field.jump)
