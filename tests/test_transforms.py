"""Shifts, flips, quarter turns and zoom."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from cnnlib.transforms import Flip, FractionalShift, QuarterTurn, Shift, Zoom

#: Entries say where they are: 10 * row + column.
PLACES = 10 * np.arange(1, 4)[:, None] + np.arange(1, 5)


# ------------------------------------------------------------------ by hand
def test_shift_by_hand():
    assert Shift((1, 0))(PLACES).tolist() == [[0, 0, 0, 0], [11, 12, 13, 14], [21, 22, 23, 24]]
    assert Shift((0, -1))(PLACES).tolist() == [[12, 13, 14, 0], [22, 23, 24, 0], [32, 33, 34, 0]]
    assert Shift((-1, 2))(PLACES).tolist() == [[0, 0, 21, 22], [0, 0, 31, 32], [0, 0, 0, 0]]
    assert Shift((1, 1), "circular")(PLACES)[0].tolist() == [34, 31, 32, 33]
    assert Shift(1)(PLACES).tolist() == Shift((1, 1))(PLACES).tolist()


def test_flip_and_turn_by_hand():
    assert Flip()(PLACES)[0].tolist() == [14, 13, 12, 11]
    assert Flip("vertical")(PLACES)[:, 0].tolist() == [31, 21, 11]
    assert QuarterTurn()(PLACES).tolist() == [[14, 24, 34], [13, 23, 33], [12, 22, 32], [11, 21, 31]]
    assert QuarterTurn(-1)(PLACES)[0].tolist() == [31, 21, 11]


def test_fractional_shift_by_hand():
    """An impulse between two pixels: the periodic sinc of four, 1 / (4 sin) or cot / 4 at 1/8 and 3/8 of a turn."""
    line = np.array([[1.0, 0.0, 0.0, 0.0]])
    near, far = (1 + np.sqrt(2)) / 4, (1 - np.sqrt(2)) / 4
    np.testing.assert_allclose(FractionalShift((0, 0.5), "circular")(line), [[near, near, far, far]], atol=1e-15)
    np.testing.assert_allclose(FractionalShift((0, -0.5), "circular")(line), [[near, far, far, near]], atol=1e-15)


@pytest.mark.parametrize("size", [(6, 8), (7, 5), (4, 9)])
@pytest.mark.parametrize("offset", [(0.5, 0), (-1.25, 2.0), (3.5, -0.5), (0.3, 7.1)])
def test_fractional_shift_turns_each_wave(size, offset):
    """The definition by the Fourier transform: wave k gets the phase of its way, the finest one its real part."""
    x = np.random.default_rng(3).normal(size=(2, *size))

    def turned(x):
        spectrum = np.fft.fft2(x)
        for axis, move in zip((-2, -1), offset, strict=True):
            waves = np.fft.fftfreq(x.shape[axis])
            phase = np.where(np.abs(waves) == 0.5, np.cos(np.pi * move), np.exp(-2j * np.pi * waves * move))
            spectrum *= phase[:, None] if axis == -2 else phase
        return np.fft.ifft2(spectrum).real

    np.testing.assert_allclose(FractionalShift(offset, "circular")(x), turned(x), atol=1e-12)


@pytest.mark.parametrize("offset", [(0.5, 0), (-1.25, 2.0), (3.5, -9.5)])
def test_fractional_shift_with_zeros_is_the_sinc_sum(offset):
    """The definition, pixel by pixel; and a wider black frame round the image changes nothing inside."""
    x = np.random.default_rng(5).normal(size=(3, 4))
    want = np.zeros_like(x)
    for (r, c), (i, j) in ((a, b) for a in np.ndindex(x.shape) for b in np.ndindex(x.shape)):
        want[r, c] += x[i, j] * np.sinc(r - i - offset[0]) * np.sinc(c - j - offset[1])
    np.testing.assert_allclose(FractionalShift(offset)(x), want, atol=1e-12)
    np.testing.assert_allclose(FractionalShift(offset)(np.pad(x, 3))[3:-3, 3:-3], want, atol=1e-12)


@pytest.mark.parametrize("boundary", ["zero", "circular"])
def test_fractional_shift_by_whole_pixels_is_a_shift(boundary):
    x = np.random.default_rng(4).normal(size=(3, 5, 6))
    for offset in ((1, -2), (0, 0), (-7, 3)):
        np.testing.assert_array_equal(FractionalShift(offset, boundary)(x), Shift(offset, boundary)(x))
        half = FractionalShift((offset[0], 0.5), boundary)(x)  # one axis whole, the other not
        np.testing.assert_allclose(
            half, Shift((offset[0], 0), boundary)(FractionalShift((0, 0.5), boundary)(x)), atol=1e-12
        )


def test_fractional_shift_on_a_grid_and_its_errors():
    assert FractionalShift((3, -1), "circular").on_grid(2) == FractionalShift((1.5, -0.5), "circular")
    assert FractionalShift(0.5).offset == (0.5, 0.5)
    assert FractionalShift(1)(PLACES).dtype == np.float64
    with pytest.raises(TypeError, match=r"FractionalShift: offset='a' is a str; use a number of pixels"):
        FractionalShift("a")
    with pytest.raises(TypeError, match=r"offset=\(0, True\) holds True, which is a bool"):
        FractionalShift((0, True))
    with pytest.raises(ValueError, match=r"offset=nan is not finite"):
        FractionalShift(float("nan"))
    with pytest.raises(ValueError, match=r"offset=\(1, 2, 3\) has 3 numbers; use one or a pair"):
        FractionalShift((1, 2, 3))
    with pytest.raises(ValueError, match=r"boundary='wrap' is unknown; use one of 'zero', 'circular'"):
        FractionalShift(1, "wrap")


def test_zoom_by_hand():
    line = np.array([[0.0, 10.0, 20.0, 30.0, 40.0]])
    assert Zoom(2)(line).tolist() == [[10.0, 15.0, 20.0, 25.0, 30.0]]
    assert Zoom(0.5)(line).tolist() == [[0.0, 0.0, 20.0, 40.0, 0.0]]
    assert Zoom(1)(PLACES).tolist() == PLACES.tolist()


def test_what_stands_before_the_image_is_carried_along():
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    for transform in (Shift((1, -2)), Flip(), QuarterTurn(), Zoom(1.3)):
        for batch, channel in np.ndindex(2, 3):
            one = transform(x[batch, channel])
            np.testing.assert_allclose(transform(x)[batch, channel], one, atol=1e-15)


def test_kinds_of_numbers():
    for transform in (Shift(1), Flip(), QuarterTurn()):
        assert transform(PLACES.astype(np.uint8)).dtype == np.uint8
    assert Zoom(2)(PLACES.astype(np.float32)).dtype == np.float32
    assert Zoom(2)(PLACES).dtype == np.float64
    assert Shift(np.int64(2)).offset == (2, 2)


def test_nothing_is_modified_or_shared():
    x = np.ones((3, 3))
    x.flags.writeable = False
    for transform in (Shift(1), Shift(0), Flip(), QuarterTurn(0), Zoom(1)):
        transform(x)[:] = 7
        assert x.sum() == 9


# ------------------------------------------------------------------ oracle
@pytest.mark.parametrize("factor", [0.4, 1.0, 1.7, 3.0])
def test_zoom_is_torchs_grid_sample(factor):
    x = np.random.default_rng(1).normal(size=(1, 2, 7, 10))
    theta = torch.eye(2, 3, dtype=torch.float64)[None] / factor
    options = {"align_corners": True}
    grid = functional.affine_grid(theta, x.shape, **options)
    expected = functional.grid_sample(torch.tensor(x), grid, padding_mode="zeros", **options)
    np.testing.assert_allclose(Zoom(factor)(x), expected.numpy(), atol=1e-12)


# ------------------------------------------------------------------ a second definition
@given(st.integers(-6, 6), st.integers(-6, 6))
def test_shift_moves_each_pixel(down, right):
    zero, circular = np.zeros_like(PLACES), np.zeros_like(PLACES)
    for row, column in np.ndindex(3, 4):
        circular[(row + down) % 3, (column + right) % 4] = PLACES[row, column]
        if 0 <= row + down < 3 and 0 <= column + right < 4:
            zero[row + down, column + right] = PLACES[row, column]
    assert Shift((down, right))(PLACES).tolist() == zero.tolist()
    assert Shift((down, right), "circular")(PLACES).tolist() == circular.tolist()


# ------------------------------------------------------------------ laws
@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_circular_shifts_add_up(a, b, c, d):
    both = Shift((a, b), "circular")(Shift((c, d), "circular")(PLACES))
    assert both.tolist() == Shift((a + c, b + d), "circular")(PLACES).tolist()


def test_four_turns_and_two_flips_are_none():
    assert QuarterTurn(4)(PLACES).tolist() == PLACES.tolist()
    assert QuarterTurn(2)(PLACES).tolist() == Flip("vertical")(Flip("horizontal")(PLACES)).tolist()
    assert Flip()(Flip()(PLACES)).tolist() == PLACES.tolist()


def test_on_a_grid():
    assert Shift((4, -6)).on_grid(2) == Shift((2, -3))
    assert Shift((4, -6), "circular").on_grid((4, 3)) == Shift((1, -2), "circular")
    for transform in (Flip(), QuarterTurn(), Zoom(2)):
        assert transform.on_grid(2) == transform


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Shift(1.5), TypeError, r"^Shift: offset=1\.5 is a float; use an integer or a pair"),
        (lambda: Shift((1, True)), TypeError, r"^Shift: offset=\(1, True\) holds a bool; use an integer"),
        (lambda: Shift(1, "wrap"), ValueError, r"^Shift: boundary='wrap' is unknown; use one of 'zero', 'c"),
        (lambda: Flip("both"), ValueError, r"^Flip: axis='both' is unknown; use one of 'horizontal',"),
        (lambda: QuarterTurn(0.5), TypeError, r"^QuarterTurn: turns=0\.5 is a float; use an integer$"),
        (lambda: Zoom(True), TypeError, r"^Zoom: factor=True is a bool; use a number above 0 such as"),
        (lambda: Zoom("2"), TypeError, r"^Zoom: factor='2' is a str; use a number above 0 such as"),
        (lambda: Zoom(0), ValueError, r"^Zoom: factor=0 is out of range; use a number above 0 such as"),
        (lambda: Zoom(float("nan")), ValueError, r"^Zoom: factor=nan is not finite; use a number above 0"),
        (lambda: Shift(1)(np.ones(4)), ValueError, r"^Shift: x has 1 axis, shape \(4,\); use an array"),
        (lambda: Zoom(2)(3.0), ValueError, r"^Zoom: x has no axes, shape \(\); use an array whose last"),
        (
            lambda: Shift((2, 3)).on_grid(2),
            ValueError,
            r"^Shift: offset=\(2, 3\) is no multiple of stride=2, so that no whole shift .* after=",
        ),
        (
            lambda: QuarterTurn().on_grid((2, 1)),
            ValueError,
            r"^QuarterTurn: stride=\(2, 1\) is not square; use one number for both axes$",
        ),
    ],
)
def test_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ------------------------------------------------------------------ what NaN reaches, and kinds
def test_nan_reaches_the_pixels_that_are_mixed_with_it_and_no_others():
    x = np.zeros((5, 6))
    x[2, 3] = np.nan
    for move, rows in ((FractionalShift((0, 0.5)), [2]), (FractionalShift((1, 0.5)), [3])):
        assert np.flatnonzero(np.isnan(move(x)).any(axis=1)).tolist() == rows
    assert np.argwhere(np.isnan(Zoom(1)(x))).tolist() == [[2, 3]]
    assert not np.isnan(Zoom(0.5)(np.pad(np.zeros((3, 3)), 1, constant_values=np.nan))[0, 0])
    x[2, 3] = np.inf
    assert np.isinf(Zoom(1)(x)).sum() == 1 and not np.isnan(Zoom(1)(x)).any()


@pytest.mark.parametrize("factor", [0.3, 0.5, 1, 1.7, 2, 40, 1e-300, 1e300])
def test_zoom_is_the_product_with_two_matrices(factor):
    x = np.random.default_rng(1).normal(size=(2, 5, 8))

    def matrix(size):
        centre = (size - 1) / 2
        with np.errstate(over="ignore"):
            read = centre + (np.arange(size) - centre) / factor
        return np.maximum(0, 1 - np.abs(read[:, None] - np.arange(size)))

    np.testing.assert_allclose(Zoom(factor)(x), matrix(5) @ x @ matrix(8).T, atol=1e-14)


def test_half_precision_is_computed_in_float32():
    x = np.linspace(0, 1, 35).reshape(5, 7).astype(np.float16)
    for transform in (Zoom(1.5), FractionalShift(0.5), FractionalShift(0.5, "circular")):
        assert transform(x).dtype == np.float32
        np.testing.assert_allclose(transform(x), transform(x.astype(np.float64)), atol=1e-6)


def test_shifts_far_beyond_the_image():
    x = np.arange(6.0).reshape(2, 3)
    assert not Shift(10**30)(x).any() and not Shift(-(10**30))(x).any()
    assert Shift(6 * 10**30, "circular")(x).tolist() == x.tolist()
    assert Shift(np.int8(-3), "circular")(np.arange(200.0).reshape(1, 200))[0, 0] == 3


@pytest.mark.parametrize("transform", [Zoom(2), FractionalShift(0.5)])
def test_what_is_mixed_must_be_real(transform):
    with pytest.raises(TypeError, match=rf"^{type(transform).__name__}: x holds complex128; use real numbers"):
        transform(np.ones((2, 2)) * 1j)
