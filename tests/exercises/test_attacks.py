"""Every checker, attacked with answers that are right in an odd form, or wrong in one that looks right."""

import copy
import fractions
import re
import sys

import numpy as np
import pytest
import torch

from cnnlib import exercises
from cnnlib.exercises import calls, diagnose
from tests.exercises.right import RIGHT, after, every, verdict


def test_every_checker_is_attacked():
    assert set(RIGHT) == {name for name in exercises.__all__ if name.startswith("check_")}


# ------------------------------------------------------------------ still right
def tensor(result, **options):
    return torch.tensor(np.asarray(result, dtype=np.float64), **options)


def talk(result, *arguments):
    print("a debugging line")
    return result


def count_itself(result, *arguments):
    for _ in range(1000):
        pass
    return result


STILL_RIGHT = {
    "as it is": lambda y, *a: y,
    "a list": lambda y, *a: np.asarray(y).tolist(),
    "float32": lambda y, *a: np.float32(y),
    "integers of every size": lambda y, *a: np.asarray(y, dtype=object),
    "fractions": lambda y, *a: np.vectorize(fractions.Fraction, otypes=[object])(np.asarray(y, float)),
    "read only": lambda y, *a: np.broadcast_to(y, np.shape(y)),
    "no value hidden": lambda y, *a: np.ma.masked_array(y),
    "a tensor": lambda y, *a: tensor(y),
    "a tensor that requires grad": lambda y, *a: tensor(y, requires_grad=True),
    "tensors in lists": lambda y, *a: [*tensor(y, requires_grad=True)] if np.ndim(y) else tensor(y),
    "with a line printed": talk,
    "with a loop": count_itself,
}


@every
@pytest.mark.parametrize("form", STILL_RIGHT.values(), ids=STILL_RIGHT)
def test_a_right_answer_is_right_in_every_form(name, form, capsys):
    found = verdict(name, after(form, name))
    assert found.right is True, found
    assert ("debugging" in capsys.readouterr().out) == (form is talk)  # what the reader prints is shown


# ------------------------------------------------------------------ not yet
class Liar(np.ndarray):
    """Says that it equals everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *arguments, **options):
        return np.True_

    def __array_function__(self, *arguments, **options):
        return np.True_


class Unreadable:
    def __array__(self, *arguments, **options):
        raise OSError("no such array")


class Sulking(Exception):
    def __str__(self):
        raise RuntimeError


def throw(error):
    raise error


def wrong_positions(result, *arguments):
    """The right sum at the wrong positions; a single number has none, and is one too large."""
    result = np.array(result, float)
    if not result.ndim:
        return result + 1
    other = np.zeros_like(result)
    other.flat[-1] = result.sum()
    return other


NOT_YET = {
    "nothing": (lambda y, *a: None, "returns nothing yet"),
    "text": (lambda y, *a: str(y), "should be an array of numbers, and is a str"),
    "numbers as text": (lambda y, *a: np.asarray(y).astype(str), "should be an array of numbers, and is (an|a) "),
    "complex": (lambda y, *a: np.asarray(y) + 1j, "complex numbers; return their real part"),
    "a complex tensor": (lambda y, *a: tensor(y) + 1j, "complex numbers; return their real part"),
    "hidden": (lambda y, *a: np.ma.masked_array(y, mask=True), "behind a mask"),
    "a generator": (lambda y, *a: (v for v in np.atleast_1d(y)), "array of numbers, and is a generator"),
    "a dictionary": (lambda y, *a: {0: y}, "array of numbers, and is a dict"),
    "a set": (lambda y, *a: {1.0}, "array of numbers, and is a set"),
    "ragged": (lambda y, *a: [[1, 2], [3]], "array of numbers, and is a list"),
    "a function": (lambda y, *a: lambda: y, "array of numbers, and is a function"),
    "unreadable": (lambda y, *a: Unreadable(), "is an Unreadable that can't be read as one"),
    "not a number": (lambda y, *a: np.asarray(y) * np.nan, "NaN or infinite"),
    "infinite": (lambda y, *a: np.full(np.shape(y), np.inf), "NaN or infinite"),
    "huge": (lambda y, *a: np.full(np.shape(y), 1e308), "at |every value is|the result is"),
    "huge integers": (lambda y, *a: np.full(np.shape(y), 10**400, dtype=object), "at |can't be read"),
    "a liar": (lambda y, *a: (np.asarray(y, float) + 7).view(Liar), "at |every value|wrong position|the result is"),
    "one more axis": (lambda y, *a: np.asarray(y)[None], "has shape"),
    "the right sum elsewhere": (wrong_positions, "."),
    "an error": (lambda y, *a: throw(IndexError("index 9")), "stops with IndexError: index 9"),
    "an error without words": (lambda y, *a: throw(Sulking()), "stops with Sulking$"),
    "a way out": (lambda y, *a: sys.exit(3), "stops with SystemExit"),
    "a stop": (lambda y, *a: throw(GeneratorExit()), "stops with GeneratorExit"),
    "unwritten": (lambda y, *a: throw(NotImplementedError()), "still to be written"),
    "too deep": (lambda y, *a: (lambda f: f(f))(lambda f: f(f)), "RecursionError"),
    "its argument": (lambda y, *a: a[0], "."),
    "a class": (lambda y, *a: np.ndarray, "array of numbers, and is a type"),
}


@every
@pytest.mark.parametrize(("form", "words"), NOT_YET.values(), ids=NOT_YET)
@pytest.mark.filterwarnings("error")
def test_a_wrong_answer_is_never_right(name, form, words):
    found = verdict(name, after(form, name))
    assert found.right is False, found
    assert re.search(words, found.sentence), found


@every
def test_no_function_at_all(name):
    for thing in (None, 3, "f", np.zeros(3), RIGHT):
        assert verdict(name, thing).right is False
    assert verdict(name, lambda: 1).right is False  # takes no arguments


# ------------------------------------------------------------------ arguments
def empty(thing):
    """Take out of a list or an array whatever is in it; integers stay."""
    if isinstance(thing, list):
        while thing:
            thing.pop()
    elif isinstance(thing, np.ndarray):
        thing[...] = 0


def emptying(result, *arguments):
    for argument in arguments:
        empty(argument)
    return result


@every
def test_a_function_that_changes_its_arguments_is_told_so_and_changes_nothing_for_the_next(name):
    seen = []

    def look(*arguments):
        seen.append(copy.deepcopy(arguments))
        return RIGHT[name](*arguments)

    verdict(name, look)
    mutable = any(isinstance(argument, list | np.ndarray) for argument in seen[0])
    for _ in range(2):
        found = verdict(name, after(emptying, name))
        assert found.right is (not mutable), found
        assert not mutable or found.sentence.endswith("the result is right, but the function changes its input")
    before, seen[:] = list(seen), []
    assert verdict(name, look)
    assert calls.unchanged(before, seen)
    if mutable:
        assert verdict(name, lambda *a: emptying(-7, *a)).sentence.endswith("and the function changes its input")
        assert verdict(name, after(emptying, name)).right is False


@every
def test_arguments_are_new_at_every_call(name):
    """Not even a function that keeps what it was given, and changes it later, changes a case."""
    kept = []

    def keep(*arguments):
        for old in kept:
            empty(old)
        kept.extend(arguments)
        return RIGHT[name](*copy.deepcopy(arguments))

    assert verdict(name, keep) and verdict(name, keep)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda layers: layers, True),
        (lambda layers: layers[::-1], False),
        (lambda layers: layers[:1], False),
        (lambda layers: tuple(layers), False),
        (lambda layers: [list(layers[0]), layers[1]], False),
        (lambda layers: [(3.0, 1), layers[1]], False),
        (lambda layers: [(True, 3), layers[1]], False),
    ],
)
def test_what_counts_as_unchanged(change, same):
    layers = [(3, 1), (2, 2)]
    assert calls.unchanged((layers,), (change(copy.deepcopy(layers)),)) is same
    array = np.array([1.0, np.nan])
    assert calls.unchanged(array, array.copy()) and not calls.unchanged(array, array.astype(np.float32))


# ------------------------------------------------------------------ diagnose
@pytest.mark.parametrize("size", [(), (3,), (2, 3), (2, 3, 4), (0,)])
def test_diagnose_is_silent_for_right_arrays_only(size):
    want = np.arange(1.0, 1 + np.prod(size, dtype=int)).reshape(size)
    assert diagnose(want, want) is None
    if want.size:
        assert diagnose(want + 1, want) and diagnose(want * np.nan, want)
    assert diagnose(want, want, {"any": lambda got: True}) is None
    assert diagnose(want[None], want, {"more axes": lambda got: got.ndim == want.ndim + 1}) == "more axes"
