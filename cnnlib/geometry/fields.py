"""Receptive fields: which input pixels one unit deep in a stack of layers can see."""

from fractions import Fraction
from typing import NamedTuple

from ..arguments import pair
from .reads import stacked
from .stack import axes, is_paired, sizes_through


class _Numbers(NamedTuple):
    size: object
    jump: object
    start: object


class ReceptiveField(_Numbers):
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

    #: For each axis what every unit reads; None in a field that was put together from three integers.
    reads = None

    @classmethod
    def of(cls, reads, paired):
        """The field that `Reads` of both axes describe, in pairs or, of the first, in single values."""
        axes = [(r.size, _whole(r.jump), _whole(r.centre - Fraction(r.size - 1, 2))) for r in reads]
        field = cls(*(zip(*axes, strict=True) if paired else axes[0]))
        field.reads = tuple(reads)
        return field

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
        """Give the first and the last pixel of the field of a `unit`, padding counted on.

        Under a transposed layer some units see more than others, and one that sees nothing has None for both.

        Parameters
        ----------
        unit : int or (row, column)

        Examples
        --------
        >>> from cnnlib.geometry import Layer
        >>> field = receptive_field([Layer(4, stride=2, padding=1, transposed=True)])
        >>> [field.window(unit) for unit in range(3)]
        [(-1, 0), (0, 1), (0, 1)]
        """
        units = pair("ReceptiveField.window", "unit", unit, None)
        reads = self.reads
        if reads is None:
            if any(isinstance(value, Fraction) for value in _flat((self.jump, self.start))):
                raise ValueError(
                    f"ReceptiveField.window: jump={self.jump} and start={self.start} do not say what each unit "
                    "under a transposed layer sees; take the field from receptive_field"
                )
            jump, start, size = (
                pair("ReceptiveField", "field", value, None) for value in (self.jump, self.start, self.size)
            )
            first = [s + at * j for s, at, j in zip(start, units, jump, strict=True)]
            windows = [(f, f + n - 1) for f, n in zip(first, size, strict=True)]
        else:
            windows = [axis.window(at) for axis, at in zip(reads, units, strict=True)]
        paired = isinstance(self.size, tuple) or isinstance(unit, (tuple, list))
        return tuple(zip(*windows, strict=True)) if paired else windows[0]


def receptive_field(layers):
    """Follow a window back through a stack of layers to the pixels that it depends on.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module; or one torch module
        From the input up. A dict has the names of `Layer`; of a module (or anything
        else that has a `kernel_size`) the attributes of these names are read. A Sequential
        is opened, however deep they lie in one another, and what acts on each position
        alone or normalises is left out: activations, dropout, batch normalisation.

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
        If a layer is none, has an unknown option, or is a torch module that reads otherwise
        than by one window per unit: Linear, Flatten, Upsample, MaxUnpool2d, Fold,
        FractionalMaxPool2d, AdaptiveAvgPool2d, a module with a forward of its own.
    ValueError
        If an option is out of range. Both say which layer it is.

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
    return ReceptiveField.of([stacked(windows) for windows in seen], is_paired(stack))


def pixels_read(layers, unit, *, size=None):
    """List the input pixels that one unit reads, gaps left out.

    Parameters
    ----------
    layers : iterable of Layer, dict or torch module; or one torch module
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
        sizes = sizes_through(name, stack, size)
        counts = tuple(zip(*sizes, strict=True))
        if not all(0 <= at < count[-1] for at, count in zip(units, counts, strict=True)):
            raise ValueError(
                f"{name}: unit={unit!r} lies outside the {sizes[-1]} outputs of size={size!r}; use indices from 0"
            )
    rows, columns = (
        tuple(sorted(_walk(windows, at, count))) for windows, at, count in zip(seen, units, counts, strict=True)
    )
    paired = is_paired(stack) or any(isinstance(value, (tuple, list)) for value in (unit, size))
    return (rows, columns) if paired else rows


def _walk(windows, unit, counts):
    """Follow `unit` back to the set of indices that it reads, within `counts` if given."""
    indices = {unit}
    for depth in range(len(windows) - 1, -1, -1):
        taps, stride, before, gap, transposed = windows[depth]
        offsets = range(0, taps * gap, gap)
        if transposed:
            origins = {at + before - offset for at in indices for offset in offsets}
            indices = {origin // stride for origin in origins if origin % stride == 0}
        else:
            indices = {at * stride - before + offset for at in indices for offset in offsets}
        if counts is not None:
            indices = {at for at in indices if 0 <= at < counts[depth]}
    return indices


def _whole(number):
    """Return a fraction without a denominator as an integer."""
    return int(number) if number == int(number) else number


def _flat(values):
    return [entry for value in values for entry in (value if isinstance(value, tuple) else (value,))]


def _each(function, *values):
    """Apply `function` to single values, or to pairs entry by entry."""
    if any(isinstance(value, tuple) for value in values):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in values]
        return tuple(function(*entries) for entries in zip(*pairs, strict=True))
    return function(*values)
