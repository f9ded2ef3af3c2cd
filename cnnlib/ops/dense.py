"""What a network needs beside convolutions: relu, linear, softmax with cross entropy."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of

__all__ = [
    "linear",
    "linear_backward",
    "relu",
    "relu_backward",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
]


def relu(x):
    """Replace what is negative by zero.

    Parameters
    ----------
    x : array_like, any shape

    Returns
    -------
    ndarray, the same shape
        ``max(x, 0)``; NaN stays NaN.

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


def linear(x, w, b=None):
    """A dense layer: every output reads every input feature.

    Parameters
    ----------
    x : array_like, (..., C)
        Features in the last axis.
    w : array_like, (O, C)
        One row of weights an output, as in torch.
    b : array_like, (O,), optional

    Returns
    -------
    ndarray, (..., O)
        ``y = x w^T + b``.

    Raises
    ------
    TypeError, ValueError
        If an array holds no real numbers, or the shapes do not fit.

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


def softmax_cross_entropy(x, target, *, reduction="mean"):
    """How surprised the scores are by the true classes.

    Parameters
    ----------
    x : array_like, (N, C)
        Scores (logits), any real numbers.
    target : array_like of int, (N,)
        The true class of each row, from 0 to C - 1.
    reduction : {"mean", "sum", "none"}
        What to do with the N losses, as in torch.

    Returns
    -------
    ndarray, () or (N,)
        ``loss[n] = log(sum_c exp(x[n,c])) - x[n,target[n]]``, in nats. The maximum is
        subtracted first, so that large scores do not overflow.

    Raises
    ------
    TypeError
        If `x` holds no real numbers or `target` no integers.
    ValueError
        If the shapes do not fit, a class is out of range, or `reduction` is unknown.

    Examples
    --------
    Knowing nothing about ten classes costs log(10), whatever the truth:

    >>> float(softmax_cross_entropy(np.zeros((3, 10)), [0, 5, 9]))
    2.302585092994046
    >>> float(softmax_cross_entropy([[1000, 0]], [1]))
    1000.0
    """
    x, target = _check_classes("softmax_cross_entropy", x, target, reduction)
    losses = -np.take_along_axis(_log_softmax(x), target[:, None], 1)[:, 0]
    if reduction == "none":
        return losses
    total = losses.sum()
    return total if reduction == "sum" else total / len(x) if len(x) else x.dtype.type(np.nan)


def softmax_cross_entropy_backward(dy, x, target, *, reduction="mean"):
    """Gradient of `softmax_cross_entropy` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, () or, for ``reduction="none"``, (N,)
        Gradient of some scalar with respect to the loss; 1 for the loss itself.
    x, target, reduction
        What `softmax_cross_entropy` took.

    Returns
    -------
    ndarray, (N, C)
        ``dx[n] = dy (softmax(x[n]) - onehot(target[n]))``, divided by N for the mean.

    Raises
    ------
    TypeError, ValueError
        As `softmax_cross_entropy`; and if `dy` has not the shape of its result.

    References
    ----------
    .. [1] C. Bishop, "Pattern Recognition and Machine Learning", 2006, equation 4.109.

    Examples
    --------
    >>> softmax_cross_entropy_backward(1, np.zeros((1, 4)), [2])
    array([[ 0.25,  0.25, -0.75,  0.25]])
    """
    function = "softmax_cross_entropy_backward"
    x, target = _check_classes(function, x, target, reduction)
    dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (len(x),) if reduction == "none" else (), "the loss's shape")
    dx = np.exp(_log_softmax(x))
    dx[np.arange(len(x)), target] -= 1
    scale = dy[:, None] if reduction == "none" else dy
    return dx * scale / (max(1, len(x)) if reduction == "mean" else 1)


def _log_softmax(x):
    shifted = x - x.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def _check_linear(function, x, w, b):
    x, w, b = floats(function, x=x, w=w, b=b)
    axes(function, "w", w, "O C")
    if x.ndim < 1 or x.shape[-1] != w.shape[1]:
        raise ValueError(
            f"{function}: x has shape {x.shape} and w {w.shape}; use an x whose last axis has "
            f"C={w.shape[1]} features"
        )
    if b is not None:
        shape_of(function, "b", b, (len(w),), "(O,)")
    return x, w, b


def _check_classes(function, x, target, reduction):
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C")
    target = np.asarray(target)
    if target.size == 0:
        target = target.astype(np.intp)
    if target.dtype.kind not in "iu":
        raise TypeError(f"{function}: target holds {target.dtype}; use integers from 0 to C - 1")
    shape_of(function, "target", target, (len(x),), "(N,)")
    wrong = target[(target < 0) | (target >= x.shape[1])]
    if wrong.size:
        raise ValueError(
            f"{function}: target holds the class {wrong[0]}, and x has C={x.shape[1]} columns; "
            f"use classes from 0 to {x.shape[1] - 1}"
        )
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"{function}: reduction={reduction!r} is unknown; use 'mean', 'sum' or 'none'"
        )
    return x, target
