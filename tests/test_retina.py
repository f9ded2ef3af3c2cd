"""Retinas: fields by hand, the mean over a field against counting, and what a fovea must do."""

import numpy as np
import pytest

from cnnlib import data, retina

RAMP = 10.0 * np.arange(7)[:, None] + np.arange(9)


def test_a_whole_pixel_and_a_quarter_of_four():
    seen = retina.Retina(np.array([[2.0, 3.0], [2.5, 3.5], [2.0, 3.25]]), np.ones(3), np.zeros((7, 9), int)).look(RAMP)
    np.testing.assert_allclose(seen, [23, (23 + 24 + 33 + 34) / 4, 23.25], atol=1e-9)


def test_a_field_over_the_edge_reads_what_is_inside_and_one_outside_reads_nothing():
    fields = retina.Retina(
        np.array([[0.0, 0.0], [-0.5, 4.0], [3.0, 20.0]]), np.array([3.0, 2, 4]), np.zeros((7, 9), int)
    )
    np.testing.assert_allclose(
        fields.look(RAMP), [RAMP[:2, :2].mean(), RAMP[0, [3, 4, 5]] @ [0.5, 1, 0.5] / 2, 0], atol=1e-9
    )


def test_means_against_many_small_squares():
    """A second definition: cut each pixel into 20 x 20, count those whose middle lies in the field."""
    rng = np.random.default_rng(3)
    image, points, sides = rng.random((13, 17)), rng.random((40, 2)) * [13, 17] - 0.5, rng.random(40) * 6 + 1
    seen = retina.Retina(points, sides, np.zeros(image.shape, int)).look(image)
    fine = np.kron(image, np.ones((20, 20)))
    rows, columns = ((np.arange(n * 20) + 0.5) / 20 - 0.5 for n in image.shape)
    for (row, column), side, value in zip(points, sides, seen, strict=True):
        inside = (np.abs(rows - row) < side / 2)[:, None] & (np.abs(columns - column) < side / 2)
        assert value == pytest.approx(fine[inside].mean(), abs=0.06)


def test_even_fields_tile_the_image():
    for size, samples in (((7, 9), 20), ((224, 162), 1152), ((5, 5), 1), ((4, 6), 24)):
        even = retina.even(size, samples)
        assert samples <= len(even.points) <= 1.2 * samples + 8
        assert set(even.owner.ravel()) == set(range(len(even.points)))
        near = np.abs(np.stack(np.indices(size), -1) - even.points[even.owner])
        assert near.max() <= max(np.ptp(even.points, 0).max() if len(even.points) > 1 else max(size), 1)
    np.testing.assert_allclose(retina.even((4, 6), 24).look(RAMP[:4, :6]), RAMP[:4, :6].ravel(), atol=1e-9)


@pytest.mark.parametrize("fixation", [(40, 30), (0, 0), (80, 12)])
def test_each_pixel_belongs_to_the_field_of_its_ring_and_ray(fixation):
    """A field's middle, where it falls on the image, belongs to that field; further out fields are wider."""
    eye = retina.log_polar((81, 61), fixation, rings=12, rays=24)
    assert len(eye.points) == 12 * 24 and np.all(np.diff(eye.sides[::24]) >= 0)
    pixel = np.rint(eye.points).astype(int)
    wide = (eye.sides > 6) & np.all((pixel >= 0) & (pixel < eye.owner.shape), 1)
    assert wide.sum() > 10
    assert np.array_equal(eye.owner[tuple(pixel[wide].T)], np.flatnonzero(wide))
    distance = np.hypot(*(eye.points - fixation).T).reshape(12, 24)
    np.testing.assert_allclose(distance, distance[:, :1] @ np.ones((1, 24)), rtol=1e-9)
    assert eye.owner[fixation] // 24 == 0 and (eye.owner // 24).max() == 11


def test_far_out_rings_grow_by_a_constant_factor_and_a_zoom_becomes_a_shift():
    eye = retina.log_polar((2001, 2001), (1000, 1000), rings=30, rays=8, core=1)
    radius = np.hypot(*(eye.points - 1000).T)[::8]
    factors = radius[1:] / radius[:-1]
    np.testing.assert_allclose(factors[-8:], np.exp(np.log1p(1000 * 2**0.5) / 30), rtol=1e-2)


def test_a_fovea_sees_better_where_it_looks_and_worse_elsewhere():
    image = data.photograph("lemur", side=224, grey=True)
    fixation = (90, 110)
    eye, camera = retina.log_polar(image.shape, fixation), retina.even(image.shape, 24 * 48)
    error = [(r.repaint(r.look(image)) - image) ** 2 for r in (eye, camera)]
    near = np.hypot(*(np.indices(image.shape) - np.array(fixation)[:, None, None])) < 12
    assert error[0][near].mean() < error[1][near].mean() and error[0].mean() > error[1].mean()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: retina.log_polar((5, 6), (5, 0)),
            ValueError,
            r"fixation=\(5, 0\) is not on an image of 5 x 6; use at most \(4, 5\)",
        ),
        (
            lambda: retina.log_polar((5, 6), (1, 1), core=0),
            ValueError,
            "core=0 is out of range; use a number of",
        ),
        (lambda: retina.log_polar((5, 6), (1, 1), rings=2.5), TypeError, "rings=2.5"),
        (lambda: retina.even((2, 3), 7), ValueError, "samples=7 is more than the 6 pixels"),
        (
            lambda: retina.even((2, 3), 2).look(np.ones((3, 2))),
            ValueError,
            r"shape \(3, 2\) and the retina was made for \(2, 3\)",
        ),
    ],
)
def test_bad_input_says_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()
