"""Stacks of layers: the trait that holds one, and the ones that an explorer offers by name."""

from dataclasses import fields

from cnnlib import geometry, networks
from cnnlib.explore.base.traits import Parameter, StateTypeError, StateValueError, one_of, whole
from cnnlib.values import kind

KINDS = ("conv", "pool")
MOST = 18
LIMITS = {"kernel_size": (1, 11), "stride": (1, 4), "padding": (0, 16), "dilation": (1, 16)}
WINDOW = tuple(LIMITS)
PLAIN = {"kind": "conv", "kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1}


def _table(network, *names):
    """The windows of a published network, those of the named rows or all that there are, as layers of a stack."""
    nodes = [node for node in network.nodes if node.window and (not names or node.name in names)]
    return [{"kind": node.kind, **{name: getattr(node.window, name) for name in WINDOW}} for node in nodes]


def _bottlenecks(*blocks):
    return [f"conv2_{block}_{part}" for block in blocks for part in ("reduce", "3x3", "expand")]


def _same(kernel_size, times, **window):
    return [{**PLAIN, "kernel_size": kernel_size, **window} for _ in range(times)]


def _presets():
    dilated = [{**PLAIN, "dilation": d} for d in (1, 2, 4, 8)]
    alexnet, vgg, resnet = networks.alexnet("caffe"), networks.vgg(16), networks.resnet50()
    return {
        "five 3x3": (32, _same(3, 5)),
        "one 7x7": (32, _same(7, 1)),
        "three 3x3": (32, _same(3, 3)),
        "five 11x11": (96, _same(11, 5)),
        "fifteen 3x3": (64, _same(3, 15)),
        "AlexNet": (alexnet.size, _table(alexnet)),
        "VGG-16": (vgg.size, _table(vgg)),
        "ResNet-50 start": (resnet.size, _table(resnet, "conv1", "pool1", *_bottlenecks(1, 2, 3))),
        "dilated 1-2-4-8": (64, dilated),
        "dilated 2-2-2": (32, _same(3, 3, dilation=2)),
    }


#: Name to (size of the image, layers).
PRESETS = _presets()


class Layers(Parameter):
    """None, or a list of 1 to 18 layers, each a dict of kind, kernel_size, stride, padding and dilation."""

    kind = "list"
    plain = [PLAIN]

    def __init__(self, **options):
        super().__init__(None, allow_none=True, **options)

    def describe(self):
        window = {
            name: {"kind": "whole", "none": False, "low": low, "high": high} for name, (low, high) in LIMITS.items()
        }
        of = {"kind": {"kind": "choice", "none": False, "choices": list(KINDS)}, **window}
        return {**super().describe(), "low": 1, "high": MOST, "of": of}

    def validate(self, obj, value):
        name = self.full_name(obj)
        if not isinstance(value, (list, tuple)):
            raise StateTypeError(f"{name}={value!r} is {kind(value)}; use a list of layers")
        if not 1 <= len(value) <= MOST:
            raise StateValueError(f"{name} has {len(value)} entries; use 1 to {MOST}")
        return [_layer(f"{name}[{index}]", layer) for index, layer in enumerate(value)]


def _layer(name, layer):
    """One layer in full, or the error that says what is wrong with it."""
    if isinstance(layer, geometry.Layer):
        others = {f.name: getattr(layer, f.name) for f in fields(layer) if f.name not in WINDOW}
        if any(others.values()):
            raise StateValueError(f"{name}={layer!r} is more than a stack shows; use {', '.join(WINDOW)} only")
        layer = {option: getattr(layer, option) for option in WINDOW}
    if not isinstance(layer, dict):
        raise StateTypeError(
            f"{name}={layer!r} is {kind(layer)}; use a dict with kind, {', '.join(WINDOW)}, or a Layer"
        )
    for option in layer:
        if option not in PLAIN:
            raise StateTypeError(f"{name} has an unknown option {option!r}; use {', '.join(PLAIN)}")
    full = {**PLAIN, **layer}
    one_of(f"{name}: kind", full["kind"], KINDS)
    for option, limits in LIMITS.items():
        full[option] = whole(f"{name}: {option}", full[option], *limits)
    return full
