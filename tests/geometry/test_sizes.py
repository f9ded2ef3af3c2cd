"""Output sizes: of convolutions, of poolings, and of SAME."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from cnnlib import geometry
from cnnlib.geometry import conv_output_size, pool_output_size, same_padding
from tests.geometry.cases import starts, windows


# ------------------------------------------------------------------ by hand
def test_by_hand():
    assert conv_output_size(5, 3) == 3
    assert conv_output_size(5, 3, padding=1) == 5
    assert conv_output_size(5, 3, stride=2) == 2
    assert conv_output_size(6, 3, stride=2) == 2
    assert conv_output_size(7, 3, dilation=3) == 1
    assert conv_output_size(5, 5) == 1
    assert conv_output_size(1, 1, stride=100) == 1


def test_each_axis_by_itself():
    got = conv_output_size((7, 9), (3, 2), stride=(2, 3), padding=(1, 0), dilation=(1, 2))
    assert got == (4, 3)
    assert conv_output_size(7, 3, padding=(0, 0, 1, 2)) == (5, 8)
    assert conv_output_size(7, 3, padding=(1, 2)) == (7, 9)


def test_an_integer_comes_back_as_an_integer():
    assert type(conv_output_size(np.int64(227), 11, stride=4)) is int
    assert conv_output_size([227, 227], 11, stride=4) == (55, 55)


def test_the_alexnet_sizes():
    assert [conv_output_size(n, 11, stride=4) for n in (224, 225, 226, 227)] == [54, 54, 54, 55]
    assert conv_output_size(224, 11, stride=4, padding=2) == 55


def test_ceil_mode_by_hand():
    # 0 1 2 3 4 5: windows 012, 234, and 45. which the floor drops.
    assert pool_output_size(6, 3, stride=2) == 2
    assert pool_output_size(6, 3, stride=2, ceil_mode=True) == 3
    # z 0 1 z, window 2, stride 2: z0, 1z; with a third pixel z0, 12, and none at z alone.
    assert pool_output_size(2, 2, padding=1, ceil_mode=True) == 2
    assert pool_output_size(3, 2, padding=1, ceil_mode=True) == 2
    # The stride is the window's own size if nothing is said.
    assert pool_output_size((6, 7), (3, 2)) == (2, 3)


def test_same_by_hand():
    assert same_padding(5, 3) == (1, 1, 1, 1)
    assert same_padding(5, 2) == (0, 1, 0, 1)
    assert same_padding((6, 7), 3, stride=2) == (0, 1, 1, 1)
    assert same_padding(4, 1, stride=3) == (0, 0, 0, 0)


# ------------------------------------------------------------------ oracle
@given(windows(), windows())
def test_conv_is_torch(rows, columns):
    if not (starts(*rows) and starts(*columns)):
        return
    (h, kh, sh, (top, bottom), dh), (w, kw, sw, (left, right), dw) = rows, columns
    padded = functional.pad(torch.zeros(1, 1, h, w), (left, right, top, bottom))
    y = functional.conv2d(padded, torch.zeros(1, 1, kh, kw), stride=(sh, sw), dilation=(dh, dw))
    got = conv_output_size((h, w), (kh, kw), stride=(sh, sw), padding=(top, bottom, left, right), dilation=(dh, dw))
    assert got == tuple(y.shape[2:])


@given(windows(), st.booleans())
def test_pool_is_torch(window, ceil_mode):
    size, kernel, stride, (padding, _), dilation = window
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    try:
        expected = functional.max_pool1d(torch.zeros(1, 1, size), kernel, **options).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="pool_output_size: "):
            pool_output_size(size, kernel, **options)
    else:
        assert pool_output_size(size, kernel, **options) == expected


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 5))
def test_same_is_torch_at_stride_1(size, kernel, dilation):
    x = torch.zeros(1, 1, size, size)
    y = functional.conv2d(x, torch.zeros(1, 1, kernel, kernel), padding="same", dilation=dilation)
    sides = same_padding(size, kernel, dilation=dilation)
    assert conv_output_size(size, kernel, padding=sides, dilation=dilation) == tuple(y.shape[2:])


# ------------------------------------------------------------------ a second definition
@given(windows())
def test_conv_counts_the_starts(window):
    size, kernel, stride, sides, dilation = window
    options = {"stride": stride, "padding": (*sides, 0, 0), "dilation": dilation}
    expected = len(starts(*window))
    if expected:
        assert conv_output_size((size, 99), kernel, **options)[0] == expected
    else:
        with pytest.raises(ValueError, match="does not fit in"):
            conv_output_size((size, 99), kernel, **options)


def test_every_small_case():
    """The formula against counting, none of the cases drawn."""
    seen = 0
    for size, kernel, stride in itertools.product(range(1, 61), range(1, 12), range(1, 7)):
        found = starts(size, kernel, stride, (1, 0), 1)
        if found:
            seen += 1
            options = {"stride": stride, "padding": (1, 0, 0, 0)}
            assert conv_output_size((size, 99), kernel, **options)[0] == len(found)
    assert seen == 3690


# ------------------------------------------------------------------ laws
@given(st.integers(1, 500), st.integers(1, 50))
def test_a_stride_keeps_the_ceiling_of_a_share(size, stride):
    """N starts at stride 1 leave ceil(N / S) = floor((N - 1) / S) + 1 at stride S."""
    got = conv_output_size(size, 1, stride=stride)
    assert got == math.ceil(size / stride) == (size - 1) // stride + 1


@given(windows())
def test_same_gives_the_ceiling_with_the_least_padding(window):
    size, kernel, stride, _, dilation = window
    sides = same_padding(size, kernel, stride=stride, dilation=dilation)
    options = {"stride": stride, "dilation": dilation}
    wanted = -(-size // stride)
    assert conv_output_size(size, kernel, padding=sides, **options) == (wanted, wanted)
    before, after = sides[:2]
    assert after - before in (0, 1)
    if after:
        try:
            less = conv_output_size(size, kernel, padding=(before, after - 1) * 2, **options)
        except ValueError:
            less = (0, 0)
        assert less[0] < wanted


@given(windows())
def test_the_advice_works(window):
    size, kernel, stride, _, dilation = window
    try:
        conv_output_size(size, kernel, stride=stride, dilation=dilation)
    except ValueError as error:
        advised = int(str(error).rsplit(" ", 1)[1])
        assert conv_output_size(size, kernel, stride=stride, dilation=dilation, padding=advised)
        with pytest.raises(ValueError, match="does not fit"):
            conv_output_size(size, kernel, stride=stride, dilation=dilation, padding=advised - 1)


# ------------------------------------------------------------------ errors
FAULTS = [
    ({"size": 7.0}, TypeError, r"size=7\.0 is a float; use an integer >= 1 or a pair \(height"),
    ({"size": "7"}, TypeError, r"size='7' is a str; use an integer >= 1 or a pair"),
    ({"size": 0}, ValueError, r"size=0 is below 1; use an integer >= 1 or a pair"),
    ({"kernel_size": False}, TypeError, r"kernel_size=False is a bool; use an integer >= 1"),
    ({"kernel_size": np.True_}, TypeError, r"kernel_size=np\.True_ is a bool; use an integer"),
    ({"stride": 0}, ValueError, r"stride=0 is below 1; use an integer >= 1 or a pair"),
    ({"stride": (1, -2)}, ValueError, r"stride=\(1, -2\) holds -2; use an integer >= 1 or a pair"),
    ({"stride": np.float32(1)}, TypeError, r"stride=np\.float32\(1\.0\) is a float32; use an"),
    ({"padding": -1}, ValueError, r"padding=-1 is below 0; use an integer >= 0, a pair"),
    ({"padding": (1, 2, 3)}, ValueError, r"padding=\(1, 2, 3\) has 3 entries; use an integer >= 0"),
    ({"padding": "same"}, TypeError, r"padding='same' is a str; use an integer >= 0, a pair"),
    ({"dilation": None}, TypeError, r"dilation=None is a NoneType; use an integer >= 1"),
    ({"dilation": (2,)}, ValueError, r"dilation=\(2,\) has 1 entry; use an integer >= 1"),
]


@pytest.mark.parametrize("function", [conv_output_size, pool_output_size])
@pytest.mark.parametrize(("fault", "error", "message"), FAULTS)
def test_refuses(function, fault, error, message):
    arguments = {"size": 9, "kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1} | fault
    with pytest.raises(error, match=f"^{function.__name__}: {message}"):
        function(**arguments)


@pytest.mark.parametrize("fault", [f for f in FAULTS if "padding" not in f[0]])
def test_same_refuses(fault):
    arguments = {"size": 9, "kernel_size": 3, "stride": 1, "dilation": 1} | fault[0]
    with pytest.raises(fault[1], match=f"^same_padding: {fault[2]}"):
        same_padding(**arguments)


def test_what_does_not_fit_is_said_in_numbers():
    message = (
        r"^conv_output_size: a window spanning 7 \(kernel_size=3, dilation=3\) does not fit in 5 "
        r"\(size=5, padding=0\); shrink the window or use padding >= 1$"
    )
    with pytest.raises(ValueError, match=message):
        conv_output_size(5, 3, dilation=3)
    message = (
        r"a window spanning 9 \(kernel_size=5, dilation=2\) does not fit in 8 \(size=5, "
        r"padding=1\+2\) along the width; shrink the window or use padding >= 2$"
    )
    with pytest.raises(ValueError, match=message):
        conv_output_size((9, 5), 5, dilation=2, padding=(0, 0, 1, 2))


def test_pooling_refuses_what_torch_refuses():
    message = r"^pool_output_size: padding=2 is more than half of kernel_size=3 along the height"
    with pytest.raises(ValueError, match=message + r"; use at most 1$"):
        pool_output_size(9, 3, padding=2)
    message = r"^pool_output_size: a window spanning 9 \(kernel_size=3, dilation=4\) does not fit "
    with pytest.raises(ValueError, match=message + r"in 5 .*; shrink the window or enlarge the input"):
        pool_output_size(3, 3, padding=1, dilation=4)
    with pytest.raises(TypeError, match=r"^pool_output_size: ceil_mode=1 is an int; use True or"):
        pool_output_size(9, 3, ceil_mode=1)


def test_unknown_keywords():
    with pytest.raises(TypeError, match="kernel"):
        conv_output_size(9, kernel=3)
    with pytest.raises(TypeError, match="positional"):
        conv_output_size(9, 3, 1)
    assert not hasattr(geometry, "padding4")
