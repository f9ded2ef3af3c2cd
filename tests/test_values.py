"""Single values: names, real numbers, functions; and that each is checked in one place."""

import re
from pathlib import Path

import numpy as np
import pytest

from cnnlib import layers, ops, transforms
from cnnlib.values import callable_, choice, kind, number

PACKAGE = Path(__file__).resolve().parents[1] / "cnnlib"
#: What is written in one file of the package only: a pattern, and the file.
ONE_TRUTH = {
    r"is an? \{type\(": None,
    r"use one of \{', '\.join": None,
    r"(is|are) not known[;,]": None,
    r"isinstance\(.*\bReal\b": "values.py",
    r"and can't be called": "values.py",
    r"raise.*did you mean": None,
}
#: Where it is said of something else.
ELSEWHERE = {
    "networks/vgg.py": "a depth is a number, not a name",
    "exercises/diagnosis.py": "looks into an array of objects",
    "explore/base/values.py": "explorers raise traitlets' errors as well",
    "explore/base/traits.py": "the same",
    "exam/summary.py": "the choices of a question are sentences",
    "sheep/scenes.py": "a height is a number, not a name",
    "explore/sheep_sampling/__init__.py": "the same, in a sentence that both halves say",
    "explore/field_stack/__init__.py": "a name of a preset, or a list of layers",
}


@pytest.mark.parametrize(("pattern", "home"), ONE_TRUTH.items())
def test_each_refusal_is_written_once(pattern, home):
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert found - set(ELSEWHERE) == ({home} if home else set())


def test_names():
    assert choice("f", "n", "one", ("one", "two")) == "one"
    with pytest.raises(ValueError, match=r"^f: n='tvo' is unknown; did you mean 'two'\? use one of 'one', 'two'$"):
        choice("f", "n", "tvo", ("one", "two"))
    with pytest.raises(TypeError, match=r"^f: n=3 is an int; use None or one of 'one, two', 'three'$"):
        choice("f", "n", 3, ("one, two", "three"), also="None or ")
    with pytest.raises(TypeError, match=r"^f: n=\['one'\] is a list; use one of 'one'$"):
        choice("f", "n", ["one"], ("one",))
    with pytest.raises(ValueError, match=r"^f: n='x' is unknown; use one of '0', \.\.\., '99'$"):
        choice("f", "n", "x", [*map(str, range(100))])


@pytest.mark.parametrize("two", [2, 2.0, np.int8(2), np.float16(2), np.array(2), np.array(2.0, np.float32)])
def test_numbers_of_every_kind(two):
    assert number("f", "n", two, above=1, least=2, most=2) == 2 and type(number("f", "n", two)) is float


@pytest.mark.parametrize("two", [np.float32(2), np.array(2.0), np.array(2)])
def test_every_option_that_is_a_number_takes_them(two):
    """They were refused by three of these and taken by the others."""
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    assert np.array_equal(ops.resize_nearest2d(x, scale_factor=two), ops.resize_nearest2d(x, scale_factor=2))
    assert np.array_equal(ops.batch_norm(x, eps=two), ops.batch_norm(x, eps=2))
    assert layers.SCells(1, 1, 3, selectivity=two).selectivity == 2
    assert transforms.Zoom(two) == transforms.Zoom(2)
    assert transforms.FractionalShift((two, 1)) == transforms.FractionalShift((2, 1))


@pytest.mark.parametrize(
    ("value", "bounds", "error", "message"),
    [
        (True, {}, TypeError, "n=True is a bool; use a number$"),
        ("2", dict(above=0), TypeError, "n='2' is a str; use a number > 0$"),
        (np.ones(1), {}, TypeError, r"n=array\(\[1\.\]\) is an array of shape \(1,\); use a number$"),
        (np.array(True), {}, TypeError, r"n=array\(True\) is a bool; use a number$"),
        (10**400, {}, ValueError, "n=10+ is not finite; use a number$"),
        (0, dict(above=0, most=1), ValueError, "n=0 is out of range; use a number > 0 and <= 1$"),
        (np.array(2.0), dict(most=1), ValueError, r"n=array\(2\.\) is out of range; use a number <= 1$"),
        (
            -1,
            dict(least=0, whole=(1, -1)),
            ValueError,
            r"n=\(1, -1\) holds -1, which is out of range; use a nu",
        ),
        (None, dict(whole=(1, None)), TypeError, r"n=\(1, None\) holds None, which is a NoneType; use a number$"),
    ],
)
def test_numbers_that_are_refused(value, bounds, error, message):
    with pytest.raises(error, match=f"^f: {message}"):
        number("f", "n", value, **bounds)


def test_functions():
    assert callable_("f", "n", abs) is abs
    with pytest.raises(TypeError, match=r"^f: n is an array of shape \(2,\) and can't be called; use a rule$"):
        callable_("f", "n", np.ones(2), meaning="a rule")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "an int"),
        ("", "a str"),
        (None, "a NoneType"),
        (np.uint8(1), "a uint8"),
        (np.zeros((2, 0)), "an array of .*"),
    ],
)
def test_kinds_have_their_article(value, words):
    assert re.fullmatch(words, kind(value))
