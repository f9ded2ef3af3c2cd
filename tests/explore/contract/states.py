"""Random states of an explorer, drawn from its schema: legal ones, illegal ones, and ones nobody would think of."""

import numpy as np

from cnnlib.explore.base.schema import schema

#: Values that no parameter of any kind takes, or only one of another kind.
FOREIGN = ["two", "", [], {}, [1, 2, 3], 0.5, -1, 10**9, True]


def value(entry: dict, random: np.random.Generator):
    """A value of one parameter; now and then one just outside its range."""
    kind = entry["kind"]
    if entry["none"] and random.random() < 0.3:
        return None
    if kind == "flag":
        return bool(random.integers(2))
    if kind == "choice":
        return entry["choices"][random.integers(len(entry["choices"]))]
    if kind in ("whole", "pair"):
        numbers = [_number(entry, random) for _ in range(1 + (kind == "pair"))]
        return numbers if kind == "pair" else numbers[0]
    if kind == "real":
        return round(float(random.uniform(entry["low"] - 0.2, entry["high"] + 0.2)), int(random.integers(3)))
    if kind == "matrix":
        rows, columns = (int(n) for n in random.integers(1, min(entry["most"], 6) + 1, 2))
        if entry["square"] and random.random() < 0.8:
            columns = rows
        return random.integers(-9, 10, (rows, columns)).tolist()
    if kind == "list":
        count = int(random.integers(entry["low"], min(entry["high"], 6) + 1))
        return [{name: value(part, random) for name, part in entry["of"].items()} for _ in range(count)]
    return None


def _number(entry, random):
    low, high = entry["low"], entry["high"]
    if random.random() < 0.05:
        return int(random.choice([low - 1, high + 1]))
    if random.random() < 0.5:  # small numbers fit more often
        high = min(high, low + 8)
    return int(random.integers(low, high + 1))


def states(explorer: type, count: int, seed: int):
    """``count`` states: the defaults with a few parameters drawn anew."""
    random = np.random.default_rng(seed)
    parameters = schema(explorer)
    names = [name for name, entry in parameters.items() if entry["kind"] != "image"]
    for _ in range(count):
        state = {name: entry["default"] for name, entry in parameters.items()}
        for name in random.permutation(names)[: random.integers(1, len(names) + 1)]:
            state[name] = value(parameters[name], random)
        yield state


def fitting(explorer: type, count: int, seed: int, **fixed):
    """The states among ``count`` random ones in which the explorer can be made, each as (the explorer, the state).

    Parameters that are ``fixed`` have these values.
    """
    for state in states(explorer, count, seed):
        state |= fixed
        try:
            made = explorer(**state)
        except ValueError:
            continue
        yield made, state
