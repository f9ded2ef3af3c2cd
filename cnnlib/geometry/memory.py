"""Bytes: what weights, their training and the activations take."""

from typing import NamedTuple

from ..arguments import integer
from ..values import choice

BYTES = {
    "float64": 8,
    "float32": 4,
    "bfloat16": 2,
    "float16": 2,
    "int64": 8,
    "int32": 4,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
}

#: Values that an optimiser keeps for each parameter.
STATE = {"sgd": 0, "momentum": 1, "adam": 2}


class Memory(NamedTuple):
    """Bytes that a set of parameters takes, by what they are for.

    Parameters
    ----------
    weights : int
        The parameters themselves.
    gradients : int
        One number for each while training.
    optimizer : int
        What the optimiser remembers of earlier steps.
    """

    weights: int
    gradients: int
    optimizer: int

    @property
    def total(self):
        """All of it, in bytes."""
        return sum(self)


def memory_bytes(parameters, *, dtype="float32", optimizer=None):
    """Count the bytes of weights, gradients and optimiser state; activations come on top.

    Parameters
    ----------
    parameters : int
        How many, >= 0.
    dtype : str, numpy dtype or torch dtype
        What every number is stored as: float64, float32, bfloat16, float16 or an integer
        type from int8 to int64.
    optimizer : {None, "sgd", "momentum", "adam"}
        None counts the weights only, as for inference.

    Returns
    -------
    Memory
        ``weights``, ``gradients``, ``optimizer`` and their ``total``: per parameter one
        number to use, one more to train, and 0 (SGD), 1 (momentum) or 2 (Adam) beside.

    Raises
    ------
    TypeError
        If `parameters` is no integer, or the optimiser no string.
    ValueError
        If `parameters` is negative, or the dtype or the optimiser is not known.

    References
    ----------
    Kingma and Ba, "Adam", arXiv:1412.6980, algorithm 1: the two moments.

    Examples
    --------
    The exam's dense layer of 1e10 parameters takes 40 GB, and two to four times that
    to train (GB of 10**9 bytes):

    >>> memory_bytes(10**10).total // 10**9
    40
    >>> [memory_bytes(10**10, optimizer=o).total // 10**9 for o in ("sgd", "momentum", "adam")]
    [80, 120, 160]
    """
    name = "memory_bytes"
    weights = integer(name, "parameters", parameters, 0) * _itemsize(name, dtype)
    if optimizer is None:
        return Memory(weights, 0, 0)
    choice(name, "optimizer", optimizer, STATE, also="None (inference) or ")
    return Memory(weights, weights, weights * STATE[optimizer])


def activation_bytes(values, *, dtype="float32", batch_size=1):
    """Count the bytes of feature maps, which grow with the batch as no weight does.

    Parameters
    ----------
    values : int
        Values for one image, >= 0, as `count_activations` gives.
    dtype : str, numpy dtype or torch dtype
        As for `memory_bytes`.
    batch_size : int
        Images at a time, >= 1.

    Returns
    -------
    int
        ``values * batch_size * bytes per number``

    Raises
    ------
    TypeError
        If an argument is no integer.
    ValueError
        If an argument is out of range, or the dtype is not known.

    Examples
    --------
    A 3x3 layer from 3 to 64 channels at 1000x1000 pixels: 6.9 kB of weights, 256 MB of output:

    >>> memory_bytes(3 * 3 * 3 * 64).total, activation_bytes(64 * 1000 * 1000)
    (6912, 256000000)
    """
    name = "activation_bytes"
    count = integer(name, "values", values, 0) * integer(name, "batch_size", batch_size, 1)
    return count * _itemsize(name, dtype)


def _itemsize(function, dtype):
    """Bytes of one number; a dtype may be a name, or belong to NumPy or torch."""
    name = getattr(dtype, "__name__", str(dtype)).removeprefix("torch.")
    if name not in BYTES:
        choice(function, "dtype", dtype, BYTES)
    return BYTES[name]
