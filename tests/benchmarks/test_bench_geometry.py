"""The benchmark of receptive fields: its rows run, and the large strides stand beside small ones."""

from benchmarks import bench_geometry


def test_every_row_is_printed(capsys):
    assert bench_geometry.main(["--rounds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(bench_geometry.calls()) == len(bench_geometry.STACKS) + 1
    assert all(line.endswith(" ms") for line in lines)


def test_pairs_differ_in_their_strides_alone():
    stacks = list(bench_geometry.STACKS.values())
    for large, small in zip(stacks[::2], stacks[1::2], strict=True):
        assert len(large) == len(small) and large[0].kernel_size == small[0].kernel_size
        assert large[0].stride > small[0].stride
