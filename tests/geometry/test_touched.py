"""touched and overlap_counts: by hand, second definitions, NumPy's own operations, laws, errors."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given

from cnnlib import geometry, ops
from cnnlib.geometry import Layer, overlap_counts, touched
from tests.geometry.cases import choices
from tests.properties import share


def dilated(*dilations, kernel=3):
    return [Layer(kernel, dilation=d) for d in dilations]


# ------------------------------------------------------------------ by hand
@pytest.mark.parametrize(
    "dilations, side, count, common",
    [
        ((1, 1, 1), 7, 49, 42),
        ((2, 2, 2), 13, 49, 0),
        ((1, 2, 3), 13, 169, 156),
        ((1, 2, 5), 17, 289, 272),
        ((1, 2, 9), 25, 441, 378),
        ((2, 3, 3), 17, 225, 180),
        ((3, 4, 5), 25, 441, 378),
    ],
)
def test_touched_of_known_stacks(dilations, side, count, common):
    found = touched(dilated(*dilations))
    assert (found.count, found.field, found.common(1)) == (count, side**2, common)
    assert found.share == geometry.touched(dilated(*reversed(dilations))).share  # the order does not matter


def test_touched_by_hand():
    assert touched([Layer(2, dilation=3, padding=9), Layer(2)]).offsets == (0, 1, 3, 4)
    strided = touched(
        [Layer(3, stride=2), Layer(2, dilation=2)]
    )  # 0 1 2 and 4 5 6; moved by 2 or 4, three agree, in six rows
    assert (strided.offsets, strided.jump, strided.common(1), strided.common(2)) == ((0, 1, 2, 4, 5, 6), 2, 18, 18)
    assert strided.common(np.int8(1)) == strided.common((np.uint8(0), 1)) == 18
    paired = touched([Layer((1, 2), dilation=(1, 5))])
    assert paired.offsets == ((0,), (0, 5)) and (paired.count, paired.field) == (2, 6)
    assert (paired.common((1, 0)), paired.common((0, 5)), paired.common((0, -5)), paired.common(0)) == (0, 1, 1, 2)


def test_the_stacks_without_holes_begin_with_dilation_one():
    """All 56 triples of 3 x 3 with dilations up to 6."""
    whole = [d for d in combinations_with_replacement(range(1, 7), 3) if touched(dilated(*d)).share == 1]
    assert len(whole) == 14 and all(d[0] == 1 for d in whole)


@pytest.mark.parametrize(
    "stride, kernel, pattern",
    [
        (2, 3, (2, 1)), (2, 4, (2, 2)), (2, 5, (3, 2)), (3, 2, (1, 1, 0)),
        (3, 4, (2, 1, 1)), (3, 5, (2, 2, 1)), (4, 7, (2, 2, 2, 1)),
    ],
)  # fmt: skip
def test_overlaps_by_hand(stride, kernel, pattern):
    assert overlap_counts(kernel, stride=stride) == pattern
    assert overlap_counts((kernel, 1), stride=stride)[0] == pattern


# ------------------------------------------------------- second definitions
@share(0.7)
@given(choices((1, 4), (1, 4), (1, 4), (1, 4), (1, 3), (1, 4)))
def test_touched_is_what_a_gradient_reaches(case):
    """Ones through the convolutions and back: where the gradient is not zero, a pixel was read."""
    *_, stride, gap = case
    layers = [dict(kernel_size=case[0], dilation=case[1], stride=stride), dict(kernel_size=case[2], dilation=gap)]
    found = touched(layers)
    side = geometry.receptive_field(layers).size
    dx = np.ones((1, 1, 1, 1))
    sizes = [side, geometry.Layer(**layers[0]).output_size(side)]
    for size, layer in zip(reversed(sizes), reversed(layers), strict=True):
        kernel = layer["kernel_size"]
        options = dict(stride=layer.get("stride", 1), dilation=layer["dilation"])
        dx, _, _ = ops.conv2d_backward(dx, np.zeros((1, 1, size, size)), np.ones((1, 1, kernel, kernel)), **options)
    assert (dx != 0).sum() == found.count and dx.size == found.field
    assert tuple(dx[0, 0, 0].nonzero()[0]) == found.offsets


WINDOW = choices((1, 6), (1, 5), (1, 4), (0, 3), (0, 3), (0, 3), (1, 3))


@share(1)
@given(WINDOW)
def test_overlaps_are_ones_on_ones(case):
    size, kernel, stride, top, bottom, extra, dilation = case
    extra %= max(stride, dilation)
    options = dict(stride=stride, padding=(top, bottom, 0, 0), output_padding=extra, dilation=dilation)
    ones = np.ones((1, 1, size, 1)), np.ones((1, 1, kernel, 1))
    if (size - 1) * stride + dilation * (kernel - 1) + 1 + extra <= top + bottom:
        with pytest.raises(ValueError, match=r"^overlap_counts: padding=.* cuts away all of the"):
            overlap_counts((kernel, 1), size=(size, 1), **options)
        return
    rows, columns = overlap_counts((kernel, 1), size=(size, 1), **options)
    if extra:
        options["output_padding"] = (extra, 0)
    written = ops.conv_transpose2d_plain(*ones, **options)
    assert written.ravel().tolist() == list(rows)


@share(1)
@given(WINDOW)
def test_far_from_the_ends_the_period_repeats(case):
    _, kernel, stride, before, _, _, dilation = case
    options = dict(stride=stride, padding=(before, 0, before, 0), dilation=dilation)
    period, _ = overlap_counts(kernel, **options)
    counts, _ = overlap_counts(kernel, size=40, **options)
    reach = dilation * (kernel - 1) + stride
    for pixel in range(reach, len(counts) - reach):
        assert counts[pixel] == period[pixel % stride]


# --------------------------------------------------------------------- laws
def test_every_tap_is_written_once_a_period():
    for kernel, stride, dilation in product(range(1, 9), range(1, 6), range(1, 4)):
        period = overlap_counts(kernel, stride=stride, dilation=dilation)
        assert sum(period) == kernel and len(period) == stride
        if dilation == 1:
            assert (len(set(period)) == 1) == (kernel % stride == 0)
    assert sum(overlap_counts(5, stride=3, size=7)) == 35


# ------------------------------------------------------------------- errors
def test_errors():
    with pytest.raises(ValueError, match=r"^touched: layer 1 is transposed, so its units .* use pixels_read"):
        touched([Layer(3), Layer(2, stride=2, transposed=True)])
    with pytest.raises(TypeError, match=r"^touched: layer 0 is an int without a kernel_size"):
        touched([3])
    with pytest.raises(TypeError, match=r"^Touched.common: step=.* holds a float"):
        touched([Layer(3)]).common((0.5, 1))
    with pytest.raises(ValueError, match=r"^overlap_counts: output_padding=2 is not below"):
        overlap_counts(3, stride=2, output_padding=2, size=4)
    with pytest.raises(TypeError, match=r"^overlap_counts: kernel_size=3.0 is a float"):
        overlap_counts(3.0)
    with pytest.raises(ValueError, match=r"^overlap_counts: stride=0 is below 1"):
        overlap_counts(3, stride=0)
