"""Batch normalisation: every channel brought to mean 0 and variance 1, then scaled and moved."""

import numpy as np

from cnnlib.ops.arrays import axes, floats, shape_of
from cnnlib.signatures import public
from cnnlib.values import number

__all__ = ["batch_norm", "batch_norm_backward"]


@public
def batch_norm(x, w=None, b=None, *, mean=None, var=None, eps=1e-5):
    """Normalise every channel, by its own statistics or by given ones.

    Parameters
    ----------
    x : array_like, (N, C, ...)
        Images (N, C, H, W), signals (N, C, L) or features (N, C). N may be 0.
    w, b : array_like, (C,), optional
        The scale and the shift that each channel gets afterwards; 1 and 0 by default.
    mean, var : array_like, (C,), optional
        Given statistics, as a trained network has them; both or neither. Without them, those of
        `x` itself are taken, as in training.
    eps : float
        Added to the variance, at least 0.

    Returns
    -------
    ndarray, shaped like x
        ``y = w (x - mean) / sqrt(var + eps) + b`` in every channel, with the mean and the variance
        over N and all positions; the variance divides by their number, not by one less.

    Raises
    ------
    TypeError
        If an array holds no real numbers, or `eps` is no number.
    ValueError
        If shapes do not fit, a variance or `eps` is negative, one of `mean` and `var` is missing, or
        a channel has a single value, from which no variance can be told.

    References
    ----------
    .. [1] S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
       reducing internal covariate shift", ICML 2015, algorithm 1.

    Examples
    --------
    What is normalised depends on who else is in the batch; the 3 becomes 1 beside a 1, and -1
    beside a 5:

    >>> batch_norm([[1], [3]], eps=0).ravel(), batch_norm([[3], [5]], eps=0).ravel()
    (array([-1.,  1.]), array([-1.,  1.]))

    With given statistics it does not:

    >>> batch_norm([[1], [3]], mean=[3], var=[4], eps=0).ravel()
    array([-1.,  0.])
    """
    _, x, w, b, statistics = _check("batch_norm", x, w, b, mean, var, eps)
    centred, scale = _normal(x, *statistics, eps)
    y = centred * (scale if w is None else scale * w)
    return y if b is None else y + b


@public
def batch_norm_backward(dy, x, w=None, b=None, *, mean=None, var=None, eps=1e-5):
    """Gradients of `batch_norm` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, shaped like x
        Gradient of some scalar with respect to the output.
    x, w, b, mean, var, eps
        What `batch_norm` took.

    Returns
    -------
    dx : ndarray, shaped like x
        With ``z = (x - mean) / sqrt(var + eps)`` and ``dz = w dy``: for given statistics, which
        count as constants, ``dz / sqrt(var + eps)``; for those of `x`, which move with it,
        ``(dz - mean(dz) - z mean(z dz)) / sqrt(var + eps)``.
    dw, db : ndarray, (C,), or None where none was given
        ``sum z dy`` and ``sum dy`` over N and all positions.

    Raises
    ------
    TypeError, ValueError
        As `batch_norm`; and if `dy` does not have the shape of its result.

    Examples
    --------
    To raise all values together changes nothing, and neither does it to scale them:

    >>> dx, _, _ = batch_norm_backward([[1], [1], [1]], [[1], [2], [3]])
    >>> dx.ravel()
    array([0., 0., 0.])
    >>> dx, _, _ = batch_norm_backward([[1], [1], [1]], [[1], [2], [3]], mean=[0], var=[4], eps=0)
    >>> dx.ravel()
    array([0.5, 0.5, 0.5])
    """
    function = "batch_norm_backward"
    dy, x, w, b, statistics = _check(function, x, w, b, mean, var, eps, dy=dy)
    shape_of(function, "dy", dy, x.shape, "the shape of x")
    centred, scale = _normal(x, *statistics, eps)
    over = (0, *range(2, x.ndim))
    z, dz = centred * scale, dy if w is None else dy * w
    if mean is None and x.size:
        dx = scale * (dz - dz.mean(over, keepdims=True) - z * (z * dz).mean(over, keepdims=True))
    else:
        dx = scale * dz
    dw, db = None if w is None else (z * dy).sum(over), None if b is None else dy.sum(over)
    return dx, dw, db


def _normal(x, mean, var, eps):
    """x less its mean, and 1 / sqrt(var + eps), which broadcasts."""
    if mean is None:
        over, number = (0, *range(2, x.ndim)), x.dtype.type(max(1, x.size // x.shape[1]))
        centred = x - x.sum(over, keepdims=True) / number
        var = (centred * centred).sum(over, keepdims=True) / number
    else:
        centred = x - mean
    return centred, 1 / np.sqrt(var + x.dtype.type(float(eps)))


def _check(function, x, w, b, mean, var, eps, **upstream):
    """Check; return dy (or None), x, w and b, and (mean, var), all but dy and x ready to broadcast."""
    if (mean is None) != (var is None):
        there, lacking = ("mean", "var") if var is None else ("var", "mean")
        raise ValueError(f"{function}: {there} is given and {lacking} is not; use both or neither")
    optional = dict(w=w, b=b, mean=mean, var=var)
    given = {name: value for name, value in optional.items() if value is not None}
    arrays = floats(function, **upstream, x=x, **given)
    *dy, x = arrays[: len(upstream) + 1]
    values = arrays[len(upstream) + 1 :]
    axes(function, "x", x, f"N C {' '.join(f'D{axis}' for axis in range(1, x.ndim - 1))}")
    number(function, "eps", eps, least=0)
    if mean is None and x.size == x.shape[1]:
        raise ValueError(
            f"{function}: x has shape {x.shape}, one value in each channel, which has no variance; "
            "use a larger batch, or give mean and var"
        )
    for name, value in zip(given, values, strict=True):
        shape_of(function, name, value, (x.shape[1],), "(C,)")
        if name == "var" and (value < 0).any():
            raise ValueError(f"{function}: var holds {value.min()}; use variances >= 0")
        optional[name] = value.reshape(1, -1, *[1] * (x.ndim - 2))
    w, b, *statistics = optional.values()
    return dy[0] if dy else None, x, w, b, statistics
