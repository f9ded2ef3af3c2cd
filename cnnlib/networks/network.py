"""A network as a table of rows, and what geometry says of each row."""

import re
from typing import NamedTuple

from cnnlib.values import kind, listed

from ..arguments import integer, pair
from ..geometry import Layer, ReceptiveField, count_activations, count_macs, count_parameters
from ..geometry.reads import hull, pixels
from ..geometry.stack import axis_of, is_paired
from .nodes import Node


class Row(NamedTuple):
    """What a layer gives out and costs, and what it sees.

    Parameters
    ----------
    name : str
        Its name.
    kind : str
        conv, pool, upsample, concat, add or gate.
    channels : int
        Output channels.
    size : int or (height, width)
        Output pixels.
    parameters : int
        Parameters that it learns.
    macs : int
        Multiply-adds for one image.
    field : ReceptiveField
        Which pixels of the image it sees; the jump is its effective stride, and minus the
        start its effective padding.

    Examples
    --------
    >>> from cnnlib.networks import vgg
    >>> row = vgg(16)["conv1_2"]
    >>> row.parameters, row.activations, row.field.size
    (36928, 3211264, 5)
    """

    name: str
    kind: str
    channels: int
    size: object
    parameters: int
    macs: int
    field: ReceptiveField

    @property
    def activations(self):
        """Values that it puts out for one image."""
        return count_activations(self.channels, self.size)


class Network:
    """A table of rows that starts at an image and may branch.

    Parameters
    ----------
    name : str
        What to call it.
    size : int or (height, width)
        Pixels of the image that it is made for.
    channels : int
        Channels of the image.
    nodes : iterable of Node
        Its rows in order, made by `conv`, `pool`, `dense` and so on. A row reads the one
        before it, or those that it names; "input" is the image.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a name comes twice, or is read before it is there.

    Examples
    --------
    >>> from cnnlib.networks import Network, conv, dense, pool
    >>> net = Network("small", size=28, channels=1, nodes=[
    ...     conv("conv1", 8, 3, padding=1),
    ...     pool("pool1", 2, stride=2),
    ...     conv("conv2", 16, 3),
    ...     dense("classes", 10),
    ... ])
    >>> net
    small: 24,298 parameters, 245,376 multiply-adds at 28x28
    >>> net["conv2"].size, net["conv2"].field
    (12, ReceptiveField(size=8, jump=2, start=-1))
    """

    def __init__(self, name, *, size, channels, nodes):
        pixels = pair("Network", "size", size, 1)
        self.name, self.size = name, pixels if isinstance(size, (tuple, list)) else pixels[0]
        self.channels = integer("Network", "channels", channels, 1)
        self.nodes = tuple(listed("Network", "nodes", nodes, "a list of rows, made by conv, pool and so on"))
        for node in self.nodes:
            if not isinstance(node, Node):
                raise TypeError(f"Network: {node!r} is {kind(node)}; use rows made by conv, pool and so on")
        before = {"input"}
        for node in self.nodes:
            if node.name in before:
                raise ValueError(f"Network: the name {node.name!r} comes twice; use another")
            for read in node.inputs:
                if read not in before:
                    known = ", ".join(sorted(before))
                    raise ValueError(f"Network: {node.name!r} reads {read!r}, which is not there; use one of {known}")
            before.add(node.name)

    def trace(self, size=None):
        """Follow an image through the table.

        Parameters
        ----------
        size : int, (height, width) or None
            Its pixels; None takes the size that the network is made for.

        Returns
        -------
        list of Row
            One for each node, in order.

        Raises
        ------
        ValueError
            If a window does not fit, or the inputs of a row do not agree; the message names
            the row.
        """
        image = self.size if size is None else size
        paired = is_paired(node.window for node in self.nodes if node.window)
        size = pair("Network.trace", "size", image, 1)
        last = Row("input", "input", self.channels, size, 0, 0, _IMAGE)
        done = {"input": last}
        for node in self.nodes:
            inputs = [done[read] for read in node.inputs] or [last]
            try:
                last = _row(node, inputs)
            except ValueError as error:
                words = re.sub(r"^\w+: ", "", str(error))  # in the name of the function that the reader called
                raise ValueError(f"Network.trace: {self.name}, {node.name}: {words}") from None
            done[node.name] = last
        rows = list(done.values())[1:]
        return rows if paired or isinstance(image, (tuple, list)) else [_flat(row) for row in rows]

    def __getitem__(self, name):
        """Return the row called `name`, at the size that the network is made for."""
        for row in self.trace():
            if row.name == name:
                return row
        raise KeyError(f"{self.name} has no row {name!r}; it has {', '.join(n.name for n in self.nodes)}")

    @property
    def parameters(self):
        """Parameters of all rows."""
        return sum(row.parameters for row in self.trace())

    @property
    def macs(self):
        """Multiply-adds of all rows for one image."""
        return sum(row.macs for row in self.trace())

    def table(self, size=None):
        """Write the trace as text, a line for each row.

        Parameters
        ----------
        size : int, (height, width) or None
            Pixels of the image; None takes the size that the network is made for.

        Returns
        -------
        str
            Columns: name, output, parameters, multiply-adds, and the receptive field with
            its effective stride and padding.
        """
        head = ("layer", "output", "parameters", "multiply-adds", "field", "stride", "padding")
        lines = [head]
        for row in self.trace(size):
            field = row.field
            output = f"{row.channels} x {_times(row.size)}"
            sees = (_times(field.size), _times(field.jump), _times(field.padding))
            lines.append((row.name, output, f"{row.parameters:,}", f"{row.macs:,}", *sees))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        )

    def __repr__(self):
        height, width = pair("Network", "size", self.size)
        costs = f"{self.parameters:,} parameters, {self.macs:,} multiply-adds"
        return f"{self.name}: {costs} at {height}x{width}"


_IMAGE = ReceptiveField.of([pixels(), pixels()], paired=True)


def _row(node, inputs):
    """Compute one row, in pairs throughout, from the rows that it reads."""
    first = inputs[0]
    if node.kind in ("concat", "add", "gate"):
        return _merged(node, inputs)
    window = node.window or Layer(first.size)
    size = window.output_size(first.size)
    field = ReceptiveField.of([r.above(axis_of(window, axis)) for axis, r in enumerate(first.field.reads)], paired=True)
    channels = node.channels or first.channels
    parameters = macs = 0
    if node.kind == "conv":
        groups = first.channels if node.groups is None else node.groups
        shape = (first.channels, channels, window.kernel_size)
        weights = count_parameters(*shape, groups=groups, bias=False)
        macs = count_macs(*shape, first.size if window.transposed else size, groups=groups)
        if node.pairs is not None:
            joined = first.channels * channels
            if node.pairs > joined:
                raise ValueError(
                    f"conv: pairs={node.pairs} is more than the {joined} of {first.channels} x {channels} maps"
                )
            weights, macs = (count * node.pairs // joined for count in (weights, macs))
        parameters = weights if node.learned else 0
    parameters += node.extra * channels
    return Row(node.name, node.kind, channels, size, parameters, macs, field)


def _merged(node, inputs):
    """Join rows: what one sees is all that any of them sees. A gate is no window."""
    first = inputs[0]
    found = ", ".join(f"{row.name} {row.channels} x {_times(row.size)}" for row in inputs)
    if node.kind == "gate":
        if (inputs[1].channels, inputs[1].size) != (first.channels, (1, 1)):
            raise ValueError(
                f"gate needs one factor for each of {first.channels} channels, a row of size 1, and has {found}"
            )
        return first._replace(name=node.name, kind="gate", parameters=0, macs=0)
    channels = [row.channels for row in inputs]
    if len({row.size for row in inputs}) > 1 or (node.kind == "add" and len(set(channels)) > 1):
        raise ValueError(f"{node.kind} needs rows of one size, and has {found}")
    fields = [row.field for row in inputs]
    if len({field.jump for field in fields}) > 1:
        raise ValueError(f"{node.kind} needs rows of one stride, and has {[f.jump for f in fields]}")
    field = ReceptiveField.of([hull(*axis) for axis in zip(*(f.reads for f in fields), strict=True)], paired=True)
    channels = sum(channels) if node.kind == "concat" else channels[0]
    return Row(node.name, node.kind, channels, first.size, 0, 0, field)


def _flat(row):
    """Write the pairs of a square network as single integers."""
    return row._replace(size=row.size[0], field=ReceptiveField.of(row.field.reads, paired=False))


def _times(value):
    return " x ".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
