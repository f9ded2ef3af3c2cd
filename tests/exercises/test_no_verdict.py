"""What no checker judges: a function that does not end, and one that looks into its caller."""

import contextlib
import copy
import inspect
import itertools
import sys

import numpy as np
import pytest

from cnnlib import exercises
from cnnlib.exercises import calls
from tests.exercises.right import RIGHT, every, verdict


# ------------------------------------------------------------------ without end
def for_ever(*arguments):
    while True:
        pass


def over_and_over(*arguments):
    for _ in itertools.count():
        with contextlib.suppress(Exception):
            np.zeros(3)


def swallowing(*arguments):
    while True:
        try:
            x = 1
        except:  # noqa: E722
            x = 2
        del x


def swallowing_twice(*arguments):
    try:
        while True:
            try:
                swallowing()
            except BaseException as error:
                last = str(error)
                del last
    except BaseException:
        pass
    for_ever()


def giving_up(*arguments):
    """Ends after all, with an error of its own."""
    try:
        for_ever()
    except BaseException:
        raise ValueError("enough") from None


class Endless:
    def __array__(self, *arguments, **options):
        while True:
            pass


LONG = [for_ever, over_and_over, swallowing, swallowing_twice, giving_up, lambda *a: Endless()]


@every
def test_a_function_without_end(name):
    found = verdict(name, for_ever)
    assert found.right is None and not found
    assert repr(found).startswith("Can't judge: for ")
    assert found.sentence.endswith("has run 200,000 lines without coming to an end")


@pytest.mark.parametrize("function", LONG)
def test_loops_of_every_kind_come_to_an_end(function, monkeypatch):
    monkeypatch.setattr(calls, "LINES", 2000)
    found = exercises.check_field_from_the_top(function)
    assert found.right is None, found
    assert sys.gettrace() is None


def test_what_libraries_do_is_not_counted(monkeypatch):
    monkeypatch.setattr(calls, "LINES", 40)
    assert exercises.check_circular_convolution(RIGHT["check_circular_convolution"]).right is None
    monkeypatch.setattr(calls, "LINES", 400)

    def patient(layers):
        for _ in range(50):
            np.pad(np.zeros((3, 3)), 1)  # some hundred lines of NumPy each
        return RIGHT["check_field_from_the_top"](layers)

    assert exercises.check_field_from_the_top(patient)


def test_an_interruption_by_hand_goes_through():
    def interrupt(layers):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exercises.check_field_from_the_top(interrupt)
    assert sys.gettrace() is None


def test_a_debugger_keeps_its_tracing():
    def debugger(frame, event, argument):
        return None

    sys.settrace(debugger)
    try:
        right = exercises.check_field_from_the_top(RIGHT["check_field_from_the_top"])
        kept = sys.gettrace()
    finally:
        sys.settrace(None)
    assert right and kept is debugger


def test_settings_of_numpy_are_put_back():
    def sets(layers):
        np.seterr(all="raise")
        return np.full((), 1e308)

    before = np.geterr()
    assert exercises.check_field_from_the_top(sets).right is False
    assert np.geterr() == before


# ------------------------------------------------------------------ cheats
def frames():
    frame = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back


def frames_by_inspect():
    return [info.frame for info in inspect.stack()]


def frames_by_error():
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame:
        yield frame
        frame = frame.f_back


def values(thing, depth=4):
    """All that could be a result, in variables and in what they hold."""
    if isinstance(thing, np.ndarray | int | float):
        yield thing
    elif depth and isinstance(thing, dict):
        for value in list(thing.values()):
            yield from values(value, depth - 1)
    elif depth and isinstance(thing, list | tuple):
        for value in thing:
            yield from values(value, depth - 1)


@every
@pytest.mark.parametrize("look", [frames, frames_by_inspect, frames_by_error])
def test_no_caller_holds_what_is_expected(name, look):
    """Whoever looks finds arguments and nothing else, and gets no verdict."""
    found = []

    def cheat(*arguments):
        right = np.asarray(RIGHT[name](*copy.deepcopy(arguments)), float)
        for frame in look():
            if frame.f_code.co_filename == __file__ and frame.f_code is not cheat.__code__:
                if frame.f_code.co_name.startswith("test_"):
                    break
                continue
            if frame.f_code is cheat.__code__:
                continue
            for value in values(dict(frame.f_locals)):
                if np.shape(value) == right.shape and right.size > 1 and np.array_equal(value, right):
                    found.append(frame.f_code.co_name)
        return right

    judged = verdict(name, cheat)
    assert judged.right is None and "looks into its caller" in judged.sentence
    assert not found


def test_a_cheat_by_name_is_no_answer():
    """The plainest one: the caller's ``want``."""
    wanted = []

    def cheat(layers):
        frame = sys._getframe(1)
        while frame:
            for word in ("want", "expected", "result", "answer"):
                if isinstance(value := frame.f_locals.get(word), int):
                    wanted.append(value)
                    return value
            frame = frame.f_back

    assert not exercises.check_field_from_the_top(cheat)
    assert not wanted
