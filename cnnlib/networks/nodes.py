"""The words in which a network's table is written, one row each."""

from dataclasses import dataclass

from ..arguments import integer
from ..geometry import Layer


@dataclass(frozen=True)
class Node:
    """One row of a table; the functions of this module and of `joins` make them.

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

    Raises
    ------
    TypeError
        If the name, or one of those that it reads, is no string.

    Examples
    --------
    >>> Node("sum", "add", inputs=("left", "right")).window is None
    True
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

    def __post_init__(self):
        for name in (self.name, *self.inputs):
            if not isinstance(name, str):
                raise TypeError(f"{self.kind}: {name!r} is a {type(name).__name__}; use the name of a row, a string")


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
    TypeError
        If an option is unknown or of the wrong kind.
    ValueError
        If an option is out of range.

    Examples
    --------
    A normalisation learns two numbers for each channel, in place of one bias:

    >>> conv("conv1", 64, 7, stride=2, padding=3).window
    Layer(kernel_size=7, stride=2, padding=3)
    >>> [conv("conv1", 64, 7, norm=norm).extra for norm in (False, True)]
    [1, 2]
    """
    extra = 2 if norm else int(bool(bias))
    channels, groups = integer("conv", "channels", channels, 1), integer("conv", "groups", groups, 1)
    pairs = None if pairs is None else integer("conv", "pairs", pairs, 1)
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

    Raises
    ------
    TypeError, ValueError
        As for `conv`.

    Examples
    --------
    Nine weights and a bias for each of the channels that come in, however many those are:

    >>> from cnnlib.networks import Network
    >>> net = Network("small", size=8, channels=5, nodes=[depthwise("each", 3, padding=1)])
    >>> net["each"].channels, net["each"].parameters
    (5, 50)
    """
    extra = 2 if norm else int(bool(bias))
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

    Raises
    ------
    TypeError
        If an option is unknown or of the wrong kind.
    ValueError
        If `channels` is below 1.

    Examples
    --------
    Its weights grow with the image, as those of a convolution do not:

    >>> from cnnlib.networks import Network
    >>> net = Network("small", size=8, channels=5, nodes=[dense("classes", 10)])
    >>> [net.trace(size)[0].parameters for size in (8, 16)]
    [3210, 12810]
    """
    channels = integer("dense", "channels", channels, 1)
    return Node(name, "conv", None, channels, 1, int(bool(bias)), learned, inputs=_names(of))


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

    Raises
    ------
    TypeError, ValueError
        As for `conv`.

    Examples
    --------
    The stride is 1 unless you say otherwise; torch's poolings take the kernel size instead:

    >>> pool("pool1", 3).window.stride
    1
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

    Raises
    ------
    TypeError
        If a name is no string.

    Examples
    --------
    >>> from cnnlib.networks import Network
    >>> net = Network("small", size=(8, 9), channels=5, nodes=[global_pool("mean")])
    >>> net["mean"].size, net["mean"].field.size
    ((1, 1), (8, 9))
    """
    return Node(name, "pool", inputs=_names(of))


def _names(of):
    return (of,) if isinstance(of, str) else tuple(of)
