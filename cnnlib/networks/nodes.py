"""The words in which a network's table is written, one row each."""

from dataclasses import dataclass, fields

from ..arguments import flag, integer
from ..geometry import Layer
from ..values import choice, kind

KINDS = ("conv", "pool", "upsample", "concat", "add", "gate")


@dataclass(frozen=True)
class Node:
    """One row of a table; the functions of this module and of `joins` make them.

    Parameters
    ----------
    name : str
        Its name, which other rows refer to.
    kind : str
        What it does: conv, pool, upsample, concat, add or gate.
    window : Layer or None
        Its window; None for one that covers the whole map, or for a row without a window.
    channels : int or None
        Output channels; None for as many as come in.
    groups : int or None
        Groups of a convolution; None for one per channel.
    extra : int
        Parameters learned for each output channel beside its window: 1 for a bias, 2 for a
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
        If an entry is of the wrong kind, such as a name that is no string.
    ValueError
        If the kind is not known or a count out of range.

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
                raise TypeError(f"{self.kind}: {name!r} is {kind(name)}; use the name of a row, a string")
        choice("Node", "kind", self.kind, KINDS)
        if not isinstance(self.window, Layer | None):
            raise TypeError(f"Node: window={self.window!r} is {kind(self.window)}; use a Layer or None")
        for name, least in (("channels", 1), ("groups", 1), ("extra", 0), ("pairs", 1)):
            value = getattr(self, name)
            if value is not None or name == "extra":
                object.__setattr__(self, name, integer("Node", name, value, least))
        object.__setattr__(self, "learned", flag("Node", "learned", self.learned))
        object.__setattr__(self, "inputs", tuple(self.inputs))


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
        Whether each output channel adds a parameter of its own.
    groups : int
        Parts into which the channels fall, >= 1.
    pairs : int or None
        Pairs of an input and an output map that are joined, if not all are (LeNet-5).
    of : str
        Name of the row it reads; the row before if nothing is said.
    **window
        stride, padding, dilation, ceil_mode, transposed, output_padding, as for
        `cnnlib.geometry.Layer`. A transposed convolution counts its multiply-adds at the
        positions of its input, from which it scatters.

    Returns
    -------
    Node
        The row.

    Raises
    ------
    TypeError
        If an option is unknown or of the wrong kind.
    ValueError
        If an option is out of range, or both `pairs` and `groups` say what is joined.

    Examples
    --------
    A normalisation learns two parameters for each channel, in place of one bias:

    >>> conv("conv1", 64, 7, stride=2, padding=3).window
    Layer(kernel_size=7, stride=2, padding=3)
    >>> [conv("conv1", 64, 7, norm=norm).extra for norm in (False, True)]
    [1, 2]

    Three channels of 2x2 pixels become four of 4x4, each input value through 2 x 2 weights for each:

    >>> from cnnlib.networks import Network
    >>> up = conv("up", 4, 2, stride=2, transposed=True)
    >>> row = Network("small", size=2, channels=3, nodes=[up])["up"]
    >>> row.size, row.macs
    (4, 192)
    """
    channels, groups = integer("conv", "channels", channels, 1), integer("conv", "groups", groups, 1)
    pairs = None if pairs is None else integer("conv", "pairs", pairs, 1)
    if pairs is not None and groups > 1:
        raise ValueError(f"conv: pairs={pairs} and groups={groups} both say which maps are joined; use one of them")
    shape, extra = window_of("conv", kernel_size, window), extra_of("conv", norm, bias)
    return Node(name, "conv", shape, channels, groups, extra, pairs=pairs, inputs=names_of("conv", of))


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
    shape, extra = window_of("depthwise", kernel_size, window), extra_of("depthwise", norm, bias)
    return Node(name, "conv", shape, None, None, extra, inputs=names_of("depthwise", of))


def dense(name, channels, *, bias=True, learned=True, of=()):
    """Write a dense layer: a convolution whose window is the whole map.

    Parameters
    ----------
    name : str
        Its name.
    channels : int
        Outputs, >= 1.
    bias : bool
        Whether each output adds a parameter of its own.
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
    extra, learned = int(flag("dense", "bias", bias)), flag("dense", "learned", learned)
    return Node(name, "conv", None, channels, 1, extra, learned, inputs=names_of("dense", of))


def window_of(function, kernel_size, options):
    """A `Layer`, its errors in the name of the `function` that the reader called."""
    known = [field.name for field in fields(Layer)]
    for name in options:
        if name not in known:
            raise TypeError(f"{function}: {name} is no option; use {', '.join(known[1:])}")
    try:
        return Layer(kernel_size, **options)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function}: {str(error).removeprefix('Layer: ')}") from None


def extra_of(function, norm, bias):
    """Parameters beside the window: two of a normalisation, or one of a bias, or none."""
    norm, bias = flag(function, "norm", norm), flag(function, "bias", bias)
    return 2 if norm else int(bias)


def names_of(function, of):
    """The one row that is read, if it is named."""
    if isinstance(of, str):
        return (of,)
    if not isinstance(of, (tuple, list)):
        raise TypeError(f"{function}: of={of!r} is {kind(of)}; use the name of a row, a string")
    for name in of:
        if not isinstance(name, str):
            raise TypeError(f"{function}: {name!r} is {kind(name)}; use the name of a row, a string")
    if len(of) > 1:
        raise ValueError(
            f"{function}: of={of!r} names {len(of)} rows, and one is read; join them with concat or add first"
        )
    return tuple(of)
