"""Stacks of layers: the trait that holds one, and the ones that an explorer offers by name."""

import json
from dataclasses import fields

import traitlets

from cnnlib import geometry, networks
from cnnlib.explore.base.traits import StateTypeError, StateValueError, whole

KINDS = ("conv", "pool")
LIMITS = {"layers": (1, 18), "kernel_size": (1, 11), "stride": (1, 4), "padding": (0, 16), "dilation": (1, 16)}
WINDOW = ("kernel_size", "stride", "padding", "dilation")
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


def module() -> str:
    """The JavaScript module with all of them."""
    return f"export const PRESETS = {json.dumps({k: list(v) for k, v in PRESETS.items()})};\n"


class Stack(traitlets.TraitType):
    """A list of 1 to 18 layers, each a dict of kind, kernel_size, stride, padding and dilation; a preset's name."""

    def validate(self, obj, value):
        name = f"{type(obj).__name__}: {self.name}"
        if isinstance(value, str):
            if value not in PRESETS:
                raise StateValueError(
                    f"{name}={value!r} is unknown; use one of {', '.join(PRESETS)}, or a list of layers"
                )
            return [dict(layer) for layer in PRESETS[value][1]]
        if not isinstance(value, (list, tuple)):
            raise StateTypeError(
                f"{name}={value!r} is a {type(value).__name__}; use a list of layers, or one of {', '.join(PRESETS)}"
            )
        low, high = LIMITS["layers"]
        if not low <= len(value) <= high:
            raise StateValueError(f"{name} has {len(value)} layers; use {low} to {high}")
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
            f"{name}={layer!r} is a {type(layer).__name__}; use a dict with kind, {', '.join(WINDOW)}, or a Layer"
        )
    for option in layer:
        if option not in PLAIN:
            raise StateTypeError(f"{name} has an unknown option {option!r}; use {', '.join(PLAIN)}")
    full = {**PLAIN, **layer}
    if full["kind"] not in KINDS:
        raise StateValueError(f"{name}: kind={full['kind']!r} is unknown; use one of {', '.join(KINDS)}")
    for option in WINDOW:
        full[option] = whole(f"{name}: {option}", full[option], *LIMITS[option])
    reach = geometry.span(full["kernel_size"], full["dilation"])
    if full["kind"] == "pool" and full["padding"] > reach // 2:
        raise StateValueError(
            f"{name}: padding={full['padding']} is more than half of the {reach} pixels that a pooling spans; "
            f"use at most {reach // 2}"
        )
    return full
