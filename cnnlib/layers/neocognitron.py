"""The Neocognitron's two kinds of cells: S-cells that detect, C-cells that forgive."""

import torch
from torch import nn

from ..arguments import integer
from ..signatures import public
from ..values import number
from .windowed import Windowed


def _hill(kernel_size, fall):
    """Fixed weights that fall from the centre outwards; they add up to 1."""
    lines = [(torch.arange(k) - (k - 1) / 2) ** 2 for k in kernel_size]
    hill = fall ** (lines[0][:, None] + lines[1]).sqrt()
    return hill / hill.sum()


def _root(square):
    """The square root, with the gradient 0 where there is nothing to take the root of.

    The root's own slope is infinite there, and 0 times infinity is NaN.
    """
    empty = square <= 0
    return square.masked_fill(empty, 1).sqrt().masked_fill(empty, 0)


def _excess(excitation, inhibition):
    """How far excitation outweighs inhibition, cut at zero; the inhibition divides."""
    return ((1 + excitation) / (1 + inhibition) - 1).relu()


class SCells(Windowed):
    """S-cells: each plane looks for one feature, and responds only to a good likeness.

    Parameters
    ----------
    in_channels : int
        Planes of C-cells that are read.
    out_channels : int
        Planes of S-cells.
    kernel_size, stride, padding, dilation
        As in ``nn.Conv2d``.
    selectivity : float
        r > 0: the larger, the closer the likeness must be.
    fall : float
        Ratio between the fixed weights of pixels one step apart, in (0, 1].

    Attributes
    ----------
    excitation : Parameter, (O, C, KH, KW)
        The variable weights a, at least 0; they start weak and random.
    inhibition : Parameter, (O,)
        The variable weights b, at least 0; they start at 0.
    nearness : buffer, (KH, KW)
        The fixed weights c, which add up to 1 over all planes of the input.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or patterns are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, patterns have another number of planes, or no window
        fits in them.

    Notes
    -----
    ``u = r relu((1 + sum a x) / (1 + 2r/(1+r) b v) - 1)`` with ``v = sqrt(sum c x^2)``, the
    root mean square of what the cell sees (where it sees zeros alone, the root has no slope,
    and its gradient is taken to be 0). `reinforce` is learning without a teacher: with
    the amount q, ``a`` grows by ``q c x`` and ``b`` by ``q v / 2``.

    These three equations and the two of learning were compared with two independent
    restatements of the paper, an article that derives a PyTorch program from it
    (ScratchMind, "Neocognitron", 2026) and a Java program (N. J. Conn, 2012; SCell, VSCell,
    SLayer): they agree, the factor 2r/(1+r) and the half in b included. The paper's own text
    could be read only up to its introduction. The first amount of a, 0.01, is this book's.

    References
    ----------
    .. [1] K. Fukushima, "Neocognitron: a self-organizing neural network model for a
       mechanism of pattern recognition unaffected by shift in position", Biological
       Cybernetics 36, 1980, section 2 (the cells) and section 3 (their learning).

    Examples
    --------
    Shown one bar, one plane learns it, and then responds to that bar and not to another:

    >>> _ = torch.manual_seed(0)
    >>> upright, level = torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3)
    >>> upright[..., 1] = level[:, :, 1] = 1
    >>> cells = SCells(1, 1, 3, selectivity=4.0)
    >>> for _ in range(3):
    ...     _ = cells.reinforce(upright, rate=100.0)
    >>> [round(cells(x).item(), 2) for x in (upright, level)]
    [0.99, 0.0]
    """

    @public
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        *, selectivity=4.0, fall=0.9,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)
        self.selectivity = number("SCells", "selectivity", selectivity, above=0)
        fall = number("SCells", "fall", fall, above=0, most=1)
        weak = 0.01 * torch.rand(self.out_channels, self.in_channels, *self.kernel_size)
        self.excitation = nn.Parameter(weak)
        self.inhibition = nn.Parameter(torch.zeros(self.out_channels))
        self.register_buffer("nearness", _hill(self.kernel_size, fall) / self.in_channels)

    def forward(self, x):
        """C-cells (N, C, H, W) to S-cells (N, O, OH, OW)."""
        seen = self._convolve(x, self.excitation)
        r = self.selectivity
        against = 2 * r / (1 + r) * self.inhibition[:, None, None] * self.strength(x)
        return r * _excess(seen, against)

    def strength(self, x):
        """v, the weighted root mean square of what each cell sees, (N, 1, OH, OW)."""
        c = self.nearness.expand(1, self.in_channels, -1, -1)
        return _root(self._convolve(x**2, c))

    def _convolve(self, x, weight):
        return nn.functional.conv2d(self.framed(x), weight, None, self.stride, 0, self.dilation)

    @torch.no_grad()
    def reinforce(self, x, rate=1.0, area=3):
        """Let the strongest cells learn what they see; nobody says what it is.

        Parameters
        ----------
        x : Tensor, (1, C, H, W)
            One pattern.
        rate : float
            q > 0: how much is learned from it.
        area : int
            Odd side of an S-column, the neighbourhood (through all planes) in which only
            the strongest cell may learn.

        Returns
        -------
        list of (plane, row, column)
            The cells that learned: for each plane at most one, its strongest, and with it
            all cells of the plane, which share their weights.

        Raises
        ------
        TypeError
            If an argument is of the wrong kind.
        ValueError
            If there is not one pattern that the layer can read, `rate` is not above 0, or
            `area` is even.
        """
        area = integer("SCells.reinforce", "area", area, 1)
        rate = number("SCells.reinforce", "rate", rate, above=0)
        framed = self.framed(x)
        if len(x) != 1 or area % 2 == 0:
            raise ValueError(
                f"SCells.reinforce: x has shape {tuple(x.shape)} and area={area}; use one pattern and an odd area"
            )
        y = self(x)[0]
        rivals = nn.functional.max_pool2d(y.amax(0)[None], area, 1, area // 2)[0]
        # (C*KH*KW, OH*OW): what each cell sees
        seen = nn.functional.unfold(framed, self.kernel_size, self.dilation, 0, self.stride)[0]
        strength, learned = self.strength(x).flatten(), []
        for plane, responses in enumerate(y):
            best = responses.where(responses >= rivals, 0).flatten()
            index = int(best.argmax())
            if best[index] > 0:
                patch = seen[:, index].reshape(self.in_channels, *self.kernel_size)
                self.excitation[plane] += rate * self.nearness * patch
                self.inhibition[plane] += rate / 2 * strength[index]
                learned.append((plane, *divmod(index, y.shape[2])))
        return learned

    def extra_repr(self):
        return super().extra_repr().replace(", bias=False", "") + f", selectivity={self.selectivity}"


class CCells(Windowed):
    """C-cells: each responds if any nearby S-cell of its plane does, wherever exactly.

    Parameters
    ----------
    channels : int
        Planes, of S-cells and C-cells alike.
    kernel_size, stride, padding
        As in ``nn.Conv2d``.
    saturation : float
        alpha > 0: the input at which the response is one half.
    fall : float
        Ratio between the fixed weights of pixels one step apart, in (0, 1].

    Attributes
    ----------
    nearness : buffer, (KH, KW)
        The fixed weights d, which add up to 1. There is nothing to learn.

    Raises
    ------
    TypeError, ValueError
        As `SCells`.

    Notes
    -----
    ``u = s/(alpha + s)`` with ``s = relu((1 + sum d x_k) / (1 + mean_k sum d x_k) - 1)``:
    what all planes have in common is divided away. Compared as for `SCells` (CCell, VCCell):
    they agree. That the weights d add up to 1 is this book's choice; the Java program scales
    them by a constant of each layer.

    References
    ----------
    .. [1] K. Fukushima, "Neocognitron", Biological Cybernetics 36, 1980, section 2.

    Examples
    --------
    One S-cell, moved by a pixel: the C-cell's response falls, but does not vanish.

    >>> cells, x = CCells(2, 5, fall=0.8), torch.zeros(2, 2, 5, 5)
    >>> x[0, 0, 2, 2] = x[1, 0, 2, 3] = 4
    >>> cells(x)[:, 0].flatten()
    tensor([0.1765, 0.1491])
    """

    @public
    def __init__(self, channels, kernel_size, stride=1, padding=0, *, saturation=0.5, fall=0.9):
        super().__init__(channels, channels, kernel_size, stride, padding)
        self.saturation = number("CCells", "saturation", saturation, above=0)
        fall = number("CCells", "fall", fall, above=0, most=1)
        self.register_buffer("nearness", _hill(self.kernel_size, fall))

    def forward(self, x):
        """S-cells (N, C, H, W) to C-cells (N, C, OH, OW)."""
        weight = self.nearness.expand(self.in_channels, 1, -1, -1)
        seen = nn.functional.conv2d(self.framed(x), weight, stride=self.stride, groups=self.in_channels)
        excess = _excess(seen, seen.mean(1, keepdim=True))
        return excess / (self.saturation + excess)

    def extra_repr(self):
        text = super().extra_repr().replace(", bias=False", "").split(", ", 1)[1]
        return text + f", saturation={self.saturation}"
