# ruff: noqa: E501 - one case a line
"""What public functions say of arguments that Python or a library inside would refuse in its own words, or not at all."""

import numpy as np
import pytest
import torch

from cnnlib import (
    conventions,
    data,
    drawings,
    exam,
    explore,
    filters,
    geometry,
    kernels,
    layers,
    matrices,
    mosaics,
    networks,
    ops,
    plots,
    registration,
    sheep,
    squeezenet,
    tables,
    transforms,
)
from cnnlib.geometry import Layer
from cnnlib.squeezenet_gradient import differentiate

GREY = np.full((1, 3, 40, 40), 0.5)
LEVELS = np.full((1, 3, 40, 40), 200, np.uint8)
NINE = np.full(9, 1 / 9)
FIT = dict(image=np.eye(5), target=np.eye(2))
KERNEL = np.ones((1, 1, 3, 3))

CASES = [
    # levels up to 255 in the place of values up to 1
    *[
        (lambda call=call: call(LEVELS), ValueError, f"{name}: images holds 200, and white is 1; use values from 0 to 1, as images / 255")
        for name, call in {
            "pixels": squeezenet.pixels, "responses": squeezenet.responses, "maps": squeezenet.maps,
            "scores": squeezenet.scores, "differentiate": differentiate, "caffe_pixels": conventions.caffe_pixels,
            "SqueezeNet": lambda x: layers.SqueezeNet()(torch.tensor(x)),
        }.items()
    ],
    (lambda: mosaics.psnr([100], [101]), ValueError, "psnr: reference holds 101, and white is 1; use values from 0 to 1, as reference / 255"),
    (lambda: mosaics.psnr([255], [0.2]), ValueError, r"psnr: image and reference differ by 64923\.\d* in the mean of the squares, and values from 0 to 1 by 1 at most; use both from 0 to 1"),
    # sequences
    (lambda: geometry.touched(None), TypeError, "touched: layers=None is a NoneType; use a list of layers, or a torch module"),
    (lambda: networks.Network("n", size=8, channels=1, nodes=None), TypeError, "Network: nodes=None is a NoneType; use a list of rows"),
    (lambda: tables.Table(None, columns=["a"]), TypeError, "Table: rows=None is a NoneType; use a list of rows"),
    (lambda: tables.Table([3], columns=["a"]), TypeError, r"Table: rows\[0\]=3 is an int; use a list of cells"),
    (lambda: tables.Table([("x",)], columns=None), TypeError, "Table: columns=None is a NoneType; use a list of names"),
    (lambda: sheep.composed_points([[8, 8]], np.zeros((2, 18)), None), TypeError, "composed_points: magnitudes=None is a NoneType; use a list of arrays, one for each layer"),
    (lambda: sheep.composed_points([[8, 8]], 3, [NINE]), TypeError, "composed_points: offsets=3 is an int; use a list"),
    (lambda: sheep.find_sheep(np.zeros((1, 8, 8, 3), np.uint8), offsets=3), TypeError, "find_sheep: offsets=3 is an int; use a list"),
    (lambda: drawings.cone(3, 0, size=9), TypeError, "cone: layers=3 is an int; use a list of layers"),
    (lambda: conventions.output_stride(3), TypeError, "output_stride: strides=3 is an int; use a list of strides"),
    (lambda: exam.paper(parts=3), TypeError, "paper: parts=3 is an int; use a list of names, such as"),
    # weights
    *[
        (lambda call=call, wrong=wrong: call(GREY, weights=wrong), error, f"{name}: weights{words}; use arrays under the names of data.squeezenet_weights")
        for name, call in {"responses": squeezenet.responses, "maps": squeezenet.maps, "scores": squeezenet.scores, "differentiate": differentiate}.items()
        for wrong, error, words in (({}, ValueError, " has no 'conv1/w' and 51 more"), (3, TypeError, "=3 is an int"))
    ],
    (lambda: sheep.find_sheep(np.zeros((1, 8, 8, 3), np.uint8), {}), ValueError, r"find_sheep: weights has no 'stem\.0\.0\.weight' and 37 more; use arrays under the names of sheep\.finder_weights"),
    # channels to remove
    (lambda: squeezenet.maps(GREY, removed="x"), TypeError, r"maps: removed='x' is a str; use \(stage, first, last\)"),
    (lambda: squeezenet.maps(GREY, removed=("fire2", 0)), ValueError, r"maps: removed=\('fire2', 0\) has 2 entries; use \(stage, first, last\)"),
    (lambda: squeezenet.maps(GREY, removed=("fire2", 0, 1.5)), TypeError, r"maps: removed=\('fire2', 0, 1\.5\) holds a float"),
    (lambda: squeezenet.maps(GREY, removed=("fire2", 0, 10**6)), ValueError, r"maps: removed=\('fire2', 0, 1000000\) is outside the 128 channels of fire2; use 0 <= first < last <= 128"),
    (lambda: squeezenet.maps(GREY, removed=("fire2", -5, 5)), ValueError, r"maps: removed=\('fire2', -5, 5\) holds -5"),
    (lambda: squeezenet.maps(GREY, removed=("fire2", 64, 0)), ValueError, r"maps: removed=\('fire2', 64, 0\) is outside the 128 channels"),
    # in the name of the function that was called
    (lambda: registration.find_shift(**FIT, method="x"), ValueError, "find_shift: method='x' is unknown; use one of 'bilinear', 'nearest', 'straight-through', 'straight-through, both sides'"),
    (lambda: registration.find_shift(**FIT, corner=3), ValueError, r"find_shift: corner has shape \(\)"),
    (lambda: filters.match(np.ones((2, 3)), np.ones((2, 4))), ValueError, "match: filters of 3 and of 4 weights"),
    (lambda: filters.levels("x"), ValueError, "levels: name='x' is unknown"),
    (lambda: networks.vgg().trace(3), ValueError, r"Network\.trace: VGG-16, pool2: a window spanning 2 "),
    (lambda: kernels.named("gabor", 2), ValueError, "named: size=2 is below 3"),
    (lambda: kernels.named("gabor", 5, angle="x"), TypeError, "named: angle='x' is a str"),
    (lambda: sheep.sheep_parts(7), ValueError, "sheep_parts: height=7 is no stored size"),
    (lambda: conventions.same_sides("keras", 0, 3), ValueError, "same_sides: size=0 is below 1"),
    (lambda: conventions.same_sides("scipy", 5, 3, dilation=0), ValueError, "same_sides: dilation=0 is below 1"),
    # values as the caller wrote them
    (lambda: geometry.touched([Layer(3)]).common(True), TypeError, r"Touched\.common: step=True is a bool"),
    (lambda: sheep.spread(np.zeros((0, 2))), ValueError, r"spread: points of shape \(0, 2\); use \(\.\.\., K, 2\), K >= 1"),
    (lambda: matrices.matrix_of(abs, (-3,)), ValueError, r"matrix_of: shape=\(-3,\) holds -3; use an integer >= 1 or a tuple of them"),
    (lambda: conventions.dense_weights(np.ones((1, 6)), (2, 0, 3)), ValueError, r"dense_weights: shape=\(2, 0, 3\) holds 0"),
    (lambda: conventions.output_stride([2, 0]), ValueError, r"output_stride: strides\[1\]=0 is below 1"),
    (lambda: transforms.FractionalShift((1, np.nan)), ValueError, r"FractionalShift: offset=\(1, nan\) holds nan, which is not finite"),
    # cures that cure
    (lambda: ops.tiled_conv2d(np.ones((1, 1, 5, 5)), KERNEL), ValueError, r"tiled_conv2d: w has shape \(1, 1, 3, 3\), 4 axes, and needs 6: .*; add axes of length 1 at the end, as in w\[\.\.\., None, None\]$"),
    (lambda: ops.local_conv2d(np.ones((1, 1, 5, 5)), KERNEL), ValueError, r"local_conv2d: w has shape \(1, 1, 3, 3\), 4 axes, and needs 6: .*; repeat it at every position, as np\.broadcast_to\(w\[\.\.\., None, None\], \(1, 1, 3, 3, 3, 3\)\) does$"),
    # layers that there are not
    (lambda: Layer(3, output_padding=1), ValueError, r"Layer: output_padding=1 without transposed=True; it belongs to a transposed convolution"),
    (lambda: Layer(3, transposed=True, output_padding=5), ValueError, r"Layer: output_padding=5 is not below 1 along the height"),
    (lambda: Layer(3, stride=(4, 2), transposed=True, output_padding=(3, 2)), ValueError, r"Layer: output_padding=\(3, 2\) is not below 2 along the width"),
    # what others would refuse in their words
    (lambda: explore.ConvArithmetic(3), TypeError, r"ConvArithmetic: takes no arguments by position, and got 3; name it, as in ConvArithmetic\(size=3\)"),
    (lambda: explore.DilatedStack(3), TypeError, r"DilatedStack: takes no arguments by position, and got 3"),
    (lambda: explore.FieldStack([3]), TypeError, r"FieldStack: takes no arguments by position, and got \[3\]"),
    (lambda: explore.ConvArithmetic().save(3), TypeError, r"ConvArithmetic\.save: path=3 is an int; use a string or a Path"),
    (lambda: plots.subplots(0, 1), ValueError, "subplots: rows=0 is below 1; use an integer >= 1"),
    (lambda: plots.subplots(1, 1.0), TypeError, r"subplots: columns=1\.0 is a float"),
    (lambda: plots.subplots(width=-1), ValueError, "subplots: width=-1 is out of range; use a number of inches > 0"),
    (lambda: plots.described(3, "A sentence about nothing at all."), TypeError, "described: figure=3 is an int; use a matplotlib Figure"),
    (lambda: plots.described(plots.subplots()[0], 3), TypeError, "described: sentence=3 is an int; use a string"),
    (lambda: plots.image([[1]], ax=3), TypeError, "image: ax=3 is an int; use a matplotlib Axes, or None"),
    (lambda: data.photograph("Sheep"), ValueError, "photograph: name='Sheep' is unknown; did you mean 'sheep'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), CASES, ids=[message[:50] for *_, message in CASES])
def test_what_is_said(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_cures_of_missing_axes_give_the_shared_convolution():
    """The one for the front ran, and computed another operation."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 2, 5, 5)), rng.normal(size=(3, 2, 3, 3))
    want = ops.conv2d(x, w)
    np.testing.assert_allclose(ops.tiled_conv2d(x, w[..., None, None]), want)
    np.testing.assert_allclose(ops.local_conv2d(x, np.broadcast_to(w[..., None, None], (3, 2, 3, 3, 3, 3))), want)


def test_values_that_round_to_just_above_one_are_white():
    white = np.nextafter(np.ones((1, 3, 2, 2), np.float32), 2)
    assert np.allclose(squeezenet.pixels(white), squeezenet.pixels(np.ones((1, 3, 2, 2))))
    assert squeezenet.pixels(np.ones((0, 3, 2, 2))).shape == (0, 3, 2, 2)
    assert mosaics.psnr([1.2, 1.0], [1.0, 1.0]) == pytest.approx(-10 * np.log10(0.02))  # an interpolation overshoots


@pytest.mark.parametrize("module", [torch.nn.Conv2d(1, 1, 3), torch.nn.Sequential(torch.nn.Conv2d(1, 1, 3))])
def test_touched_takes_what_receptive_field_takes(module):
    assert geometry.touched(module) == geometry.touched([Layer((3, 3))])


@pytest.mark.parametrize(
    "name",
    ["conv2d", "max_pool2d", "avg_pool2d", "unfold", "blur_pool2d", "tiled_conv2d", "local_conv2d", "deform_conv2d"],
)
def test_a_stride_beyond_every_number_leaves_one_window(name):
    """It moves nothing where there is one window, and so does a dilation where there is one tap."""
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    w = {"tiled_conv2d": KERNEL[..., None, None], "local_conv2d": KERNEL[..., None, None]}.get(name, KERNEL)
    given = [x, np.zeros((1, 18, 1, 1)), w] if name == "deform_conv2d" else [x, w] if "conv" in name else [x]
    options = {"kernel_size": 3} if len(given) == 1 else {}
    for function in (getattr(ops, name), getattr(ops, f"{name}_plain", None)):
        if function is not None:
            want = function(*given, stride=4, **options)
            for stride in (10**18, 10**30):
                np.testing.assert_array_equal(function(*given, stride=stride, **options), want)
    dy = np.ones_like(want)
    backward = getattr(ops, f"{name}_backward")
    for one, other in zip(
        *(
            np.atleast_1d(backward(dy, *given, stride=s, **options))
            if len(given) == 1
            else backward(dy, *given, stride=s, **options)
            for s in (4, 10**18)
        ),
        strict=True,
    ):
        assert one is other is None or np.array_equal(one, other)


def test_a_gap_beyond_every_number_leaves_one_tap():
    x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.full((1, 1, 1, 1), 2.0)
    np.testing.assert_array_equal(ops.conv2d(x, w, dilation=10**18), 2 * x)


def test_quiet_and_in_its_own_type():
    with np.errstate(all="raise"):
        assert conventions.half_away([np.inf, -np.inf, 0.5, -2.5]).tolist() == [np.inf, -np.inf, 1, -3]
    assert np.signbit(conventions.screen_angle(0)) == np.False_
    points = np.array([[0.5, 1], [2, 3]])
    for kind in (np.float32, np.float64):
        grid = conventions.grid_of(points.astype(kind), (5, 6))
        assert grid.dtype == kind and conventions.points_of(grid, (5, 6)).dtype == kind
    assert conventions.grid_of([[1, 2]], (5, 6)).dtype == np.float64


def test_terms_of_a_kernel_keep_its_type():
    kernel = np.random.default_rng(0).normal(size=(3, 5))
    for given, kept in (
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float32),
        (int, np.float64),
    ):
        terms = ops.separable_terms(kernel.astype(given))
        assert {array.dtype for array in (*terms[1:], terms.kernel())} == {np.dtype(kept)}
