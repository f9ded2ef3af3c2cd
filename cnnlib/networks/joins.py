"""The rows where branches of a network meet."""

from .nodes import Node


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

    Raises
    ------
    TypeError
        If a name is no string.
    ValueError
        If there is no row to read.

    Examples
    --------
    Its field is all that any of them sees:

    >>> from cnnlib.networks import Network, conv
    >>> net = Network("small", size=8, channels=1, nodes=[
    ...     conv("narrow", 2, 1, of="input"),
    ...     conv("wide", 3, 5, padding=2, of="input"),
    ...     concat("both", "narrow", "wide"),
    ... ])
    >>> net["both"].channels, net["both"].field.size
    (5, 5)
    """
    return _join(name, "concat", of)


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

    Raises
    ------
    TypeError, ValueError
        As for `concat`.

    Examples
    --------
    >>> add("sum", "block", "shortcut").inputs
    ('block', 'shortcut')
    """
    return _join(name, "add", of)


def gate(name, of, by):
    """Write a row that multiplies each channel by one number, as squeeze-and-excitation does.

    Parameters
    ----------
    name : str
        Its name.
    of : str
        Name of the row whose channels are scaled.
    by : str
        Name of the row of size 1 that holds the factors, one for each channel.

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
    >>> gate("scaled", of="maps", by="factors").inputs
    ('maps', 'factors')
    """
    return Node(name, "gate", inputs=(of, by))


def _join(name, kind, of):
    if not of:
        raise ValueError(f"{kind}: {name!r} has no row to read; name at least one")
    return Node(name, kind, inputs=of)
