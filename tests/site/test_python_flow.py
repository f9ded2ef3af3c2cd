"""Which cells a cell needs, as the page and the site's builder see it."""

import importlib.util

import pytest

from tools.environment import ROOT

SPEC = importlib.util.spec_from_file_location("flow", ROOT / "_ext/python/kernel/flow.py")
flow = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(flow)


@pytest.mark.parametrize(
    ("source", "bound", "free"),
    [
        ("x = x + 1", {"x"}, {"x"}),
        ("x += 1", {"x"}, {"x"}),
        ("y = 2\nx = y", {"x", "y"}, set()),
        ("import numpy.linalg, os.path as where", {"numpy", "where"}, set()),
        ("from a import b as c, d", {"c", "d"}, set()),
        ("for i, (j, k) in pairs:\n    total = i + j", {"i", "j", "k", "total"}, {"pairs"}),
        ("[row[i] for i in range(n) if i]", set(), {"row", "n"}),
        ("f = lambda x, *y, z=w: x + y + z + v", {"f"}, {"w", "v"}),
        ("def f(x):\n    y = x\n    return y + a\nf(b)", {"f"}, {"a", "b"}),
        ("def f(n):\n    return f(n - 1)", {"f"}, set()),
        ("class A(B):\n    def go(self):\n        return C", {"A"}, {"B", "C"}),
        ("with open(path) as file:\n    text = file.read()", {"file", "text"}, {"path"}),
        ("try:\n    a\nexcept E as error:\n    print(error)", {"error"}, {"a", "E"}),
        ("if (n := len(s)) > 1:\n    print(n)", {"n"}, {"s"}),
        ("match point:\n    case (0, y):\n        z = y", {"y", "z"}, {"point"}),
        ("print(f'{a:.{b}f}')", set(), {"a", "b"}),
        ("x = (", set(), set()),
        ("a.b = c[d]", set(), {"a", "c", "d"}),
    ],
)
def test_what_a_cell_binds_and_reads(source, bound, free):
    assert flow.names(source) == (bound, free)


def test_the_cells_above_that_are_needed():
    cells = ["import numpy as np", "n = 3", "x = np.ones(n)", "y = 5", "x = x + y", "z = 1", "x.sum()"]
    assert flow.above(cells, 6) == [0, 1, 2, 3, 4]
    assert flow.above(cells, 3) == []


def test_what_needs_torch():
    cells = ["from cnnlib import layers, ops", "net = layers.SCells(1, 2, 3)", "y = ops.relu(1)", "z = 1", "net(z)"]
    assert flow.tainted(cells, {"torch", "cnnlib.layers"}) == [0, 1, 2, 4]  # ops came with layers, in one line
    assert flow.tainted(["import torchless", "text = 'torch'"], {"torch"}) == []
    assert flow.tainted(["def f():\n    import torch.nn", "f()", "g()"], {"torch"}) == [0, 1]
