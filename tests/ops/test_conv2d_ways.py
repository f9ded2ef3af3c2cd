"""The ways that `conv2d` can go: they agree, in bands of any size; which is taken; what each needs."""

import tracemalloc
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given

from cnnlib import ops
from cnnlib.ops import conv, conv_gradients, row_shifts, winograd
from cnnlib.ops.conv import by_columns
from cnnlib.ops.conv_gradients import _by_phases, _by_taps, _weights_by_columns
from cnnlib.ops.row_shifts import by_row_shifts, suits_row_shifts, weights_by_row_shifts
from cnnlib.ops.windows import bands, frame, windows
from cnnlib.ops.winograd import by_winograd, is_close, suits_winograd
from tests.ops.cases import all_close, brief, cases, close, conv_case, every_kind, thorough


# ------------------------------------------------------------------- they agree
@brief
@given(cases(conv_case))
def test_the_two_gradients_of_x_agree(case):
    x, w, _, options = case
    groups = options.pop("groups")
    window = windows("conv2d", x.shape[2:], w.shape[2:], **options)
    dy = np.random.default_rng(1).standard_normal((len(x), len(w), *window.output))
    close(_by_phases(dy, w, window, groups), _by_taps(dy, w, window, groups))


@thorough
@given(every_kind(conv_case))
def test_row_shifts_agree(case):
    """Whatever the sizes: `conv2d` itself takes this way only where it pays."""
    x, w, _, options = case
    groups, options["stride"] = options.pop("groups"), 1
    window = windows("conv2d", x.shape[2:], w.shape[2:], **options)
    close(by_row_shifts(x, w, window, groups), by_columns(x, w, window, groups))
    dy = np.random.default_rng(1).standard_normal((len(x), len(w), *window.output)).astype(x.dtype)
    expected = _weights_by_columns(dy, x, window, groups)
    close(weights_by_row_shifts(dy, x, window, groups), expected)


@brief
@given(cases(lambda dice: (conv_case(dice), dice.normal(dice.pick(1, 3), 3, 3, 3))))
def test_winograd_agrees(case):
    """In float64, to rounding; with sides that are cut, as the gradients have them."""
    (x, _, _, options), w = case
    x, sides = np.concatenate([x] * 3, 1)[:, :3], np.array(options["padding"]) - 2
    framed = frame(x, tuple(sides))
    if min(framed.shape[2:]) >= 3:
        window = windows("conv2d", framed.shape[2:], (3, 3))
        expected = by_columns(framed, w, window, 1)
        window = window._replace(size=x.shape[2:], padding=tuple(sides))
        close(by_winograd(x, w, window), expected)


@pytest.mark.filterwarnings("error")
def test_winograd_s_conditions():
    """Only for values that are alike: rounding reaches positions that do not read the value."""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((1, 64, 20, 20), "f"), rng.standard_normal((64, 64, 3, 3), "f")
    window = windows("conv2d", (20, 20), (3, 3), padding=1)
    assert suits_winograd(x, w, window, 1)
    assert not suits_winograd(x.astype("d"), w.astype("d"), window, 1)
    assert not suits_winograd(x[:, :32], w[:, :32], window, 1)
    for lone in (1e3, 1e20, 1e38, np.inf, np.nan):
        spoilt = x.copy()
        spoilt[0, 5, 6, 7] = lone
        assert not suits_winograd(spoilt, w, window, 1)
    pixel = np.zeros_like(x)
    pixel[0, 5, 6, 7] = 1
    seen = ops.conv2d(pixel, w, padding=1).any((0, 1))
    reached = np.argwhere(seen)
    assert [*reached.min(0), *reached.max(0)] == [5, 6, 7, 8]


def smooth(channels, size, kernel):
    """A smooth image in all channels, and one kernel in all of them."""
    rows, columns = np.mgrid[:size, :size] / size
    x = np.repeat(np.sin(2 * np.pi * rows + columns)[None, None], channels, 1).astype("f")
    return x, np.broadcast_to(np.array(kernel, "f"), (channels, channels, 3, 3)).copy()


@pytest.mark.parametrize("channels", [64, 256])
@pytest.mark.parametrize("kernel", [[[0, 1, 0], [1, -4, 1], [0, 1, 0]], [[1, -2, 1], [-2, 4, -2], [1, -2, 1]]])
def test_where_products_cancel_winograd_is_dropped(channels, kernel):
    """A smooth image under a Laplacian: rounding stays, and the output becomes small."""
    x, w = smooth(channels, 40, kernel)
    window = windows("conv2d", x.shape[2:], (3, 3))
    right = by_columns(x.astype("d"), w.astype("d"), window, 1)
    largest = np.abs(right).max()
    assert suits_winograd(x, w, window, 1)
    fast = by_winograd(x, w, window)
    assert np.abs(fast - right).max() > 3e-5 * largest  # or there is nothing to test
    assert not is_close(fast, x, w, window)
    np.testing.assert_array_equal(ops.conv2d(x, w), by_row_shifts(x, w, window, 1))


def test_winograd_keeps_its_promise():
    """What is not dropped is right to about 1e-5 of the largest output, also where it cancels a little."""
    rng, kept = np.random.default_rng(0), 0
    for trial in range(40):
        channels, size = rng.choice([48, 64, 128]), rng.integers(10, 24)
        x, w = smooth(channels, size, rng.standard_normal((3, 3)))
        x += (10.0 ** rng.uniform(-4, 1) * rng.standard_normal(x.shape)).astype("f") + rng.choice([0, 3])
        w *= rng.standard_normal((channels, channels, 1, 1)) if trial % 3 else 1
        w -= w.mean((2, 3), keepdims=True) if trial % 2 else 0
        window = windows("conv2d", x.shape[2:], (3, 3), padding=trial % 2)
        right = by_columns(x.astype("d"), w.astype("d"), window, 1)
        fast = by_winograd(x, w, window)
        if suits_winograd(x, w, window, 1) and is_close(fast, x, w, window):
            kept += 1
            assert np.abs(fast - right).max() < 1.5e-5 * np.abs(right).max()
    assert kept > 20


def test_the_sample_meets_the_border():
    """Corners, and an image whose largest number lies in one: what the sample computes is what `conv2d` does."""
    rng = np.random.default_rng(0)
    for sides in ((0, 0, 0, 0), (1, 1, 1, 1), (2, 0, 0, 2), (-1, 1, 1, -1)):
        for corner in (0, 0), (0, -1), (-1, 0), (-1, -1):
            x, w = rng.standard_normal((2, 48, 12, 11), "f"), rng.standard_normal((50, 48, 3, 3), "f")
            x[1, 3][corner] = -9
            output = tuple(
                n + before + after - 2 for n, before, after in zip((12, 11), sides[::2], sides[1::2], strict=True)
            )
            window = windows("conv2d", (12, 11), (3, 3))._replace(padding=sides, output=output)
            y = by_winograd(x, w, window)
            assert is_close(y, x, w, window)
            assert not is_close(y * np.float32(1.001), x, w, window)


def test_bands_of_any_size_agree():
    """So few numbers at a time that nearly every case takes several bands, in every way."""
    several = dict.fromkeys([conv, conv_gradients, winograd], 0)

    @thorough
    @given(every_kind(lambda dice: (dice.choose(1, 40, 400, 4000), conv_case(dice))))
    def agree(case):
        few, (x, w, b, options) = case

        def counted(module):
            def small(batch, rows, row_numbers, budget=None):
                found = list(bands(batch, rows, row_numbers, few))
                several[module] += len(found) > 1
                return found

            return patch.object(module, "bands", small)

        shifts = patch.object(row_shifts, "_BAND", few), patch.object(row_shifts, "_SUM", few)
        with counted(conv), counted(conv_gradients), counted(winograd), shifts[0], shifts[1]:
            y = ops.conv2d(x, w, b, **options)
            dy = np.random.default_rng(0).standard_normal(y.shape).astype(y.dtype)
            gradients = ops.conv2d_backward(dy, x, w, b, **options)
        close(y, ops.conv2d_plain(x, w, b, **options))
        all_close(gradients, ops.conv2d_backward_plain(dy, x, w, b, **options))

    agree()
    tried = thorough.max_examples
    assert several[conv] > tried / 2 and several[conv_gradients] > tried / 4 and several[winograd] > tried / 110


# --------------------------------------------------------------- which is taken
def test_which_way_is_taken():
    """The conditions hold where the benchmark says they should."""
    window = windows("conv2d", (56, 56), (5, 5), padding=2)
    assert suits_row_shifts(1, 1, window) and suits_row_shifts(64, 64, window)
    assert not suits_row_shifts(3, 64, window)  # more to add up than was not copied
    assert not suits_row_shifts(1, 1, windows("conv2d", (8, 8), (5, 5)))
    assert not suits_row_shifts(1, 1, window._replace(kernel=(1, 5)))  # the same as columns
    assert not suits_row_shifts(1, 1, window._replace(stride=(2, 1)))


@pytest.mark.parametrize(
    "way, c, o, size, k, dtype, options",
    [
        ("by_winograd", 64, 64, 20, 3, "f", {}),  # before row shifts, which would suit it too
        ("by_row_shifts", 64, 64, 20, 3, "d", {}),
        ("by_row_shifts", 47, 64, 20, 3, "f", {}),
        ("by_row_shifts", 64, 64, 20, 5, "f", {}),
        ("by_row_shifts", 64, 64, 22, 3, "f", dict(dilation=2)),
        ("by_row_shifts", 64, 64, 20, 3, "f", dict(groups=64)),
        ("by_columns", 64, 64, 40, 3, "f", dict(stride=2)),
        ("by_columns", 8, 64, 20, 3, "f", {}),
        ("by_columns", 64, 64, 20, 1, "f", {}),
        ("by_columns", 47, 64, 12, 3, "f", {}),
    ],
)
def test_conv2d_takes_it(way, c, o, size, k, dtype, options):
    rng, taken = np.random.default_rng(0), []
    x = rng.standard_normal((1, c, size, size)).astype(dtype)
    w = rng.standard_normal((o, c // options.get("groups", 1), k, k)).astype(dtype)
    for name in ("by_winograd", "by_row_shifts", "by_columns"):
        whole = getattr(conv, name)

        def noted(*arguments, name=name, whole=whole):
            taken.append(name)
            return whole(*arguments)

        way_patch = patch.object(conv, name, noted)
        way_patch.start()
    try:
        ops.conv2d(x, w, **options)
    finally:
        patch.stopall()
    assert taken == [way]


# ----------------------------------------------------------- what each way needs
@pytest.mark.parametrize("band", [2**16, 2**20], ids=["one thread", "several threads"])
@pytest.mark.parametrize("dtype, most", [("f", 35e6), ("d", 45e6)])
@pytest.mark.parametrize(
    "way, k, options",
    [
        ("as it chooses", 3, dict(padding=1)),  # Winograd, and row shifts in float64
        ("row shifts", 5, dict(padding=2)),
        ("row shifts", 3, dict(padding=2, dilation=2)),
        ("columns", 3, dict(padding=1, stride=2)),
    ],
)
def test_memory_is_bounded(way, k, options, dtype, most, band):
    """VGG's widest layer, as the docstring says: the windows at once would take 116 or 231 MB."""
    rng = np.random.default_rng(0)
    x, w = (rng.standard_normal(shape).astype(dtype) for shape in ((1, 64, 224, 224), (64, 64, k, k)))
    with patch.object(conv, "_BAND", band):
        above = peak(lambda: ops.conv2d(x, w, **options))
    assert above < most


def test_the_measure_sees_the_windows():
    x, w = np.ones((1, 64, 224, 224), "f"), np.ones((64, 64, 3, 3), "f")
    assert peak(lambda: ops.conv2d_plain(x, w, padding=1)) > 116e6


def peak(call):
    """The most memory in use at once, above the result."""
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1] - result.nbytes
    finally:
        tracemalloc.stop()
