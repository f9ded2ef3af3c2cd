"""The matrix of a linear operation, found by asking the operation itself."""

import numpy as np

from .arguments import integers
from .reals import reals
from .values import callable_

__all__ = ["matrix_of"]


def matrix_of(operation, shape):
    """Write a linear operation as the matrix A of ``y = A x``, both flattened row by row.

    Each unit vector goes through the operation, all in one batch; what comes out of the one
    with its 1 at index c is column c.

    Parameters
    ----------
    operation : callable
        From a batch ``(N, *shape)`` to a batch ``(N, *result_shape)``, in float64. No bias.
    shape : int or tuple of int
        Shape of one input without the batch axis: ``(C, L)`` for `ops.conv1d`, ``(C, H, W)`` for
        `ops.conv2d`, the number of features for `ops.linear`.

    Returns
    -------
    ndarray, (outputs, inputs) of float64
        ``A[r, c]`` is the weight with which output r reads input c.

    Raises
    ------
    TypeError
        If `operation` can't be called or gives no real numbers, or `shape` holds no integers.
    ValueError
        If the operation does not return a batch as long as it was given, or is not linear: if it
        gives something for zeros (a bias), or for a mixture of inputs not the mixture of outputs.

    References
    ----------
    Dumoulin and Visin, arXiv:1603.07285, section 4.1: convolution as a matrix operation.

    Examples
    --------
    Three weights slide along five pixels; each row is the one above, one column further:

    >>> import numpy as np
    >>> from cnnlib import ops
    >>> matrix_of(lambda x: ops.conv1d(x, [[[1, 2, 3]]]), (1, 5))
    array([[1., 2., 3., 0., 0.],
           [0., 1., 2., 3., 0.],
           [0., 0., 1., 2., 3.]])

    Rounding bends the line, however little, and is found out:

    >>> matrix_of(np.round, 4)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: matrix_of: the operation is not linear: it gives 0 for a mixture ...
    """
    name = "matrix_of"
    callable_(name, "operation", operation, meaning="a function of a batch, such as lambda x: ops.conv2d(x, w)")
    sides = integers(name, "shape", shape, 1)
    inputs = int(np.prod(sides))
    columns = _outputs(name, operation, np.eye(inputs).reshape(inputs, *sides))
    mixture = np.random.default_rng(0).normal(size=inputs)
    probes = np.stack([np.zeros(inputs), mixture]).reshape(2, *sides)
    nothing, mixed = _outputs(name, operation, probes)
    if np.any(nothing):
        raise ValueError(
            f"{name}: the operation gives {nothing[np.flatnonzero(nothing)[0]]:.6g} for an input of zeros; "
            "a matrix can't, so leave the bias out"
        )
    want = mixture @ columns
    if not np.allclose(mixed, want, rtol=1e-6, atol=1e-9 + 1e-6 * np.abs(columns).max(initial=0)):
        index = int(np.argmax(~np.isclose(mixed, want, rtol=1e-6)))
        raise ValueError(
            f"{name}: the operation is not linear: it gives {mixed[index]:.6g} for a mixture whose parts add "
            f"up to {want[index]:.6g}; use an operation without relu, maximum or rounding"
        )
    return columns.T.copy()


def _outputs(name, operation, batch):
    """What the operation makes of the batch, one flat row for each input."""
    result = reals(name, "the operation's result", operation(batch), finite=True)
    if result.ndim < 1 or len(result) != len(batch):
        raise ValueError(
            f"{name}: for a batch of shape {batch.shape} the operation returns shape {result.shape}; "
            f"it must return {len(batch)} results, one for each input"
        )
    return result.reshape(len(batch), -1)
