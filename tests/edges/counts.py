"""Calls of everything in `cnnlib.geometry` and `cnnlib.networks`, which count, and the form that a call has here.

The sizes are such that a product of two of them leaves eight bits, and some leave sixteen.
"""

from typing import NamedTuple

from cnnlib import geometry, networks


class Call(NamedTuple):
    """A function with arguments by name.

    Attributes
    ----------
    function : callable
    others : dict
        Arguments that are as they are.
    sizes, flags, numbers, images : dict
        Integers or pairs of them, flags, real numbers, and arrays of whole numbers.
    nan : {"refused", "kept"}
        What becomes of NaN and infinity in an array.
    name : str, optional
        Whose name an error begins with, if it is not the function's own.
    """

    function: object
    others: dict = {}
    sizes: dict = {}
    flags: dict = {}
    numbers: dict = {}
    images: dict = {}
    nan: str = "kept"
    name: str | None = None

    @property
    def arguments(self):
        return self.others | self.sizes | self.flags | self.numbers | self.images


WINDOW = dict(kernel_size=(11, 3), stride=(2, 4), padding=(3, 1), dilation=2)
LAYERS = [geometry.Layer(3, stride=8), geometry.Layer(3, stride=8)]
STACK = dict(layers=LAYERS)
NAMED = {"name": "a"}


def network(size, channels):
    nodes = [networks.conv("a", 100, 3), networks.conv("b", 100, 3, stride=2, transposed=True)]
    return networks.Network("n", size=size, channels=channels, nodes=nodes)


def trace(size):
    return network(30, 3).trace(size)


def window(unit):
    return geometry.receptive_field(LAYERS).window(unit)


COUNTS = {
    "geometry.Layer": Call(
        geometry.Layer, sizes=WINDOW | {"output_padding": 1}, flags=dict(transposed=True, ceil_mode=False)
    ),
    "geometry.Memory": Call(
        lambda parameters: geometry.memory_bytes(parameters), sizes=dict(parameters=100), name="memory_bytes"
    ),
    "geometry.ReceptiveField": Call(window, sizes=dict(unit=100), name=r"ReceptiveField\.window"),
    "geometry.activation_bytes": Call(geometry.activation_bytes, sizes=dict(values=100, batch_size=100)),
    "geometry.conv_output_size": Call(geometry.conv_output_size, sizes=WINDOW | {"size": 100}),
    "geometry.conv_transpose_output_size": Call(geometry.conv_transpose_output_size, sizes=WINDOW | {"size": 100}),
    "geometry.count_activations": Call(
        geometry.count_activations, sizes=dict(channels=100, size=(100, 90), batch_size=3)
    ),
    "geometry.count_macs": Call(
        geometry.count_macs, sizes=dict(in_channels=100, out_channels=100, kernel_size=11, positions=50, groups=5)
    ),
    "geometry.count_parameters": Call(
        geometry.count_parameters,
        sizes=dict(in_channels=100, out_channels=100, kernel_size=11, positions=50, groups=5),
        flags=dict(bias=True),
    ),
    "geometry.count_paths": Call(geometry.count_paths, STACK, sizes=dict(unit=1, size=100)),
    "geometry.memory_bytes": Call(geometry.memory_bytes, dict(optimizer="adam"), sizes=dict(parameters=100)),
    "geometry.overlap_counts": Call(
        geometry.overlap_counts, sizes=dict(kernel_size=5, stride=2, padding=1, output_padding=1, dilation=2, size=9)
    ),
    "geometry.touched": Call(geometry.touched, STACK),
    "geometry.pixels_read": Call(geometry.pixels_read, STACK, sizes=dict(unit=100)),
    "geometry.pool_output_size": Call(
        geometry.pool_output_size, sizes=WINDOW | {"size": 100, "dilation": 1, "padding": 1}, flags=dict(ceil_mode=True)
    ),
    "geometry.receptive_field": Call(geometry.receptive_field, STACK),
    "geometry.same_padding": Call(geometry.same_padding, sizes=dict(size=100, kernel_size=100, stride=2, dilation=2)),
    "geometry.span": Call(geometry.span, sizes=dict(kernel_size=100, dilation=100)),
    "geometry.unread": Call(geometry.unread, sizes=WINDOW | {"size": 100}),
    "networks.Network": Call(network, sizes=dict(size=100, channels=100), name="Network"),
    "networks.Row": Call(trace, sizes=dict(size=100), name=r"Network\.trace"),
    "networks.Node": Call(
        networks.Node, NAMED | {"kind": "conv"}, dict(channels=100, groups=4, extra=1), dict(learned=True)
    ),
    "networks.add": Call(lambda name: networks.add(name, "b", "c"), NAMED, name="add"),
    "networks.concat": Call(lambda name: networks.concat(name, "b", "c"), NAMED, name="concat"),
    "networks.gate": Call(networks.gate, dict(name="a", of="b", by="c")),
    "networks.conv": Call(
        networks.conv, NAMED, WINDOW | {"channels": 100, "groups": 4}, dict(norm=False, bias=True, ceil_mode=False)
    ),
    "networks.dense": Call(networks.dense, NAMED, dict(channels=100), dict(bias=True, learned=True)),
    "networks.depthwise": Call(networks.depthwise, NAMED, WINDOW, dict(norm=False, bias=True, transposed=True)),
    "networks.global_pool": Call(networks.global_pool, NAMED),
    "networks.pool": Call(networks.pool, NAMED, dict(kernel_size=100, stride=2), dict(scaled=True, ceil_mode=True)),
    "networks.upsample": Call(networks.upsample, NAMED, dict(scale=100)),
    "networks.vgg": Call(networks.vgg, sizes=dict(depth=16)),
}
