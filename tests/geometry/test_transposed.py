"""The output size of a transposed convolution."""

import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnlib.geometry import conv_output_size, conv_transpose_output_size
from tests.geometry.cases import choices

NAME = "conv_transpose_output_size"


def scatters():
    """size, kernel_size, stride, padding, output_padding, dilation of one axis, legal or not."""
    return choices((1, 12), (1, 6), (1, 5), (0, 5), (0, 5), (1, 4))


# ------------------------------------------------------------------ by hand
def test_by_hand():
    # 2 pixels scatter 3-pixel windows, 2 apart: aaabb -> a a ab b b = 5.
    assert conv_transpose_output_size(2, 3, stride=2) == 5
    assert conv_transpose_output_size(2, 2, stride=2) == 4
    assert conv_transpose_output_size(2, 4, stride=2, padding=1) == 4
    assert conv_transpose_output_size(2, 3, stride=1) == 4
    assert conv_transpose_output_size(2, 3, stride=2, padding=1, output_padding=1) == 4
    assert conv_transpose_output_size((2, 3), (3, 2), stride=(2, 1), dilation=(1, 2)) == (5, 5)
    assert conv_transpose_output_size(2, 3, stride=2, padding=(0, 1, 1, 1)) == (4, 3)


# ------------------------------------------------------------------ oracle
@given(scatters())
def test_is_torch(scatter):
    size, kernel, stride, padding, extra, dilation = scatter
    options = {
        "stride": stride,
        "padding": padding,
        "output_padding": extra,
        "dilation": dilation,
    }
    x, w = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel)
    try:
        expected = functional.conv_transpose1d(x, w, **options).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match=f"^{NAME}: "):
            conv_transpose_output_size(size, kernel, **options)
    else:
        assert conv_transpose_output_size(size, kernel, **options) == expected


# ------------------------------------------------------------------ a second definition
@given(scatters())
def test_is_the_number_of_pixels_written(scatter):
    size, kernel, stride, padding, _, dilation = scatter
    positions = {i * stride + tap * dilation for i in range(size) for tap in range(kernel)}
    kept = max(positions) + 1 - min(positions) - 2 * padding
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    if kept > 0:
        assert conv_transpose_output_size(size, kernel, **options) == kept
    else:
        with pytest.raises(ValueError, match="cuts away all of the"):
            conv_transpose_output_size(size, kernel, **options)


# ------------------------------------------------------------------ a law
@given(scatters())
def test_the_round_trip_needs_the_remainder(scatter):
    size, kernel, stride, padding, _, dilation = scatter
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        return
    there = conv_output_size(size, kernel, **options)
    if room - room % stride + 1 + dilation * (kernel - 1) > 2 * padding:
        back = conv_transpose_output_size(there, kernel, **options)
        assert size - back == room % stride
        rest = room % stride
        assert conv_transpose_output_size(there, kernel, output_padding=rest, **options) == size


def test_the_round_trip_comes_home_for_one_size_in_each_stride():
    """The exam's promise n -> m -> n: kept once in s sizes."""
    for kernel in range(1, 8):
        for stride in range(1, 7):
            sizes = range(kernel, kernel + 10 * stride)
            there = [conv_output_size(n, kernel, stride=stride) for n in sizes]
            back = [conv_transpose_output_size(m, kernel, stride=stride) for m in there]
            kept = [n for n, home in zip(sizes, back, strict=True) if n == home]
            assert kept == list(sizes[::stride])


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"size": True}, TypeError, r"size=True is a bool; use an integer >= 1"),
        ({"stride": 1.5}, TypeError, r"stride=1\.5 is a float; use an integer >= 1"),
        ({"kernel_size": 0}, ValueError, r"kernel_size=0 is below 1; use an integer >= 1"),
        ({"output_padding": -1}, ValueError, r"output_padding=-1 is below 0; use an integer >= 0"),
        ({"dilation": "2"}, TypeError, r"dilation='2' is a str; use an integer >= 1"),
        (
            {"stride": 2, "output_padding": 2},
            ValueError,
            r"output_padding=2 is not below the larger of stride=2 and dilation=1; use at most 1$",
        ),
        (
            {"padding": 3},
            ValueError,
            r"padding=3 cuts away all of the 4 pixels of size=2, kernel_size=3, stride=1, "
            r"dilation=1; use padding <= 1$",
        ),
    ],
)
def test_refuses(options, error, message):
    arguments = {"size": 2, "kernel_size": 3} | options
    with pytest.raises(error, match=f"^{NAME}: {message}"):
        conv_transpose_output_size(**arguments)
