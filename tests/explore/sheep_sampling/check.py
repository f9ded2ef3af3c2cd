"""Sheep sampling: what the page shows, held to the Python half."""

import re

import numpy as np

from cnnlib.explore.sheep_sampling import KINDS, NAMES
from tests.explore import shown as said

STATES = [
    {},
    {"height": 18, "place": (11, 13), "layer": "third", "lines": True, "draw": 7},
    {"height": 48, "place": (0, 23), "layer": "first", "offsets": "elsewhere"},
    {"height": 30, "place": (13, 11), "offsets": "rigid", "draw": 19},
]
REFUSED = [
    ({"height": 20}, "height=20 is no stored size; use one of 18, 30, 48, 76"),
]
MARGIN = 12


def percentages(text):
    """The four shares that a line says, by the name of the points."""
    found = [re.search(rf"{NAMES[kind]} (\d+)%", text)[1] for kind in KINDS]
    return [int(number) for number in found]


def check(explorer, seen):
    numbers = said.arrays(seen["numbers"])
    shares, everywhere = explorer.shares, explorer.all_shares
    here = [shares[kind] for kind in KINDS]
    means = [everywhere[kind].mean() for kind in KINDS]
    wanted = {
        "shares": [here],
        "means": [means],
        "spreads": [list(explorer.spreads.values())],
        "dilations": [list(explorer.dilations.values())],
        "other": [explorer.other],
        "everywhere": [everywhere[kind] for kind in KINDS],
        "points": np.column_stack([explorer.points, explorer.weights, explorer.on.astype(float)]),
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(numbers[name], value, rtol=1e-6, atol=1e-7, err_msg=name)
    check_words(explorer, seen, here, means)
    picture = said.pixels(seen["picture"])
    assert picture.shape[:2] == (96 + 2 * MARGIN,) * 2
    np.testing.assert_array_equal(picture[MARGIN:-MARGIN, MARGIN:-MARGIN], explorer.image)


def check_words(explorer, seen, here, means):
    row, column, ground, said_here, count = re.match(
        r"At row (\d+), column (\d+), (on [a-z ]+): (.*?) of (\d+) weighted points on the sheep\.",
        seen["status"],
    ).groups()
    assert (int(row), int(column)) == explorer.place
    assert ground == explorer.ground and int(count) == len(explorer.weights)
    np.testing.assert_allclose(percentages(said_here), 100 * np.array(here), atol=0.5 + 1e-9)
    other = re.search(r"The other position is row (\d+), column (\d+)\.", seen["status"])
    assert (other is not None) == (explorer.offsets == "elsewhere")
    if other:
        assert [int(at) for at in other.groups()] == list(explorer.other)
    all_positions, measured = seen["formula"].splitlines()
    assert int(re.match(r"all (\d+) positions: ", all_positions)[1]) == len(explorer.all_shares["rigid"])
    np.testing.assert_allclose(percentages(all_positions), 100 * np.array(means), atol=0.5 + 1e-9)
    found = [float(number) for number in re.findall(r"\d+\.\d+", measured)]
    spreads, dilations = explorer.spreads, explorer.dilations
    np.testing.assert_allclose(found[:2], [spreads["learned"], spreads["rigid"]], atol=0.051)
    np.testing.assert_allclose(found[2:], [dilations["learned"], dilations["rigid"]], atol=0.0051)
    assert ("of the third layer" in measured) == (explorer.layer == "all")
