"""Images, coordinates and offsets: each conversion against the frameworks themselves."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy import ndimage

from cnnlib import conventions, ops
from tests.conventions.frameworks import T, keras_op, kernel, onnx_op


@pytest.fixture
def random():
    return np.random.default_rng(11)


def test_dense_weights_behind_a_flatten(random):
    x, w = kernel(random, 2, 3, 4, 5), kernel(random, 6, 60)
    last = conventions.relaid(x, "NCHW", "NHWC")
    wanted = last.reshape(2, 60) @ w.T
    own = conventions.dense_weights(w, (3, 4, 5))
    assert np.array_equal(F.linear(T(x).flatten(1), T(own)), wanted)
    assert np.array_equal(keras_op("matmul", last.reshape(2, 60), w.T), wanted)
    assert np.array_equal(conventions.dense_weights(own, (3, 4, 5), back=True), w)
    assert not np.array_equal(F.linear(T(x).flatten(1), T(w)), wanted)


def test_colours_come_back(random):
    x = random.uniform(size=(2, 3, 4, 5))
    read = conventions.caffe_pixels(x)
    assert np.allclose(read[:, 0] + 103.939, 255 * x[:, 2]) and np.allclose(read[:, 2] + 123.68, 255 * x[:, 0])
    assert np.allclose(conventions.rgb_pixels(read), x)


@pytest.mark.parametrize("factor", [2, 3])
def test_channels_that_become_pixels(random, factor):
    x = kernel(random, 2, 3 * factor**2, 4, 5)
    deep = onnx_op("DepthToSpace", x, blocksize=factor, mode="DCR")
    own = conventions.pixel_shuffle_channels(x, factor)
    assert np.array_equal(F.pixel_shuffle(T(own), factor), deep)
    assert np.array_equal(onnx_op("DepthToSpace", own, blocksize=factor, mode="CRD"), deep)
    assert np.array_equal(conventions.depth_to_space_channels(own, factor), x)
    assert not np.array_equal(F.pixel_shuffle(T(x), factor), deep)


def test_rows_of_a_patch_matrix(random):
    x, w = kernel(random, 1, 3, 5, 6), kernel(random, 4, 3, 2, 3)
    columns = F.unfold(T(x), (2, 3)).numpy()[0]
    wanted = F.conv2d(T(x), T(w)).numpy().reshape(4, -1)
    by_taps = conventions.taps_first(columns, 3)
    assert np.array_equal(w.reshape(4, -1) @ columns, wanted)
    assert np.array_equal(conventions.relaid(w, "OIHW", "HWIO").reshape(-1, 4).T @ by_taps, wanted)
    assert np.array_equal(conventions.channels_first(by_taps, 3), columns)
    assert not np.array_equal(w.reshape(4, -1) @ by_taps, wanted)


def test_offsets_in_every_order(random):
    """cnnlib's layer takes torchvision's order; each other order is right only once it is converted."""
    x, w = kernel(random, 1, 2, 6, 7), kernel(random, 3, 2, 3, 2)
    offset = random.uniform(-1, 1, (1, 12, 4, 6))
    wanted = ops.deform_conv2d_plain(x, offset, w)
    pairs = offset.reshape(1, 6, 2, 4, 6)
    exchanged = np.stack([pairs[:, :, 1], pairs[:, :, 0]], axis=2).reshape(offset.shape)
    blocks = np.concatenate([pairs[:, :, 0], pairs[:, :, 1]], axis=1)
    for other, convert, back in (
        (exchanged, conventions.exchanged_offsets, conventions.exchanged_offsets),
        (blocks, conventions.interleaved_offsets, None),
    ):
        assert np.allclose(ops.deform_conv2d(x, convert(other), w), wanted)
        assert not np.allclose(ops.deform_conv2d(x, other, w), wanted)
        assert back is None or np.array_equal(back(offset), other)


@pytest.mark.parametrize("align_corners", [True, False])
def test_coordinates_of_grid_sample(random, align_corners):
    x, points = kernel(random, 1, 2, 5, 8), random.uniform((0, 0), (4, 7), (30, 2))
    grid = conventions.grid_of(points, (5, 8), align_corners=align_corners)
    found = F.grid_sample(T(x), T(grid.copy())[None, None], align_corners=align_corners)[0, :, 0].numpy()
    assert np.allclose(found, ops.bilinear_sample(x, points[None])[0])
    assert np.allclose(found, [ndimage.map_coordinates(channel, points.T, order=1) for channel in x[0]])
    assert np.allclose(conventions.points_of(grid, (5, 8), align_corners=align_corners), points)
    exchanged = T(grid[:, ::-1].copy())[None, None]
    assert not np.allclose(F.grid_sample(T(x), exchanged, align_corners=align_corners)[0, :, 0].numpy(), found)


@pytest.mark.parametrize("sizes", [(2, 4), (5, 8), (8, 3)])
@pytest.mark.parametrize("mode", ["half_pixel", "align_corners", "asymmetric"])
def test_what_resizing_reads(random, sizes, mode):
    size, new = sizes
    x = kernel(random, 1, 1, 1, size)
    wanted = np.interp(conventions.positions_read(size, new, mode), np.arange(size), x.ravel())
    given = np.array([1, 1, 1, new])
    found = onnx_op("Resize", x, None, None, given, mode="linear", coordinate_transformation_mode=mode)
    assert np.allclose(found.ravel(), wanted)
    if mode != "asymmetric":
        own = F.interpolate(T(x), (1, new), mode="bilinear", align_corners=mode == "align_corners")
        assert np.allclose(own.ravel(), wanted)


def test_angles_turn_the_same_way_where_they_are_shown():
    mark = np.zeros((5, 5))
    mark[2, 4] = 1
    turned = np.rot90(mark)
    assert np.array_equal(torch.rot90(T(mark)), turned)
    assert np.allclose(ndimage.rotate(mark, 90, reshape=False, order=1), turned)
    (row, column), down = np.argwhere(turned)[0], 1
    assert np.degrees(np.arctan2(down * (row - 2), column - 2)) == conventions.screen_angle(90)
