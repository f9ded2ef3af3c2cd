"""Layer dialects: what the page shows held to the Python half, and its lines run in the frameworks themselves."""

import json
import re

import numpy as np
import torch
import torch.nn.functional as F
from onnx.helper import make_node
from onnx.reference import ReferenceEvaluator
from scipy.signal import convolve2d

from cnnlib import ops
from cnnlib.explore.layer_dialects import DIALECTS, SIZE, unsaid
from tests.conventions.frameworks import keras

STATES = [
    {},
    {"dialect": "scipy", "kernel_size": (4, 2), "target": "onnx", "channels": 3, "stride": 1},
    {"layer": "transposed", "kernel_size": (3, 2), "target": "torch"},
]
REFUSED = [
    ({"dialect": "torch"}, "padding='same' needs stride=1 in torch, not 2; use numbers, or stride=1"),
    ({"dialect": "onnx", "layer": "transposed"}, "'same' of a transposed layer is a word of Keras's; use"),
    ({"dilation": 2}, "stride=2 and dilation=2 are both above 1, which Keras refuses; use 1 for one"),
    ({"dialect": "exam"}, "padding='same' is no word of the exam; use numbers"),
    ({"dialect": "exam", "before": (1, 1), "after": (1, 2)}, "it pads P pixels on each side, all alike; use equal"),
    ({"dialect": "exam", "before": (1, 1), "kernel_size": (2, 3)}, "its filters are square, F x F; use a square"),
    ({"dialect": "scipy", "padding": "valid", "kernel_size": (4, 4), "dilation": 2}, "7 x 7 does not fit in"),
    ({"dialect": "torch", "layer": "transposed", "output_padding": (2, 2)}, "not below the larger .*; use at most 1"),
    ({"layer": "transposed", "stride": 1, "kernel_size": (1, 1), "before": (3, 3), "after": (3, 3)}, "all of 4 x 5"),
]
NAMES = {
    "np": np,
    "torch": torch,
    "F": F,
    "keras": keras,
    "make_node": make_node,
    "ReferenceEvaluator": ReferenceEvaluator,
    "convolve2d": convolve2d,
    "ops": ops,
}


def check(explorer, seen):
    assert seen["status"] == explorer.result()
    kernel = array("w", seen["numbers"])
    assert np.array_equal(kernel, explorer.written(explorer.dialect))
    shape = tuple(map(int, re.search(r"^y.shape = \((.*)\)$", seen["numbers"], re.MULTILINE)[1].split(", ")))
    rows = [json.loads(line) for line in seen["numbers"].splitlines() if line.startswith("[")]
    assert np.array_equal(np.reshape(rows, shape), explorer.output)
    recipes = dict(re.findall(r"^# (\w+)\n((?:(?!# ).+\n?)+)", seen["numbers"], re.MULTILINE))
    assert list(recipes) == [name for name in DIALECTS if unsaid(explorer, name) is None]
    for name, lines in recipes.items():
        if name == "exam":
            for line, length, wanted in zip(lines.splitlines(), SIZE, explorer.output.shape[1:], strict=True):
                assert line.startswith(f"({length} -") and int(eval(line)) == wanted, line
        else:
            assert np.array_equal(run(explorer, name, lines), explorer.output), (name, lines)
    target = recipes.get(explorer.target)
    assert seen["formula"].partition("\n")[2] == (target or "").rstrip()
    assert seen["torch"].partition("\n")[2] == recipes[explorer.dialect].rstrip()


def array(name, text):
    shape = re.search(rf"^{name}.shape = \((.*)\)  #", text, re.MULTILINE)[1]
    numbers = re.search(rf"^{name} = (\[.*\])$", text, re.MULTILINE)[1]
    return np.array(json.loads(numbers)).reshape(tuple(map(int, shape.split(", "))))


def run(explorer, name, lines):
    """The output of a recipe, run in the framework itself from the arrays as the dialect has them."""
    x = explorer.input[None]
    if explorer.dialect == "keras":
        x = x.transpose(0, 2, 3, 1)
    given = {**NAMES, "x": x, "w": np.ascontiguousarray(explorer.written(explorer.dialect))}
    if name == "keras":  # it takes tensors, and a transposed array's strides
        lines = re.sub(r"(keras\.ops\.\w+)\(x, w", r"\1(torch.tensor(x.copy()), torch.tensor(w.copy())", lines)
    exec(lines, given)
    y = np.asarray(given["y"])
    if name == "keras":
        y = y.transpose(0, 3, 1, 2)
    return y if name == "scipy" else y[0]
