"""Each kind of parameter by itself: what it takes, in which form it keeps it, what it says to everything else."""

import numpy as np
import pytest

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.schema import schema
from cnnlib.explore.base.traits import Choice, Flag, Image, Matrix, Pair, Real, Whole


class Every(Explorer):
    """One parameter of each kind."""

    module = "question/view.mjs"
    whole = Whole(1, 6, 2)
    maybe = Whole(0, 3, None, allow_none=True)
    pair = Pair(0, 9, (1, 2))
    real = Real(-1, 5, 2.5)
    flag = Flag(False)
    choice = Choice(("one", "two"), former={"eins": "one"})
    matrix = Matrix(4, square=True)
    line = Matrix(5, line=True)
    image = Image(8)

    def result(self):
        return "."


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("whole", np.int8(6), 6),
        ("maybe", None, None),
        ("maybe", 0, 0),
        ("pair", 3, (3, 3)),
        ("pair", [4, np.int64(5)], (4, 5)),
        ("pair", np.array([5, 4]), (5, 4)),
        ("real", np.float32(0.5), 0.5),
        ("real", 3, 3.0),
        ("flag", np.True_, True),
        ("choice", "two", "two"),
        ("choice", "eins", "one"),
        ("matrix", np.eye(2, dtype=bool), [[1, 0], [0, 1]]),
        ("matrix", None, None),
        ("line", [1, 2.5], [[1, 2.5]]),
    ],
)
def test_what_is_taken_is_kept_in_one_form(name, given, kept):
    explorer = Every(**{name: given})
    value = getattr(explorer, name)
    assert value == kept and type(value) is type(kept)


def test_an_image_is_kept_as_an_array_that_cannot_be_written():
    given = np.arange(6.0).reshape(2, 3)
    image = Every(image=given).image
    given[0, 0] = 9
    assert image.dtype == np.float32 and image[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


@pytest.mark.parametrize(
    ("name", "given", "error", "message"),
    [
        ("whole", 7, ValueError, r"whole=7 is out of range; use an integer from 1 to 6"),
        ("whole", True, TypeError, r"whole=True is a bool; use an integer from 1 to 6"),
        ("whole", 2.0, TypeError, r"whole=2\.0 is a float; use an integer from 1 to 6"),
        ("whole", None, TypeError, r"whole=None is a NoneType; use an integer"),
        ("real", 5.25, ValueError, r"real=5\.25 is out of range; use a number from -1 to 5"),
        ("real", np.nan, ValueError, r"real=nan is not finite"),
        ("real", True, TypeError, r"real=True is a bool; use a number"),
        ("real", None, TypeError, r"real=None is a NoneType; use a number"),
        ("pair", (3, 4, 5), ValueError, r"pair=\(3, 4, 5\) has 3 numbers; use one integer or a pair"),
        ("pair", np.array([3.5, 4]), TypeError, r"pair=3\.5 is a float; use an integer from 0 to 9"),
        ("pair", None, TypeError, r"pair=None is a NoneType; use an integer from 0 to 9 or a pair of them"),
        ("pair", (3, -1), ValueError, r"pair=-1 is out of range; use an integer from 0 to 9"),
        ("flag", 1, TypeError, r"flag=1 is an int; use True or False"),
        ("flag", "yes", TypeError, r"flag='yes' is a str; use True or False"),
        ("choice", "three", ValueError, r"choice='three' is unknown; use one of 'one', 'two'"),
        ("choice", 3, TypeError, r"choice=3 is an int; use one of 'one', 'two'"),
        ("matrix", np.ones((2, 3)), ValueError, r"matrix of shape \(2, 3\) are not square"),
        ("matrix", np.ones((5, 5)), ValueError, r"matrix of shape \(5, 5\) is too large .* at most 4 rows and 4"),
        ("matrix", [[1, 2], [3]], TypeError, r"matrix is not an array of numbers \(got list\)"),
        ("matrix", [["1"]], TypeError, r"matrix is not an array of numbers"),
        ("matrix", np.zeros((2, 2, 3)), ValueError, r"matrix has 3 dimensions .* array\.mean\(-1\)"),
        ("line", np.zeros((0, 3)), ValueError, r"line of shape \(0, 3\) is empty"),
        ("matrix", [[np.nan]], ValueError, r"matrix\[0, 0\] is nan; every number must be finite"),
        ("matrix", [[1e13]], ValueError, r"matrix\[0, 0\] is 1e\+13; use numbers from -1e\+12 to 1e\+12"),
        ("matrix", np.ma.masked_less([[1, 2]], 2), TypeError, r"matrix is a masked array"),
        ("image", np.zeros((9, 2)), ValueError, r"image of shape \(9, 2\) is too large; use at most 8 x 8"),
        ("image", np.full((3, 3), np.inf), ValueError, r"image\[0, 0\] is inf"),
    ],
)
def test_everything_else_is_refused(name, given, error, message):
    """The same whether it is made with it or set later; what stood there stays."""
    with pytest.raises(error, match=f"^Every: {message}"):
        Every(**{name: given})
    explorer = Every()
    before = getattr(explorer, name)
    with pytest.raises(error, match=f"^Every: {message}"):
        setattr(explorer, name, given)
    assert getattr(explorer, name) is before


def test_the_schema_says_all_of_it():
    assert schema(Every)["pair"] == {"kind": "pair", "default": (1, 2), "none": False, "low": 0, "high": 9}
    assert schema(Every)["choice"]["former"] == {"eins": "one"}
    assert schema(Every)["matrix"] == {"kind": "matrix", "default": None, "none": True, "most": 4, "square": True}
    assert [entry["kind"] for entry in schema(Every).values()] == [
        "whole", "whole", "pair", "real", "flag", "choice", "matrix", "matrix", "image",
    ]  # fmt: skip
