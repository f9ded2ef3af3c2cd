"""The network on a picture: what the page shows, held to the Python half."""

import json
import re

import numpy as np
import pytest

from cnnlib import data
from cnnlib.explore import network_live
from tests.explore.shown import number

# small pictures, so that a sweep over every control takes seconds; whole ones are tried in the explorer's own tests
STATES = [
    {"coarse": True},
    {
        "coarse": True,
        "image": np.random.default_rng(0).random((40, 60, 3)),
        "stage": "fire5",
        "remove": "fire3 channel",
        "cover_size": 60,
        "cover": (20, 200),
        "turn": 30,
    },
]
#: Of a choice with many, those that are tried; all stages and removals come up in the explorer's own tests.
FEW = {
    "photo": ["sheep", "cow", "owl", "chambord", "array"],
    "stage": ["conv1", "pool1", "fire2_squeeze", "fire3", "fire5", "pool3", "fire7_squeeze", "fire9", "conv10"],
    "remove": ["nothing", "conv1 channel", "fire2 3x3", "fire4 channel", "fire5 1x1", "fire7 3x3", "fire9 channel"],
}
#: What a bare page is given of the assets.
ASSETS = ["squeezenet", *(f"photo-{name}" for name in ("sheep", "cow", "owl", "chambord", "dog", "kingfisher"))]
#: Parameters that choose a picture or what is opened of it; any other that is not at its default changes something.
CHOOSING = {"photo", "image", "stage", "channel", "position", "coarse", "cover", "cover_fill", "removed_channel"}
CLOSE = {"rel": 2e-4, "abs": 2e-3}


def check(explorer, seen):
    names = data.imagenet_classes()
    told, numbers = seen["status"], seen["numbers"]
    best, intact = (json.loads(re.search(rf"^{name} = (.*)$", numbers, re.M)[1]) for name in ("best", "intact"))
    p = explorer.probabilities
    assert [names[n] for *_, n in best] == [name for name, *_ in best] and len({n for *_, n in best}) == 5
    np.testing.assert_allclose([share for _, share, _ in best], np.sort(p)[:-6:-1], rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose([share for _, share, _ in best], p[[n for *_, n in best]], rtol=2e-3, atol=1e-6)
    before = explorer.intact
    assert intact[1] == pytest.approx(before.max(), rel=2e-3)
    assert before[names.index(intact[0])] == pytest.approx(before.max(), rel=2e-3)
    shares = ", ".join(f"{name} {share:.3f}" for name, share, _ in best)
    start = type(explorer)()
    altered = any(getattr(explorer, name) != getattr(start, name) for name in {*explorer.parameters} - CHOOSING)
    assert told.startswith(f"{shares}{f'; without the changes {intact[0]} {intact[1]:.3f}' if altered else ''}. ")

    unit_line = re.search(r"^channel, position, value = (\d+), \[(\d+), (\d+)\], (\S+)$", numbers, re.M)
    channel, row, column = (int(part) for part in unit_line.groups()[:3])
    maps = explorer.maps[explorer.stage]
    means = maps.mean(axis=(1, 2), dtype=float)
    order = json.loads(re.search(r"^order = (.*)$", numbers, re.M)[1])
    assert len(order) == len(set(order)) == min(36, len(maps))
    np.testing.assert_allclose(means[order], np.sort(means)[::-1][: len(order)], rtol=2e-3, atol=1e-3)
    assert channel == (order[0] if explorer.channel is None else explorer.channel)
    value = maps[channel, row, column]
    assert number(unit_line[4]) == pytest.approx(value, **CLOSE)
    if explorer.position is None:
        assert value == pytest.approx(maps[channel].max(), **CLOSE)
    else:
        assert (row, column) == explorer.position
    tail = re.search(r"Channel (\d+)(?: \((.*)\))? of (\S+), (\d+) × \4: (\S+) at \((\d+), (\d+)\)\.$", told)
    assert [int(part) for part in tail.group(1, 6, 7)] == [channel, row, column]
    assert tail[2] == (names[channel] if explorer.stage == "conv10" else None) and tail[3] == explorer.stage
    assert int(tail[4]) == maps.shape[1]
    assert number(tail[5]) == pytest.approx(value, rel=2e-3, abs=2e-3)
    size, fill = explorer.cover_size, explorer.cover_fill
    covered = f"{size} × {size} pixels about {explorer.cover} are covered ({fill})."
    assert (covered in told) == bool(explorer.cover_size)
    _, _, field, jump, start = network_live.rows(len(explorer.input))[explorer.stage]
    ends = [(start + at * jump, start + at * jump + field - 1) for at in (row, column)]
    rows, columns = (f"{first} to {last}" for first, last in ends)
    over = any(first < 0 or last >= len(explorer.input) for first, last in ends)
    sees = f"this unit sees {field} × {field} pixels, rows {rows} and columns {columns}"
    sees += "; beyond the picture's edges there is padding" if over else ""
    assert seen["formula"].replace("−", "-").endswith(sees)
    check_sum(type(explorer)(**state_of(explorer) | {"channel": channel, "position": (row, column)}).unit, seen)


def state_of(explorer):
    return {name: getattr(explorer, name) for name in explorer.parameters}


def check_sum(unit, seen):
    numbers, formula = seen["numbers"], seen["formula"]
    assert f"terms = {len(unit.weights)} " in numbers
    products = dict(zip(map(tuple, unit.indices.tolist()), zip(unit.weights, unit.values, strict=True), strict=True))
    shown = [json.loads(line) for line in re.findall(r"^  (\[.*\])$", numbers, re.M)]
    assert len(shown) == min(12, len(unit.weights))
    for *index, weight, value in shown:
        wanted = products[tuple(int(at) for at in index)]
        assert (weight, value) == (pytest.approx(wanted[0], rel=1e-3, abs=1e-6), pytest.approx(wanted[1], **CLOSE))
    sizes = np.sort(np.abs(unit.weights * unit.values))[::-1]
    np.testing.assert_allclose([abs(w * v) for *_, w, v in shown], sizes[: len(shown)], rtol=2e-3, atol=2e-3)
    said = re.search(r"^bias, sum, total = (\S+), (\S+), (\S+)$", numbers, re.M).groups()
    assert [float(part) for part in said] == [
        pytest.approx(wanted, rel=1e-3, abs=5e-3) for wanted in (unit.bias, unit.before, unit.total)
    ]
    assert number(formula.splitlines()[0].rpartition(" = ")[2]) == pytest.approx(unit.total, rel=1e-3, abs=5e-3)
