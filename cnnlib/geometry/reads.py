"""Along one axis: the first and the last pixel that each unit reads, whatever layers lie between."""

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

import numpy as np


class Reads(NamedTuple):
    """Unit ``u + period`` reads what unit `u` does, `shift` pixels further on; so one period says all.

    Without transposed layers the period is 1. Units of the period that read nothing are left out.

    Parameters
    ----------
    period : int
        Units after which the pattern comes again.
    shift : int
        Pixels by which it has moved then.
    units : ndarray of int
        Those units of the first period that read something, in order.
    first, last : ndarray of int
        The first and the last pixel of each of them.
    centre : Fraction
        The position about which unit 0 reads; that of unit `u` is ``u * shift / period`` further on.
    """

    period: int
    shift: int
    units: np.ndarray
    first: np.ndarray
    last: np.ndarray
    centre: Fraction

    @property
    def jump(self):
        """Pixels from one unit to the next."""
        return Fraction(self.shift, self.period)

    @property
    def size(self):
        """Pixels from the first to the last, of the unit that sees most."""
        return int((self.last - self.first).max()) + 1 if len(self.units) else 0

    def window(self, unit):
        """The first and the last pixel that a unit reads; (None, None) if it reads nothing."""
        turns, unit = divmod(unit, self.period)
        index = int(np.searchsorted(self.units, unit))
        if index == len(self.units) or self.units[index] != unit:
            return None, None
        return int(self.first[index]) + turns * self.shift, int(self.last[index]) + turns * self.shift

    def above(self, axis):
        """What the units of a layer read that stands on these units; `axis` is a `stack.Axis`."""
        taps, stride, before, gap, transposed = axis
        reach = Fraction(gap * (taps - 1), 2)
        if transposed:
            period, shift = self.period * stride, self.shift
            centre = self.centre + (before - reach) * self.jump / stride
        else:
            common = gcd(self.period, stride)
            period, shift = self.period // common, self.shift * (stride // common)
            centre = self.centre + (reach - before) * self.jump
        if self.period == 1 and not transposed:  # all units read alike, and every tap hits
            return Reads(1, shift, self.units, *self._moved(-before, gap * (taps - 1) - before), centre)
        offsets = range(0, gap * taps, gap)
        largest = max(period, self.period) * max(stride, 1) + gap * taps + before
        kind = np.int64 if (largest + abs(shift)) ** 2 < 2**62 else object  # Python's integers do not overflow
        units, first, last = (a.astype(kind) for a in (self.units, self.first, self.last))
        found = []
        for offset in offsets:
            if transposed:  # unit i is scattered to i * stride - before + offset
                at = units * stride - before + offset
                turns = at // period
                found.append((at - turns * period, first - turns * shift, last - turns * shift))
            else:  # unit u gathers u * stride - before + offset, which must be one of ours, whole periods aside
                steps = units + before - offset
                hit = steps % common == 0
                inverse = pow(stride // common, -1, period) if period > 1 else 0
                at = steps[hit] // common * inverse % period
                turns = (at * stride - before + offset - units[hit]) // self.period * self.shift
                found.append((at, first[hit] + turns, last[hit] + turns))
        return Reads(period, shift, *_hulls(*map(np.concatenate, zip(*found, strict=True))), centre)

    def _moved(self, first, last):
        """First and last after that many units more, as Python's integers, which do not overflow."""
        ends = (self.first, first), (self.last, last)
        return (np.array([int(pixel) + units * self.shift for pixel in end], dtype=object) for end, units in ends)


def pixels():
    """What the pixels of an image read: each itself."""
    zero = np.zeros(1, np.int64)
    return Reads(1, 1, zero, zero, zero, Fraction(0))


def stacked(windows):
    """What the top units of a stack of `stack.Axis` read."""
    reads = pixels()
    for axis in windows:
        reads = reads.above(axis)
    return reads


def hull(*branches):
    """What a unit reads through several branches, the same unit of each; their jumps must agree."""
    period = lcm(*(reads.period for reads in branches))
    shift = int(branches[0].jump * period)
    found = []
    for reads in branches:
        for turn in range(period // reads.period):
            more = turn * reads.shift
            found.append((reads.units + turn * reads.period, reads.first + more, reads.last + more))
    units, first, last = _hulls(*map(np.concatenate, zip(*found, strict=True)))
    centre = branches[0].centre
    if len(units):
        middles = Fraction(int(first.sum()) + int(last.sum()), 2)
        centre = (middles - Fraction(shift, period) * int(units.sum())) / len(units)
    return Reads(period, shift, units, first, last, centre)


def _hulls(units, first, last):
    """Of all that is read by the same unit, the first and the last; the units in order."""
    order = np.argsort(units, kind="stable")
    units, first, last = units[order], first[order], last[order]
    starts = np.flatnonzero(np.concatenate([[True], units[1:] != units[:-1]])) if len(units) else order
    if not len(starts):
        return units, first, last
    return units[starts], np.minimum.reduceat(first, starts), np.maximum.reduceat(last, starts)
