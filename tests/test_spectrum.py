"""cnnlib.spectrum: patterns made by hand, a second definition by sums, and what white noise gives."""

import numpy as np
import pytest

from cnnlib import ops, spectrum


def waves(rows, columns, size=(24, 36)):
    """A cosine with so many periods down and across."""
    i, j = np.indices(size)
    return np.cos(2 * np.pi * (rows * i / size[0] + columns * j / size[1]) + 0.4)


# ------------------------------------------------------------------ by hand
@pytest.mark.parametrize("pattern", [(12, 0), (0, 18), (12, 18)])
def test_stripes_and_checkers_have_the_share_that_the_window_leaves(pattern):
    """1/4 of 3/8 along an axis with the line in its middle, twice: 2/3 * 2/3."""
    assert spectrum.checkerboard_share(waves(*pattern)) == pytest.approx(4 / 9)
    assert spectrum.checkerboard_share(waves(*pattern) + 100) == pytest.approx(4 / 9)


@pytest.mark.parametrize("pattern", [(8, 0), (8, 12), (0, 12), (3, 18)])
def test_other_periods_have_none(pattern):
    assert spectrum.checkerboard_share(waves(*pattern)) < 1e-12


def test_periods_of_an_axis():
    thirds = waves(8, 0)
    assert spectrum.checkerboard_share(thirds, 3) == pytest.approx(4 / 9)
    assert spectrum.checkerboard_share(thirds, (3, 1)) == pytest.approx(4 / 9)
    assert spectrum.checkerboard_share(thirds, (1, 3)) < 1e-12
    assert spectrum.checkerboard_share(waves(6, 0), 4) == pytest.approx(4 / 9)


def test_maps_are_weighed_by_their_energy():
    """Ten times the amplitude counts a hundred times; a mean over maps of their own shares would be 2/9."""
    stripes, other = waves(12, 0), waves(5, 7)
    share = (stripes**2).sum() / ((stripes**2).sum() + 100 * (other**2).sum())
    assert spectrum.checkerboard_share(np.stack([stripes, 10 * other])) == pytest.approx(4 / 9 * share)


def test_phase_means_of_stamps():
    """Kernel 3 at stride 2, all ones: 4, 2, 2, 1 times. Kernel 4: 4 everywhere."""
    ones = np.ones((1, 1, 9, 9))
    uneven = ops.conv_transpose2d(ones, np.ones((1, 1, 3, 3)), stride=2)[0, 0]
    assert spectrum.phase_means(uneven, 2, border=2).tolist() == [[4, 2], [2, 1]]
    assert spectrum.phase_means(uneven, 2, border=3).tolist() == [[1, 2], [2, 4]]
    even = ops.conv_transpose2d(ones, np.ones((1, 1, 4, 4)), stride=2)[0, 0]
    assert spectrum.phase_means(even, 2, border=3).tolist() == [[4, 4], [4, 4]]
    assert spectrum.phase_share(uneven, 2, border=2) == pytest.approx(1)
    assert np.isnan(spectrum.phase_share(even, 2, border=3)) and np.isnan(spectrum.checkerboard_share(np.ones((8, 8))))


# ------------------------------------------------------------------ second definitions
@pytest.mark.parametrize("period", [2, (3, 2), (1, 4), (5, 5)])
def test_phases_by_counting(period):
    """Pixel by pixel into its phase, with sides that no period divides."""
    maps = np.random.default_rng(1).normal(size=(2, 3, 17, 23))
    tall, wide = np.broadcast_to(period, 2)
    means, share = spectrum.phase_means(maps, period, border=1), spectrum.phase_share(maps, period, border=1)
    assert means.shape == (2, 3, tall, wide) and share.shape == (2, 3)
    for index in np.ndindex(2, 3):
        phases, values = {}, maps[index][1:-1, 1:-1]
        for (i, j), value in np.ndenumerate(values):
            phases.setdefault((i % tall, j % wide), []).append(value)
        for phase, members in phases.items():
            assert means[index][phase] == pytest.approx(np.mean(members))
        explained = values.size * values.var() - sum(len(members) * np.var(members) for members in phases.values())
        assert share[index] == pytest.approx(explained / (values.size * values.var()))


def test_share_by_sums():
    """The same from the definition of the transform, without an FFT."""
    maps = np.random.default_rng(2).normal(size=(2, 6, 12))
    window = np.outer(*(np.sin(np.pi * np.arange(n) / n) ** 2 for n in (6, 12)))
    i, j = np.indices((6, 12))
    lines = whole = 0
    for picture in maps:
        picture = (picture - picture.mean()) * window
        whole += picture.size * (picture**2).sum()  # Parseval
        for a in range(3):
            for b in range(2):
                wave = np.exp(-2j * np.pi * (a * i / 3 + b * j / 2))
                lines += abs((picture * wave).sum()) ** 2 if (a, b) != (0, 0) else 0
    assert spectrum.checkerboard_share(maps, (3, 2)) == pytest.approx(lines / whole)


def test_white_noise_has_what_chance_gives():
    maps = np.random.default_rng(0).normal(size=(2000, 16, 16))
    assert spectrum.checkerboard_share(maps) == pytest.approx(3 / 256, rel=0.1)
    assert spectrum.phase_share(maps, 2).mean() == pytest.approx(3 / 255, rel=0.1)


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: spectrum.checkerboard_share(np.ones((8, 9))),
            ValueError,
            "width 9 with period=2; use a multiple",
        ),
        (
            lambda: spectrum.checkerboard_share(np.ones((3, 9)), 3),
            ValueError,
            "height 3 with period=3; .*at least twice",
        ),
        (lambda: spectrum.checkerboard_share(np.ones(8)), ValueError, r"x of shape \(8,\)"),
        (lambda: spectrum.checkerboard_share([[1, np.nan]] * 2, 1), ValueError, "x holds 2 values that are NaN"),
        (lambda: spectrum.phase_means(np.ones((8, 8)), 0), ValueError, "period=0 is below 1"),
        (lambda: spectrum.phase_means(np.ones((8, 8)), 2.0), TypeError, "period=2.0 is a float"),
        (lambda: spectrum.phase_means(np.ones((8, 8)), 2, border=4), ValueError, "8 x 8 less border=4"),
        (lambda: spectrum.phase_share(np.ones((8, 8)), 5, border=2), ValueError, "phase_share: .* one period=5"),
        (lambda: spectrum.phase_share(np.ones((8, 8)), 2, border=-1), ValueError, "border=-1 is below 0"),
    ],
)
def test_what_they_do_not_take(call, error, message):
    with pytest.raises(error, match=message):
        call()
