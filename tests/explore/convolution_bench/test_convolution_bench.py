"""Convolution bench: golden counts by hand, multiply-adds counted one by one, both halves, own gestures."""

import numpy as np
import pytest

from cnnlib import data, ops
from cnnlib.explore import ConvolutionBench
from cnnlib.explore.convolution_bench import VARIANTS, measured_ratios
from tests.explore.hand import control, keys, put, resting, status

GOLDEN = {  # 64 to 64 channels on 56 x 56, 3 x 3: parameters, multiply-adds
    "full": (36_864, 115_605_504),
    "unshared": (115_605_504, 115_605_504),
    "tiled": (4 * 36_864, 115_605_504),
    "dilated": (36_864, 115_605_504),
    "strided": (36_864, 28_901_376),
    "transposed": (36_864, 115_605_504),
    "grouped": (9_216, 28_901_376),
    "depthwise": (576, 1_806_336),
    "depthwise_separable": (4_672, 14_651_392),
    "spatially_separable": (24_576, 77_070_336),
    "pointwise": (4_096, 12_845_056),
    "bottleneck": (4_352, 13_647_872),
    "inception": (4 * 1024 + 16 * 16 * (9 + 25), 12_800 * 56**2),
    "deformable": (47_250, 155_344_896),
    "modulated": (52_443, 173_408_256),
}


def test_counts_by_hand():
    bench = ConvolutionBench()
    assert {variant: bench.count(variant) for variant in VARIANTS} == GOLDEN


def test_the_exercise_of_lecture_notes():
    """A 5 x 5 from 192 to 32 channels on 28 x 28, and a 1 x 1 to 16 before it."""
    bench = ConvolutionBench(in_channels=192, out_channels=32, kernel_size=5, size=28)
    assert bench.count("full")[1] == 120_422_400
    assert 192 * 16 * 28**2 + 16 * 32 * 25 * 28**2 == 12_443_648  # of which no variant here is an instance


def test_a_multiplier_is_no_number_of_groups():
    bench = ConvolutionBench(in_channels=32, out_channels=64, multiplier=2, groups=16)
    assert (bench.count("depthwise")[0], bench.count("grouped")[0]) == (576, 2 * 4 * 9 * 16)


def forward(bench, x):
    """The variant on an image of one channel, with a kernel of which no weight is 0."""
    k = {"pointwise": 1, "inception": bench.kernel_size + 2}.get(bench.variant, bench.kernel_size)
    w, wide = np.arange(1.0, k * k + 1).reshape(1, 1, k, k), k // 2
    if bench.variant == "transposed":
        return ops.conv_transpose2d(x, w, stride=bench.stride, padding=wide, output_padding=bench.stride - 1)
    gap = bench.dilation if bench.variant == "dilated" else 1
    return ops.conv2d(x, w, stride=bench.stride if bench.variant == "strided" else 1, padding=wide * gap, dilation=gap)


@pytest.mark.parametrize("variant", ["full", "dilated", "strided", "transposed", "inception", "pointwise"])
@pytest.mark.parametrize(
    "state", [{}, {"kernel_size": 5, "stride": 3, "dilation": 3}, {"stride": 1, "position": (0, 4)}], ids=str
)
def test_the_picture_reads_the_pixels_that_an_output_depends_on(variant, state):
    bench = ConvolutionBench(variant=variant, **state)
    reached = np.zeros(bench.reads.shape[1:], bool)
    for index in np.ndindex(reached.shape):
        x = np.zeros((1, 1, *reached.shape))
        x[0, 0][index] = 1
        y = forward(bench, x)[0, 0]
        assert y.shape == bench.output_shape
        reached[index] = y[bench.position] != 0
    np.testing.assert_array_equal(bench.reads[0], reached)


def test_outputs_with_one_number_are_made_by_the_same_weights():
    """An image that repeats gives equal outputs where the kernels are equal, and unequal ones where they are not."""
    x, random = np.ones((1, 1, 9, 9)), np.random.default_rng(0)
    tiled = ConvolutionBench(variant="tiled").kernels[1:-1, 1:-1]
    y = ops.tiled_conv2d(x, random.normal(size=(1, 1, 3, 3, 2, 2)), padding=1)[0, 0, 1:-1, 1:-1]
    assert len(np.unique(y.round(9))) == 4
    for kernel in range(1, 5):
        assert len(np.unique(y[tiled == kernel].round(9))) == 1
    stamps = ops.conv_transpose2d(np.ones((1, 1, 5, 5)), random.normal(size=(1, 1, 3, 3)), stride=2)[0, 0]
    phases = ConvolutionBench(variant="transposed").kernels
    for kernel in range(1, 5):
        assert len(np.unique(stamps[1:-1, 1:-1][phases[:9, :9] == kernel].round(9))) == 1
    assert len(np.unique(ConvolutionBench(variant="unshared").kernels)) == 81


def test_depthwise_reads_one_channel_and_groups_their_share():
    assert [r.any() for r in ConvolutionBench(variant="depthwise").reads] == [True, False, False, False]
    assert [r.any() for r in ConvolutionBench(variant="grouped", groups=2).reads] == [True, True, False, False]


def test_times_are_shown_where_they_were_measured_and_nowhere_else():
    rows = data.stored_result("variant_times")["rows"]
    for where in ("64 64 56", "128 256 16"):
        ins, outs, size = map(int, where.split())
        bench = ConvolutionBench(in_channels=ins, out_channels=outs, size=size)
        assert list(bench.measured) == list(VARIANTS) and bench.measured["full"] == [1, 1]
        chosen = [r for r in rows if (r["in_channels"], r["images"], r["variant"]) == (ins, 1, "depthwise")]
        assert bench.measured["depthwise"] == [
            sorted(r[k] for r in chosen)[len(chosen) // 2] for k in ("torch", "numpy")
        ]
        for name, value in (("kernel_size", 5), ("size", 32)):
            given = {"in_channels": ins, "out_channels": outs, "size": size} | {name: value}
            assert ConvolutionBench(**given).measured == {}
        bench.groups, bench.reduction = 2, 2  # parameters of these three variants alone
        assert set(VARIANTS) - set(bench.measured) == {"grouped", "bottleneck", "inception"}
    assert list(measured_ratios()) == ["64 64 56", "128 256 16"]


def test_an_unknown_variant_is_named():
    with pytest.raises(ValueError, match=r"ConvolutionBench\.count: variant='conv' is unknown; .*use one of 'full'"):
        ConvolutionBench().count("conv")


def test_a_row_of_the_table_and_an_output_are_chosen_by_hand(opened):
    _, root = opened(ConvolutionBench())
    root.get_by_role("row", name="depthwise separable").click()
    assert status(root).startswith("Depthwise separable, 64 to 64 channels on 56 × 56: 4,672 parameters")
    assert control(root, "variant").input_value() == "depthwise_separable"
    row = root.get_by_role("row", name="depthwise separable")
    by_torch, by_numpy = ConvolutionBench().measured["depthwise_separable"]
    assert row.inner_text().split()[2:] == ["14,651,392", "0.127", f"{by_torch:g}", f"{by_numpy:g}"]
    put(root, "variant", "unshared")
    root.get_by_role("application", name="One channel of the output.").focus()
    keys(root, "ArrowRight")
    assert root.get_by_text("Kernel 22, which makes no other output").is_visible()


def test_controls_rest_where_they_have_no_part(opened):
    _, root = opened(ConvolutionBench())
    for variant, active in (("full", set()), ("grouped", {"groups"}), ("transposed", {"stride"})):
        put(root, "variant", variant)
        assert resting(root) == {"stride", "dilation", "groups", "multiplier", "reduction"} - active
