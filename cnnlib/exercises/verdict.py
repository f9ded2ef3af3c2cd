"""What a checker says of an answer, and how it finds out what went wrong.

A checker calls the reader's function on several cases, compares with what `cnnlib` computes, and
returns a `Verdict` that says what is wrong, not only that something is. The cases are asymmetric
and their sides differ, so that a transposed, mirrored or shifted answer never passes by luck.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Verdict", "check", "diagnose"]


class Verdict(NamedTuple):
    """Whether an answer is right, and one sentence about it; true in an ``if`` when right."""

    right: bool
    sentence: str

    def __bool__(self):
        return self.right

    def __repr__(self):
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"


def check(function, cases, *, praise):
    """Try ``function`` on each case until one fails.

    Parameters
    ----------
    function : the reader's
    cases : iterable of (arguments, expected array, mistakes); arguments is a tuple, and mistakes a
        dictionary {what was probably done: the array that comes of it}
    praise : the sentence for an answer that is right in every case

    Returns
    -------
    Verdict
    """
    if not callable(function):
        return Verdict(False, f"give the function itself, not its result; this is {function!r}")
    for arguments, want, mistakes in cases:
        asked = f"for {_spell(arguments)}, "
        copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            got = function(*copies)
        except NotImplementedError:
            return Verdict(False, "the function is still to be written")
        except Exception as error:
            return Verdict(False, f"{asked}the function stops with {type(error).__name__}: {error}")
        problem = diagnose(got, want, mistakes)
        if problem:
            return Verdict(False, asked + problem)
        if any(
            isinstance(a, np.ndarray) and not np.array_equal(a, copy) for a, copy in zip(arguments, copies, strict=True)
        ):
            return Verdict(False, f"{asked}the result is right, but the function changes its input")
    return Verdict(True, praise)


def _spell(arguments):
    return ", ".join(
        f"a {' x '.join(map(str, a.shape))} array" if isinstance(a, np.ndarray) else repr(a) for a in arguments
    )


def diagnose(got, want, mistakes=None):
    """Say what is wrong with an array, or return None where it is right to a millionth.

    Named ``mistakes`` {sentence: array} are recognised first; then nothing returned, a wrong shape,
    NaN, zeros, a transposed, mirrored or shifted array, a factor, the right values or the right sum
    in the wrong places; else the first entry that differs.

    >>> want = np.array([[1., 2.], [3., 5.]])
    >>> diagnose(want.T, want)
    'the result is transposed: rows and columns are exchanged'
    >>> diagnose(want, want) is None
    True
    """
    want = np.asarray(want, dtype=np.float64)
    if got is None or got is Ellipsis:
        return "the function returns nothing yet"
    try:
        got = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        return f"the result should be an array of numbers, and is {type(got).__name__}"
    for sentence, mistake in (mistakes or {}).items():
        if _equal(got, np.asarray(mistake, dtype=np.float64)) and not _equal(mistake, want):
            return sentence
    if got.shape != want.shape:
        if _equal(got.T, want):
            return "the result is transposed: rows and columns are exchanged"
        near = got.ndim == want.ndim and max(np.abs(np.subtract(got.shape, want.shape))) == 1
        return f"the result has shape {got.shape} and should have {want.shape}" + (
            "; off by one: is the first position counted, and the last?" if near else ""
        )
    if not np.isfinite(got).all():
        return f"the result holds {np.sum(~np.isfinite(got))} values that are NaN or infinite"
    if _equal(got, want):
        return None
    if not got.any():
        return "the result is all zeros: is it filled anywhere?"
    for sentence, other in _rearranged(want):
        if _equal(got, other):
            return sentence
    moved = _shift(got, want)
    if moved:
        return f"the right values sit in the wrong place: {moved}"
    factor = np.vdot(want, got) / (np.vdot(want, want) or 1)
    if _equal(got, factor * want):
        return f"every value is {factor:.6g} times what it should be"
    if _equal(np.sort(got, axis=None), np.sort(want, axis=None)):
        return "the values are the right ones, in a wrong order"
    place = tuple(int(i) for i in np.argwhere(~_close(got, want))[0])
    where = f"at {list(place)} it has {got[place]:.6g} and should have {want[place]:.6g}"
    if _equal(got.sum(), want.sum()):
        return f"the sum is right, but the values are in the wrong places; {where}"
    return where


def _close(got, want):
    return np.isclose(got, want, rtol=1e-6, atol=1e-6)


def _equal(got, want):
    return np.shape(got) == np.shape(want) and bool(_close(got, want).all())


def _rearranged(want):
    if want.ndim == 2:
        yield "the result is transposed: rows and columns are exchanged", want.T
        yield "the result is upside down: the rows run backwards", want[::-1]
        yield "the result is mirrored: the columns run backwards", want[:, ::-1]
        yield "the result is turned by half a turn", want[::-1, ::-1]
    elif want.ndim == 1:
        yield "the result runs backwards", want[::-1]


def _shift(got, want):
    """In words, where `want` moved by one along an axis or two gives `got`; None if nowhere."""
    words = [
        ("one row too early", "one row too late"),
        ("one column too early", "one column too late"),
    ]
    words = words if want.ndim == 2 else [("one place too early", "one place too late")]
    if want.ndim not in (1, 2) or min(want.shape) < 3:
        return None
    for step in np.ndindex(*(3,) * want.ndim):
        step = np.subtract(step, 1)
        if not step.any():
            continue
        here = tuple(slice(max(s, 0), n + min(s, 0)) for s, n in zip(step, want.shape, strict=True))
        there = tuple(slice(max(-s, 0), n - max(s, 0)) for s, n in zip(step, want.shape, strict=True))
        if _equal(got[here], want[there]) and np.ptp(want[there]) > 0:
            return " and ".join(pair[int(s > 0)] for s, pair in zip(step, words, strict=True) if s)
    return None
