"""What came before: a small Neocognitron, and LeNet-5."""

from .network import Network
from .nodes import conv, dense
from .resizing import pool


def neocognitron(planes=24):
    """Write down a small Neocognitron of three stages, at 16 pixels.

    Parameters
    ----------
    planes : int
        Planes of cells in each layer, >= 1.

    Returns
    -------
    Network
        Its table: ``S1`` to ``S3`` learn, each cell of a plane with the same connections;
        ``C1`` to ``C3`` blur each plane with fixed weights. The one number that a plane of
        S-cells has beside its window is the strength of its inhibition. The stages are
        Fukushima's, the sizes are this book's.

    Raises
    ------
    TypeError, ValueError
        If `planes` is no integer, or below 1.

    References
    ----------
    Fukushima, "Neocognitron", Biological Cybernetics 36, 193-202, 1980.

    Examples
    --------
    One number per plane is left, and it has seen more than the image:

    >>> from cnnlib.networks import neocognitron
    >>> neocognitron()["C3"].size, neocognitron()["C3"].field.size
    (1, 37)
    """
    nodes = [
        conv("S1", planes, 5, padding=2),
        pool("C1", 5, stride=2, padding=2),
        conv("S2", planes, 5, padding=2),
        pool("C2", 5, stride=2, padding=2),
        conv("S3", planes, 3),
        pool("C3", 2),
    ]
    return Network("Neocognitron", size=16, channels=1, nodes=nodes)


def lenet5():
    """Write down LeNet-5, at 32 pixels.

    Returns
    -------
    Network
        Its table, in the paper's names. Each map of ``C3`` reads three to six of the six maps
        below, 60 pairs of 96; ``S2`` and ``S4`` learn a factor and a bias per map; the codes
        of the output are fixed.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document
    Recognition", Proc. IEEE 86(11), 1998, section II.B and table I.

    Examples
    --------
    The paper's round number is exact:

    >>> from cnnlib.networks import lenet5
    >>> lenet5().parameters
    60000
    """
    nodes = [
        conv("C1", 6, 5),
        pool("S2", 2, stride=2, scaled=True),
        conv("C3", 16, 5, pairs=60),
        pool("S4", 2, stride=2, scaled=True),
        conv("C5", 120, 5),
        dense("F6", 84),
        dense("output", 10, bias=False, learned=False),
    ]
    return Network("LeNet-5", size=32, channels=1, nodes=nodes)
