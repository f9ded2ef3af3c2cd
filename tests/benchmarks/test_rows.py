"""The benchmark's rows: every operation is there, forward and backward, and what is timed side by side is equal."""

import functools
import inspect

import numpy as np
import pytest
import torch

from benchmarks.agreement import Disagreement, check
from benchmarks.rows import table
from benchmarks.rows.case import results
from cnnlib import ops

ROWS = {f"{row.group}: {row.case.name}": row for row in table()}
#: The project's targets: cnnlib's time over torch's, at one and at two threads.
TARGETS = {
    "conv2d: 11x11 s4, 3->96, 227 (AlexNet)": (1.3, 1.5),
    "conv2d: 3x3, 64->64, 56": (1.2, 1.4),
    "conv2d: 3x3, batch 8, 32->64, 28": (1.3, 1.7),
    "conv2d: 3x3, 128->256, 32": (1.1, 1.2),
    "conv2d: 3x3 dilation 4, 64->64, 56": (1.4, 1.5),
    "conv2d: 7x7 s2, 3->64, 224": (1.5, 1.9),
    "conv2d: 3x3, 64->64, 224 (VGG)": (1.4, 1.0),
    "conv2d: 3x3, 3->64, 224": (0.2, 0.1),
    "conv2d: 3x3 s2, 128->256, 32": (1.0, 1.1),
    "conv2d: pointwise 256->64, 32": (0.6, 0.75),
    "conv2d: depthwise 3x3, 128, 32": (2.0, 2.5),
    "conv2d: depthwise 5x5, 64, 56": (3.0, 3.5),
    "conv2d: one grey 256x256 image, 5x5": (0.5, 0.7),
    "conv2d: tiny 8x8, 3x3 (call overhead)": (3, 3),
    "conv2d and gradients: 11x11 s4, 3->96, 227 (AlexNet)": (0.62, 0.76),
    "conv2d and gradients: 3x3, 64->64, 56": (1.17, 1.0),
    "conv2d and gradients: 3x3, 128->256, 32": (0.98, 0.76),
    "conv2d and gradients: 3x3 dilation 4, 64->64, 56": (1.33, 1.58),
    "conv2d and gradients: pointwise 256->64, 32": (0.55, 0.78),
    "conv2d and gradients: 3x3, batch 8, 32->64, 28": (1.63, 2.06),
    "conv2d and gradients: depthwise 3x3, 128, 32": (2.2, 3.0),
    "conv_transpose2d: k4 s2, 128->64, 28": (1.5, 2.1),
    "conv_transpose2d: k3 s2, 128->64, 28": (1.5, 2.1),
    "conv_transpose2d: k2 s2, 128->64, 28": (1.5, 2.1),
    "conv_transpose2d: k3 s1, 64->64, 56": (1.5, 2.1),
    "conv_transpose2d: k16 s8, 21->21, 28 (FCN)": (1.5, 2.1),
    "local_conv2d: 3x3, 32->32, 28": (0.4, 0.4),
    "bilinear_sample: 9 points per pixel, 64, 56": (1.0, 1.0),
    "deform_conv2d: 3x3, 64->64, 56": (0.65, 0.5),
    "deform_conv2d: 3x3, 256->256, 28": (0.65, 0.5),
}


def functions():
    return {name for name in ops.__all__ if inspect.isfunction(getattr(ops, name))}


@functools.cache
def tried(name):
    """The names of a row's sides, and how they disagree; each call is made once."""
    row = ROWS[name]
    with torch.inference_mode(not row.gradients):
        calls, yardsticks = row.make()
        for call in yardsticks.values():
            call()
        try:
            check(row, calls)
        except Disagreement as error:
            return list(calls), str(error)
    return list(calls), None


def sides(name):
    return tried(name)[0]


def groups(condition=lambda side: True):
    """The groups of rows with such a side."""
    return {row.group for name, row in ROWS.items() if any(map(condition, sides(name)))}


def test_every_operation_is_there_forward_and_with_gradients():
    operations = {name for name in functions() if not name.endswith(("_backward", "_plain"))}
    differentiable = {name for name in operations if f"{name}_backward" in functions()}
    expected = operations | {f"{name} and gradients" for name in differentiable}
    assert groups() == expected
    # and each stands beside naive loops
    assert groups(lambda side: side == "loops") == expected
    # and each plain definition is measured
    plain = {side for name in ROWS for side in sides(name) if side.endswith("_plain")}
    assert plain == {name for name in functions() if name.endswith("_plain")}


def test_each_row_has_a_name_of_its_own():
    assert len(ROWS) == len(list(table()))


def test_targets():
    assert {name: row.targets for name, row in ROWS.items() if row.targets} == TARGETS


@pytest.mark.parametrize("name", ROWS)
def test_sides_agree(name):
    assert sides(name)[:2] == ["cnnlib", "torch"]
    assert tried(name)[1] is None


def test_scipy_where_it_applies():
    assert groups(lambda side: side.startswith("scipy.")) == {
        "conv2d", "conv1d", "separable_conv2d", "separable_terms", "bilinear_sample", "rounded_sample", "max_pool2d",
        "avg_pool2d", "blur_pool2d", "resize_nearest2d", "resize_bilinear2d", "softmax_cross_entropy",
    }  # fmt: skip


@pytest.mark.parametrize("group", ["deform_conv2d", "deform_conv2d and gradients"])
@pytest.mark.parametrize("mask", [False, True])
@pytest.mark.parametrize("several", [False, True])
def test_deformable_with_masks_and_groups(group, mask, several):
    found = 0
    for name, row in ROWS.items():
        if row.group == group and bool(row.case.keywords) == mask and "loops" not in sides(name):
            x, offset, w, *_ = row.case.arrays()
            if (w.shape[1] < x.shape[1]) == several:
                found += 1
                assert (offset.shape[1] > 18) == several  # groups of offsets too
                assert sides(name) == ["cnnlib", "torch", "cnnlib.layers"]
    assert found


# ------------------------------------------------------------------ broken sides
def broken(name, side, change):
    """The row, and its sides of which one's result is changed."""
    row = ROWS[name]
    calls, _ = row.make()
    right = calls[side]
    calls[side] = lambda: change(right())
    return row, calls


def edge(y):
    """One wrong number, in a corner."""
    y = np.array(results(y)[0])
    y[..., -1, -1] += 0.1 * np.abs(y).max()
    return y


FLAT = "conv2d: small 3x3, 4->4, 10"
BOTH = "conv2d and gradients: small 3x3, 4->4, 10"


@pytest.mark.parametrize("side", ["torch", "loops", "conv2d_plain"])
@pytest.mark.parametrize(
    "change, message",
    [
        (edge, r"differs from cnnlib in result 0: by up to [\d.]+"),
        (lambda y: y[..., ::-1] if isinstance(y, np.ndarray) else y.flip(-1), "differs from cnnlib in result 0"),
        (lambda y: y[..., 1:], r"gives the shapes \[\(1, 4, 10, 9\)\], cnnlib \[\(1, 4, 10, 10\)\]"),
        (lambda y: y * float("nan"), "differs from cnnlib in result 0"),
        (lambda y: y.no_such_thing, "raises AttributeError: .*no_such_thing"),
    ],
    ids=["one number", "flipped", "cut", "nan", "raises"],
)
def test_a_broken_side_is_named(side, change, message):
    row, calls = broken(FLAT, side, change)
    with pytest.raises(Disagreement, match=rf"^conv2d: small 3x3, 4->4, 10: {side} {message}"):
        check(row, calls)


@pytest.mark.parametrize("side", ["torch", "loops"])
@pytest.mark.parametrize("number", [0, 1])
def test_a_broken_gradient_is_named(side, number):
    def change(result):
        y, gradients = result
        return y, [edge(g) if k == number else g for k, g in enumerate(gradients)]

    row, calls = broken(BOTH, side, change)
    with pytest.raises(Disagreement, match=rf"^conv2d and gradients: .*: {side} differs .* in result {number + 1}:"):
        check(row, calls)


def test_gradients_in_torch_s_own_layout_are_brought_back():
    """Of a grid the gradient is by (x, y) in half images, of the points by (row, column) in pixels."""
    name = "bilinear_sample and gradients: small 9 points per pixel, 2, 10"
    row = ROWS[name]
    check(row, row.make()[0])
    swapped = row._replace(case=row.case._replace(back=lambda dx, dgrid: (dx, dgrid.reshape(1, -1, 2) * 0.2)))
    with pytest.raises(Disagreement, match="torch differs from cnnlib in result 2"):
        check(swapped, swapped.make()[0])
