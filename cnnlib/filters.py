"""Filter banks: learned, random and trained ones, and what can be measured on a filter.

A bank is an array (filters, 3, side, side), its channels red, green, blue, for photographs that run from 0 to 1 less
the mean of each channel. Every bank is kept in 8 bits with a factor for each filter, so that whoever uses it uses the
same numbers.
"""

import functools
from typing import NamedTuple

import numpy as np

from cnnlib import data
from cnnlib.data import _arrays
from cnnlib.reals import reals
from cnnlib.values import choice

__all__ = ["NAMES", "Features", "bank", "features", "levels", "match", "power", "similarity", "sparseness"]

NAMES = ("learned", "second", "third", "unlearned", "scrambled", "random", "squeezenet", "face")
BINS = 32  # frequencies along each axis of a spectrum


def bank(name: str) -> np.ndarray:
    """A bank of filters, (filters, 3, side, side) of float64.

    Parameters
    ----------
    name : one of `NAMES`
        ``"learned"``, ``"second"`` and ``"third"``: 96 of 11 x 11 by independent component analysis of the book's
        photographs, from three seeds. ``"unlearned"``: the random rotation from which the first of them started.
        ``"scrambled"``: by the same algorithm from photographs whose phases were drawn at random. ``"random"``: 96 of
        11 x 11, every weight drawn by itself. ``"squeezenet"``: the 64 of 3 x 3 that SqueezeNet 1.1 learned on
        ImageNet. ``"face"``: the 32 of 7 x 7 that a network for faces learned.

    Raises
    ------
    TypeError, ValueError
        If there is no bank of that name.

    References
    ----------
    Hyvarinen, *Fast and robust fixed-point algorithms for independent component analysis*, 1999.

    Examples
    --------
    >>> bank("learned").shape, bank("face").shape
    ((96, 3, 11, 11), (32, 3, 7, 7))
    """
    whole, factors = _levels(choice("bank", "name", name, NAMES))
    return whole * factors[:, None, None, None]


def levels(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The same bank as integers from -127 to 127 (filters, 3, side, side), and its factors (filters,); read only.

    Raises
    ------
    TypeError, ValueError
        If there is no bank of that name.

    Examples
    --------
    >>> whole, factors = levels("face")
    >>> whole.shape, factors.shape, int(abs(whole).max())
    ((32, 3, 7, 7), (32,), 127)
    """
    return _levels(choice("levels", "name", name, NAMES))


@functools.cache
def _levels(name):
    if name == "random":
        whole, factors = _drawn((96, 3, 11, 11)), np.full(96, 1 / 1400)  # norms near 1
    elif name in ("squeezenet", "face"):
        if name == "squeezenet":
            weights = data.squeezenet_weights()["conv1/w"][:, ::-1] * 255.0  # blue, green, red in 0 to 255
        else:
            weights = _arrays("bank", "face_conv1.npz")["weight"].transpose(3, 2, 0, 1).astype(float)
        factors = np.abs(weights).reshape(len(weights), -1).max(axis=1).astype(np.float32) / np.float32(127)
        whole = np.round(weights / factors[:, None, None, None])
    else:
        key = {"learned": "seed0", "second": "seed1", "third": "seed2"}.get(name, name)
        whole, factors = _arrays("bank", "weights", "learned_filters.npz", names=(key, f"{key}_factor")).values()
    whole, factors = whole.astype(np.int8), factors.astype(np.float64)
    whole.flags.writeable = factors.flags.writeable = False
    return whole, factors


def _drawn(shape):
    """Integers from -127 to 127 out of a congruential generator that any language can repeat."""
    state, found = 403, np.empty(shape, np.int8)
    for i in range(found.size):
        state = (1664525 * state + 1013904223) % 2**32
        found.flat[i] = (state >> 16) % 255 - 127
    return found


def power(weights) -> np.ndarray:
    """How much of each wave is in a filter: squared amplitude, summed over its channels, (..., 32, 32).

    The filter is filled up with zeros to 32 x 32. Entry [v, u] is the wave with v / 32 cycles per pixel down and u / 32
    across; the second half of each axis are the negative frequencies, as in `numpy.fft.fft2`.

    Raises
    ------
    TypeError, ValueError
        If `weights` hold no finite numbers, or have another shape.

    Examples
    --------
    A mean passes what is even, and nothing of a wave that alternates:

    >>> found = power(np.ones((1, 3, 2, 2)))[0]
    >>> found[0, 0].round(6), found[16, 0].round(6)
    (np.float64(48.0), np.float64(0.0))
    """
    return np.square(np.abs(np.fft.fft2(_filters("power", weights), (BINS, BINS)))).sum(axis=-3)


class Features(NamedTuple):
    """What `features` measures, an array (filters,) each.

    orientation : direction of its bars in degrees, 0 to 180: 0 horizontal, 45 rising to the right, 90 vertical
    oriented : 0 no direction preferred, 1 a single one
    frequency : of the strongest wave, in cycles per pixel
    colour : share of the energy that is left without the mean of the channels; 0 grey, 1 pure opponent colours
    energy : sum of the squared weights
    """

    orientation: np.ndarray
    oriented: np.ndarray
    frequency: np.ndarray
    colour: np.ndarray
    energy: np.ndarray


def features(weights) -> Features:
    """Measure every filter of a bank (filters, 3, side, side).

    Orientation and its strength come from the second moments of the power spectrum.

    Raises
    ------
    ValueError
        If the array has not four dimensions and three channels.

    Examples
    --------
    >>> upright = np.tile([1.0, 0.0, -1.0], (1, 3, 3, 1))     # a grey edge: bright on the left
    >>> measured = features(upright)
    >>> measured.orientation.round(6), measured.colour.round(6)
    (array([90.]), array([0.]))
    """
    weights = _filters("features", weights)
    strength = power(weights)
    line = np.fft.fftfreq(BINS)  # cycles per pixel
    down, across = line[:, None], line
    xx, yy = ((strength * axis**2).sum(axis=(1, 2)) for axis in (across, down))
    xy = (strength * down * across).sum(axis=(1, 2))
    varies = np.degrees(np.arctan2(2 * xy, xx - yy)) / 2  # the direction in which it varies, downwards positive
    half = strength[:, :, : BINS // 2 + 1].reshape(len(weights), -1)
    peak = half.argmax(axis=1)
    rows, columns = np.divmod(peak, BINS // 2 + 1)
    rows = np.minimum(rows, BINS - rows)
    energy = np.square(weights).sum(axis=(1, 2, 3))
    grey = 3 * np.square(weights.mean(axis=1)).sum(axis=(1, 2))
    some = np.where(energy > 0, energy, 1)
    return Features(
        orientation=(-(varies + 90)) % 180,
        oriented=np.sqrt((xx - yy) ** 2 + 4 * xy**2) / np.where(xx + yy > 0, xx + yy, 1),
        frequency=np.sqrt(rows**2 + columns**2) / BINS,
        colour=np.where(energy > 0, 1 - grey / some, 0.0),
        energy=energy,
    )


def sparseness(responses) -> float:
    """How few of the responses are large: 1 - (mean magnitude)^2 / mean square.

    0 when all are equally large, 1 - 2 / pi = 0.36 for a Gaussian, 0.5 for a Laplace distribution, near 1 when a few
    responses are large and all others nothing.

    Raises
    ------
    TypeError, ValueError
        If `responses` holds no finite values, or nothing.

    References
    ----------
    Treves and Rolls, *What determines the capacity of autoassociative memories in the brain?*, 1991, of magnitudes.

    Examples
    --------
    >>> sparseness([0, 0, 0, 5])
    0.75
    """
    responses = np.abs(reals("sparseness", "responses", responses, finite=True))
    if not responses.size:
        raise ValueError("sparseness: responses is empty; use at least one")
    largest = responses.max()
    if largest == 0:
        return 0.0
    responses = responses / largest  # so that no square leaves the range of float64
    return float(1 - responses.mean() ** 2 / np.square(responses).mean())


def similarity(first, second) -> np.ndarray:
    """Absolute cosine of every filter of one bank with every filter of another, (filters, filters).

    A filter and its negative count as the same: which of the two comes out is as arbitrary as its index. A filter of
    zeros is like no other.

    Raises
    ------
    TypeError, ValueError
        If a bank holds no finite numbers, or the windows differ.

    Examples
    --------
    >>> similarity([[1, 0], [3, 4]], [[-2, 0], [0, 0]])
    array([[1. , 0. ],
           [0.6, 0. ]])
    """
    return _alike("similarity", first, second)


def _alike(function, first, second):
    first, second = _unit(function, "first", first), _unit(function, "second", second)
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"{function}: filters of {first.shape[1]} and of {second.shape[1]} weights; use banks of the same window"
        )
    return np.abs(first @ second.T)


def match(first, second) -> np.ndarray:
    """For every filter of one bank its own partner in another: the most similar pair, then the next, without repeats.

    Returns
    -------
    Array (filters,) of int: ``second[match(first, second)]`` stands in the order of ``first``.

    Raises
    ------
    TypeError, ValueError
        If a bank holds no finite numbers, the windows differ, or `second` has fewer filters.

    Examples
    --------
    >>> one = np.random.default_rng(0).normal(size=(5, 3, 3, 3))
    >>> order = np.array([3, 0, 4, 2, 1])
    >>> match(one, one[order])[order]
    array([0, 1, 2, 3, 4])
    """
    alike = _alike("match", first, second)
    if alike.shape[0] > alike.shape[1]:
        raise ValueError(f"match: {alike.shape[0]} filters, but only {alike.shape[1]} partners; exchange the banks")
    partner = np.full(len(alike), -1)
    for index in np.argsort(-alike, axis=None, kind="stable"):
        row, column = divmod(int(index), alike.shape[1])
        if partner[row] < 0 and column not in partner:
            partner[row] = column
    return partner


def _filters(function, weights):
    weights = reals(function, "weights", weights, finite=True)
    if weights.ndim != 4 or weights.shape[1] != 3 or max(weights.shape[2:]) > BINS:
        raise ValueError(
            f"{function}: weights of shape {weights.shape}; it takes (filters, 3, height, width), "
            f"at most {BINS} a side; for one filter write weights[None]"
        )
    return weights


def _unit(function, name, weights):
    """Each filter as a row of length 1; one of zeros stays."""
    weights = reals(function, name, weights, finite=True)
    if weights.ndim < 2 or not weights.size:
        raise ValueError(f"{function}: {name} has shape {weights.shape}; use a bank (filters, ...), none empty")
    rows = weights.reshape(len(weights), -1)
    rows = rows / (np.abs(rows).max(axis=1, keepdims=True) + (rows == 0).all(axis=1, keepdims=True))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
