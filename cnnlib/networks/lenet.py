"""LeNet-5: the first network that read cheques."""

from .network import Network
from .nodes import conv, dense
from .resizing import pool


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
