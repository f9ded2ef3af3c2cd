"""Transposed convolution arithmetic: the Python half by hand, patterns and presets in both halves, its gestures."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from cnnlib import geometry, ops
from cnnlib.explore import TransposedArithmetic
from cnnlib.explore.transposed_arithmetic import CUT as CUT_COLOUR
from tests.explore import shown as said
from tests.explore.contract.page import as_python
from tests.explore.hand import control, parameters, pointed, put, read
from tests.explore.transposed_arithmetic.check import CUT, OUTPUT, TAP, check


def test_stamps_by_hand():
    """Four stamps of 1 to 9, two apart: they meet in the cross of the middle row and column."""
    explorer = TransposedArithmetic()
    assert explorer.output.tolist() == [
        [1, 2, 5, 4, 6],
        [4, 5, 14, 10, 12],
        [10, 14, 36, 24, 30],
        [12, 15, 34, 20, 24],
        [21, 24, 55, 32, 36],
    ]
    assert explorer.overlaps.tolist() == np.outer(*[[1, 1, 2, 1, 1]] * 2).tolist()
    assert explorer.phase_sums.tolist() == [[1 + 3 + 7 + 9, 2 + 8], [4 + 6, 5]]
    assert explorer.result() == (
        "Output 5 x 5 of input 2 x 2, sum 450; 1 to 4 stamps cover a pixel, and padding cuts off no pixels."
    )


def test_output_padding_gives_back_what_was_cut():
    """Its row and column are computed: the four stamps' own last ones, not zeros."""
    explorer = TransposedArithmetic(padding=1, output_padding=1, preset="ones")
    assert explorer.output.tolist() == [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]]
    assert explorer.frame[1:, 1:].tolist() == explorer.output.tolist() and (~explorer.kept).sum() == 9


def test_output_padding_beyond_the_last_stamp_is_zero():
    """With nothing cut there is nothing to give back."""
    explorer = TransposedArithmetic(output_padding=1)
    assert explorer.output_shape == (6, 6)
    assert not explorer.output[5].any() and not explorer.output[:, 5].any()
    assert explorer.overlaps[5].tolist() == [0] * 6


def test_kernels_of_ones_hide_what_others_show():
    """2 x 2 to 4 x 4 in two ways: the same values for ones, others for 1, 2, 3."""
    ways = [{"kernel_size": 3, "stride": 1}, {"kernel_size": 4, "stride": 2, "padding": 1}]
    ones, counts = ([TransposedArithmetic(**way, preset=preset).output for way in ways] for preset in ("ones", "count"))
    assert np.array_equal(*ones) and ones[0].shape == (4, 4)
    assert not np.array_equal(*counts)


@pytest.mark.parametrize(
    ("stride", "rows"),
    [(2, ["11", "21", "22", "32"]), (3, ["110", "111", "211", "221"]), (4, ["1100", "1110", "1111", "2111"])],
)
def test_overlaps_repeat_as_in_the_table(stride, rows):
    """Kernels 2 to 5: floor and ceil of k / s, from an input that is long enough."""
    for k, row in zip((2, 3, 4, 5), rows, strict=True):
        explorer = TransposedArithmetic(size=(1, 6), kernel_size=k, stride=stride)
        middle = explorer.overlaps[0, 2 * stride : 3 * stride]
        assert "".join(map(str, middle)) == row


def test_the_tent_is_bilinear_interpolation():
    """Kernel 4 at stride 2 and padding 1 resizes, but for the edge."""
    rng = np.random.default_rng(0)
    image = rng.normal(size=(5, 6))
    explorer = TransposedArithmetic(image=image, kernel_size=4, stride=2, padding=1, preset="bilinear")
    resized = ops.resize_bilinear2d(image[None, None], scale_factor=2)[0, 0]
    np.testing.assert_allclose(explorer.output[1:-1, 1:-1], resized[1:-1, 1:-1], atol=1e-12)
    assert np.abs(explorer.output[0] - resized[0]).max() > 0.1


def test_the_adjoint():
    """<x, C'z> = <Cx, z>, with the explorer as C'."""
    rng = np.random.default_rng(1)
    z, w = rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    explorer = TransposedArithmetic(image=z, weights=w, stride=2, padding=1, output_padding=1)
    x = rng.normal(size=explorer.output_shape)
    forward = ops.conv2d(x[None, None], w[None, None], stride=2, padding=1)[0, 0]
    assert (x * explorer.output).sum() == pytest.approx((forward * z).sum(), rel=1e-12)


def test_the_static_picture_hatches_what_is_cut_and_shades_the_stamp():
    explorer = TransposedArithmetic(size=3, padding=1, dilation=2, output_padding=1, position=(1, 2))
    axes = explorer.figure().axes
    assert axes[2].get_title() == "output 8 × 8\nhatched: cut off by padding"
    hatched = {tuple(int(v + 0.5) for v in patch.get_xy()[::-1]) for patch in axes[2].patches if patch.get_hatch()}
    assert hatched == {(r, c) for r, c in np.ndindex(9, 9) if not explorer.kept[r, c]}
    assert {to_hex(p.get_edgecolor()) for p in axes[2].patches if p.get_hatch()} == {CUT_COLOUR}
    shaded = [p for p in axes[2].patches if to_hex(p.get_facecolor()) == "#bfdcf0" and p.get_fill()]
    assert len(shaded) == 9


def test_every_position_says_which_products_make_it(bare):
    """Inside, cut off, and given back, for every position of the frame, against what cnnlib computes."""
    values = {"image": [[2, -1, 3], [0.5, 4, 1]], "weights": [[1, 2, -3], [0, 5, 6], [7, -8, 9]]}
    explorer = TransposedArithmetic(**values, stride=2, padding=1, output_padding=1)
    root = bare(explorer).locator(".cnnlib-explorer")
    frame, kept, counts = explorer.frame, explorer.kept, set()
    for row, column in np.ndindex(frame.shape):
        shown = pointed(root, "Output.", (row, column), frame.shape[1])
        told = shown["status"]
        front = f"Output ({row - 1}, {column - 1})".replace("-", "−")
        back = ", there because of output_padding" if max(row - 4, column - 6) >= 0 else ""
        assert told.startswith(f"{front}{back}: " if kept[row, column] else "Cut off by padding: ")
        sources = [tuple(map(int, pair)) for pair in re.findall(r"\((\d+), (\d+)\)", told.partition(", from pixel")[2])]
        wanted = []
        for i, j in np.ndindex(explorer.size):
            one = np.zeros(explorer.size)
            one[i, j] = 1
            alone = ops.conv_transpose2d(one[None, None], np.ones((1, 1, 3, 3)), stride=2)[0, 0]
            wanted += [(i, j)] if alone[row, column] else []
        assert sources == wanted
        products, total = re.search(r": ([^:]*) = (\S+), from", told).groups()
        assert said.number(total) == pytest.approx(frame[row, column], abs=1e-9)
        terms = [said.number(sign + a) * said.number(b) for sign, a, b in re.findall(said.PRODUCT, products)]
        assert sum(terms) == pytest.approx(frame[row, column], abs=1e-9) and len(terms) == len(wanted)
        fills, _ = said.cells(shown["grids"][0], explorer.size, (TAP, "#d3e6f5"))
        assert set(zip(*(axis.tolist() for axis in np.nonzero(fills == TAP)), strict=True)) == set(wanted)
        counts.add(len(terms))
    assert counts == {1, 2, 4}


def test_where_no_stamp_falls_it_says_so(bare):
    root = bare(TransposedArithmetic(kernel_size=1, stride=2, output_padding=1)).locator(".cnnlib-explorer")
    assert pointed(root, "Output.", (1, 1), 4)["status"] == "Output (1, 1): no stamp covers it, so it is 0."
    told = pointed(root, "Output.", (0, 3), 4)["status"]
    assert told == "Output (0, 3), there because of output_padding: no stamp covers it, so it is 0."


def test_a_pixel_under_the_pointer_lights_its_stamp(opened):
    """And changes nothing; a press does."""
    explorer = TransposedArithmetic(size=3, padding=1, dilation=2, output_padding=1)
    page, root = opened(explorer)
    for where in [(0, 2), (2, 1)]:
        shown = pointed(root, "Input.", where, 3)
        lit = as_python(explorer, {**shown["parameters"], "position": where})
        assert shown["parameters"]["position"] == [0, 0]
        assert shown["status"].startswith(f"Pixel ({where[0]}, {where[1]}) stamps {int(lit.input[where])} × the kernel")
        fills, _ = said.cells(shown["grids"][3], explorer.frame.shape, (TAP, OUTPUT, CUT))
        stamp = np.zeros(explorer.frame.shape, bool)
        stamp[np.ix_(*(2 * at + 2 * np.arange(3) for at in where))] = True
        assert np.array_equal(fills == TAP, stamp)
    page.mouse.down()
    page.mouse.up()
    assert parameters(root)["position"] == [2, 1]


def test_a_weight_says_what_it_writes_and_where(bare):
    root = bare(TransposedArithmetic(padding=1, position=(1, 1))).locator(".cnnlib-explorer")
    told = pointed(root, "Kernel.", (0, 2), 3)["status"]
    assert told == "Weight (0, 2) of pixel (1, 1)'s stamp writes 3·4 = 12 onto a position that padding cuts off."
    told = pointed(root, "Stamp.", (1, 0), 3)["status"]
    assert told == "Weight (1, 0) of pixel (1, 1)'s stamp writes 4·4 = 16 onto output (2, 1)."


def test_output_padding_follows_stride_and_dilation(opened):
    """Its slider goes up to one below the larger of both; where that shrinks, it shrinks with it."""
    _, root = opened(TransposedArithmetic(stride=4, output_padding=3))
    assert control(root, "output_padding").get_attribute("max") == "3"
    for stride, extra in ((3, 2), (1, 0)):
        put(root, "stride", stride)
        state = parameters(root)
        assert (state["stride"], state["output_padding"]) == (stride, extra)
    assert control(root, "output_padding").is_disabled()
    assert root.get_by_text("stride 1 leaves nothing to choose").is_visible()


def test_dilation_can_lead_back_to_another_size(bare):
    """output_padding=2 at stride 1: the way back is not the one that came."""
    explorer = TransposedArithmetic(stride=1, dilation=3, output_padding=2)
    assert geometry.conv_output_size(explorer.output_shape[0], 3, dilation=3) == 4
    shown = read(bare(explorer).locator(".cnnlib-explorer"))
    assert shown["formula"].endswith("maps 10 to 4, not back to 2: output_padding reaches the stride")
    check(explorer, shown)
