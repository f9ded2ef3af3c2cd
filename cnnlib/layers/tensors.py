"""Tensors at the door of a layer: their kind, their float type, their axes and channels.

Shapes are checked by what checks arrays in `cnnlib.ops`, which looks at a shape alone: it is
given a stand-in, an array of the tensor's shape that takes no memory.
"""

import numpy as np
import torch

from ..ops.arrays import axes
from ..values import kind

__all__ = ["floats", "images", "stand_in"]


def floats(function, **tensors):
    """Return the tensors in one common float type; None stays None.

    Parameters
    ----------
    function : str
        Name of the public function, for the message.
    **tensors : Tensor or None
        The tensors, by the names that the caller knows them by.

    Returns
    -------
    list of Tensor
        In the order given, each in the widest type among them.

    Raises
    ------
    TypeError
        If one is no tensor, or does not hold floats.

    Examples
    --------
    >>> x, w = floats("f", x=torch.zeros(2), w=torch.zeros(2, dtype=torch.float64))
    >>> x.dtype, w.dtype
    (torch.float64, torch.float64)
    >>> floats("f", x=torch.zeros(2, dtype=torch.int64))
    Traceback (most recent call last):
    TypeError: f: x holds torch.int64; use floats, as x.float() gives
    """
    common = None
    for name, tensor in tensors.items():
        if tensor is None:
            continue
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{function}: {name} is {kind(tensor)}; use a tensor, as torch.as_tensor gives")
        if not tensor.is_floating_point():
            raise TypeError(f"{function}: {name} holds {tensor.dtype}; use floats, as {name}.float() gives")
        common = tensor.dtype if common is None else torch.promote_types(common, tensor.dtype)
    return [None if tensor is None else tensor.to(common) for tensor in tensors.values()]


def images(function, x, channels=None, weight=None):
    """Refuse a batch of images that a layer cannot read.

    Parameters
    ----------
    function : str
        Name of the layer, for the message.
    x : Tensor, (N, C, H, W)
        N may be 0.
    channels : int, optional
        What C has to be.
    weight : Tensor, optional
        One of the layer's own; its float type has to be that of `x`.

    Raises
    ------
    TypeError
        If x is no tensor of floats, or of another type than the layer's weights.
    ValueError
        If x has not four axes, an axis but N is empty, or C is not `channels`.

    Examples
    --------
    >>> images("BlurPool2d", torch.zeros(3, 5, 5))
    Traceback (most recent call last):
    ValueError: BlurPool2d: x has shape (3, 5, 5), 3 axes, and needs 4: (N, C, H, W);
    add axes of length 1, as in x[None]
    """
    floats(function, x=x)
    axes(function, "x", stand_in(x), "N C H W")
    if channels is not None and x.shape[1] != channels:
        raise ValueError(f"{function}: x has shape {tuple(x.shape)}, so C={x.shape[1]}; use (N, {channels}, H, W)")
    mixed = weight is not None and weight.dtype != x.dtype
    if mixed and not torch.is_autocast_enabled(x.device.type):  # which brings them together itself
        raise TypeError(
            f"{function}: x holds {x.dtype} and the layer {weight.dtype}; "
            "use x.to() or the layer's to() to bring them together"
        )


def stand_in(tensor):
    """An array of zeros of the tensor's shape, which takes no memory; None stays None."""
    return None if tensor is None else np.broadcast_to(0.0, tuple(tensor.shape))
