"""How far f(T x) is from T' f(x): by hand, for operations of known symmetry, errors."""

import numpy as np
import pytest

from cnnlib import ops
from cnnlib.equivariance import equivariance_error, invariance_error
from cnnlib.transforms import Flip, QuarterTurn, Shift, Zoom

RNG = np.random.default_rng(3)
X = RNG.normal(size=(1, 2, 12, 15))
SQUARE = RNG.normal(size=(1, 1, 12, 12))
W = RNG.normal(size=(3, 2, 3, 3))


def circular_conv(x, stride=1):
    """A convolution on an image without an edge."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="wrap")
    return ops.conv2d(padded, W[:, : x.shape[1]], stride=stride)


def zero_conv(x):
    return ops.conv2d(x, W, padding=1)


# ------------------------------------------------------------------ by hand
def test_by_hand():
    """f multiplies column j by j + 1, which is not the same everywhere."""

    def ramp(x):
        return x * np.arange(1, 4)

    x = np.array([[1.0, 1.0, 0.0]])
    # f(Tx) = f(0 1 1) = 0 2 3;  T f(x) = T(1 2 0) = 0 1 2.
    assert equivariance_error(ramp, Shift((0, 1)), x) == pytest.approx(np.sqrt(2 / 5))
    assert equivariance_error(ramp, Shift((0, 1)), x, border=(0, 0, 0, 1)) == 1.0
    assert equivariance_error(ramp, Shift((0, 1)), x, border=(0, 0, 1, 0)) == pytest.approx(np.sqrt(2 / 5))


def test_zero_over_zero():
    zeros = np.zeros((3, 3))
    assert equivariance_error(lambda x: x, Shift(1), zeros) == 0
    assert equivariance_error(lambda x: x, Shift(1), zeros + 1, after=lambda y: 0 * y) == float("inf")
    assert invariance_error(np.sum, Shift(1), zeros) == 0
    assert invariance_error(lambda x: x.max() - 5, Flip(), zeros + 5) == 0
    assert np.isnan(equivariance_error(lambda x: x, Flip(), zeros * np.nan))


# ------------------------------------------------------------------ operations of known symmetry
@pytest.mark.parametrize("offset", [(1, 0), (0, 1), (-3, 5), (14, 20)])
def test_circular_convolution_shifts(offset):
    assert equivariance_error(circular_conv, Shift(offset, "circular"), X) < 1e-14


def test_zero_padding_breaks_it_at_the_border_only():
    move = Shift((2, 3), "circular")
    assert equivariance_error(zero_conv, move, X) > 0.05
    inside = (3, 1, 4, 1)  # what came in, and the reach of the window
    assert equivariance_error(zero_conv, move, X, border=inside) < 1e-14
    assert equivariance_error(zero_conv, move, X, border=(2, 1, 4, 1)) > 0.01


def test_a_stride_leaves_its_multiples():
    """Shift by 2 at stride 2 is a shift by 1; shifts by 1 or 3 are none."""

    def halved(x):
        return circular_conv(x[..., :12, :12], stride=2)

    x = np.concatenate([SQUARE, SQUARE[..., ::-1, :]], axis=1)
    assert equivariance_error(halved, Shift((2, 4), "circular"), x, stride=2) < 1e-14
    for odd in (1, 3):
        best = min(
            equivariance_error(halved, Shift((0, odd), "circular"), x, after=Shift((0, move), "circular"))
            for move in range(-3, 4)
        )
        assert best > 0.3


def test_flips_and_turns_need_a_kernel_with_that_symmetry():
    blur = np.ones((1, 1, 3, 3))
    slope = np.array([[[[1.0, 0, -1]] * 3]])
    for transform in (Flip("horizontal"), Flip("vertical"), QuarterTurn(1), QuarterTurn(-2)):
        assert equivariance_error(lambda x: ops.conv2d(x, blur, padding=1), transform, SQUARE) < 1e-14
    conv = lambda x: ops.conv2d(x, slope, padding=1)  # noqa: E731
    assert equivariance_error(conv, QuarterTurn(1), SQUARE) > 0.5
    # Mirrored, an odd kernel answers with the other sign.
    assert equivariance_error(conv, Flip(), SQUARE) == pytest.approx(2)
    assert equivariance_error(conv, Flip(), SQUARE, after=lambda y: -Flip()(y)) < 1e-14
    # Image and filter turned together agree.
    turned = QuarterTurn(1)(slope)
    both = ops.conv2d(QuarterTurn(1)(SQUARE), turned, padding=1)
    np.testing.assert_allclose(both, QuarterTurn(1)(conv(SQUARE)), atol=1e-14)


def test_a_flip_at_a_stride_needs_a_grid_that_is_its_own_mirror_image():
    """Every second pixel: of five 0, 2, 4, whose mirror image is 4, 2, 0; of six 0, 2, 4, and 5, 3, 1."""

    def second(x):
        return x[..., ::2, ::2]

    for size, even in ((5, True), (6, False)):
        x = np.random.default_rng(0).random((size, size))
        for transform in (Flip("horizontal"), Flip("vertical"), QuarterTurn(1), QuarterTurn(2)):
            assert transform.on_grid(2) == transform
            assert (equivariance_error(second, transform, x, stride=2) == 0) == even


def test_pointwise_operations_keep_every_rearrangement():
    for transform in (Shift((1, 2)), Flip(), QuarterTurn(1)):
        assert equivariance_error(np.tanh, transform, X) == 0
    assert equivariance_error(np.tanh, Zoom(1.5), X) > 0.01


def test_invariance_is_of_global_pooling():
    move = Shift((1, 0), "circular")
    pooled = lambda x: ops.global_avg_pool2d(circular_conv(x))  # noqa: E731
    assert invariance_error(pooled, move, X) < 1e-14
    assert invariance_error(lambda x: ops.global_max_pool2d(circular_conv(x)), move, X) == 0
    assert invariance_error(pooled, Shift((1, 0)), X) > 0.001
    local = lambda x: ops.max_pool2d(circular_conv(x), 2)  # noqa: E731
    assert invariance_error(local, move, X) > 0.1


# ------------------------------------------------------------------ errors
def test_refuses():
    with pytest.raises(ValueError, match=r"^Shift: offset=\(0, 1\) is no multiple of stride=2, so that"):
        equivariance_error(lambda x: x[..., ::2, ::2], Shift((0, 1)), SQUARE, stride=2)
    message = r"^equivariance_error: f\(T x\) has shape \(1, 1, 11, 12\) and T' f\(x\) has \(1, 1, 12, 11\); "
    with pytest.raises(ValueError, match=message):
        equivariance_error(lambda x: x[..., :-1, :], QuarterTurn(1), SQUARE)
    with pytest.raises(ValueError, match=r"^equivariance_error: border=\(6, 6, 6, 6\) leaves nothing of 12 x 12"):
        equivariance_error(np.tanh, Flip(), SQUARE, border=6)
    with pytest.raises(ValueError, match=r"^equivariance_error: border=-1 is below 0; use an integer >= 0"):
        equivariance_error(np.tanh, Flip(), SQUARE, border=-1)
    with pytest.raises(ValueError, match=r"^equivariance_error: stride=2 needs one of cnnlib.transforms, and"):
        equivariance_error(np.tanh, np.tanh, SQUARE, stride=2)
    with pytest.raises(ValueError, match=r"^invariance_error: f\(T x\) has shape \(15, 12\) and f\(x\)"):
        invariance_error(lambda x: x[0, 0], QuarterTurn(1), X)
    with pytest.raises(ValueError, match=r"^equivariance_error: border=\(1, 2, 3\) has 3 entries; use"):
        equivariance_error(np.tanh, Flip(), SQUARE, border=(1, 2, 3))
    with pytest.raises(TypeError, match="borders"):
        equivariance_error(np.tanh, Flip(), SQUARE, borders=1)


# ------------------------------------------------------------------ types
ROW = np.array([[0, 200, 3]])


def same(x):
    return x


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint64, np.float16, np.float32, np.float64])
def test_the_difference_is_taken_in_float64(kind):
    """In bytes, 0 - 3 would be 253."""
    move = Shift((0, 1), "circular")
    error = np.sqrt((9 + 200**2 + 197**2) / (200**2 + 9))
    assert equivariance_error(same, move, ROW.astype(kind), after=same) == pytest.approx(error, rel=1e-15)
    assert invariance_error(same, move, ROW.astype(kind)) == pytest.approx(error, rel=1e-15)


def test_bools_differ_by_one():
    x = np.array([[True, False, False]])
    assert equivariance_error(same, Shift((0, 1)), x, after=same) == pytest.approx(np.sqrt(2))
    assert invariance_error(same, Shift((0, 1)), x) == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("scale", [1e-200, 1e-310, 5e-324, 1.0, 1e200, 4e307])
def test_no_square_leaves_the_range_of_float64(scale):
    x = np.array([[2.0, 2.0]])
    assert invariance_error(same, lambda x: 2 * x, scale * x) == 1.0
    assert equivariance_error(same, lambda x: 2 * x, scale * x, after=same) == 1.0


def test_half_precision_tells_300_from_301():
    x = np.full((1, 4), 300, np.float16)
    assert invariance_error(same, lambda x: x + np.float16(1), x) == pytest.approx(1 / 300)


@pytest.mark.parametrize("measure", [equivariance_error, invariance_error])
@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ((3, Flip(), ROW), TypeError, "f=3 is an int and can't be called"),
        ((same, "flip", ROW), TypeError, "transform='flip' is a str and can't be called"),
        ((lambda x: x * 1j, Flip(), ROW), TypeError, r"f\(T x\) holds complex128; use real numbers"),
        ((same, Flip(), [1.0, 2.0]), ValueError, r"x has 1 axis, shape \(2,\)"),
        ((same, Flip(), np.ma.masked_equal(ROW, 3)), TypeError, "x is a masked array, and masks are not honoured"),
    ],
)
def test_refuses_by_name(measure, arguments, kind, words):
    with pytest.raises(kind, match=f"^{measure.__name__}: {words}"):
        measure(*arguments)
