"""Deformable convolution in torch, from gathers alone: no compiled extension."""

import torch
from torch import nn

from ..arguments import integer, padding4, pair
from .windowed import Windowed

_FRAME = 2  # pixels of zeros around the image; what is farther out is moved onto them


def bilinear_sample(x, points):
    """``ops.bilinear_sample`` in torch, with its gradients to values and places.

    Parameters
    ----------
    x : Tensor, (N, C, H, W)
    points : Tensor, (N, ..., 2)
        (row, column) in pixels; zeros lie outside.

    Returns
    -------
    Tensor, (N, C, ...)
        On a pixel, the gradient by place is the slope downwards and to the right.

    Examples
    --------
    >>> bilinear_sample(torch.tensor([[[[0.0, 8.0]]]]), torch.tensor([[[0.0, 0.25]]]))
    tensor([[[2.]]])
    """
    if points.ndim < 2 or points.shape[-1] != 2 or len(points) != len(x):
        raise ValueError(
            f"bilinear_sample: points has shape {tuple(points.shape)}; use ({len(x)}, ..., 2)"
        )
    shape = points.shape[1:-1]
    seen = _rows(_table(x), points.reshape(len(x), shape.numel(), 2), x.shape)
    return seen.transpose(1, 2).reshape(*x.shape[:2], *shape)


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

    Examples
    --------
    >>> x, offset = torch.tensor([[[[0.0, 10, 20]]]]), torch.zeros(1, 2, 1, 3)
    >>> offset[:, 1] = 0.5
    >>> deform_conv2d(x, offset, torch.ones(1, 1, 1, 1))
    tensor([[[[ 5., 15., 10.]]]])
    """
    stride = pair("deform_conv2d", "stride", stride, 1)
    dilation = pair("deform_conv2d", "dilation", dilation, 1)
    padding = padding4("deform_conv2d", padding)
    (n, c, h, w), (o, read, kh, kw), (oh, ow) = x.shape, weight.shape, offset.shape[2:]
    taps, groups = kh * kw, c // read
    parts = offset.shape[1] // (2 * taps)
    right = tuple(
        (size + before + after - d * (k - 1) - 1) // s + 1
        for size, before, after, d, k, s in zip(
            (h, w), padding[::2], padding[1::2], dilation, (kh, kw), stride, strict=True
        )
    )
    if groups * read != c or o % groups:
        raise ValueError(
            f"deform_conv2d: weight has shape {tuple(weight.shape)} and x {tuple(x.shape)}; use "
            "C/groups channels with a number of groups that divides C and O"
        )
    if not parts or c % parts or tuple(offset.shape) != (n, 2 * parts * taps, *right):
        raise ValueError(
            f"deform_conv2d: offset has shape {tuple(offset.shape)}; use {(n, 2 * taps, *right)} = "
            "(N, 2*G*KH*KW, OH, OW), or a G that divides C times as many channels"
        )
    if mask is not None and tuple(mask.shape) != (n, parts * taps, *right):
        raise ValueError(
            f"deform_conv2d: mask has shape {tuple(mask.shape)}; use {(n, parts * taps, *right)} = "
            "(N, G*KH*KW, OH, OW)"
        )
    grid = _grid((oh, ow), (kh, kw), stride, padding, dilation, x)
    places = grid + offset.reshape(n, parts, taps, 2, oh * ow).permute(1, 0, 4, 2, 3)
    if mask is not None:
        mask = mask.reshape(n, parts, taps, oh * ow).permute(1, 0, 3, 2)
    seen = []
    for g, channels in enumerate(x.chunk(parts, 1)):
        weights = None if mask is None else mask[g].reshape(n, oh * ow * taps)
        rows = _rows(_table(channels), places[g].reshape(n, oh * ow * taps, 2), (n, c, h, w), weights)
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

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, section 2.1.
    .. [2] X. Zhu et al., "Deformable ConvNets v2", CVPR 2019, section 3.2.

    Examples
    --------
    What the branch costs: 18 offsets at each place take 41,490 parameters at 256 channels.

    >>> layer = DeformConv2d(256, 256, 3, padding=1)
    >>> sum(p.numel() for p in layer.offset_branch.parameters())
    41490
    """

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
                    f"DeformConv2d: {name}={count} does not divide in_channels={in_channels}"
                    f"{f' and out_channels={out_channels}' if name == 'groups' else ''}; use a divisor"
                )
        read, taps = self.in_channels // self.groups, self.kernel_size[0] * self.kernel_size[1]
        self.weight = self.parameter(self.out_channels, read, *self.kernel_size, fan_in=read * taps)
        self.bias = self.bias_parameter(bias, self.out_channels, fan_in=read * taps)
        self.offset_branch = self._branch(2 * self.offset_groups * taps)
        self.mask_branch = self._branch(self.offset_groups * taps) if modulated else None

    def _branch(self, outputs):
        branch = nn.Conv2d(
            self.in_channels, outputs, self.kernel_size, self.stride, 0, self.dilation
        )
        nn.init.zeros_(branch.weight)
        nn.init.zeros_(branch.bias)
        return branch

    def sampling(self, x):
        """The offsets and masks (or None) that the layer uses on `x`."""
        framed = self.framed(x)
        mask = None if self.mask_branch is None else self.mask_branch(framed).sigmoid()
        return self.offset_branch(framed), mask

    def forward(self, x):
        """(N, C, H, W) to (N, O, OH, OW)."""
        offset, mask = self.sampling(x)
        return deform_conv2d(
            x, offset, self.weight, self.bias, self.stride, self.padding, self.dilation, mask
        )

    def extra_repr(self):
        text = super().extra_repr()
        for name in ("groups", "offset_groups"):
            if getattr(self, name) > 1:
                text += f", {name}={getattr(self, name)}"
        return text + (", modulated=True" if self.mask_branch is not None else "")


def _table(x):
    """One row of C numbers per pixel of the framed images, (N * pixels, C)."""
    framed = nn.functional.pad(x, (_FRAME,) * 4)
    return framed.permute(0, 2, 3, 1).reshape(-1, x.shape[1])


def _rows(table, points, shape, weights=None):
    """The table read at (N, P, 2) places, each row perhaps weighed: (N, P, C)."""
    n, _, h, w = shape
    width, pixels = w + 2 * _FRAME, (h + 2 * _FRAME) * (w + 2 * _FRAME)
    row, column = points[..., 0].clamp(-_FRAME, h), points[..., 1].clamp(-_FRAME, w)
    top, left = row.detach().floor(), column.detach().floor()  # steps: they pass no gradient
    down, right = row - top, column - left
    mix = torch.stack(
        [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right], -1
    )
    if weights is not None:
        mix = mix * weights[..., None]
    first = ((top + _FRAME) * width + left + _FRAME).long()
    first = first + pixels * torch.arange(n, device=points.device)[:, None]
    index = first[..., None] + torch.tensor([0, 1, width, width + 1], device=points.device)
    # a gather and a weighted sum in one step, which keeps no copy of the four pixels
    seen = nn.functional.embedding_bag(
        index.reshape(-1, 4), table, mode="sum", per_sample_weights=mix.reshape(-1, 4)
    )
    return seen.reshape(n, points.shape[1], table.shape[1])


def _grid(output, kernel, stride, padding, dilation, like):
    """Where the taps lie before they are moved, (P, K, 2)."""
    rows, columns = (
        torch.arange(output[a], dtype=like.dtype, device=like.device)[:, None] * stride[a]
        + torch.arange(kernel[a], dtype=like.dtype, device=like.device) * dilation[a]
        - padding[2 * a]
        for a in (0, 1)
    )  # (OH, KH) and (OW, KW)
    shape = output[0], output[1], kernel[0], kernel[1]
    rows, columns = rows[:, None, :, None].expand(shape), columns[None, :, None, :].expand(shape)
    return torch.stack([rows, columns], -1).reshape(output[0] * output[1], kernel[0] * kernel[1], 2)
