"""Deformable convolution in torch, from gathers alone: no compiled extension."""

import torch
from torch import nn

from ..arguments import flag, integer
from ..ops.corners import FRAME
from ..ops.deformable_grid import check_shapes
from ..ops.sampling import check_points
from ..signatures import public
from .tensors import floats, stand_in
from .windowed import Windowed


@public
def bilinear_sample(x, points):
    """``ops.bilinear_sample`` in torch, with its gradients with respect to values and points.

    Parameters
    ----------
    x : Tensor, (N, C, H, W)
    points : Tensor, (N, ..., 2)
        (row, column) in pixels; zeros lie outside.

    Returns
    -------
    Tensor, (N, C, ...)
        On a pixel, the gradient with respect to the point is the slope downwards and to the
        right. A point with a NaN gives NaN, and no pixel a gradient.

    Raises
    ------
    TypeError
        If an argument is no tensor of floats.
    ValueError
        If x has not four axes, or `points` not N at the front and 2 at the end.

    Examples
    --------
    >>> bilinear_sample(torch.tensor([[[[0.0, 8.0]]]]), torch.tensor([[[0.0, 0.25]]]))
    tensor([[[2.]]])
    """
    x, points = floats("bilinear_sample", x=x, points=points)
    check_points("bilinear_sample", stand_in(x), stand_in(points))
    shape = points.shape[1:-1]
    seen = _rows(_table(x), points.reshape(len(x), shape.numel(), 2), x.shape)
    return seen.transpose(1, 2).reshape(*x.shape[:2], *shape)


@public
def deform_conv2d(x, offset, weight, bias=None, stride=1, padding=0, dilation=1, mask=None):
    """``ops.deform_conv2d`` in torch: the same arguments, layouts and gradients.

    Parameters
    ----------
    x : Tensor, (N, C, H, W)
    offset : Tensor, (N, 2*G*KH*KW, OH, OW)
        (dy, dx) for each tap, in pixels, for each of G groups of channels.
    weight : Tensor, (O, C/groups, KH, KW)
    bias : Tensor, (O,), optional
    stride, padding, dilation
        As in `cnnlib.ops.deform_conv2d`.
    mask : Tensor, (N, G*KH*KW, OH, OW), optional

    Returns
    -------
    Tensor, (N, O, OH, OW)

    Raises
    ------
    TypeError
        If an array is no tensor of floats, or an option no integer.
    ValueError
        If no window fits, or shapes do not fit each other; the message gives the shape of
        `offset` or `mask` that would be right.

    Examples
    --------
    >>> x, offset = torch.tensor([[[[0.0, 10, 20]]]]), torch.zeros(1, 2, 1, 3)
    >>> offset[:, 1] = 0.5
    >>> deform_conv2d(x, offset, torch.ones(1, 1, 1, 1))
    tensor([[[[ 5., 15., 10.]]]])
    """
    x, offset, weight, bias, mask = floats("deform_conv2d", x=x, offset=offset, weight=weight, bias=bias, mask=mask)
    shapes = [stand_in(tensor) for tensor in (x, offset, weight, bias, mask)]
    window, groups, parts = check_shapes("deform_conv2d", *shapes, stride, padding, dilation, names=("weight", "bias"))
    (n, c, h, w), (o, read, kh, kw), (oh, ow) = x.shape, weight.shape, window.output
    taps = kh * kw
    grid = _grid(window, x)
    points = grid + offset.reshape(n, parts, taps, 2, oh * ow).permute(1, 0, 4, 2, 3)
    if mask is not None:
        mask = mask.reshape(n, parts, taps, oh * ow).permute(1, 0, 3, 2)
    seen = []
    for g, channels in enumerate(x.chunk(parts, 1)):
        weights = None if mask is None else mask[g].reshape(n, oh * ow * taps)
        rows = _rows(_table(channels), points[g].reshape(n, oh * ow * taps, 2), (n, c, h, w), weights)
        seen.append(rows.reshape(n * oh * ow, taps, c // parts))
    seen = torch.cat(seen, 2).reshape(n * oh * ow, taps, groups, read)
    kernels = weight.reshape(groups, o // groups, read, taps)
    y = torch.einsum("pkgc,gock->pgo", seen, kernels)
    y = y.reshape(n, oh, ow, o).permute(0, 3, 1, 2)
    return y if bias is None else y + bias[:, None, None]


class DeformConv2d(Windowed):
    """Deformable convolution with a branch of its own that says where to look.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias
        As in ``nn.Conv2d``; padding also per side.
    offset_groups : int
        Groups of input channels that have offsets of their own.
    modulated : bool
        True is version 2: the branch also weighs every tap, by a sigmoid.

    Attributes
    ----------
    weight : Parameter, (O, C/groups, KH, KW)
    bias : Parameter, (O,), or None
    offset_branch : nn.Conv2d
        From the same input, with the same window, to ``2*G*KH*KW`` offsets; weights and
        biases start at zero, so that training starts from a plain convolution.
    mask_branch : nn.Conv2d or None
        To ``G*KH*KW`` masks; from zero too, so that every tap starts at 1/2.

    Raises
    ------
    TypeError
        If an argument is no integer, or images are no tensor of the layer's float type.
    ValueError
        If an argument is out of range, groups do not divide the channels, images have another
        number of channels, or no window fits in them.

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, section 2.1.
    .. [2] X. Zhu et al., "Deformable ConvNets v2", CVPR 2019, section 3.2.

    Examples
    --------
    What the branch costs: 18 offsets at each position take 41,490 parameters at 256 channels.

    >>> layer = DeformConv2d(256, 256, 3, padding=1)
    >>> sum(p.numel() for p in layer.offset_branch.parameters())
    41490
    """

    @public
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,
        *, groups=1, bias=True, offset_groups=1, modulated=False,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)
        self.groups = integer("DeformConv2d", "groups", groups, 1)
        self.offset_groups = integer("DeformConv2d", "offset_groups", offset_groups, 1)
        for name in ("groups", "offset_groups"):
            count = getattr(self, name)
            if self.in_channels % count or (name == "groups" and self.out_channels % count):
                raise ValueError(
                    f"DeformConv2d: {name}={count} does not divide in_channels={self.in_channels}"
                    f"{f' and out_channels={self.out_channels}' if name == 'groups' else ''}; use a divisor"
                )
        read, taps = self.in_channels // self.groups, self.kernel_size[0] * self.kernel_size[1]
        self.weight = self.parameter(self.out_channels, read, *self.kernel_size, fan_in=read * taps)
        self.bias = self.bias_parameter(bias, self.out_channels, fan_in=read * taps)
        self.offset_branch = self._branch(2 * self.offset_groups * taps)
        modulated = flag("DeformConv2d", "modulated", modulated)
        self.mask_branch = self._branch(self.offset_groups * taps) if modulated else None

    def _branch(self, outputs):
        branch = nn.Conv2d(self.in_channels, outputs, self.kernel_size, self.stride, 0, self.dilation)
        nn.init.zeros_(branch.weight)
        nn.init.zeros_(branch.bias)
        return branch

    def sampling(self, x):
        """How far the layer moves its taps on `x`, and how much each counts; `sampling_points` says where they end up.

        Calling ``offset_branch(x)`` yourself gives a map that is too small where the layer has a padding: the branch
        has none of its own, and the frame is put on here.

        Parameters
        ----------
        x : Tensor, (N, C, H, W)

        Returns
        -------
        offset : Tensor, (N, 2*G*KH*KW, OH, OW)
            (dy, dx) for each tap in reading order, in pixels, relative to the tap's own position on the grid.
        mask : Tensor, (N, G*KH*KW, OH, OW), or None
            Between 0 and 1 in version 2; None in version 1.

        Examples
        --------
        >>> layer = DeformConv2d(3, 8, 3, padding=1, modulated=True)
        >>> offset, mask = layer.sampling(torch.zeros(1, 3, 5, 6))
        >>> tuple(offset.shape), tuple(mask.shape), mask[0, 0, 0, 0].item()
        ((1, 18, 5, 6), (1, 9, 5, 6), 0.5)
        """
        framed = self.framed(x)
        mask = None if self.mask_branch is None else self.mask_branch(framed).sigmoid()
        return self.offset_branch(framed), mask

    def sampling_points(self, x):
        """Where the layer looks on `x`: the points that it reads, in pixels of `x`.

        Parameters
        ----------
        x : Tensor, (N, C, H, W)

        Returns
        -------
        Tensor, (N, G*KH*KW, OH, OW, 2)
            (row, column) of each tap at each position, group by group and tap by tap in reading order: the grid of the
            window, with its stride, padding and dilation, plus the offset. (0, 0) is the centre of the first pixel;
            points outside of the image read zeros. `bilinear_sample` takes them as they are.

        Examples
        --------
        An untrained layer looks where a plain convolution does. The tap in the upper left corner of the window reads
        outside of the image at first, and one pixel further at every step to the right:

        >>> layer = DeformConv2d(3, 8, 3, padding=1)
        >>> layer.sampling_points(torch.zeros(1, 3, 5, 6))[0, 0, 0, :3].tolist()
        [[-1.0, -1.0], [-1.0, 0.0], [-1.0, 1.0]]

        Tell its sideways offset, channel 1, to be a quarter of a pixel:

        >>> layer.offset_branch.bias.data[1] = 0.25
        >>> layer.sampling_points(torch.zeros(1, 3, 5, 6))[0, 0, 0, :3].tolist()
        [[-1.0, -0.75], [-1.0, 0.25], [-1.0, 1.25]]
        """
        offset, _ = self.sampling(x)
        n, _, oh, ow = offset.shape
        taps = self.kernel_size[0] * self.kernel_size[1]
        grid = _grid(self.windows(x.shape[2:]), offset).reshape(oh, ow, taps, 2).permute(2, 0, 1, 3)
        moved = grid + offset.reshape(n, self.offset_groups, taps, 2, oh, ow).permute(0, 1, 2, 4, 5, 3)
        return moved.reshape(n, self.offset_groups * taps, oh, ow, 2)

    def forward(self, x):
        """(N, C, H, W) to (N, O, OH, OW)."""
        offset, mask = self.sampling(x)
        return deform_conv2d(x, offset, self.weight, self.bias, self.stride, self.padding, self.dilation, mask)

    def extra_repr(self):
        text = super().extra_repr()
        for name in ("groups", "offset_groups"):
            if getattr(self, name) > 1:
                text += f", {name}={getattr(self, name)}"
        return text + (", modulated=True" if self.mask_branch is not None else "")


def _table(x):
    """One row of C values per pixel of the framed images, (N * pixels, C)."""
    framed = nn.functional.pad(x, (FRAME,) * 4)
    return framed.permute(0, 2, 3, 1).reshape(-1, x.shape[1])


def _rows(table, points, shape, weights=None):
    """The table read at (N, P, 2) points, each row perhaps weighed: (N, P, C)."""
    n, _, h, w = shape
    width, pixels = w + 2 * FRAME, (h + 2 * FRAME) * (w + 2 * FRAME)
    row, column = points[..., 0].clamp(-FRAME, h), points[..., 1].clamp(-FRAME, w)
    lost = (row + column).isnan()
    if lost.any():  # a NaN in either spoils both, and their gradients, which clamp would drop
        row, column = (line.where(~lost, points.sum(-1)) for line in (row, column))
    top, left = row.detach().floor(), column.detach().floor()  # steps: they pass no gradient
    down, right = row - top, column - left
    mix = torch.stack([(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right], -1)
    if weights is not None:
        mix = mix * weights[..., None]
    # whole numbers, as floats would round in a large table; a NaN reads the frame
    top, left = (line.nan_to_num(-FRAME).long() + FRAME for line in (top, left))
    first = top * width + left
    first = first + pixels * torch.arange(n, device=points.device)[:, None]
    index = first[..., None] + torch.tensor([0, 1, width, width + 1], device=points.device)
    # a gather and a weighted sum in one step, which keeps no copy of the four pixels
    seen = nn.functional.embedding_bag(index.reshape(-1, 4), table, mode="sum", per_sample_weights=mix.reshape(-1, 4))
    return seen.reshape(n, points.shape[1], table.shape[1])


def _grid(window, like):
    """Where the taps lie before they are moved, (P, K, 2)."""
    rows, columns = (
        torch.arange(window.output[a], dtype=like.dtype, device=like.device)[:, None] * window.stride[a]
        + torch.arange(window.kernel[a], dtype=like.dtype, device=like.device) * window.dilation[a]
        - window.padding[2 * a]
        for a in (0, 1)
    )  # (OH, KH) and (OW, KW)
    (oh, kh), (ow, kw) = rows.shape, columns.shape
    rows = rows[:, None, :, None].expand(oh, ow, kh, kw)
    columns = columns[None, :, None, :].expand(oh, ow, kh, kw)
    return torch.stack([rows, columns], -1).reshape(oh * ow, kh * kw, 2)
