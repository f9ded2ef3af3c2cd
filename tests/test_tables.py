"""Tables: what is shown, as text and as HTML, and what is refused."""

import re

import numpy as np
import pytest

from cnnlib.tables import Table, minus

ROWS = [("dense", 9216, 0.5), ("shared <w>", np.int64(26), np.float32(0.754)), ("none", None, -1.25)]
COLUMNS = ["layer", "parameters", "accuracy"]


def cells(table):
    return [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in table._repr_html_().split("<tr>")[1:]]


def test_text_by_hand():
    assert repr(Table(ROWS, COLUMNS, formats={"accuracy": ".1f"}, caption="Three layers")) == (
        "Three layers\n"
        "layer       parameters  accuracy\n"
        "----------  ----------  --------\n"
        "dense            9,216       0.5\n"
        "shared <w>          26       0.8\n"
        "none                        -1.2"
    )


def test_html_holds_the_same_cells():
    table = Table(ROWS, COLUMNS, formats=".2f", caption="a < b")
    assert cells(table) == [
        COLUMNS,
        ["dense", "9,216", "0.50"],
        ["shared &lt;w&gt;", "26", "0.75"],
        ["none", "", "−1.25"],
    ]
    html = table._repr_html_()
    assert "<caption>a &lt; b</caption>" in html
    assert html.count('scope="row"') == 3 and html.count('scope="col"') == 3
    assert html.count('class="number"') == 8  # two columns of numbers, with their heads


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("-3", "−3"),
        ("-.5", "−.5"),
        ("[0, -1, -1]", "[0, −1, −1]"),
        ("0.03 (-0.03 to -0.01)", "0.03 (−0.03 to −0.01)"),
        ("-0.00", "0.00"),
        ("-0%", "0%"),
        ("-0.05", "−0.05"),
        ("-0.0001", "−0.0001"),
    ],
)
def test_a_minus_sign_and_none_before_a_zero(written, shown):
    assert minus(written) == shown


@pytest.mark.parametrize("text", ["1e-05", "3-4", "2-D", "ResNet-50", "n - 1", "a -b", "left-right", "conv-1", "−0.5"])
def test_other_hyphens_stay(text):
    assert minus(text) == text


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([], {}, "there are no rows"),
        ([("a", 1)], {}, r"row 0 has 2 cells for 3 columns \(layer, parameters, accuracy\)"),
        (ROWS, {"formats": {"speed": ".1f"}}, r"formats for \['speed'\]; use the columns layer"),
    ],
)
def test_refusals(rows, options, message):
    with pytest.raises(ValueError, match=message):
        Table(rows, COLUMNS, **options)
