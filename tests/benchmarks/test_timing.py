"""The stopwatch, against clocks that are moved by hand."""

import pytest

from benchmarks import timing


class Clocks:
    """Wall and CPU time in seconds; `call(wall, cpu)` makes a call that takes so long."""

    def __init__(self, monkeypatch):
        self.wall = self.cpu = 0.0
        self.order = []
        monkeypatch.setattr(timing.time, "perf_counter", lambda: self.wall)
        monkeypatch.setattr(timing.time, "process_time", lambda: self.cpu)

    def call(self, name, walls, cpu=None):
        walls = iter(walls)

        def call():
            self.order.append(name)
            took = next(walls)
            self.wall += took
            self.cpu += took if cpu is None else cpu

        return call


@pytest.fixture
def clocks(monkeypatch):
    return Clocks(monkeypatch)


def test_a_median_of_rounds_without_the_warm_up(clocks):
    calls = {"a": clocks.call("a", [9, 9, 1, 2, 3, 4, 50]), "b": clocks.call("b", [9, 9, 5, 5, 7, 7, 7])}
    assert timing.compare(calls, rounds=5, seconds=1000) == {"a": (3, 5), "b": (7, 5)}
    assert clocks.order == ["a", "b"] * 7  # one after the other


def test_disturbed_rounds_do_not_count(clocks):
    clean, disturbed = [2.0] * 10, [7.0] * 4
    walls = clocks.call("a", [1, 1, *disturbed, *clean], cpu=2.0)  # the processor was away for 5 of 7 seconds
    assert timing.compare({"a": walls}, rounds=6, seconds=1000) == {"a": (2.0, 6)}


def test_always_disturbed_rounds_all_count_and_the_number_says_so(clocks):
    calls = {"a": clocks.call("a", [1, 1, 3, 4, 5, 6, 7], cpu=0.5)}
    assert timing.compare(calls, rounds=5, most=5, seconds=1000) == {"a": (5, -5)}


def test_time_is_up(clocks):
    """Five undisturbed rounds are enough then."""
    calls = {"a": clocks.call("a", [1.0] * 99)}
    assert timing.compare(calls, rounds=15, seconds=3) == {"a": (1.0, 5)}


def test_settling_repeats_a_call_before_it_is_timed(clocks):
    calls = {"a": clocks.call("a", [0.02] * 99), "b": clocks.call("b", [0.5] * 99)}
    found = timing.compare(calls, rounds=1, most=1, settle=0.05)
    assert found == {"a": (pytest.approx(0.02), -1), "b": (pytest.approx(0.5), -1)}
    assert "".join(clocks.order) == "abab" + "aaa" + "a" + "b" + "b"  # two warm-ups, settled, timed
