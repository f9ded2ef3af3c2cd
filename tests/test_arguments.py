"""The one module where arguments are brought into form."""

import numpy as np
import pytest
import torch

from cnnlib.arguments import flag, integer, padding4, pair


# ------------------------------------------------------------------ by hand
@pytest.mark.parametrize("two", [2, np.int64(2), np.uint8(2), np.array(2)])
def test_integers_of_every_kind(two):
    assert integer("f", "n", two) == 2 and type(integer("f", "n", two)) is int
    assert pair("f", "n", two) == (2, 2)
    assert pair("f", "n", [two, 3]) == pair("f", "n", (two, 3)) == (2, 3)
    assert padding4("f", two) == (2, 2, 2, 2)
    assert padding4("f", (two, 3)) == (2, 2, 3, 3)
    assert padding4("f", [1, two, 3, 4]) == (1, 2, 3, 4)
    for value in (*pair("f", "n", two), *padding4("f", (two, 3, two, 1))):
        assert type(value) is int


def test_minimum():
    assert pair("f", "n", (-3, 4), None) == (-3, 4)
    assert pair("f", "n", -3, None) == (-3, -3)
    assert integer("f", "n", -3, None) == -3
    assert pair("f", "n", [-3, np.int64(-4)], None) == (-3, -4)
    assert pair("f", "n", np.int64(-3), None) == (-3, -3)
    assert pair("f", "n", torch.Size([3, 4]), 1) == (3, 4)
    assert pair("f", "n", 1, 1) == (1, 1)


# ------------------------------------------------------------------ errors
PAIR = r"use an integer >= 1 or a pair \(height, width\)$"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (True, TypeError, r"^f: n=True is a bool; " + PAIR),
        (np.False_, TypeError, r"^f: n=np\.False_ is a bool; " + PAIR),
        (torch.tensor(True), TypeError, r"^f: n=tensor\(True\) is a torch\.bool; " + PAIR),
        ((1, True), TypeError, r"^f: n=\(1, True\) holds a bool; " + PAIR),
        (1.0, TypeError, r"^f: n=1\.0 is a float; " + PAIR),
        (np.float64(1), TypeError, r"^f: n=np\.float64\(1\.0\) is a float64; " + PAIR),
        ((1, 1.0), TypeError, r"^f: n=\(1, 1\.0\) holds a float; " + PAIR),
        ("1", TypeError, r"^f: n='1' is a str; " + PAIR),
        (None, TypeError, r"^f: n=None is a NoneType; " + PAIR),
        ({1, 2}, TypeError, r"^f: n=\{1, 2\} is a set; " + PAIR),
        (((1, 1), 1), TypeError, r"^f: n=\(\(1, 1\), 1\) holds a tuple; " + PAIR),
        (0, ValueError, r"^f: n=0 is below 1; " + PAIR),
        ((1, 0), ValueError, r"^f: n=\(1, 0\) holds 0; " + PAIR),
        ((), ValueError, r"^f: n=\(\) has 0 entries; " + PAIR),
        ((1,), ValueError, r"^f: n=\(1,\) has 1 entry; " + PAIR),
        ((1, 1, 1, 1), ValueError, r"^f: n=\(1, 1, 1, 1\) has 4 entries; " + PAIR),
    ],
)
def test_pair_refuses(value, error, message):
    with pytest.raises(error, match=message):
        pair("f", "n", value, 1)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (-1, ValueError, r"^f: padding=-1 is below 0; use an integer >= 0, a pair \(height"),
        ((0, 0, 0, -1), ValueError, r"holds -1; use an integer >= 0, a pair .* or \(top, bottom, "),
        ((1, 2, 3), ValueError, r"has 3 entries; use an integer >= 0, a pair"),
        ("same", TypeError, r"^f: padding='same' is a str; use an integer >= 0, a pair"),
        (False, TypeError, r"^f: padding=False is a bool; use an integer >= 0, a pair"),
    ],
)
def test_padding_refuses(value, error, message):
    with pytest.raises(error, match=message):
        padding4("f", value)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (True, TypeError, r"^f: n=True is a bool; use an integer >= 2$"),
        (2.0, TypeError, r"^f: n=2\.0 is a float; use an integer >= 2$"),
        ((2,), TypeError, r"^f: n=\(2,\) is a tuple; use an integer >= 2$"),
        (1, ValueError, r"^f: n=1 is below 2; use an integer >= 2$"),
    ],
)
def test_integer_refuses(value, error, message):
    with pytest.raises(error, match=message):
        integer("f", "n", value, 2)


@pytest.mark.parametrize("yes", [True, np.True_, np.array(True)])
def test_flags(yes):
    assert flag("f", "n", yes) is True
    assert flag("f", "n", yes ^ True) is False


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("no", "'no' is a str"),
        (None, "None is a NoneType"),
        (1, "1 is an int"),
        (np.int64(0), r"np\.int64\(0\) is an int64"),
        (np.array([True]), r"array\(\[ True\]\) is an array of shape \(1,\)"),
    ],
)
def test_flag_refuses(value, kind):
    with pytest.raises(TypeError, match=rf"^f: n={kind}; use True or False$"):
        flag("f", "n", value)


def test_arrays_are_named_by_their_shape():
    with pytest.raises(
        TypeError, match=r"^f: n=array\(\[1, 1\]\) is an array of shape \(2,\); use an integer >= 1 or a pair"
    ):
        pair("f", "n", np.array([1, 1]), 1)
    with pytest.raises(ValueError, match=r"n=-1 is below 0; use an integer >= 0 or a pair \(left, right\)$"):
        pair("f", "n", -1, 0, "(left, right)")


def test_without_a_minimum_the_advice_names_none():
    with pytest.raises(TypeError, match=r"use an integer or a pair \(height, width\)$"):
        pair("f", "n", 1.5, None)
