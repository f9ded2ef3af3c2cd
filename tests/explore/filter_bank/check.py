"""Filter bank: what the page shows, held to the Python half: texts, numbers and every pixel of the map."""

import json

import numpy as np
import pytest

from cnnlib import filters
from tests.explore import shown as said

STATES = [
    {},
    {"bank": "face", "filter": 31, "sort": "colour", "stride": 3, "photo": "kingfisher", "rectify": True},
    {"image": np.random.default_rng(0).random((40, 50, 3)), "bank": "squeezenet", "stride": 2},
]
REFUSED = [
    ({"bank": "face", "filter": 32}, "filter=32 is out of range; use an integer from 0 to 31"),
]


def check(chosen, shown):
    where = chosen.position or chosen.best[0]
    numbers = dict(line.split(" = ", 1) for line in shown["numbers"].split("\n") if " = " in line)
    entry = f"map[{where[0]}, {where[1]}]"
    answers, measured = chosen.map, chosen.features
    for key in measured._fields:
        assert float(numbers[key]) == pytest.approx(getattr(measured, key)[chosen.filter], abs=1e-9), key
    assert float(numbers["sparseness"]) == pytest.approx(filters.sparseness(answers))
    assert [float(v) for v in numbers["low, high"].split(", ")] == pytest.approx([answers.min(), answers.max()])
    assert json.loads(numbers["order"]) == chosen.order.tolist()
    best = json.loads(numbers["best"])
    assert [value for *_, value in best] == pytest.approx([answers[where] for where in chosen.best])
    assert [answers[row, column] for row, column, _ in best] == pytest.approx([value for *_, value in best])
    total, parts = numbers[entry].split(" = sum")
    at_best = type(chosen)(
        **{name: getattr(chosen, name) for name in chosen.parameters if name != "position"}, position=where
    )
    assert float(total) == pytest.approx(answers[where], abs=1e-9)
    assert json.loads(parts[1:-1]) == pytest.approx(at_best.parts.tolist(), abs=1e-9)
    assert f"Map {answers.shape[0]} × {answers.shape[1]}, values " in shown["status"]
    assert f"Filter {chosen.filter}: " in shown["status"]
    count, _, side, _ = filters.bank(chosen.bank).shape
    assert f"= {count * (3 * side**2 + 1):,} parameters" in shown["formula"]
    assert (".relu()" in shown["torch"]) == chosen.rectify and (chosen.stride == 1) == ("stride" not in shown["torch"])
    picture = said.pixels(shown["picture"])
    want = said.signed(np.maximum(answers, 0) if chosen.rectify else answers, np.abs(answers).max())
    assert picture.shape == want.shape
    assert np.abs(picture - want).max() <= 1.01
