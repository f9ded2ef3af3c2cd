"""Positions in an image: the order of coordinates and offsets, where a pixel's centre is, which way angles turn."""

import numpy as np

from cnnlib import arguments, ops
from cnnlib.conventions.pair import Example, Pair
from cnnlib.ops.arrays import as_array, floats
from cnnlib.values import choice, number


def exchanged_offsets(offset):
    """Offsets (N, 2K, H, W) with the two of each tap exchanged: (dy, dx) to (dx, dy), and back.

    Raises
    ------
    TypeError, ValueError
        If `offset` has another shape, or an odd number of channels.

    Examples
    --------
    >>> exchanged_offsets(np.arange(4).reshape(1, 4, 1, 1)).ravel().tolist()
    [1, 0, 3, 2]
    """
    return _offsets("exchanged_offsets", offset, lambda x: x.reshape(len(x), -1, 2, *x.shape[2:])[:, :, ::-1])


def interleaved_offsets(offset):
    """Offsets in two blocks, y of all taps and then x of all, as (dy, dx) tap by tap.

    Raises
    ------
    TypeError, ValueError
        If `offset` has another shape, or an odd number of channels.

    Examples
    --------
    >>> interleaved_offsets(np.arange(6).reshape(1, 6, 1, 1)).ravel().tolist()
    [0, 3, 1, 4, 2, 5]
    """
    return _offsets("interleaved_offsets", offset, lambda x: x.reshape(len(x), 2, -1, *x.shape[2:]).swapaxes(1, 2))


def _offsets(function, offset, change):
    offset = as_array(function, "offset", offset)
    if offset.ndim != 4 or offset.shape[1] % 2:
        raise ValueError(f"{function}: offset of shape {offset.shape} has no pair for each tap; use (N, 2 * K, H, W)")
    return change(offset).reshape(offset.shape).copy()


def grid_of(points, size, *, align_corners=False):
    """Points [row, column] in pixels as torch's ``grid_sample`` takes them: (x, y) from -1 to 1.

    Parameters
    ----------
    points : array_like, (..., 2)
        Rows and columns; (0, 0) is the centre of the first pixel.
    size : (height, width)
    align_corners : bool
        True: -1 and 1 are the centres of the outer pixels, ``2c / (W - 1) - 1``. False: their outer edges,
        ``(2c + 1) / W - 1``.

    Returns
    -------
    ndarray, (..., 2)
        In float32 if the points are, which torch wants beside images of float32.

    Raises
    ------
    TypeError, ValueError
        If `points` are no pairs of real numbers, or `size` no pair of integers.

    Examples
    --------
    >>> grid_of([0, 3], (5, 4)).tolist(), grid_of([0, 3], (5, 4), align_corners=True).tolist()
    ([0.75, -0.8], [1.0, -1.0])
    """
    points = _pairs("grid_of", "points", points)
    sides = np.array(arguments.pair("grid_of", "size", size, minimum=1), points.dtype)
    if arguments.flag("grid_of", "align_corners", align_corners):
        return (2 * points / np.maximum(sides - 1, 1) - 1)[..., ::-1]
    return ((2 * points + 1) / sides - 1)[..., ::-1]


def points_of(grid, size, *, align_corners=False):
    """Positions (x, y) from -1 to 1 as [row, column] in pixels, the inverse of `grid_of`.

    Raises
    ------
    TypeError, ValueError
        If `grid` holds no pairs of real numbers, or `size` is no pair of integers.

    Examples
    --------
    >>> points_of([0.75, -0.4], (5, 4)).round(12).tolist()
    [1.0, 3.0]
    """
    grid = _pairs("points_of", "grid", grid)[..., ::-1]
    sides = np.array(arguments.pair("points_of", "size", size, minimum=1), grid.dtype)
    if arguments.flag("points_of", "align_corners", align_corners):
        return (grid + 1) * (sides - 1) / 2
    return ((grid + 1) * sides - 1) / 2


def _pairs(function, name, value):
    (value,) = floats(function, **{name: value})
    if not value.ndim or value.shape[-1] != 2:
        raise ValueError(f"{function}: {name} of shape {value.shape} are no pairs; use (..., 2)")
    return value


def positions_read(size, new_size, mode="half_pixel"):
    """Where in a row of ``size`` pixels each of ``new_size`` pixels of its resized copy reads, not yet clipped.

    Parameters
    ----------
    size, new_size : int
    mode : {"half_pixel", "align_corners", "asymmetric"}
        ONNX's names for torch's ``align_corners=False``, its ``align_corners=True``, and TensorFlow 1's default.

    Raises
    ------
    TypeError, ValueError
        If a size is no integer >= 1, or there is no such mode.

    Examples
    --------
    >>> positions_read(2, 4).tolist(), positions_read(2, 4, "asymmetric").tolist()
    ([-0.25, 0.25, 0.75, 1.25], [0.0, 0.5, 1.0, 1.5])
    """
    choice("positions_read", "mode", mode, ("half_pixel", "align_corners", "asymmetric"))
    size = arguments.integer("positions_read", "size", size, 1)
    new_size = arguments.integer("positions_read", "new_size", new_size, 1)
    at = np.arange(new_size)
    if mode == "half_pixel":
        return (at + 0.5) * size / new_size - 0.5
    return at * (size - 1) / max(new_size - 1, 1) if mode == "align_corners" else at * size / new_size


def screen_angle(angle):
    """An angle in degrees that is counted counter-clockwise with y up, for axes with y down, and back.

    Raises
    ------
    TypeError, ValueError
        If `angle` is no finite number.

    Examples
    --------
    >>> screen_angle(30)
    -30.0
    """
    return 0.0 - number("screen_angle", "angle", angle)  # 0 stays 0, not -0


X = np.arange(20.0).reshape(1, 1, 4, 5) ** 2 % 7


def _offset_order():
    given = np.tile(np.array([0.25, 0.5, 0, -1, 1, 0, 0.5, 0]).reshape(1, 8, 1, 1), (1, 1, 3, 4))  # (dx, dy)
    w, total = np.array([[[[1.0, 2], [3, 4]]]]), np.zeros((1, 1, 3, 4))
    rows, columns = np.mgrid[:3, :4]
    for k, (i, j) in enumerate(np.ndindex(2, 2)):
        points = np.stack([rows + i + given[0, 2 * k + 1], columns + j + given[0, 2 * k]], axis=-1)
        total += w[0, 0, i, j] * ops.bilinear_sample(X, points.reshape(1, -1, 2)).reshape(1, 1, 3, 4)
    says = "A 2 x 2 kernel, its first tap moved by dx 0.25 and dy 0.5: each tap sampled by itself, and deform_conv2d"
    return Example(says, total, ops.deform_conv2d(X, exchanged_offsets(given), w))


def _grid():
    points = np.array([[0.0, 0.0], [0.5, 3.0], [3.0, 4.0]])
    grid = grid_of(points, (4, 5))
    (x, y), (height, width) = grid[1], (4, 5)
    says = f"Row 0.5, column 3 of 4 x 5 pixels is (x, y) = ({x:.2f}, {y:.2f}) of grid_sample"
    return Example(says, points, np.stack([((grid[:, 1] + 1) * height - 1) / 2, ((grid[:, 0] + 1) * width - 1) / 2], 1))


def _resized():
    row = np.array([0.0, 3.0])
    found = {mode: np.interp(positions_read(2, 4, mode), [0, 1], row) for mode in ("half_pixel", "align_corners")}
    says = "; ".join(f"{mode}: 0, 3 becomes {', '.join(f'{v:g}' for v in values)}" for mode, values in found.items())
    own = [ops.resize_bilinear2d(row.reshape(1, 1, 1, 2), size=(1, 4), align_corners=a).ravel() for a in (False, True)]
    return Example(says, np.array(list(found.values())), np.array(own))


def _angle():
    right = np.zeros((5, 5))
    right[2, 4] = 1  # a mark to the right of the middle
    row, column = np.argwhere(np.rot90(right))[0]
    up = 2 - row, column - 2  # y up, x
    says = f"A mark right of the middle goes to row {row}, column {column} under rot90: up, 90 degrees with y up"
    return Example(says, [np.degrees(np.arctan2(*up))], [screen_angle(np.degrees(np.arctan2(row - 2, column - 2)))])


PAIRS = (
    Pair(
        "offset-order", "Offsets of a deformable layer",
        "(dy, dx) tap by tap", "(dx, dy), or all y and then all x",
        "Exchange the two of each tap, or `interleaved_offsets` for blocks.",
        _offset_order,
        "Offsets that are equal in both directions, or all zero as at the beginning of training, hide it.",
        {"torchvision, MMCV, cnnlib": "(dy, dx) tap by tap", "MindSpore": "x, y and mask in one tensor",
         "several repositories": "blocks of y and x"},
        (("MindSpore, differences with torchvision.ops.deform_conv2d",
          "https://www.mindspore.cn/docs/en/r2.3.0rc2/note/api_mapping/pytorch_diff/deform_conv2d.html"),
         ("torchvision.ops.deform_conv2d",
          "https://docs.pytorch.org/vision/stable/generated/torchvision.ops.deform_conv2d.html")),
        exchanged_offsets, exchanged_offsets,
    ),
    Pair(
        "grid-sample", "Coordinates of a sample",
        "[row, column] in pixels", "(x, y) from -1 to 1",
        "x = (2c + 1)/W - 1, y = (2r + 1)/H - 1; with `align_corners=True` 2c/(W - 1) - 1.",
        _grid,
        "Two changes at once: the order is exchanged and the unit is different. On a square image in the middle, both "
        "mistakes are small.",
        {"cnnlib, NumPy, SciPy `map_coordinates`": "[row, column]", "torch `grid_sample`": "(x, y) from -1 to 1"},
        (("torch.nn.functional.grid_sample",
          "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html"),),
        grid_of, points_of,
    ),
    Pair(
        "align-corners", "What resizing holds still",
        "half-pixel: the outer edges", "align_corners: the centres of the outer pixels",
        "Pixel i reads (i + 1/2)·n/m - 1/2, or i·(n - 1)/(m - 1); TensorFlow 1 read i·n/m.",
        _resized,
        "Trained with one and run with the other, a network reads maps that are shifted by part of a pixel.",
        {"torch, TensorFlow 2, OpenCV": "half-pixel by default", "ONNX `coordinate_transformation_mode`": "all three",
         "TensorFlow 1": "asymmetric by default"},
        (("ONNX Resize", "https://onnx.ai/onnx/operators/onnx__Resize.html"),
         ("TensorFlow 1 and OpenCV, remembered", "")),
        positions_read, None,
    ),
    Pair(
        "angles", "Which way an angle turns",
        "counter-clockwise with y up", "clockwise on a screen, with y down",
        "Change the sign.",
        _angle,
        "A \"vertical\" Sobel kernel is named after the edge by some and after the gradient, which lies across it, by "
        "others.",
        {"mathematics, `np.rot90`, SciPy `ndimage.rotate` as it is shown": "counter-clockwise",
         "`arctan2(rows, columns)`, screens": "clockwise"},
        (("numpy.rot90", "https://numpy.org/doc/stable/reference/generated/numpy.rot90.html"),),
        screen_angle, screen_angle,
    ),
)  # fmt: skip
