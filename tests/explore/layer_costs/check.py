"""Layer costs: what the page shows, held to the Python half; the formulas are worked out as they are written."""

import json
import re

from cnnlib.explore import layer_costs

STATES = [
    {},
    {"quantity": "memory", "side": 333, "units": None, "filters": 7, "dtype": "float16"},
    {"quantity": "multiply-adds", "side": 4095, "channels": 1023, "units": None, "filters": 701},  # beyond 2^53
]
REFUSED = [
    ({"kernel_size": 4}, "kernel_size=4 is even, and no equal padding .*; use 3 or 5"),
]


def check(explorer, seen):
    assert seen["status"] == explorer.result()
    for kind in layer_costs.KINDS:
        numbers = json.loads(re.search(rf"^{kind} = (.*)$", seen["numbers"], re.MULTILINE)[1])
        assert tuple(numbers.values()) == (*explorer.count(kind), explorer.cost(kind))
        line = next(line for line in seen["formula"].splitlines() if line.startswith(f"{kind}:"))
        assert arithmetic(line) == explorer.cost(kind), line


def arithmetic(line):
    """Work out the formula as it is written: the product on the left of the first ' = '."""
    product = line.partition(":")[2].partition(" = ")[0]
    text = re.sub(r"[a-zA-Z ]+(?=·|\)|$|\+)", "", product).replace(",", "").replace("·", "*")
    text = re.sub(r"[a-zA-Z]+( of the optimiser)?", "", text)
    assert re.fullmatch(r"[\d *+()]+", text), (line, text)
    return eval(text)
