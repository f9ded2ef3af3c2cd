"""The benchmark of frames where it cannot run: one sentence."""

import pytest

from benchmarks import bench_frames


@pytest.mark.parametrize("name, kind", [("find_or_install", "NoBrowser"), ("build", "BuildFailed")])
def test_what_is_missing_is_said_in_one_sentence(monkeypatch, capsys, name, kind):
    def fail(*_):
        raise getattr(bench_frames, kind)("what is missing, and what helps")

    monkeypatch.setattr(bench_frames, "find_or_install", lambda: "/usr/bin/browser")
    monkeypatch.setattr(bench_frames, "build", lambda: "site")
    monkeypatch.setattr(bench_frames, "ordinary", None)  # nothing is measured first
    monkeypatch.setattr(bench_frames, name, fail)
    assert bench_frames.main() == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", "bench: what is missing, and what helps\n")
