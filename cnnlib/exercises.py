"""Checkers for the exercises in which a reader completes a function.

A checker calls the reader's function on several cases, compares with what `cnnlib` computes, and
returns a `Verdict` that says what is wrong, not only that something is. The cases are asymmetric
and their sides differ, so that a transposed, mirrored or shifted answer never passes by luck.
"""

from typing import NamedTuple

import numpy as np

from cnnlib import geometry, ops

__all__ = ["Verdict", "check", "check_read_counts", "check_strided_convolution", "diagnose"]


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


def check_strided_convolution(function):
    """Check ``function(image, kernel, stride)``: 2-D, no padding, no flip (chapter 6)."""
    rng = np.random.default_rng(6)

    def conv(image, kernel, stride):
        return ops.conv2d(image[None, None], kernel[None, None], stride=stride)[0, 0]

    cases = []
    for size, taps, stride in (((5, 7), (3, 2), 1), ((8, 11), (3, 4), 2), ((9, 12), (2, 3), 4)):
        image = rng.integers(-9, 10, size).astype(float)
        kernel = rng.integers(-9, 10, taps).astype(float)
        want, dense = conv(image, kernel, stride), conv(image, kernel, 1)
        mistakes = {
            "the kernel is flipped, as mathematicians do it and frameworks do not": conv(
                image, kernel[::-1, ::-1], stride
            ),
            "the stride is not used: every window is there": dense,
            "the windows start at row and column 1 instead of 0": conv(image[1:, 1:], kernel, stride),
            "the last window is missing: the count is floor((size - kernel) / stride) + 1": want[:-1, :-1],
        }
        cases.append(((image, kernel, stride), want, mistakes))
    return check(function, cases, praise="every value agrees with cnnlib.ops.conv2d, at strides 1, 2 and 4.")


def check_read_counts(function):
    """Check ``function(size, kernel_size, stride)``: windows that read each pixel (chapter 6)."""
    cases = []
    for size, kernel_size, stride in ((7, 3, 2), (10, 3, 2), (23, 11, 4), (9, 2, 3)):
        windows = geometry.conv_output_size(size, kernel_size, stride=stride)
        want = _reads(size, kernel_size, stride, windows)
        mistakes = {
            "the stride is not used: windows start at every pixel": _reads(
                size, kernel_size, 1, size - kernel_size + 1
            ),
            "the last window is missing: count the first position too": _reads(size, kernel_size, stride, windows - 1),
            "a window hangs over the end: none may start beyond size - kernel_size": _reads(
                size, kernel_size, stride, windows + 1
            ),
            "these are the windows' first pixels; count all that a window covers": _reads(size, 1, stride, windows),
            "this says whether a pixel is read, not by how many windows": want > 0,
        }
        cases.append(((size, kernel_size, stride), want, mistakes))
    return check(function, cases, praise="every pixel of every case is counted rightly, the unread ones too.")


def _reads(size, kernel_size, stride, windows):
    counts = np.zeros(size)
    for window in range(windows):
        counts[window * stride : window * stride + kernel_size] += 1
    return counts
