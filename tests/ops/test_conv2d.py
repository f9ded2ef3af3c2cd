# ruff: noqa: E501 - one case a line
"""conv2d and its gradients: by hand, torch, second definitions, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import all_close, brief, cases, close, conv_case, every_kind, oracle, pad, thorough


def loops(x, w, b, stride, padding, dilation, groups):
    """The sum as it is written, one number at a time; padding is 'skip what is outside'."""
    (n, _, h, v), (o, cg, kh, kw) = x.shape, w.shape
    top, bottom, left, right = padding
    oh = len(range(0, h + top + bottom - dilation[0] * (kh - 1), stride[0]))
    ow = len(range(0, v + left + right - dilation[1] * (kw - 1), stride[1]))
    y = np.zeros((n, o, oh, ow))
    for image, out, row, column in np.ndindex(*y.shape):
        first = out // (o // groups) * cg
        total = b[out]
        for channel, i, j in np.ndindex(cg, kh, kw):
            r = row * stride[0] + i * dilation[0] - top
            s = column * stride[1] + j * dilation[1] - left
            if 0 <= r < h and 0 <= s < v:
                total += w[out, channel, i, j] * x[image, first + channel, r, s]
        y[image, out, row, column] = total
    return y


# ------------------------------------------------------------------ by hand
def test_by_hand():
    x = np.array([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    w = np.array([[[[1.0, 10], [100, 1000]]]])
    assert ops.conv2d(x, w).tolist() == [[[[5421, 6532], [8754, 9865]]]]
    assert ops.conv2d(x, w, flip=True).tolist() == [[[[1245, 2356], [4578, 5689]]]]
    assert ops.conv2d(x, w, np.array([0.5]), dilation=2).tolist() == [[[[9731.5]]]]
    assert ops.conv2d(x, w, stride=2, padding=(1, 0, 0, 1)).tolist() == [[[[2100, 300], [8754, 906]]]]


def test_groups_by_hand():
    x = np.array([1.0, 2, 3, 4]).reshape(1, 4, 1, 1)
    w = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1)
    assert ops.conv2d(x, w, groups=2).ravel().tolist() == [21, 4300]


def test_gradients_by_hand():
    x = np.array([[[[1.0, 2, 3]]]])
    w = np.array([[[[10.0, 1]]]])
    dy = np.array([[[[1.0, 100]]]])
    dx, dw, db = ops.conv2d_backward(dy, x, w, np.zeros(1))
    assert dx.tolist() == [[[[10, 1001, 100]]]]
    assert dw.tolist() == [[[[201, 302]]]]
    assert db.tolist() == [101]


# ------------------------------------------------------------------- oracle
@thorough
@given(every_kind(conv_case))
def test_equals_torch(case):
    x, w, b, options = case
    rest = {**options, "padding": 0}
    expected, dy, gradients = oracle(
        lambda x, w, b: torch.nn.functional.conv2d(pad(x, options["padding"]), w, b, **rest),
        x, w, b,
    )  # fmt: skip
    for form in (ops.conv2d, ops.conv2d_plain):
        close(form(x, w, b, **options), expected)
    for form in (ops.conv2d_backward, ops.conv2d_backward_plain):
        all_close(form(dy, x, w, b, **options), gradients)


LARGE = [
    ((1, 3, 227, 227), (96, 3, 11, 11), dict(stride=4)),
    ((2, 64, 30, 41), (64, 64, 3, 3), dict(padding=1)),
    ((1, 64, 56, 56), (64, 64, 3, 3), dict(padding=4, dilation=4)),
    ((3, 40, 33, 20), (40, 1, 5, 3), dict(padding=(2, 1), groups=40)),
    ((3, 40, 33, 20), (80, 1, 3, 3), dict(padding=1, groups=40, dilation=(2, 3))),
    ((1, 1, 256, 251), (1, 1, 5, 5), dict(padding=2)),
    ((2, 256, 32, 32), (64, 256, 1, 1), {}),
    ((2, 3, 124, 200), (64, 3, 7, 7), dict(stride=2, padding=3)),
    ((2, 64, 124, 200), (8, 64, 3, 3), dict(padding=1)),
    ((1, 128, 32, 32), (256, 128, 3, 3), dict(padding=1, stride=(2, 3))),
]


@pytest.mark.parametrize("shape, weights, options", LARGE)
def test_large_float32(shape, weights, options):
    """Sizes at which the bands, and the forms for few channels, come into play."""
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal(shape, "f"), rng.standard_normal(weights, "f")
    expected, dy, gradients = oracle(
        lambda x, w: torch.nn.functional.conv2d(x, w, **options), x.astype("d"), w.astype("d")
    )
    y = ops.conv2d(x, w, **options)
    dx, dw, db = ops.conv2d_backward(dy.astype("f"), x, w, **options)
    assert db is None
    for ours, theirs in zip((y, dx, dw), (expected, *gradients), strict=True):
        assert ours.dtype == np.float32
        error = np.abs(ours - theirs).max() / np.abs(theirs).max()
        assert error < 2e-6, error  # float32 keeps 6e-8 of one number, here of long sums


# ------------------------------------------------------- a second definition
@brief
@given(cases(conv_case))
def test_equals_the_loops(case):
    x, w, b, options = case
    x, w = x[:, :, :7, :7], w  # loops are slow; a cut image may not hold the window
    if any(d * (k - 1) + 1 > s + p + q for d, k, s, p, q in zip(
        options["dilation"], w.shape[2:], x.shape[2:], options["padding"][::2], options["padding"][1::2], strict=True
    )):  # fmt: skip
        with pytest.raises(ValueError, match="does not fit"):
            ops.conv2d(x, w, b, **options)
    else:
        close(ops.conv2d(x, w, b, **options), loops(x, w, b, **options))


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("padding", [0, 2])
def test_gradient_shows_the_pixels_that_no_window_reads(stride, padding):
    """The gradient of a sum is zero just where windows, counted one by one, do not reach."""
    size, kernel = 11, 3
    x, w = np.zeros((1, 1, size, size)), np.ones((1, 1, kernel, kernel))
    options = dict(stride=stride, padding=padding)
    dy = np.ones_like(ops.conv2d(x, w, **options))
    dx, _, _ = ops.conv2d_backward(dy, x, w, **options)
    starts = range(-padding, size + padding - kernel + 1, stride)
    read = {start + i for start in starts for i in range(kernel)}
    assert (dx[0, 0].any(0).nonzero()[0] == sorted(read & set(range(size)))).all()


# --------------------------------------------------------------------- laws
@brief
@given(cases(lambda dice: (conv_case(dice), dice.pick(-2, 2), dice.pick(-2, 2))))
def test_moves_with_the_image(case):
    """Shift by whole strides in a wide empty frame, and the result is the shifted result."""
    (x, w, _, options), down, right = case
    (sh, sw), options["padding"] = options["stride"], 0
    room = 24
    framed = np.pad(x, [(0, 0), (0, 0), (room, room), (room, room)])
    moved = np.roll(framed, (down * sh, right * sw), (2, 3))
    y, z = ops.conv2d(framed, w, **options), ops.conv2d(moved, w, **options)
    close(z, np.roll(y, (down, right), (2, 3)))


def test_flip_is_the_convolution_of_mathematics():
    """It commutes and associates, which cross-correlation does not."""
    rng = np.random.default_rng(0)
    a, b, c = (rng.standard_normal((1, 1, *size)) for size in ((3, 4), (2, 5), (4, 2)))

    def full(x, w, flip=True):
        kh, kw = w.shape[2:]
        return ops.conv2d(x, w, padding=(kh - 1, kw - 1), flip=flip)

    close(full(a, b), full(b, a))
    close(full(full(a, b), c), full(a, full(b, c)))
    assert not np.allclose(full(a, b, flip=False), full(b, a, flip=False))


@thorough
@given(every_kind(conv_case))
def test_flip_turns_the_kernel(case):
    x, w, b, options = case
    y = ops.conv2d(x, w[:, :, ::-1, ::-1], b, **options)
    for form in (ops.conv2d, ops.conv2d_plain):
        close(form(x, w, b, flip=True, **options), y)
    dy = np.random.default_rng(0).standard_normal(y.shape).astype(y.dtype)
    dx, dw, db = ops.conv2d_backward(dy, x, w[:, :, ::-1, ::-1], b, **options)
    for form in (ops.conv2d_backward, ops.conv2d_backward_plain):
        all_close(form(dy, x, w, b, flip=True, **options), (dx, dw[:, :, ::-1, ::-1], db))


# -------------------------------------------------------- what is not finite
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("c, o, groups, k", [(2, 3, 1, 3), (70, 66, 1, 3), (6, 6, 6, 5), (66, 64, 1, 1)])
def test_not_finite_as_torch(bad, dtype, c, o, groups, k):
    """A NaN reaches the windows that read it, and no others."""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((1, c, 24, 26)).astype(dtype), rng.standard_normal((o, c // groups, k, k)).astype(dtype)
    x[0, 1, 9, 11] = bad
    y = ops.conv2d(x, w, padding=k // 2, groups=groups)
    expected = torch.nn.functional.conv2d(torch.from_numpy(x), torch.from_numpy(w), padding=k // 2, groups=groups)
    expected = expected.numpy()
    np.testing.assert_array_equal(np.isnan(y), np.isnan(expected))
    np.testing.assert_array_equal(np.isinf(y), np.isinf(expected))
    finite = np.isfinite(expected)
    np.testing.assert_allclose(y[finite], expected[finite], rtol=1e-3, atol=1e-3)
    hit = np.abs(np.mgrid[:24, :26] - np.array([9, 11])[:, None, None]).max(0) <= k // 2
    assert (np.isfinite(y).all((0, 1)) == ~hit).all()


# ------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    "change, kind, message",
    [
        (dict(x=np.zeros((5, 5))), ValueError, r"x has shape \(5, 5\), 2 axes, and needs 4: \(N, C, H, W\); .* x\[None, None\]"),
        (dict(x=np.zeros((1, 1, 4, 5, 5))), ValueError, "5 axes, and needs 4"),
        (dict(x=np.zeros((1, 0, 5, 5))), ValueError, "with C=0; C must be at least 1"),
        (dict(w=np.zeros((6, 2, 0, 3))), ValueError, "with KH=0; KH must be at least 1"),
        (dict(w=np.zeros((6, 3, 3, 3))), ValueError, r"with groups=2 it reads 6 channels, and x has C=4; use a w of shape \(6, 2, 3, 3\)"),
        (dict(w=np.zeros((5, 2, 3, 3))), ValueError, "groups=2 does not divide both C=4 and O=5; use a common divisor"),
        (dict(groups=3), ValueError, "groups=3 does not divide both C=4 and O=6"),
        (dict(groups=0), ValueError, "groups=0 is below 1"),
        (dict(b=np.zeros(4)), ValueError, r"b has shape \(4,\); use shape \(6,\) = \(O,\)"),
        (dict(w=np.zeros((6, 2, 7, 3))), ValueError, r"spanning 7 \(kernel_size=7, dilation=1\) does not fit in 5 \(size=5, padding=0\) along the height; .* padding >= 1"),
        (dict(dilation=(1, 9)), ValueError, r"spanning 19 \(kernel_size=3, dilation=9\) does not fit in 6 \(size=6, padding=0\) along the width"),
        (dict(stride=(1, 2, 3)), ValueError, r"stride=\(1, 2, 3\) has 3 entries"),
        (dict(stride=0), ValueError, "stride=0 is below 1"),
        (dict(stride=1.0), TypeError, "stride=1.0 is a float"),
        (dict(dilation=0), ValueError, "dilation=0 is below 1"),
        (dict(padding=(1, 1, 1)), ValueError, r"padding=\(1, 1, 1\) has 3 entries"),
        (dict(padding=-1), ValueError, "padding=-1 is below 0"),
        (dict(padding="same", stride=(1, 2)), ValueError, r"padding='same' with stride=\(1, 2\) depends on the size .* geometry.same_padding\(size, kernel_size, stride=\(1, 2\)\)"),
        (dict(groups=True), TypeError, "groups=True is a bool"),
        (dict(x=np.zeros((1, 4, 5, 6), complex)), TypeError, "x holds complex128; use float32 or float64"),
        (dict(kernel=3), TypeError, "unexpected keyword argument 'kernel'"),
    ],
)  # fmt: skip
def test_errors(change, kind, message):
    given = dict(x=np.zeros((1, 4, 5, 6)), w=np.zeros((6, 2, 3, 3)), b=None, groups=2) | change
    arrays = [given.pop(name) for name in "xwb"]
    for function, first in ((ops.conv2d, []), (ops.conv2d_backward, [np.zeros((1, 6, 3, 4))])):
        with pytest.raises(kind, match=message) as caught:
            function(*first, *arrays, **given)
        assert function.__name__ in str(caught.value).split(":")[0]


def test_backward_names_the_shape_of_dy():
    with pytest.raises(
        ValueError, match=r"conv2d_backward: dy has shape \(1, 6, 5, 6\); use shape \(1, 6, 3, 4\) = \(N, O, OH, OW\)"
    ):
        ops.conv2d_backward(np.zeros((1, 6, 5, 6)), np.zeros((1, 4, 5, 6)), np.zeros((6, 4, 3, 3)))
