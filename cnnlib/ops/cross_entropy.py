"""Softmax with cross entropy: the loss of a classifier, from its scores."""

import numpy as np

from cnnlib.ops.arrays import as_array, axes, floats, shape_of
from cnnlib.signatures import public
from cnnlib.values import choice

__all__ = ["softmax_cross_entropy", "softmax_cross_entropy_backward"]


@public
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
    NumPy number, or for ``reduction="none"`` ndarray, (N,)
        ``loss[n] = log(sum_c exp(x[n,c])) - x[n,target[n]]``, in nats. The maximum is
        subtracted first, so that large scores do not overflow.

    Raises
    ------
    TypeError
        If `x` holds no real numbers or `target` no integers.
    ValueError
        If the shapes do not fit, a class is out of range, or `reduction` is unknown.

    References
    ----------
    .. [1] C. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.104
       (softmax) and 4.108 (cross entropy).

    Examples
    --------
    Knowing nothing about ten classes costs log(10), whatever the truth:

    >>> float(softmax_cross_entropy(np.zeros((3, 10)), [0, 5, 9]))
    2.302585092994046
    >>> float(softmax_cross_entropy([[1000, 0]], [1]))
    1000.0
    """
    x, target = _check("softmax_cross_entropy", x, target, reduction)
    losses = -np.take_along_axis(_log_softmax(x), target[:, None], 1)[:, 0]
    if reduction == "none":
        return losses
    total = losses.sum()
    return total if reduction == "sum" else total / len(x) if len(x) else x.dtype.type(np.nan)


@public
def softmax_cross_entropy_backward(dy, x, target, *, reduction="mean"):
    """Gradient of `softmax_cross_entropy` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, () or, for ``reduction="none"``, (N,)
        Gradient of some scalar with respect to the loss; 1 for the loss itself. A single
        number takes the type of `x`.
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
    x, target = _check(function, x, target, reduction)
    (dy,) = floats(function, dy=dy)
    if dy.ndim:
        dy, x = floats(function, dy=dy, x=x)
    shape_of(function, "dy", dy, (len(x),) if reduction == "none" else (), "the loss's shape")
    dx = np.exp(_log_softmax(x))
    dx[np.arange(len(x)), target] -= 1
    scale = dy[:, None] if reduction == "none" else dy.astype(x.dtype)
    return dx * scale / (max(1, len(x)) if reduction == "mean" else 1)


def _log_softmax(x):
    shifted = x - x.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def _check(function, x, target, reduction):
    (x,) = floats(function, x=x)
    axes(function, "x", x, "N C")
    target = as_array(function, "target", target)
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
    choice(function, "reduction", reduction, ("mean", "sum", "none"))
    return x, target
