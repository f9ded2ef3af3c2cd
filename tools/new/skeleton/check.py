"""Skeleton title: what the page shows, held to the Python half."""

import json
import re

STATES = [{}, {"size": 5, "kernel_size": 1, "position": 4}]
REFUSED = [({"size": 3, "kernel_size": 4}, "kernel_size=4 does not fit in size=3; use kernel_size <= 3$")]


def check(explorer, seen):
    assert seen["status"] == explorer.result()
    numbers = json.loads(re.search(r"^window = (.*)$", seen["numbers"], re.MULTILINE)[1])
    assert numbers == explorer.window.tolist()
    terms, _, total = seen["formula"].partition(" = ")
    assert [int(term) for term in terms.split(" + ")] == numbers and int(total) == sum(numbers)
    first, last = re.search(r"\[(\d+):(\d+)\]", seen["torch"]).groups()
    assert list(range(int(first), int(last))) == numbers
