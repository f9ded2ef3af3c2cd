"""The benchmark of the network in JavaScript: its rows run, and what is missing is one sentence."""

from benchmarks import bench_live


def test_every_case_is_timed(monkeypatch):
    monkeypatch.setattr(bench_live, "CASES", {"small": (40, None), "without": (40, {"removed": ["fire9", 0, 256]})})
    found = bench_live.measured(bench_live.find_or_install(), rounds=2)
    assert list(found) == ["small", "without"] and all(len(times) == 2 for times in found.values())


def test_what_is_missing_is_said_in_one_sentence(monkeypatch, capsys):
    def fail():
        raise bench_live.NoBrowser("what is missing, and what helps")

    monkeypatch.setattr(bench_live, "find_or_install", fail)
    assert bench_live.main() == 1
    assert capsys.readouterr() == ("", "bench: what is missing, and what helps\n")
