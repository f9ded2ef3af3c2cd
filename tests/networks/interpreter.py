"""Networks built in torch from their tables, as an oracle for what geometry says of them."""

import torch
from torch import nn
from torch.nn import functional


def build(network, size):
    """Run an image of zeros without storage through the torch layers of a table.

    Returns the shape that each row gives out, and the parameters of the layers that learn.
    """
    maps = {"input": torch.zeros(1, network.channels, size, size, device="meta")}
    parameters, last = {}, "input"
    for node in network.nodes:
        read = [maps[name] for name in node.inputs or (last,)]
        layer, learned = None, 0
        x = read[0]
        window = node.window
        if window and window.ceil_mode and node.kind == "conv":
            x = functional.pad(x, (0, window.kernel_size, 0, window.kernel_size))
            keep = -(-(read[0].shape[-1] - window.kernel_size) // window.stride) + 1
            end = (keep - 1) * window.stride + window.kernel_size
            x = x[..., :end, :end]
        if node.kind == "conv":
            layer = convolution(node, x)
            y = layer(x)
            learned = sum(p.numel() for p in layer.parameters())
            if node.extra == 2:
                learned += sum(p.numel() for p in nn.BatchNorm2d(y.shape[1]).parameters())
        elif node.kind == "upsample":
            y = functional.interpolate(x, scale_factor=window.stride, mode=mode_of(window))
        elif node.kind == "pool" and window is None:
            y = functional.adaptive_avg_pool2d(x, 1)
        elif node.kind == "pool":
            options = {"ceil_mode": window.ceil_mode, "padding": window.padding}
            y = functional.avg_pool2d(x, window.kernel_size, window.stride, **options)
        elif node.kind == "concat":
            y = torch.cat(read, 1)
        elif node.kind == "add":
            y = read[0] + read[1]
        else:
            y = read[0] * read[1]
        maps[node.name], parameters[node.name], last = y, learned, node.name
    return {name: tuple(y.shape[1:]) for name, y in maps.items()}, parameters


def convolution(node, x):
    """The torch layer of a row."""
    cin = x.shape[1]
    window = node.window
    if window is None:
        window_size, options = tuple(x.shape[2:]), {}
    else:
        window_size = window.kernel_size
        options = {"stride": window.stride, "padding": window.padding, "dilation": window.dilation}
        if window.transposed:
            options["output_padding"] = window.output_padding
    return (nn.ConvTranspose2d if window and window.transposed else nn.Conv2d)(
        cin,
        node.channels or cin,
        window_size,
        groups=cin if node.groups is None else node.groups,
        bias=node.extra == 1,
        device="meta",
        **options,
    )


def mode_of(window):
    """An upsampling of more taps than its stride mixes pixels."""
    return "bilinear" if window.kernel_size > window.stride else "nearest"


def support(network, name, size, beside=0):
    """First and last pixel of a line with an effect on the middle unit of a row or one `beside` it, and the unit.

    One channel and one axis are enough for what a window sees; all weights are one, so that
    no effect can cancel.
    """
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    maps, last = {"input": x}, "input"
    for node in network.nodes:
        read = [maps[key] for key in node.inputs or (last,)]
        if node.kind in ("conv", "pool"):
            window = node.window
            taps = torch.ones(1, 1, window.kernel_size if window else read[0].shape[-1])
            stride, padding = (window.stride, window.padding) if window else (1, 0)
            if window and window.transposed:
                more = {"output_padding": window.output_padding, "dilation": window.dilation}
                y = functional.conv_transpose1d(read[0], taps.double(), stride=stride, padding=padding, **more)
            else:
                y = functional.conv1d(read[0], taps.double(), stride=stride, padding=padding)
        elif node.kind == "upsample":
            mode = {"nearest": "nearest", "bilinear": "linear"}[mode_of(node.window)]
            y = functional.interpolate(read[0], scale_factor=node.window.stride, mode=mode)
        elif node.kind == "gate":
            y = read[0]
        else:
            y = sum(read)
        maps[node.name], last = y, node.name
        if node.name == name:
            break
    unit = y.shape[-1] // 2 + beside
    y[0, 0, unit].backward()
    seen = torch.nonzero(x.grad[0, 0])[:, 0]
    return ((int(seen[0]), int(seen[-1])) if len(seen) else (None, None)), unit
