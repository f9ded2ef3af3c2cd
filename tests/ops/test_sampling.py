"""bilinear_sample and rounded_sample: by hand, torch, the definition, laws, errors."""

import numpy as np
import pytest
import torch
from hypothesis import given

from cnnlib import ops
from cnnlib.ops.corners import FRAME, corners
from tests.ops.cases import all_close, brief, cases, close, every_kind, oracle, thorough


def sampling_case(dice):
    """Places inside, far outside, and exactly on pixels, where bilinear sampling has kinks."""
    n, c, h, w = dice.batch(), *(dice.pick(1, 4) + 8 * dice.large for _ in "chw")
    shape = [dice.pick(1, 4) for _ in range(dice.pick(0, 3))]
    points = dice.rng.uniform(-3, [h + 2, w + 2], (n, *shape, 2))
    kind = dice.pick(0, 3)
    if kind == 0:
        points = np.round(points)
    elif kind == 1:
        points = np.round(points * 4) / 4
    return dice.normal(n, c, h, w), points.astype(dice.dtype)


def gathers(x, points):
    """torch: four gathers with their weights; floor carries no gradient, so autograd is right."""
    n, c, h, w = x.shape
    flat = points.reshape(n, points[..., 0].numel() // max(1, n), 2)
    corner = flat.detach().floor()
    part = flat - corner
    y = 0
    for di in (0, 1):
        for dj in (0, 1):
            i, j = (corner + torch.tensor([di, dj])).long().unbind(-1)
            inside = (i >= 0) & (i < h) & (j >= 0) & (j < w)
            index = (i.clamp(0, h - 1) * w + j.clamp(0, w - 1))[:, None].expand(-1, c, -1)
            value = x.reshape(n, c, h * w).gather(2, index) * inside[:, None]
            down = part[..., 0] if di else 1 - part[..., 0]
            right = part[..., 1] if dj else 1 - part[..., 1]
            y = y + value * (down * right)[:, None]
    return y.reshape(n, c, *points.shape[1:-1])


def test_by_hand():
    x = np.array([[[[0.0, 10], [20, 30]]]])
    points = np.array([[[0.5, 0.5], [1, 0], [-0.5, 1], [1.75, 1], [-1, 0], [5, 5]]])
    assert ops.bilinear_sample(x, points).tolist() == [[[15, 20, 5, 7.5, 0, 0]]]
    dx, dpoints = ops.bilinear_sample_backward(np.ones((1, 1, 6)), x, points)
    assert dx.tolist() == [[[[0.25, 0.75], [1.25, 0.25 + 0.25]]]]
    # on a pixel: downwards and to the right; on row -1, downwards is the first row
    assert dpoints[0].tolist() == [[20, 10], [-20, 10], [10, -5], [-30, -7.5], [0, 0], [0, 0]]


def test_negative_places_use_floor():
    """Truncation would read the pixels 0 and 1, and weigh them with -0.25 and 1.25."""
    y = ops.bilinear_sample(np.array([[[[4.0, 8]]]]), np.array([[[0, -0.25], [0, -0.75], [0, -1.25]]]))
    assert y.tolist() == [[[3, 1, 0]]]


@thorough
@given(every_kind(sampling_case))
def test_equals_torch_and_the_definition(case):
    x, points = case
    y, dy, gradients = oracle(gathers, x, points)
    close(ops.bilinear_sample(x, points), y)
    close(ops.bilinear_sample_plain(x, points), y)
    all_close(ops.bilinear_sample_backward(dy, x, points), gradients)


@brief
@given(cases(sampling_case))
def test_grid_sample_agrees(case):
    """torch's own kernel, in its own units: (x, y), from -1 to 1 over the outer edges."""
    x, points = case
    n, _, h, w = x.shape
    if n == 0:
        n, x, points = 1, np.ones((1, *x.shape[1:])), np.zeros((1, *points.shape[1:]))

    def torch_form(x, points):
        grid = (2 * points.reshape(n, 1, -1, 2) + 1) / torch.tensor([h, w]) - 1
        y = torch.nn.functional.grid_sample(x, grid.flip(-1), align_corners=False)
        return y.reshape(*x.shape[:2], *points.shape[1:-1])

    y, dy, (dx, _) = oracle(torch_form, x, points)
    close(ops.bilinear_sample(x, points), y, 1e-9)  # the units cost it a few digits
    close(ops.bilinear_sample_backward(dy, x, points)[0], dx, 1e-9)


@thorough
@given(cases(sampling_case))
def test_rounded_reads_one_pixel(case):
    x, points = case
    (n, c, h, w), shape = x.shape, points.shape[1:-1]
    y, expected = ops.rounded_sample(x, points), np.zeros((n, c, *shape))
    dy = np.random.default_rng(0).standard_normal(y.shape)
    dx = np.zeros_like(x)
    for index in np.ndindex(n, *shape):
        i, j = (round(v) for v in points[index])  # Python rounds halves to even, too
        if 0 <= i < h and 0 <= j < w:
            expected[index[0], :, *index[1:]] = x[index[0], :, i, j]
            dx[index[0], :, i, j] += dy[index[0], :, *index[1:]]
    close(y, expected)
    found, dpoints = ops.rounded_sample_backward(dy, x, points)
    close(found, dx)
    assert dpoints.shape == points.shape and not dpoints.any()


def test_no_places_at_all():
    x, points = np.ones((2, 3, 4, 5)), np.zeros((2, 0, 2))
    assert ops.bilinear_sample(x, points).shape == (2, 3, 0)
    dx, dpoints = ops.bilinear_sample_backward(np.zeros((2, 3, 0)), x, points)
    assert dx.shape == x.shape and not dx.any() and dpoints.shape == (2, 0, 2)


def test_whole_pixels_need_no_mixing():
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    points = np.broadcast_to(np.stack(np.mgrid[:4, :5], -1), (2, 4, 5, 2))
    assert (ops.bilinear_sample(x, points) == x).all()
    assert (ops.rounded_sample(x, points) == x).all()


def test_gradient_by_place_is_the_slope():
    """Away from the kinks, a finite difference: the one definition that needs no algebra."""
    rng = np.random.default_rng(1)
    x, points = rng.standard_normal((1, 3, 5, 6)), rng.uniform(0, 4, (1, 40, 2))
    points[np.abs(points - np.round(points)) < 1e-3] += 0.01
    dy, step = rng.standard_normal((1, 3, 40)), 1e-6
    _, dpoints = ops.bilinear_sample_backward(dy, x, points)
    for axis in (0, 1):
        move = np.eye(2)[axis] * step
        change = ops.bilinear_sample(x, points + move) - ops.bilinear_sample(x, points - move)
        close(dpoints[..., axis], (dy * change).sum(1) / (2 * step), 1e-8)


def test_large_float32():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2, 40, 50, 60), "f")
    points = rng.uniform(-4, 64, (2, 9, 50, 60, 2)).astype("f")
    y, dy, gradients = oracle(gathers, x.astype("d"), points.astype("d"))
    found = ops.bilinear_sample(x, points)
    assert found.dtype == np.float32
    assert np.abs(found - y).max() < 1e-5
    for ours, theirs in zip(ops.bilinear_sample_backward(dy.astype("f"), x, points), gradients, strict=True):
        assert ours.dtype == np.float32
        assert np.abs(ours - theirs).max() < 1e-5 * np.abs(theirs).max()


def test_places_that_are_not_finite():
    x = np.full((1, 2, 3, 3), 5.0)
    points = np.array([[[np.nan, 1], [1, np.nan], [np.inf, 1], [1, -np.inf], [1, 1]]])
    for sample in (ops.bilinear_sample, ops.rounded_sample):
        np.testing.assert_array_equal(sample(x, points), [[[np.nan, np.nan, 0, 0, 5]] * 2])
    dx, dpoints = ops.bilinear_sample_backward(np.ones((1, 2, 5)), x, points)
    np.testing.assert_array_equal(dpoints[0, :2], np.nan)
    np.testing.assert_array_equal(dpoints[0, 2:], 0)
    for found in (dx, ops.rounded_sample_backward(np.ones((1, 2, 5)), x, points)[0]):
        np.testing.assert_array_equal(found, [[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]] * 2])


def test_a_nan_place_reaches_no_pixel_as_in_torch():
    x, points = np.random.default_rng(0).standard_normal((1, 3, 4, 5)), np.array([[[np.nan, 1.5], [0.5, np.nan]]])
    grid = torch.from_numpy((2 * points[:, None] + 1) / [4, 5] - 1).flip(-1)
    y, dy, (dx,) = oracle(lambda x: torch.nn.functional.grid_sample(x, grid, align_corners=False)[:, :, 0], x)
    np.testing.assert_array_equal(ops.bilinear_sample(x, points), y)
    np.testing.assert_array_equal(ops.bilinear_sample_backward(dy, x, points)[0], dx)


def test_large_images():
    """Beyond 2**24 pixels, float32 no longer counts them one by one."""
    side, far = 4100, [(4099, 4001), (4098, 3999), (4097.5, 2.5)]
    near = corners(*np.float32(far).T, (side, side))
    whole = [(4099, 4001), (4098, 3999), (4097, 2)]
    assert near.index[:, 0].tolist() == [(i + FRAME) * (side + 2 * FRAME) + j + FRAME for i, j in whole]
    x = np.zeros((1, 1, side, side), "f")
    x[0, 0, 4090:] = np.arange(side) + 10 * np.arange(10)[:, None]
    for sample, last in ((ops.bilinear_sample, 2.5 + 75), (ops.rounded_sample, 2 + 80)):
        assert sample(x, [far]).tolist() == [[[4001 + 90, 3999 + 80, last]]]
    dx, dpoints = ops.bilinear_sample_backward([[[1, 10, 100]]], x.astype("f"), np.float32([far]))
    assert dpoints[0, 1:].tolist() == [[100, 10], [1000, 100]]
    assert dx[0, 0, 4097:, [2, 3, 3999, 4001]].tolist() == [[25, 25, 0], [25, 25, 0], [0, 10, 0], [0, 0, 1]]
    dx, _ = ops.rounded_sample_backward(np.float32([[[1, 10, 100]]]), x, np.float32([far]))
    assert dx[0, 0, 4097:, [2, 3, 3999, 4001]].tolist() == [[0, 100, 0], [0, 0, 0], [0, 10, 0], [0, 0, 1]]


def test_pixels_that_are_not_finite_stay_where_they_are():
    """Only the points that have the bad pixel as a corner see it."""
    x = np.ones((1, 1, 5, 5))
    x[0, 0, 2, 2] = np.nan
    points = np.array([[[1.5, 1.5], [2.5, 2.5], [3, 3], [0.5, 4], [-9, -9], [9, 2]]])
    assert np.isnan(ops.bilinear_sample(x, points)).tolist() == [[[True, True, False, False, False, False]]]


@pytest.mark.parametrize("name", ["bilinear_sample", "rounded_sample"])
@pytest.mark.parametrize(
    "x, points, message",
    [
        (np.zeros((4, 4)), np.zeros((1, 2)), r"x has shape \(4, 4\), 2 axes"),
        (np.zeros((1, 1, 4, 4)), np.zeros((1, 5, 3)), r"points has shape \(1, 5, 3\); use shape \(1, ..., 2\)"),
        (np.zeros((2, 1, 4, 4)), np.zeros((1, 5, 2)), r"points has shape \(1, 5, 2\); use shape \(2, ..., 2\)"),
        (np.zeros((2, 1, 4, 4)), np.zeros(2), r"points has shape \(2,\)"),
    ],
)
def test_errors(name, x, points, message):
    with pytest.raises(ValueError, match=f"{name}: {message}"):
        getattr(ops, name)(x, points)
    with pytest.raises(ValueError, match=f"{name}_backward: {message}"):
        getattr(ops, name + "_backward")(np.zeros(1), x, points)


@pytest.mark.parametrize("name", ["bilinear_sample", "rounded_sample"])
def test_backward_names_the_shape_of_dy(name):
    with pytest.raises(ValueError, match=rf"{name}_backward: dy has shape \(1, 5\); use shape \(1, 3, 5\)"):
        getattr(ops, name + "_backward")(np.zeros((1, 5)), np.zeros((1, 3, 4, 4)), np.zeros((1, 5, 2)))
