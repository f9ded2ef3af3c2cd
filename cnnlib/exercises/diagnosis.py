"""What is wrong with an array, in words."""

import numbers

import numpy as np

__all__ = ["NoNumbers", "diagnose", "numbers_of"]


class NoNumbers(ValueError):
    """A result is no array of real numbers; the message says what it is."""


def numbers_of(result):
    """Return a result as a float64 array of our own, or raise `NoNumbers`.

    Numbers, arrays of NumPy and torch, and lists of them will do; text that looks like a number will not, nor complex
    numbers, whose imaginary part would be lost, nor masked values, which would come back.

    >>> numbers_of([True, 2.5])
    array([1. , 2.5])
    >>> numbers_of("2.5")
    Traceback (most recent call last):
    cnnlib.exercises.diagnosis.NoNumbers: the result should be an array of numbers, and is a str
    """
    if result is None or result is Ellipsis:
        raise NoNumbers("the function returns nothing yet")
    try:
        array = np.asarray(_without_gradients(result))
        if array.dtype.kind == "O" and all(isinstance(entry, numbers.Real) for entry in array.flat):
            array = array.astype(np.float64)  # integers beyond 64 bits, fractions
    except NoNumbers:
        raise
    except Exception as error:
        raise NoNumbers(
            f"the result should be an array of numbers, and {_a(result)} that can't be read as one ({error})"
        ) from None
    if array.dtype.kind == "c":
        raise NoNumbers("the result holds complex numbers; return their real part")
    if array.dtype.kind not in "biuf":
        inside = "" if array.ndim == 0 else f" of {array.dtype}"
        raise NoNumbers(f"the result should be an array of numbers, and {_a(result)}{inside}")
    with np.errstate(all="ignore"):
        return np.array(array, dtype=np.float64, subok=False)


def _without_gradients(result):
    """The values of torch's tensors, alone or in lists; whatever else there is as it is."""
    if isinstance(result, list | tuple):
        return [_without_gradients(entry) for entry in result]
    if np.ma.is_masked(result):
        raise NoNumbers(f"the result hides {np.ma.count_masked(result)} of its values behind a mask")
    if type(result).__module__.partition(".")[0] == "torch" and hasattr(result, "detach"):
        result = result.detach()
        return (result if result.dtype.is_complex else result.double()).numpy(force=True)
    return result


def _a(result):
    name = type(result).__name__
    return f"is an {name}" if name[0].lower() in "aeiou" else f"is a {name}"


def diagnose(got, want, mistakes=None):
    """Say what is wrong with an array, or return None where it is right to a millionth.

    Named ``mistakes`` are recognised first, {sentence: the array that comes of it, or a function that tells whether an
    array came of it}; then nothing returned, a wrong shape, NaN, zeros, a transposed, mirrored or shifted array, a
    factor, the right values or the right sum at the wrong positions; else the number or the first entry that differs.

    >>> want = np.array([[1., 2.], [3., 5.]])
    >>> diagnose(want.T, want)
    'the result is transposed: rows and columns are exchanged'
    >>> diagnose(want, want) is None
    True
    """
    want = np.asarray(want, dtype=np.float64)
    try:
        got = numbers_of(got)
    except NoNumbers as error:
        return str(error)
    with np.errstate(all="ignore"):  # a result may hold 1e308
        return _differs(got, want, mistakes or {})


def _differs(got, want, mistakes):
    if _equal(got, want):
        return None
    for sentence, mistake in mistakes.items():
        if mistake(got) if callable(mistake) else _equal(got, np.asarray(mistake, dtype=np.float64)):
            return sentence
    if got.shape != want.shape:
        if _equal(got.T, want):
            return "the result is transposed: rows and columns are exchanged"
        said = f"the result has shape {got.shape} and should have {want.shape}"
        if sorted(got.shape) == sorted(want.shape):
            return f"{said}: are the axes in that order?"
        near = got.ndim == want.ndim and max(np.abs(np.subtract(got.shape, want.shape))) == 1
        return said + ("; off by one: is the first position counted, and the last?" if near else "")
    if not np.isfinite(got).all():
        return f"the result holds {np.sum(~np.isfinite(got))} values that are NaN or infinite"
    if not got.any():
        return "the result is all zeros: is it filled anywhere?"
    for sentence, other in _rearranged(want):
        if _equal(got, other):
            return sentence
    moved = _shift(got, want)
    if moved:
        return f"the right values are at the wrong positions: {moved}"
    if not want.ndim:  # a number is always some factor of another, and has no position
        return f"the result is {got:.6g} and should be {want:.6g}"
    factor = np.vdot(want, got) / (np.vdot(want, want) or 1)
    if _equal(got, factor * want):
        return f"every value is {factor:.6g} times what it should be"
    if _equal(np.sort(got, axis=None), np.sort(want, axis=None)):
        return "the values are the right ones, in a wrong order"
    index = tuple(int(i) for i in np.argwhere(~_close(got, want))[0])
    where = f"at {list(index)} it has {got[index]:.6g} and should have {want[index]:.6g}"
    if _equal(got.sum(), want.sum()):
        return f"the sum is right, but the values are at the wrong positions; {where}"
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
    words = words if want.ndim == 2 else [("one position too early", "one position too late")]
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
