"""span, unread and the count of positions that all of geometry rests on."""

import numpy as np
import pytest
from hypothesis import given

from cnnlib import geometry
from tests.geometry.cases import starts, taps, windows


# ------------------------------------------------------------------ by hand
def test_span_by_hand():
    assert [geometry.span(k, d) for k, d in ((1, 1), (3, 1), (3, 2), (3, 4), (2, 5))] == [
        1,
        3,
        5,
        9,
        6,
    ]
    assert geometry.span((3, 5), dilation=(2, 1)) == (5, 5)
    assert geometry.span(3, (1, 2)) == (3, 5)


def test_unread_by_hand():
    # 0 1 2 3 4 5 6 7: windows 012, 345 leave 6 and 7.
    assert geometry.unread(8, 3, stride=3) == 2
    # One column of zeros in front, windows z01, 234, 567: none is left.
    assert geometry.unread((8, 8), 3, stride=3, padding=(0, 0, 1, 0)) == (2, 0)
    # Two behind, windows 012, 345, 67z: the last is read although a window hangs over.
    assert geometry.unread((8, 8), 3, stride=3, padding=(0, 2, 0, 0)) == (0, 2)
    # Taps 0 and 5 on 0 1 2 3 4 z z z: the far tap reads only padding, so 1 to 4 are unread.
    assert geometry.unread((5, 9), 2, stride=9, padding=(0, 3, 0, 0), dilation=5) == (4, 3)


def test_alexnet_reads_all_of_227_and_not_of_225():
    assert [geometry.unread(n, 11, stride=4) for n in (224, 225, 226, 227)] == [1, 2, 3, 0]


# ------------------------------------------------------------------ a second definition
@given(windows())
def test_unread_is_what_no_tap_touches(window):
    size, kernel, stride, sides, dilation = window
    found = starts(*window)
    if not found:
        return
    read = {at - sides[0] for start in found for at in taps(start, kernel, dilation)}
    trailing = 0
    while trailing < size and size - 1 - trailing not in read:
        trailing += 1
    options = {"stride": stride, "padding": (0, 0, *sides), "dilation": dilation}
    assert geometry.unread((99, size), kernel, **options)[1] == trailing


@given(windows())
def test_span_is_first_to_last_tap(window):
    _, kernel, _, _, dilation = window
    positions = taps(5, kernel, dilation)
    assert geometry.span(kernel, dilation) == max(positions) - min(positions) + 1


# ------------------------------------------------------------------ a law
@given(windows())
def test_without_padding_or_gaps_unread_is_the_remainder(window):
    size, kernel, stride, _, _ = window
    if kernel <= size and stride <= kernel:
        assert geometry.unread(size, kernel, stride=stride) == (size - kernel) % stride


# ------------------------------------------------------------------ kinds of integers
def test_numpy_integers_and_lists_are_integers():
    assert geometry.span(np.int64(3), np.uint8(2)) == 5
    assert type(geometry.span(np.int64(3))) is int
    assert geometry.unread([8, 7], np.int32(3), stride=[3, 3]) == (2, 1)


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((True,), TypeError, r"^span: kernel_size=True is a bool; use an integer >= 1 or a pair"),
        ((3, 2.0), TypeError, r"^span: dilation=2\.0 is a float; use an integer >= 1"),
        ((0,), ValueError, r"^span: kernel_size=0 is below 1; use an integer >= 1"),
        ((3, (1, 0)), ValueError, r"^span: dilation=\(1, 0\) holds 0; use an integer >= 1"),
        (((3, 3, 3),), ValueError, r"^span: kernel_size=\(3, 3, 3\) has 3 entries; use an integer"),
    ],
)
def test_span_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        geometry.span(*arguments)


def test_unread_refuses_a_window_that_does_not_fit():
    message = (
        r"^unread: a window spanning 7 \(kernel_size=3, dilation=3\) does not fit in 5 "
        r"\(size=5, padding=0\); shrink the window or use padding >= 1$"
    )
    with pytest.raises(ValueError, match=message):
        geometry.unread(5, 3, dilation=3)
    with pytest.raises(TypeError, match="kernel"):
        geometry.unread(5, kernel=3)
