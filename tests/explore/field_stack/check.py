"""Receptive field stack: what the page shows, held to the Python half, and its line of torch to the stack itself."""

import json
import re

import numpy as np
import torch
from torch import nn

from cnnlib.explore import field_stack
from cnnlib.explore.field_stack import stacks

STATES = [
    {},
    {
        "layers": [
            {"kernel_size": 4, "stride": 2, "padding": 1},
            {"kind": "pool", "kernel_size": 2, "stride": 2},
            {"dilation": 3},
        ],
        "size": 37,
        "weights": "random",
        "edited": 2,
    },
]


def parsed(torch_line):
    """The layers that a line of torch builds, and the network itself."""
    net = eval(torch_line, {"nn": nn, "range": range})
    names = stacks.WINDOW
    layers = [
        {"kind": "conv" if isinstance(module, nn.Conv2d) else "pool"}
        | {name: value[0] if isinstance(value := getattr(module, name), tuple) else value for name in names}
        for module in net
    ]
    return layers, net


def check(stack, shown):
    layers, net = parsed(shown["torch"])
    assert layers == stack.built
    edited = stack.built[stack.edited - 1]
    assert edited == {name: shown["controls"][name] for name in edited}
    where = re.match(
        r"Layer (\d+) of (\d+), unit \((\d+), (\d+)\) of (\d+) × \d+: size (\d+), jump (\d+), ", shown["status"]
    )
    layer, count, row, column, units, size, jump = map(int, where.groups())
    assert (layer, count, stack.chosen) == (stack.layer, len(layers), (layer, (row, column)))
    fields, profiles = stack.fields, stack.profiles
    field = fields[layer - 1]
    assert (units, size, jump) == (stack.sizes[layer], field.size, field.jump)
    said = shown["status"].replace("−", "-")
    assert (
        "rows {} to {}".format(*field.window(row)) in said and "columns {} to {};".format(*field.window(column)) in said
    )
    read = [np.count_nonzero(profile) for profile in profiles]
    assert f"reads {read[0]} × {read[1]} pixels" in said
    seen = np.sqrt((np.outer(*profiles) > field_stack.SHARE).sum())
    assert abs(float(re.search(r"Effective ([\d.]+),", said)[1]) - seen) < 0.0501
    lines = shown["numbers"].splitlines()[1:]
    table = [json.loads(line) for line in lines if line.startswith("[")]
    assert table == [
        [n, f.size, f.jump, f.start, float(f.centre)] for n, f in zip(stack.sizes[1:], fields, strict=True)
    ]
    for line, profile in zip(lines[-2:], profiles, strict=True):
        np.testing.assert_allclose(json.loads(line.partition(" = ")[2]), profile, rtol=1e-6)
    formula = shown["formula"].replace("−", "-").splitlines()
    for line, value in zip(formula[:3], field, strict=True):
        left, _, right = line[6:].replace("·", "*").rpartition(" = ")
        assert eval(left) == float(right) == value, line
    if stack.size <= 40:
        with torch.no_grad():
            assert net(torch.zeros(1, 1, stack.size, stack.size)).shape[-1] == stack.sizes[-1]
    low, high = field.window(column)
    assert (
        formula[3] == f"unit {column}: {field.start} + {column}·{field.jump} = {low} to {high}, "
        f"centre {float(field.centre) + column * field.jump:.7g}"
    )
