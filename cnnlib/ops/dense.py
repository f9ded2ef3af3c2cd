"""What a network needs beside convolutions: relu and the dense layer."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.signatures import public

__all__ = ["linear", "linear_backward", "relu", "relu_backward"]


@public
def relu(x):
    """Replace what is negative by zero.

    Parameters
    ----------
    x : array_like, any shape

    Returns
    -------
    ndarray, the same shape
        ``max(x, 0)``; NaN stays NaN. A single number gives a NumPy number.

    Raises
    ------
    TypeError
        If `x` holds no real numbers.

    References
    ----------
    .. [1] V. Nair, G. Hinton, "Rectified linear units improve restricted Boltzmann
       machines", ICML 2010, section 2.

    Examples
    --------
    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    (x,) = floats("relu", x=x)
    return np.maximum(x, 0)


@public
def relu_backward(dy, x):
    """Gradient of `relu` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, shaped like `x`
        Gradient of some scalar with respect to the output.
    x : array_like
        What `relu` took.

    Returns
    -------
    ndarray
        `dy` where x > 0, else 0; at exactly 0, where there is a kink, it is 0 as in torch.

    Raises
    ------
    TypeError, ValueError
        If an array holds no real numbers, or the shapes differ.

    Examples
    --------
    >>> relu_backward([5, 5, 5], [-2, 0, 3])
    array([0., 0., 5.])
    """
    dy, x = floats("relu_backward", dy=dy, x=x)
    shape_of("relu_backward", "dy", dy, x.shape, "the shape of x")
    return np.where(x <= 0, x.dtype.type(0), dy)


@public
def linear(x, w, b=None):
    """A dense layer: every output reads every input feature.

    Parameters
    ----------
    x : array_like, (..., C)
        Features in the last axis.
    w : array_like, (O, C)
        One row of weights per output, as in torch.
    b : array_like, (O,), optional

    Returns
    -------
    ndarray, (..., O)
        ``y = x w^T + b``.

    Raises
    ------
    TypeError, ValueError
        If an array holds no real numbers, or the shapes do not fit.

    References
    ----------
    .. [1] C. Bishop, "Pattern Recognition and Machine Learning", 2006, equation 5.2.

    Examples
    --------
    >>> linear([1, 10], [[1, 2], [3, 4], [5, 6]], [0.5, 0, 0])
    array([21.5, 43. , 65. ])
    """
    x, w, b = _check_linear("linear", x, w, b)
    y = x @ w.T
    if b is not None:
        y += b
    return y


@public
def linear_backward(dy, x, w, b=None):
    """Gradients of `linear` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (..., O)
        Gradient of some scalar with respect to the output.
    x, w, b
        What `linear` took.

    Returns
    -------
    dx : ndarray, (..., C)
        ``dy w``.
    dw : ndarray, (O, C)
        ``dy^T x``, summed over all leading axes.
    db : ndarray, (O,), or None when no `b` was given
        The sum of `dy` over all leading axes.

    Raises
    ------
    TypeError, ValueError
        As `linear`; and if `dy` has not the shape of its result.

    Examples
    --------
    >>> dx, dw, db = linear_backward([1, 100], [7, 8], [[1, 2], [3, 4]])
    >>> dx, dw
    (array([301., 402.]), array([[  7.,   8.],
           [700., 800.]]))
    """
    x, w, b = _check_linear("linear_backward", x, w, b)
    dy, x, w = floats("linear_backward", dy=dy, x=x, w=w)
    shape_of("linear_backward", "dy", dy, (*x.shape[:-1], len(w)), "(..., O)")
    rows = dy.reshape(-1, len(w))
    return dy @ w, rows.T @ x.reshape(-1, w.shape[1]), None if b is None else rows.sum(0)


def _check_linear(function, x, w, b):
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "w", w, "O C")
    if x.ndim < 1 or x.shape[-1] != w.shape[1]:
        raise ValueError(
            f"{function}: x has shape {x.shape} and w {w.shape}; use an x whose last axis has C={w.shape[1]} features"
        )
    if b is not None:
        shape_of(function, "b", b, (len(w),), "(O,)")
    return x, w, b
