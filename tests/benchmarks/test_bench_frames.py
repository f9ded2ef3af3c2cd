"""The benchmark of frames where it cannot run: one sentence."""

from benchmarks import bench_frames


def test_what_is_missing_is_said_in_one_sentence(monkeypatch, capsys):
    def fail():
        raise bench_frames.NoBrowser("what is missing, and what helps")

    monkeypatch.setattr(bench_frames, "ordinary", None)  # nothing is measured first
    monkeypatch.setattr(bench_frames, "find_or_install", fail)
    assert bench_frames.main() == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", "bench: what is missing, and what helps\n")
