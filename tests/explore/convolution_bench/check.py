"""Convolution bench: what the page shows, held to the Python half and to the layers of torch that it names."""

import re

import torch
from torch import nn

from cnnlib import layers
from cnnlib.explore.convolution_bench import VARIANTS, field

STATES = [
    {},
    {"variant": "transposed", "quantity": "activations", "in_channels": 128, "out_channels": 256, "size": 16},
    {"variant": "deformable", "quantity": "receptive field", "kernel_size": 5, "groups": 16, "position": (7, 4)},
    {"variant": "grouped", "quantity": "parameters", "in_channels": 16, "out_channels": 512, "reduction": 8},
]
REFUSED = [
    ({"kernel_size": 4}, "kernel_size=4 is even, and no equal padding keeps the size; use 3 or 5"),
    ({"out_channels": 30}, "out_channels=30 does not fall into the four branches .*; use a multiple of 4"),
    ({"in_channels": 6}, "groups=4 does not divide in_channels=6; use a common divisor"),
    ({"in_channels": 12, "reduction": 8}, "reduction=8 does not divide in_channels=12; use a divisor"),
]


def check(explorer, seen):
    assert seen["status"] == explorer.result()
    numbers = dict(line.split(" = ") for line in seen["numbers"].splitlines())
    assert {variant: int(numbers[variant]) for variant in VARIANTS} == explorer.costs
    assert (int(numbers["parameters"]), int(numbers["multiply_adds"])) == explorer.count()
    assert int(numbers["activations"]) == sum(step.activations for step in explorer.steps)
    assert int(numbers["kernel"]) == explorer.kernels[explorer.position]
    reads = {(int(r), int(c)) for r, c in re.findall(r"\[(\d+),(\d+)\]", numbers["reads"])}
    assert reads == {(int(r), int(c)) for r, c in zip(*explorer.reads[0].nonzero(), strict=True)}
    *lines, said = seen["formula"].splitlines()
    assert [arithmetic(line) for line in lines] == [step.macs for step in explorer.steps]
    for line, step in zip(lines, explorer.steps, strict=True):
        assert line.startswith(f"{step.name}: ")
        found = re.search(r"; ([\d,]+) parameters", line)
        assert (int(found[1].replace(",", "")) if found else 0) == step.parameters
    properties(explorer, said)
    code(explorer, seen["torch"])


def arithmetic(line):
    """Work out the product of a line as it is written, and hold it to the number behind it."""
    product, _, rest = line.partition(": ")[2].partition(" = ")
    if not rest:
        return 0
    factors = [float(factor) for factor in re.split("[·]", product.replace(" ", ""))]
    value = 1
    for factor in factors:
        value *= int(factor)
    assert value == int(re.match(r"[\d,]+", rest)[0].replace(",", "")), line
    return value


def properties(explorer, said):
    """The last line, part by part, against what follows from the numbers of the Python half."""
    shifts, mixes, neighbours, sizes, others = said.rstrip(".").split("; ")
    assert f"{explorer.size} × {explorer.size} becomes {explorer.output_size} × {explorer.output_size}" == sizes
    assert neighbours == f"reads {'no ' * (field(explorer.variant, explorer) == 1)}neighbours"
    assert others.endswith("only") == (explorer.variant == "unshared")
    if explorer.variant == "strided":
        assert shifts.endswith("every shift" if explorer.stride == 1 else f"multiples of {explorer.stride}")
    assert (mixes == "mixes no channels") == (explorer.variant == "depthwise")


def code(explorer, text):
    """Run the torch code without memory, and count."""
    shape = re.search(r"w of shape \(([\d, ]+)\)", text)
    if shape:
        assert torch.Size(map(int, shape[1].split(", "))).numel() == explorer.count()[0]
        return
    text = text.partition("  #")[0]
    with torch.device("meta"):
        made = eval(text.removeprefix("branches = "), {"nn": nn, "layers": layers})
    assert sum(p.numel() for p in made.parameters()) == explorer.count()[0], text
    if text.startswith("nn."):
        x = torch.empty(1, explorer.in_channels, explorer.size, explorer.size, device="meta")
        assert made(x).shape[-1] == explorer.output_size
