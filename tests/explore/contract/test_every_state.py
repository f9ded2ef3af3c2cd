"""Every explorer: what it shows in each state, held to its Python half; what either half refuses, both refuse."""

import json
import re

import pytest

from cnnlib.explore.base.schema import schema
from tests.explore.contract.every import EVERY, LONG, START, made, most
from tests.explore.contract.page import as_python, classes, own_check
from tests.explore.contract.states import FOREIGN, states


def compared(explorer, seen):
    """Hold a list of what was seen to the Python half; what looks the same in every respect, as after a Reset, once."""
    check = own_check(type(explorer)).check
    different = {json.dumps({**one, "moved": None, "to": None}): one for one in reversed(seen)}
    for one in different.values():
        assert one["trouble"] is None, (one["moved"], one["to"], one["trouble"])
        assert one["status"], one["moved"]
        assert not re.search(r"\d\s%", one["status"] + one["formula"]), "5%, not 5 %"
        check(as_python(explorer, one["parameters"]), one)


@START
def test_every_value_of_every_control(bare, kind, index):
    """Each is legal, shows what Python computes, and Reset goes back to the start."""
    explorer = made(kind, index)
    page = bare(explorer)
    values, _ = most(index)
    seen = page.evaluate("([title, most]) => driver.sweep(title, 0, most)", [page.title_of(explorer), values])
    assert [one["moved"] for one in seen if one["moved"] == "reset"] == []
    assert len({one["moved"] for one in seen}) > 1
    compared(explorer, seen)


@START
def test_a_random_walk(bare, kind, index):
    explorer = made(kind, index)
    page = bare(explorer)
    _, steps = most(index)
    seen = page.evaluate("([title, steps]) => driver.walk(title, steps, 11)", [page.title_of(explorer), steps])
    assert len({json.dumps(one["parameters"]) for one in seen}) > steps // 3
    compared(explorer, seen)


@EVERY
def test_both_halves_refuse_the_same_with_one_sentence(library, kind):
    """Random states: legal in both halves or in neither, and a refusal says the same in both."""
    tried = list(states(kind, 1500 if LONG else 300, seed=3))
    ask = "([entry, states]) => states.map(cnnlibExplorers.load(entry).default.problem)"
    answers = library.evaluate(ask, [kind.module, tried])
    legal = 0
    for state, answer in zip(tried, answers, strict=True):
        try:
            kind(**state)
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix(f"{kind.__name__}: ")
            assert answer is not None, (state, message)
            assert plain(answer) == plain(message), state
        else:
            assert answer is None, (state, answer)
            legal += 1
    assert 0 < legal < len(tried)


def plain(message):
    """A message without what the two languages write differently: capitals, full stops, brackets, spaces."""
    return re.sub(r"[\s.()\[\]]", "", message.replace("null", "None")).lower()


@EVERY
def test_values_of_another_kind_are_refused_by_both(library, kind):
    start = json.loads(json.dumps({name: entry["default"] for name, entry in schema(kind).items()}))
    for name, entry in schema(kind).items():
        tried = [value for value in FOREIGN if not fits(entry, value)]
        ask = """([entry, start, name, values]) => values.map((value) =>
          cnnlibExplorers.load(entry).default.problem({ ...start, [name]: value }))"""
        for value, answer in zip(tried, library.evaluate(ask, [kind.module, start, name, tried]), strict=True):
            assert answer and name in answer, (name, value, answer)
            with pytest.raises((TypeError, ValueError), match=name):
                kind(**{name: value})


def fits(entry, value):
    """Whether a foreign value is of a parameter's kind all the same."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return (
        (entry["kind"] == "flag" and isinstance(value, bool))
        or (entry["kind"] in ("whole", "pair") and number and entry["low"] <= value <= entry["high"])
        or (entry["kind"] == "real" and (number or value == 0.5) and entry["low"] <= value <= entry["high"])
        or (entry["kind"] == "matrix" and isinstance(value, list) and value == [1, 2, 3])
        or (entry["kind"] == "choice" and value in entry["choices"])
    )


@EVERY
def test_no_change_leads_to_a_state_that_is_refused(kind):
    """Setting one trait after the other: each state is one in which the explorer can be made."""
    explorer, done = kind(), 0
    for state in states(kind, 120 if LONG else 40, seed=5):
        for name, value in state.items():
            try:
                setattr(explorer, name, value)
            except (TypeError, ValueError):
                continue
            done += 1
            now = {each: getattr(explorer, each) for each in kind.parameters}
            again = kind(**now)
            assert {each: getattr(again, each) for each in kind.parameters} == now
    assert done > 50
    assert isinstance(repr(explorer), str)


@EVERY
def test_the_python_half_says_what_is_wrong(kind):
    name = kind.parameters[0]
    with pytest.raises(TypeError, match=rf"{kind.__name__}: unknown keyword '{name}x'; did you mean '{name}'\?"):
        kind(**{f"{name}x": 1})
    explorer = kind()
    with pytest.raises(AttributeError, match=rf"{kind.__name__}: unknown attribute '{name}x'; did you mean '{name}'\?"):
        setattr(explorer, f"{name}x", 1)
    explorer.layout.width = "50%"


@START
def test_the_text_and_the_picture_for_where_nothing_is_live(kind, index):
    explorer = made(kind, index)
    assert repr(explorer).splitlines()[-1] == explorer.result()
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == repr(explorer)
    assert data["image/png"]


@EVERY
def test_the_same_state_has_the_same_text_and_picture(kind):
    one, other = made(kind), made(kind)
    assert repr(one) == repr(other)
    assert one._repr_mimebundle_()[0]["image/png"] == other._repr_mimebundle_()[0]["image/png"]


def test_every_explorer_is_held_to_its_python_half():
    assert [kind.__name__ for kind in classes() if not own_check(kind)] == []
