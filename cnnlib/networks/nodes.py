"""The words in which a network's table is written, one row each."""

from dataclasses import dataclass

from ..arguments import integer
from ..geometry import Layer


@dataclass(frozen=True)
class Node:
    """One row of a table; the functions of this module make them.

    Parameters
    ----------
    name : str
        Its name, which other rows refer to.
    kind : str
        What it does: conv, pool, concat, add or gate.
    window : Layer or None
        Its window; None for one that covers the whole map, or for a row without a window.
    channels : int or None
        Output channels; None for as many as come in.
    groups : int or None
        Groups of a convolution; None for one per channel.
    extra : int
        Numbers learned for each output channel beside its window: 1 for a bias, 2 for a
        batch normalisation or a scaled pooling.
    learned : bool
        False for weights that are fixed by design.
    pairs : int or None
        Joined pairs of an input and an output map, if not all are.
    inputs : tuple of str
        Names of the rows it reads; empty for the row before.
    """

    name: str
    kind: str
    window: Layer | None = None
    channels: int | None = None
    groups: int | None = 1
    extra: int = 0
    learned: bool = True
    pairs: int | None = None
    inputs: tuple = ()


def conv(name, channels, kernel_size, *, norm=False, bias=True, groups=1, pairs=None, of=(), **window):
    """Write a convolution.

    Parameters
    ----------
    name : str
        Its name.
    channels : int
        Output channels, >= 1.
    kernel_size : int or (height, width)
        Taps, >= 1.
    norm : bool
        Whether a batch normalisation follows; its scale and shift replace the bias.
    bias : bool
        Whether each output channel adds a number of its own.
    groups : int
        Parts into which the channels fall, >= 1.
    pairs : int or None
        Pairs of an input and an output map that are joined, if not all are (LeNet-5).
    of : str
        Name of the row it reads; the row before if nothing is said.
    **window
        stride, padding, dilation, ceil_mode, as for `cnnlib.geometry.Layer`.

    Returns
    -------
    Node
        The row.

    Raises
    ------
    TypeError, ValueError
        If an option is unknown or out of range.
    """
    extra = 2 if norm else int(bias)
    channels = integer("conv", "channels", channels, 1)
    shape = Layer(kernel_size, **window)
    return Node(name, "conv", shape, channels, groups, extra, pairs=pairs, inputs=_names(of))


def depthwise(name, kernel_size, *, norm=False, bias=True, of=(), **window):
    """Write a depthwise convolution: one window for each channel, none across channels.

    Parameters
    ----------
    name, kernel_size, norm, bias, of, **window
        As for `conv`.

    Returns
    -------
    Node
        The row.
    """
    extra = 2 if norm else int(bias)
    return Node(name, "conv", Layer(kernel_size, **window), None, None, extra, inputs=_names(of))


def dense(name, channels, *, bias=True, learned=True, of=()):
    """Write a dense layer: a convolution whose window is the whole map.

    Parameters
    ----------
    name : str
        Its name.
    channels : int
        Outputs, >= 1.
    bias : bool
        Whether each output adds a number of its own.
    learned : bool
        False if the weights are fixed by design.
    of : str
        Name of the row it reads; the row before if nothing is said.

    Returns
    -------
    Node
        The row.
    """
    channels = integer("dense", "channels", channels, 1)
    return Node(name, "conv", None, channels, 1, int(bias), learned, inputs=_names(of))


def pool(name, kernel_size, *, scaled=False, of=(), **window):
    """Write a pooling, of the maximum or the mean: the geometry is the same.

    Parameters
    ----------
    name : str
        Its name.
    kernel_size : int or (height, width)
        Taps, >= 1.
    scaled : bool
        Whether each channel learns a factor and a bias (LeNet-5).
    of : str
        Name of the row it reads; the row before if nothing is said.
    **window
        stride, padding, dilation, ceil_mode, as for `cnnlib.geometry.Layer`.

    Returns
    -------
    Node
        The row.
    """
    shape = Layer(kernel_size, **window)
    return Node(name, "pool", shape, extra=2 if scaled else 0, inputs=_names(of))


def global_pool(name, *, of=()):
    """Write a pooling of the whole map into one number per channel.

    Parameters
    ----------
    name, of
        As for `pool`.

    Returns
    -------
    Node
        The row.
    """
    return Node(name, "pool", inputs=_names(of))


def concat(name, *of):
    """Write a row that lays the channels of others behind one another.

    Parameters
    ----------
    name : str
        Its name.
    *of : str
        Names of the rows it reads, in order; their sizes must agree.

    Returns
    -------
    Node
        The row.
    """
    return Node(name, "concat", inputs=of)


def add(name, *of):
    """Write a row that adds others, number by number.

    Parameters
    ----------
    name : str
        Its name.
    *of : str
        Names of the rows it reads; their sizes and channels must agree.

    Returns
    -------
    Node
        The row.
    """
    return Node(name, "add", inputs=of)


def gate(name, of, by):
    """Write a row that multiplies each channel by one number, as squeeze-and-excitation does.

    Parameters
    ----------
    name : str
        Its name.
    of : str
        Name of the row whose channels are scaled.
    by : str
        Name of the row of size 1 that holds the factors.

    Returns
    -------
    Node
        The row.
    """
    return Node(name, "gate", inputs=(of, by))


def _names(of):
    return (of,) if isinstance(of, str) else tuple(of)
