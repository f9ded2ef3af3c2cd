"""The random cases themselves: how many are not empty, and that no range is quietly avoided."""

import os
from functools import cache

import numpy as np
import pytest
from hypothesis import given

from cnnlib.ops.row_shifts import suits_row_shifts
from cnnlib.ops.windows import windows
from cnnlib.ops.winograd import suits_winograd
from tests.ops.cases import conv_case, every_kind, thorough
from tests.ops.test_blur_resize import blur_case, resize_case
from tests.ops.test_conv1d import conv1d_case
from tests.ops.test_deformable import deform_case
from tests.ops.test_dense import class_case, linear_case
from tests.ops.test_pooling import avg_case, max_case
from tests.ops.test_sampling import sampling_case
from tests.ops.test_separable import depthwise_case, separable_case
from tests.ops.test_transposed import transposed_case
from tests.ops.test_unshared import local_case

LONG = bool(os.environ.get("LONG"))

CASES = {
    "conv2d": conv_case, "conv1d": conv1d_case, "conv_transpose2d": transposed_case, "local_conv2d": local_case,
    "separable_conv2d": separable_case, "depthwise_separable_conv2d": depthwise_case, "deform_conv2d": deform_case,
    "bilinear_sample": sampling_case, "max_pool2d": max_case, "avg_pool2d": avg_case, "blur_pool2d": blur_case,
    "resize": resize_case, "linear": linear_case, "softmax_cross_entropy": class_case,
}  # fmt: skip


@cache
def draw(build):
    """What a test under `thorough` is given."""
    drawn = []
    thorough(given(every_kind(build))(lambda case: drawn.append(case)))()
    return drawn


@pytest.mark.parametrize("name", CASES)
def test_nine_in_ten_are_not_empty(name):
    """In each of them there are numbers to compare; and float32 has its share."""
    first = [case[0] for case in draw(CASES[name])]
    assert sum(x.size > 0 for x in first) >= 0.9 * thorough.max_examples
    assert sum(x.size == 0 for x in first) <= 0.1 * len(first)
    assert 0.2 <= np.mean([x.dtype == np.float32 for x in first]) <= 0.5


def of_windows(name):
    """Kernel, stride, padding and dilation of each case, for two axes."""
    for *arrays, options in draw(CASES[name]):
        w = arrays[2] if name == "deform_conv2d" else arrays[1]
        kernel = w.shape[2:4]
        if name == "separable_conv2d":
            kernel = arrays[1].shape[-1], arrays[2].shape[-1]
        sides = np.array(options["padding"]).reshape(-1, 2)
        yield arrays, np.array(kernel), np.array(options["stride"]), sides, np.array(options["dilation"]), options


@pytest.mark.parametrize("name", [name for name in CASES if "conv" in name])
def test_no_window_is_left_out(name):
    """Shares of the cases, each a range that a careless choice of limits would lose."""
    cases = list(of_windows(name))
    share = {
        "no padding": [not sides.any() for _, _, _, sides, _, _ in cases],
        "padding, less than the kernel": [sides.any() and (sides.max(-1) < k).all() for _, k, _, sides, _, _ in cases],
        "sides that differ": [(sides[:, 0] != sides[:, 1]).any() for _, _, _, sides, _, _ in cases],
        "stride 1": [(stride == 1).all() for _, _, stride, _, _, _ in cases],
        "stride beyond the kernel": [(stride > k).any() for _, k, stride, _, _, _ in cases],
        "dilation 1": [(dilation == 1).all() for _, _, _, _, dilation, _ in cases],
        "dilation": [(dilation > 1).any() for _, _, _, _, dilation, _ in cases],
        "kernel of 1": [(k == 1).all() for _, k, _, _, _, _ in cases],
        "no bias": [any(a is None for a in arrays) for arrays, *_ in cases],
    }
    share = {what: np.mean(found) for what, found in share.items()}
    least = dict.fromkeys(share, 0.1) | {"dilation 1": 0.04, "kernel of 1": 0.03, "stride 1": 0.04}
    assert {what: found for what, found in share.items() if found < least[what]} == {}
    largest = [max(np.max(case[i]) for case in cases) for i in (1, 2, 4)]
    most = [max_kernel(name), 5, 4]
    assert largest == most
    if name != "conv_transpose2d":  # where padding cuts, and can cut no more than there is
        beyond = [(sides >= k[:, None]).any() for _, k, _, sides, _, _ in cases]
        assert 0.1 < np.mean(beyond) < 0.5


def max_kernel(name):
    return {"conv_transpose2d": 5, "deform_conv2d": 6}.get(name, 7)


def test_conv2d_goes_every_way():
    """The dispatch of `conv2d` itself; that every way works in bands is in test_bands."""
    ways = dict.fromkeys(["winograd", "row shifts", "windows", "groups", "256 outputs"], 0)
    cases = [case for case in draw(conv_case) if case[0].size]
    for x, w, _, options in cases:
        groups = options["groups"]
        window = windows("", x.shape[2:], w.shape[2:], **{k: v for k, v in options.items() if k != "groups"})
        outputs = window.output[0] * window.output[1]
        ways["groups"] += groups > 1
        ways["256 outputs"] += outputs >= 256
        if suits_winograd(x, w, window, groups):
            ways["winograd"] += 1
        elif suits_row_shifts(w.shape[1], len(w) // groups, window):
            ways["row shifts"] += 1
        else:
            ways["windows"] += 1
    least = {"winograd": 0.01, "row shifts": 0.05, "windows": 0.5, "groups": 0.5, "256 outputs": 0.1}
    assert {way: n for way, n in ways.items() if n < least[way] * len(cases)} == {}


def test_a_property_is_tried_as_often_as_the_profile_says():
    """300 cases, the same in every run; in the long form 2,200, and new ones every time."""
    assert (thorough.max_examples, thorough.derandomize) == ((2200, False) if LONG else (300, True))
