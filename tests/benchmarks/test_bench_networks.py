"""The benchmark of a whole network: its rows run, and it refuses to time two that differ."""

import numpy as np
import pytest

from benchmarks import bench_networks


def test_every_row_is_printed_with_its_ratio(capsys):
    assert bench_networks.main(["--rounds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(bench_networks.calls())
    ratios = {line[:44].strip(): float(line.split()[-1]) for line in lines}
    assert ratios["SqueezeNet, torch"] == ratios["transform of 64 maps, 112 x 112"] == 1


def test_networks_that_differ_are_not_timed(monkeypatch):
    true = bench_networks.calls()
    monkeypatch.setattr(bench_networks, "calls", lambda: true | {"SqueezeNet, NumPy": lambda: np.zeros(1000)})
    with pytest.raises(ValueError, match=r"the two SqueezeNets differ by"):
        bench_networks.main(["--rounds", "1"])
