"""deform_conv2d: by hand, torch (explicit gathers), the definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from cnnlib.ops.windows import windows
from tests.ops.cases import all_close, brief, cases, close, every_kind, half, oracle
from tests.ops.test_sampling import gathers


def deform_case(dice):
    """Groups and offset groups on their own; offsets that leave the image; sometimes whole."""
    size, kernel, options = dice.window(max_kernel=3, room=3, larger=6)
    groups, parts = dice.pick(1, 3), dice.pick(1, 3)
    c, o = np.lcm(groups, parts) * dice.pick(1, 2), groups * dice.pick(1, 2)
    n, taps = dice.batch(), kernel[0] * kernel[1]
    output = windows("deform", size, kernel, **options).output
    offset = dice.normal(n, 2 * parts * taps, *output) * dice.choose(0.5, 3)
    if dice.pick(0, 2) == 0:
        offset = np.round(offset)
    offset = np.round(offset * 1024) / 1024  # float32 then adds it to the grid without rounding
    x, w = dice.normal(n, c, *size), dice.normal(o, c // groups, *kernel)
    mask = dice.rng.random((n, parts * taps, *output)).astype(dice.dtype)
    return x, offset, w, dice.bias(o), mask, options


def gather_form(x, offset, w, b, mask, *, stride, padding, dilation):
    """torch, from the definition: read every tap's points, weigh them, one sum over all."""
    (n, c), (o, read, kh, kw), (oh, ow) = x.shape[:2], w.shape, offset.shape[2:]
    taps, groups = kh * kw, c // read
    parts = offset.shape[1] // (2 * taps)
    moves = offset.reshape(n, parts, taps, 2, oh, ow).movedim(3, -1)
    start = torch.stack(torch.meshgrid(
        *(torch.arange(size) * s - p for size, s, p in zip((oh, ow), stride, padding[::2], strict=True)), indexing="ij"
    ), -1)  # fmt: skip
    tap = torch.stack(torch.meshgrid(
        *(torch.arange(k) * d for k, d in zip((kh, kw), dilation, strict=True)), indexing="ij"
    ), -1)  # fmt: skip
    points = start + tap.reshape(taps, 1, 1, 2) + moves
    seen = gathers(x.reshape(n * parts, c // parts, *x.shape[2:]), points.reshape(n * parts, taps, oh, ow, 2))
    seen = seen.reshape(n, parts, c // parts, taps, oh, ow)
    if mask is not None:
        seen = seen * mask.reshape(n, parts, 1, taps, oh, ow)
    seen = seen.reshape(n, groups, read, taps, oh, ow)
    w = w.reshape(groups, o // groups, read, taps)
    y = torch.einsum("ngckhw,gock->ngohw", seen, w).reshape(n, o, oh, ow)
    return y if b is None else y + b[:, None, None]


def test_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    w = np.array([[[[1.0, 10], [100, 1000]]]])
    offset = np.zeros((1, 8, 2, 2))
    assert ops.deform_conv2d(x, offset, w).tolist() == [[[[5421, 6532], [8754, 9865]]]]
    offset[0, 1, 0, 0] = 0.5  # first tap, along the columns: 1.5 in place of 1
    offset[0, 6, 1, 1] = -2  # last tap, along the rows: 3 in place of 9
    offset[0, 2, 0, 1] = -0.75  # second tap: a quarter of row 0, the rest outside
    expected = [[[[5421.5, 6502 + 7.5], [8754, 3865]]]]
    assert ops.deform_conv2d(x, offset, w).tolist() == expected
    mask = np.zeros((1, 4, 2, 2))
    mask[0, 3] = 0.5
    assert ops.deform_conv2d(x, offset, w, [1], mask=mask).tolist() == [[[[2501, 3001], [4001, 1501]]]]


@pytest.mark.parametrize("version", [1, 2])
@half
@given(case=every_kind(deform_case))
def test_equals_torch(version, case):
    *arrays, mask, options = case
    mask = None if version == 1 else mask
    y, dy, gradients = oracle(lambda *arrays: gather_form(*arrays, **options), *arrays, mask)
    close(ops.deform_conv2d(*arrays, mask=mask, **options), y)
    if version == 2:
        close(ops.deform_conv2d_plain(*arrays, mask=mask, **options), y)
    all_close(ops.deform_conv2d_backward(dy, *arrays, mask=mask, **options), gradients)


@brief
@given(cases(deform_case))
def test_a_mask_of_ones_is_version_1(case):
    *arrays, mask, options = case
    ones = np.ones_like(mask)
    y = ops.deform_conv2d(*arrays, **options)
    close(ops.deform_conv2d(*arrays, mask=ones, **options), y)
    close(ops.deform_conv2d_plain(*arrays, **options), y)


@brief
@given(cases(deform_case))
def test_zero_offsets_are_plain_convolution(case):
    x, offset, w, b, _, options = case
    groups = x.shape[1] // w.shape[1]
    close(ops.deform_conv2d(x, 0 * offset, w, b, **options), ops.conv2d(x, w, b, groups=groups, **options))


@brief
@given(cases(deform_case))
def test_the_same_whole_offset_everywhere_is_a_shift(case):
    x, offset, w, _, _, options = case
    down, right = 1, -2
    options["padding"] = 0
    framed = np.pad(x, [(0, 0), (0, 0), (4, 5), (4, 5)])
    shifted = np.pad(x, [(0, 0), (0, 0), (4 - down, 5 + down), (4 - right, 5 + right)])
    output = windows("deform", framed.shape[2:], w.shape[2:], **options).output
    offset = np.empty((len(x), offset.shape[1], *output))
    offset[:, 0::2], offset[:, 1::2] = down, right
    plain = ops.conv2d(shifted, w, groups=x.shape[1] // w.shape[1], **options)
    close(ops.deform_conv2d(framed, offset, w, **options), plain)


@pytest.mark.parametrize("masked", [False, True])
def test_large_float32(masked):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((1, 64, 40, 44), "f"), rng.standard_normal((16, 64, 3, 3), "f")
    offset = rng.standard_normal((1, 18, 40, 44), "f")
    mask = rng.random((1, 9, 40, 44), "f") if masked else None
    b = np.zeros(16, "f")
    options = dict(stride=(1, 1), padding=(1, 1, 1, 1), dilation=(1, 1))
    arrays = [a.astype("d") for a in (x, offset, w, b, mask) if a is not None]
    y, dy, gradients = oracle(lambda *a: gather_form(*a, *([] if masked else [None]), **options), *arrays)
    found = ops.deform_conv2d(x, offset, w, b, mask=mask, **options)
    ours = ops.deform_conv2d_backward(dy.astype("f"), x, offset, w, b, mask=mask, **options)
    if not masked:
        assert ours[-1] is None
        ours = ours[:-1]
    for mine, theirs in zip((found, *ours), (y, *gradients), strict=True):
        assert mine.dtype == np.float32
        assert np.abs(mine - theirs).max() < 1e-5 * np.abs(theirs).max()


def test_an_offset_of_nan_reaches_no_pixel():
    x, offset, w = np.ones((1, 1, 3, 3)), np.zeros((1, 2, 3, 3)), np.ones((1, 1, 1, 1))
    offset[0, 1, 1, 2] = np.nan
    assert np.argwhere(np.isnan(ops.deform_conv2d(x, offset, w)[0, 0])).tolist() == [[1, 2]]
    dx, doffset, dw, *_ = ops.deform_conv2d_backward(np.ones((1, 1, 3, 3)), x, offset, w)
    assert dx.tolist() == [[[[1, 1, 1], [1, 1, 0], [1, 1, 1]]]]
    assert np.argwhere(np.isnan(doffset)).tolist() == [[0, 0, 1, 2], [0, 1, 1, 2]] and np.isnan(dw).all()


def test_large_images():
    """Beyond 2**24 pixels, float32 no longer counts them one by one."""
    x, w, offset = np.zeros((1, 1, 4100, 4100), "f"), np.ones((1, 1, 1, 1), "f"), np.zeros((1, 2, 2, 2), "f")
    x[..., 4090:, :] = np.arange(4100)
    offset[:, :, 1, 1] = 6.5, 5  # from (4090, 4090) to (4096.5, 4095)
    assert ops.deform_conv2d(x, offset, w, stride=4090).tolist() == [[[[0, 0], [0, 4095]]]]
    dx, *_ = ops.deform_conv2d_backward(np.float32([[[[0, 0], [0, 8]]]]), x, offset, w, stride=4090)
    assert np.argwhere(dx).tolist() == [[0, 0, 4096, 4095], [0, 0, 4097, 4095]] and dx.sum() == 8


def arguments(**change):
    given = dict(
        x=np.zeros((2, 4, 5, 6)), offset=np.zeros((2, 18, 3, 4)), w=np.zeros((6, 2, 3, 3)), b=None
    ) | change  # fmt: skip
    return [given.pop(name) for name in ("x", "offset", "w", "b")], given


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(x=np.zeros((4, 5, 6))), r"x has shape \(4, 5, 6\), 3 axes"),
        (dict(w=np.zeros((6, 2, 3))), r"w has shape \(6, 2, 3\), 3 axes"),
        (dict(w=np.zeros((6, 3, 3, 3))), "would take groups=4/3 to read x with C=4"),
        (dict(w=np.zeros((5, 2, 3, 3))), "a number of groups that divides C=4 and O=5"),
        (dict(offset=np.zeros((2, 9, 3, 4))), r"offset has shape \(2, 9, 3, 4\); use shape \(2, 18, 3, 4\)"),
        (dict(offset=np.zeros((2, 40, 3, 4))), r"use shape \(2, 36, 3, 4\) = \(N, 2\*G\*KH\*KW, OH, OW\) with G=2"),
        (dict(offset=np.zeros((2, 54, 3, 4))), "G=3 offset groups, which does not divide C=4"),
        (dict(offset=np.zeros((2, 18, 5, 6))), r"offset has shape \(2, 18, 5, 6\); use shape \(2, 18, 3, 4\)"),
        (dict(offset=np.zeros((1, 18, 3, 4))), r"use shape \(2, 18, 3, 4\)"),
        (dict(mask=np.zeros((2, 18, 3, 4))), r"mask has shape .* use shape \(2, 9, 3, 4\) = \(N, G\*KH\*KW, OH, OW\)"),
        (dict(b=np.zeros(4)), r"b has shape \(4,\); use shape \(6,\)"),
        (dict(dilation=3), "spanning 7 .* does not fit in 5 .* along the height"),
        (dict(stride=0), "stride=0 is below 1"),
    ],
)
def test_errors(change, message):
    arrays, options = arguments(**change)
    with pytest.raises(ValueError, match="deform_conv2d: .*" + message):
        ops.deform_conv2d(*arrays, **options)


def test_backward_names_the_shape_of_dy():
    arrays, _ = arguments()
    with pytest.raises(ValueError, match=r"deform_conv2d_backward: dy has shape \(1,\); use shape \(2, 6, 3, 4\)"):
        ops.deform_conv2d_backward(np.zeros(1), *arrays)
