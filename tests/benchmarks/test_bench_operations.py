"""``python -m benchmarks`` from end to end: the table, the JSON, and what is said when something is missing."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import bench_operations, timing
from benchmarks.report import line, ratios, report, summary
from benchmarks.rows import table
from tools import bench
from tools.environment import ROOT

QUICK = ["--rounds", "5", "--seconds", "1"]


def run(*arguments, module="benchmarks", **environment):
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


def row(operation, start):
    return next(r for r in table() if r.group == operation and r.case.name.startswith(start))


def test_end_to_end(tmp_path):
    target = tmp_path / "deep" / "found.json"
    done = run("--only", "tiny", *QUICK, "--json", str(target))
    assert done.returncode == 0, done.stderr
    found = json.loads(target.read_text())
    assert [(r["threads"], r["group"], r["target"]) for r in found["rows"]] == [
        (1, "conv2d", 3), (1, "conv2d and gradients", None), (2, "conv2d", 3), (2, "conv2d and gradients", None),
    ]  # fmt: skip
    for r in found["rows"]:
        assert list(r["ratios"]) == list(r["seconds"])[1:]
        for name, ratio in r["ratios"].items():
            assert ratio == r["seconds"]["cnnlib"] / r["seconds"][name]
    assert found["rows"][0]["met"] == (found["rows"][0]["ratios"]["torch"] <= 3)
    assert list(found["rows"][0]["ratios"]) == ["torch", "scipy.signal", "product"]
    assert found["means"]["1"]["forward"] == pytest.approx(found["rows"][0]["ratios"]["torch"])
    shown = done.stdout
    assert f"{found['rows'][1]['ratios']['torch']:.2f}" in shown
    assert "--- 1 thread ---" in shown and "--- 2 threads ---" in shown
    assert "tiny 8x8, 3x3 (call overhead)" in shown and "(target 3)" in shown and str(target) in shown


def test_without_scipy_the_table_says_so(tmp_path):
    (tmp_path / "scipy").mkdir()
    (tmp_path / "scipy" / "__init__.py").write_text("raise ImportError('no scipy here')")
    target = tmp_path / "found.json"
    done = run("--only", "tiny", "--threads", "1", *QUICK, "--json", str(target), PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "scipy is not installed: rows that would have it" in done.stdout
    forward, both = (line for line in done.stdout.splitlines() if line.startswith("  tiny"))
    assert forward.endswith("scipy is not installed") and "scipy" not in both
    found = json.loads(target.read_text())
    assert found["machine"]["scipy"] is None
    assert [r["absent"] for r in found["rows"]] == [["scipy"], []]


def test_nothing_to_measure_is_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench_operations, "run", lambda options, threads: [])
    assert bench_operations.main(["--only", "conv3d", "--json", str(tmp_path / "a.json")]) == 1
    assert "no row's group or name contains 'conv3d'" in capsys.readouterr().err


def test_a_row_whose_sides_disagree_is_not_timed_but_reported(tmp_path, monkeypatch, capsys):
    good = row("relu", "small")
    bad = good._replace(case=good.case._replace(torch=lambda x: -x))
    monkeypatch.setattr(
        bench_operations, "run", lambda options, threads: [bench_operations.measure(r, 1, 1, 0) for r in (bad, good)]
    )
    target = tmp_path / "found.json"
    assert bench_operations.main(["--threads", "1", "--json", str(target)]) == 1
    shown = capsys.readouterr().out
    assert "small 4, 16" in shown and "ERROR, not timed: relu: small 4, 16: torch differs from cnnlib" in shown
    first, second = json.loads(target.read_text())["rows"]
    assert "seconds" not in first and first["error"].startswith("relu: small 4, 16: torch differs")
    assert second["ratios"]["torch"] > 0


@pytest.mark.parametrize("threads, settle", [(1, 0.0), (2, 0.05), (4, 0.05)])
def test_idle_threads_are_given_time_to_sleep(monkeypatch, threads, settle):
    asked = []

    def compare(calls, rounds, *, seconds, settle):
        asked.append((list(calls), rounds, seconds, settle))
        return dict.fromkeys(calls, (1.0, rounds))

    monkeypatch.setattr(timing, "compare", compare)
    found = bench_operations.measure(row("conv2d", "small"), threads, 7, 3)
    assert asked == [(["cnnlib", "torch", "loops", "conv2d_plain", "product"], 7, 3, settle)]
    assert found["ratios"] == {"torch": 1, "loops": 1, "conv2d_plain": 1, "product": 1}


def test_each_thread_count_has_its_target(monkeypatch):
    monkeypatch.setattr(timing, "compare", lambda calls, *_, **__: dict.fromkeys(calls, (1.0, 5)))
    depthwise = row("conv2d and gradients", "depthwise 3x3")
    assert [bench_operations.measure(depthwise, threads, 5, 1)["target"] for threads in (1, 2, 4)] == [2.2, 3.0, 3.0]


def found(group, torch, product=2.0, target=None, dense=False):
    seconds = {"cnnlib": 1.0, "torch": 1 / torch, "product": 1 / product, "other": 4.0}
    known = dict(threads=1, group=group, name="name", target=target, dense=dense, absent=[], seconds=seconds)
    return {**known, "rounds": dict.fromkeys(seconds, 9), **ratios(seconds, target)}


def test_the_numbers_that_stand_for_all():
    rows = [
        found("conv2d", 0.5, 1.5, target=1.0, dense=True),
        found("conv2d", 2.0, 1.2, target=1.0, dense=True),
        found("conv2d", 9.0, 9.0),
        found("conv2d and gradients", 3.0, target=3.0),
        {"threads": 1, "error": "relu: torch differs", "group": "relu", "name": "name", "target": 1.0},
    ]
    means = summary(rows)
    assert means == {
        "forward": pytest.approx(1.0), "gradients": pytest.approx(3.0), "dense over product": 1.5, "targets": 3,
        "met": 2,
    }  # fmt: skip
    assert line(rows[0]).split()[:4] == ["name", "0.50", "(target", "1)"]
    assert line(rows[1]).split()[:2] == ["name", "2.00*"]
    assert line(rows[1]).endswith("own product 1.20   other 0.25")
    doubted = {**rows[0], "rounds": {"cnnlib": 9, "torch": -4}}
    assert line(doubted).split()[:3] == ["name", "0.50", "?"]
    empty = summary([])
    assert empty == {"forward": None, "gradients": None, "dense over product": None, "targets": 0, "met": 0}
    text = report({"machine": bench_operations.machine(), "rows": rows, "means": {"1": means}})
    assert "dense rows: at most 1.50 (goal 1.25)" in text and "targets met: 2 of 3" in text


def test_every_benchmark_is_a_command(monkeypatch):
    """What ``make bench`` calls does something: a module without an end would be silent."""
    called = []

    class Done:
        returncode = 0

    monkeypatch.setattr(bench.subprocess, "run", lambda command, **_: called.append(command) or Done)
    assert bench.main(["--help"]) == 0
    modules = [command[2] for command in called]
    assert modules == [
        f"benchmarks.bench_{what}"
        for what in ("frames", "geometry", "import", "live", "networks", "operations", "python_page")
    ]
    monkeypatch.undo()
    for module in modules:
        assert (ROOT / f"{module.replace('.', '/')}.py").read_text().endswith("sys.exit(main())\n")
    assert "usage: python -m benchmarks" in run("--help", module="benchmarks.bench_operations").stdout
