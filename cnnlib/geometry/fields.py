"""Receptive fields: which input pixels one unit deep in a stack of layers can see."""

from fractions import Fraction
from math import prod
from typing import NamedTuple

from ..arguments import pair
from .stack import axes, is_paired


class ReceptiveField(NamedTuple):
    """What a unit sees of the input: unit 0 from `start`, each next one `jump` further on.

    Parameters
    ----------
    size : int or (int, int)
        Pixels from the first that a unit can see to the last, both included; with a
        transposed layer in the stack, of the unit that sees most.
    jump : int, Fraction or a pair
        Input pixels from one unit's field to the next one's: the effective stride.
    start : int, Fraction or a pair
        First pixel of unit 0's field, 0 being the first of the image: minus the effective
        padding. With a transposed layer, of a field of `size` about the unit's centre.
    """

    size: object
    jump: object
    start: object

    @property
    def centre(self):
        """The position about which the field of unit 0 lies, maybe between two pixels."""
        half = _each(lambda size: Fraction(size - 1, 2), self.size)
        return _each(lambda start, half: _whole(start + half), self.start, half)

    @property
    def padding(self):
        """How far unit 0 reaches beyond the image, also called the effective padding."""
        return _each(lambda start: -start, self.start)

    def window(self, unit):
        """Give the first and the last pixel of the field of a `unit`, padding counted on."""
        jump, start = self.jump, self.start
        first = _each(lambda jump, start, at: _whole(start + at * jump), jump, start, unit)
        return first, _each(lambda first, size: first + size - 1, first, self.size)


def receptive_field(layers):
    """Follow a window back through a stack of layers to the pixels that it depends on.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module
        From the input up. A dict has the names of `Layer`; of a module (or anything
        else that has a `kernel_size`) the attributes of these names are read. Layers that
        act on each pixel alone, such as a ReLU, are left out.

    Returns
    -------
    ReceptiveField
        From ``size, jump, start = 1, 1, 0``, a layer with ``span = dilation * (kernel_size
        - 1) + 1`` makes ``size += (span - 1) * jump``, ``start -= before * jump``, and then
        ``jump *= stride``. A transposed layer divides: ``jump /= stride``, so that `jump`
        and `start` may be fractions; `size` then is the largest over all units.

    Raises
    ------
    TypeError
        If a layer is none, or has an unknown option.
    ValueError
        If an option is out of range.

    References
    ----------
    Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
    Distill, 2019, "Single-path networks"; size, jump and minus the start are their receptive
    field size, effective stride and effective padding.

    Examples
    --------
    Five layers of 3x3 see 11 pixels, not 51; a stride early on is what makes fields large:

    >>> from cnnlib.geometry import Layer
    >>> receptive_field([Layer(3)] * 5)
    ReceptiveField(size=11, jump=1, start=0)
    >>> alexnet = [Layer(11, stride=4), Layer(3, stride=2), Layer(5, padding=2)]
    >>> receptive_field(alexnet)
    ReceptiveField(size=51, jump=8, start=-16)

    A transposed layer of stride 2 turns one jump into two halves:

    >>> receptive_field([Layer(4, stride=2, padding=1, transposed=True)])
    ReceptiveField(size=2, jump=Fraction(1, 2), start=Fraction(-3, 4))
    """
    stack, seen = axes("receptive_field", layers)
    found = [_field(windows) for windows in seen]
    return ReceptiveField(*zip(*found, strict=True)) if is_paired(stack) else found[0]


def pixels_read(layers, unit, *, size=None):
    """List the input pixels that one unit reads, gaps left out.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module
        As for `receptive_field`.
    unit : int or (row, column)
        Index of the unit in the output of the last layer.
    size : int, (height, width) or None
        Size of the image. Given, pixels outside it are left out, and so is what a unit
        reads through the padding of a layer in between, which is zero. None: an image
        without end.

    Returns
    -------
    tuple of int, or (rows, columns)
        The indices in order. The pixels read are all pairs of such a row and column.

    Raises
    ------
    TypeError, ValueError
        As `receptive_field`; also if `unit` lies outside the output.

    Examples
    --------
    Three layers of dilation 2 see 13 pixels and read 7 of them; 1, 2, 3 read all 13:

    >>> from cnnlib.geometry import Layer
    >>> pixels_read([Layer(3, dilation=2)] * 3, 0)
    (0, 2, 4, 6, 8, 10, 12)
    >>> len(pixels_read([Layer(3, dilation=d) for d in (1, 2, 3)], 0))
    13
    """
    name = "pixels_read"
    stack, seen = axes(name, layers)
    units = pair(name, "unit", unit, None)
    counts = (None, None)
    if size is not None:
        sizes = [pair(name, "size", size, 1)]
        for layer in stack:
            sizes.append(pair(name, "size", layer.output_size(sizes[-1])))
        counts = tuple(zip(*sizes, strict=True))
        if not all(0 <= at < count[-1] for at, count in zip(units, counts, strict=True)):
            raise ValueError(
                f"{name}: unit={unit!r} lies outside the {sizes[-1]} outputs of size={size!r}; "
                f"use indices from 0"
            )
    rows, columns = (
        tuple(sorted(_walk(windows, at, count)))
        for windows, at, count in zip(seen, units, counts, strict=True)
    )
    paired = is_paired(stack) or any(isinstance(value, (tuple, list)) for value in (unit, size))
    return (rows, columns) if paired else rows


def _field(windows):
    """Size, jump and start along one axis; the centre moves evenly, whatever the layer."""
    extent, jump, centre = 0, Fraction(1), Fraction(0)
    for taps, stride, before, gap, transposed in windows:
        reach = gap * (taps - 1)
        if transposed:
            jump /= stride
            centre += (before - Fraction(reach, 2)) * jump
        else:
            extent += reach * jump
            centre += (Fraction(reach, 2) - before) * jump
            jump *= stride
    size = extent + 1
    phases = prod(window.stride for window in windows if window.transposed)
    if any(window.transposed for window in windows):
        seen = [_walk(windows, unit, None) for unit in range(phases)]
        size = max((max(pixels) - min(pixels) + 1 for pixels in seen if pixels), default=0)
    return ReceptiveField(_whole(size), _whole(jump), _whole(centre - (size - 1) / Fraction(2)))


def _walk(windows, unit, counts):
    """Follow `unit` back to the set of indices that it reads, within `counts` if given."""
    indices = {unit}
    for depth in range(len(windows) - 1, -1, -1):
        taps, stride, before, gap, transposed = windows[depth]
        offsets = range(0, taps * gap, gap)
        if transposed:
            places = {at + before - offset for at in indices for offset in offsets}
            indices = {place // stride for place in places if place % stride == 0}
        else:
            indices = {at * stride - before + offset for at in indices for offset in offsets}
        if counts is not None:
            indices = {at for at in indices if 0 <= at < counts[depth]}
    return indices


def _whole(number):
    """Return a fraction without a denominator as an integer."""
    return int(number) if number == int(number) else number


def _each(function, *values):
    """Apply `function` to numbers, or to pairs entry by entry."""
    if any(isinstance(value, tuple) for value in values):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in values]
        return tuple(function(*entries) for entries in zip(*pairs, strict=True))
    return function(*values)
