"""Padding and sizes: in which order the sides come, who decides how many pixels, and how a half window is rounded."""

import math

import numpy as np

from cnnlib import arguments, geometry, ops
from cnnlib.conventions.pair import Example, Pair
from cnnlib.values import choice

#: Where (top, bottom, left, right) stand in each notation.
ORDERS = {"cnnlib": (0, 1, 2, 3), "torch": (2, 3, 0, 1), "onnx": (0, 2, 1, 3), "keras": ((0, 1), (2, 3))}


def padding_to(notation, padding):
    """Padding as another notation writes it.

    Parameters
    ----------
    notation : {"cnnlib", "torch", "onnx", "keras"}
        `torch.nn.functional.pad` takes (left, right, top, bottom), the last axis first; ONNX [top, left, bottom,
        right]; Keras and NumPy ((top, bottom), (left, right)).
    padding : int, (height, width) or (top, bottom, left, right)

    Returns
    -------
    tuple

    Raises
    ------
    TypeError, ValueError
        If there is no such notation, or `padding` is none.

    Examples
    --------
    >>> padding_to("torch", (1, 2, 0, 3)), padding_to("onnx", (1, 2, 0, 3)), padding_to("keras", (1, 2, 0, 3))
    ((0, 3, 1, 2), (1, 0, 2, 3), ((1, 2), (0, 3)))
    """
    choice("padding_to", "notation", notation, tuple(ORDERS))
    sides = arguments.padding4("padding_to", padding)
    return tuple(tuple(sides[k] for k in at) if isinstance(at, tuple) else sides[at] for at in ORDERS[notation])


def padding_from(notation, padding):
    """Padding in some notation as (top, bottom, left, right).

    Raises
    ------
    TypeError, ValueError
        If there is no such notation, or the numbers are none of a padding.

    Examples
    --------
    >>> padding_from("torch", (0, 3, 1, 2)), padding_from("onnx", [1, 0, 2, 3])
    ((1, 2, 0, 3), (1, 2, 0, 3))
    """
    choice("padding_from", "notation", notation, tuple(ORDERS))
    parts = tuple(padding) if isinstance(padding, list | tuple) else (padding,)
    given = tuple(side for part in parts for side in (part if isinstance(part, list | tuple) else (part,)))
    if len(given) != 4:
        raise ValueError(f"padding_from: padding={padding!r} has {len(given)} values; use one for each of four sides")
    given = arguments.padding4("padding_from", given, "padding")
    order = np.ravel(ORDERS[notation]).tolist()
    return tuple(given[order.index(k)] for k in range(4))


def same_sides(rule, size, kernel_size, *, stride=1, dilation=1):
    """What "same" pads: (top, bottom, left, right), under the rule of a library.

    Parameters
    ----------
    rule : {"keras", "onnx lower", "torch", "scipy", "matlab"}
        Keras, TensorFlow and ONNX's SAME_UPPER give ceil(size / stride) outputs and put an odd pixel at the end;
        SAME_LOWER at the beginning; torch takes stride 1 only; SciPy's and MATLAB's `same` is the middle of the full
        convolution, and they disagree on the middle of an even kernel.
    size, kernel_size, stride, dilation : int or (height, width)

    Returns
    -------
    tuple of int

    Raises
    ------
    TypeError, ValueError
        If there is no such rule, an argument is no integer >= 1, or torch is to stride.

    Examples
    --------
    >>> same_sides("keras", 224, 11, stride=4), same_sides("scipy", 5, 4), same_sides("matlab", 5, 4)
    ((3, 4, 3, 4), (2, 1, 2, 1), (1, 2, 1, 2))
    """
    choice("same_sides", "rule", rule, ("keras", "onnx lower", "torch", "scipy", "matlab"))
    named = {"size": size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    sizes, taps, strides, gaps = (arguments.pair("same_sides", *item, minimum=1) for item in named.items())
    if rule == "torch" and strides != (1, 1):
        raise ValueError(f"same_sides: torch has no padding='same' for stride={stride}; use stride=1, or numbers")
    if rule in ("scipy", "matlab"):
        spans = geometry.span(taps, gaps)
        sides = [(k // 2, (k - 1) // 2) for k in spans]
        return tuple(n for pair in sides for n in (pair if rule == "scipy" else pair[::-1]))
    sides = geometry.same_padding(sizes, taps, stride=strides, dilation=gaps)
    return tuple(np.ravel([sides[1::-1], sides[:1:-1]]).tolist()) if rule == "onnx lower" else sides


def output_sizes(size, kernel_size, *, stride=1, padding=0):
    """How many windows fit when a half one is dropped, kept, or kept if it begins inside.

    Raises
    ------
    TypeError, ValueError
        If an argument is no integer or out of range.

    Examples
    --------
    >>> output_sizes(225, 11, stride=4)
    {'floor': 54, 'ceil': 55, 'torch': 55}
    >>> output_sizes(4, 2, stride=3, padding=1)
    {'floor': 2, 'ceil': 3, 'torch': 2}
    """
    size = arguments.integer("output_sizes", "size", size, 1)
    kernel_size = arguments.integer("output_sizes", "kernel_size", kernel_size, 1)
    stride = arguments.integer("output_sizes", "stride", stride, 1)
    padding = arguments.integer("output_sizes", "padding", padding)
    room = size + 2 * padding - kernel_size
    return {
        "floor": geometry.pool_output_size(size, kernel_size, stride=stride, padding=padding),
        "ceil": math.ceil(room / stride) + 1,
        "torch": geometry.pool_output_size(size, kernel_size, stride=stride, padding=padding, ceil_mode=True),
    }


def border_of_cut(cut, kernel_size, *, dilation=1):
    """The zeros around a stretched input that leave what cutting ``cut`` pixels off the output leaves, and back.

    Raises
    ------
    TypeError, ValueError
        If an argument is no integer or out of range.

    Examples
    --------
    >>> border_of_cut(1, 4), border_of_cut(2, 4)
    (2, 1)
    """
    kernel_size = arguments.integer("border_of_cut", "kernel_size", kernel_size, 1)
    dilation = arguments.integer("border_of_cut", "dilation", dilation, 1)
    return geometry.span(kernel_size, dilation) - 1 - arguments.integer("border_of_cut", "cut", cut)


def output_padding_for(output_size, size, kernel_size, *, stride=1, padding=0, dilation=1):
    """The output padding with which a transposed convolution gives an output of that size.

    Raises
    ------
    ValueError
        If no output padding below the stride or the dilation does.

    Examples
    --------
    >>> output_padding_for(224, 112, 3, stride=2, padding=1)
    1
    """
    given = {"output_size": output_size, "size": size, "kernel_size": kernel_size, "stride": stride}
    given |= {"padding": padding, "dilation": dilation}
    given = {
        name: arguments.integer("output_padding_for", name, value, name != "padding") for name, value in given.items()
    }
    output_size, stride, dilation = given.pop("output_size"), given["stride"], given["dilation"]
    least = geometry.conv_transpose_output_size(**given)
    extra = output_size - least
    if not 0 <= extra < max(stride, dilation):
        raise ValueError(
            f"output_padding_for: output_size={output_size} can't be reached from size={size}, kernel_size="
            f"{kernel_size}, stride={stride}, padding={padding}, dilation={dilation}; use {least} to "
            f"{least + max(stride, dilation) - 1}"
        )
    return extra


X, W = np.arange(20.0).reshape(1, 1, 4, 5), np.array([[[[1.0, 2, 0], [0, 3, 1]]]])


def _order():
    padding = (1, 2, 0, 3)
    pads = dict(zip(("top", "left", "bottom", "right"), padding_to("onnx", padding), strict=True))
    frame = np.pad(X[0, 0], ((pads["top"], pads["bottom"]), (pads["left"], pads["right"])))[None, None]
    says = f"(top, bottom, left, right) = {padding}, which ONNX writes {list(pads.values())}"
    return Example(says, ops.conv2d(X, W, padding=padding), ops.conv2d(frame, W))


def _same():
    sides = same_sides("keras", (224, 224), 11, stride=4)
    total = (math.ceil(224 / 4) - 1) * 4 + 11 - 224
    says = f"11 x 11 at stride 4 on 224 pixels needs {total} more pixels: {sides[0]} before and {sides[1]} after"
    return Example(says, sides[:2], (total // 2, total - total // 2))


def _rounding():
    sizes = output_sizes(4, 2, stride=3, padding=1)
    starts = [start for start in range(-1, 5, 3) if start < 4]  # of windows that touch the picture
    says = "2 wide at stride 3 on 4 pixels, padding 1: " + ", ".join(f"{name} {n}" for name, n in sizes.items())
    return Example(says, sizes["torch"], len(starts))


def _cut():
    x, w = X[..., :2, :3], np.arange(16.0).reshape(1, 1, 4, 4)
    stretched = np.zeros((1, 1, 3, 5))
    stretched[..., ::2, ::2] = x
    border = border_of_cut(1, 4)
    says = f"4 x 4 at stride 2: 1 pixel cut off each side of the output, or {border} zeros around the stretched input"
    right = ops.conv2d(stretched, w, padding=border, flip=True)
    return Example(says, ops.conv_transpose2d(x, w, stride=2, padding=1), right)


def _extra():
    extra = output_padding_for(8, 4, 3, stride=2, padding=1)
    x, w = X[..., :1, :4], np.array([[[[1.0, 2, 3]]]])
    uncut = ops.conv_transpose2d(x, w, stride=2)
    says = f"4 pixels to 8 by a kernel of 3 at stride 2, padding 1: output_padding {extra}"
    y = ops.conv_transpose2d(x, w, stride=2, padding=(0, 1), output_padding=(0, extra))
    return Example(says, y, uncut[..., 1:9])


TF_PADDING = ("tf.nn, notes on padding", "https://www.tensorflow.org/api_docs/python/tf/nn")
ONNX_CONV = ("ONNX Conv", "https://onnx.ai/onnx/operators/onnx__Conv.html")
ONNX_TRANSPOSE = ("ONNX ConvTranspose", "https://onnx.ai/onnx/operators/onnx__ConvTranspose.html")
TORCH7 = ("Torch7, SpatialFullConvolution", "https://github.com/torch/nn/blob/master/SpatialFullConvolution.lua")
MATLAB = "https://www.mathworks.com/help/deeplearning/ref/"
MATLAB_TRANSPOSED = ("MATLAB transposedConv2dLayer", MATLAB + "transposedconv2dlayer.html")
GUIDE = ("V. Dumoulin, F. Visin, relationships 8 to 14", "https://arxiv.org/abs/1603.07285")

PAIRS = (
    Pair(
        "padding-order", "Order of the padding",
        "(top, bottom, left, right)", "(left, right, top, bottom), or [top, left, bottom, right]",
        "Name the sides and put them in order: `padding_to('torch', (1, 2, 0, 3))` is (0, 3, 1, 2), for ONNX it is "
        "[1, 0, 2, 3].",
        _order,
        "With equal sides every order is right. Test with four different values.",
        {"cnnlib": "top, bottom, left, right", "`torch.nn.functional.pad`": "left, right, top, bottom: last axis first",
         "torch modules": "(height, width), both sides alike", "ONNX": "all beginnings, then all ends",
         "Keras, NumPy": "((top, bottom), (left, right))", "MATLAB": "[top bottom left right]"},
        (("torch.nn.functional.pad",
          "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html"), ONNX_CONV,
         ("MATLAB convolution2dLayer", MATLAB + "convolution2dlayer.html")),
        padding_to, padding_from,
    ),
    Pair(
        "same-padding", "Padding by name or by numbers",
        "`SAME`: as many pixels as ceil(n / s) outputs need", "the numbers themselves",
        "total = max((ceil(n/s) - 1)·s + d(k - 1) + 1 - n, 0); half of it before, rounded down, the rest after.",
        _same,
        "At stride 2, `padding=k // 2` gives the same size and other values: on an even size SAME begins one "
        "pixel later. SciPy puts the odd pixel of an even kernel first, Keras last.",
        {"Keras, TensorFlow, ONNX `SAME_UPPER`, cnnlib `same_padding`": "odd pixel at the end",
         "ONNX `SAME_LOWER`": "at the beginning", "torch": "`'same'` at stride 1 only, odd pixel at the end",
         "SciPy `same`": "at the beginning", "MATLAB, Octave `same`": "at the end"},
        (TF_PADDING, ONNX_CONV,
         ("scipy.signal.convolve2d", "https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.convolve2d.html"),
         ("Octave conv.m, `idx = ceil((ly - la) / 2)`", "https://docs.octave.org/latest/Signal-Processing.html")),
        same_sides, None,
    ),
    Pair(
        "floor-or-ceil", "Half windows",
        "floor: dropped", "ceil: kept, if they begin inside",
        "floor((n + 2p - k)/s) + 1 or ceil(...) + 1; torch then drops a last window that begins in the padding.",
        _rounding,
        "Plain ceil and torch's `ceil_mode` differ: a layer with the right formula on paper has one output too many.",
        {"torch, ONNX, Keras `valid`": "floor, `ceil_mode` on request", "Caffe": "floor for convolution, ceil for "
         "pooling, clipped as in torch", "Keras `same`": "ceil(n / s)"},
        (("torch.nn.MaxPool2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html"),
         ("Caffe, pooling_layer.cpp", "https://github.com/BVLC/caffe/blob/master/src/caffe/layers/pooling_layer.cpp")),
        output_sizes, None,
    ),
    Pair(
        "transposed-padding", "Padding of a transposed convolution",
        "p pixels are cut off the output", "d(k - 1) - p zeros are put around the stretched input",
        "border = d(k - 1) - p, in both directions of the calculation.",
        _cut,
        "More padding makes the output smaller. Drawings that show zeros around the input show d(k - 1) - p.",
        {"torch, ONNX (`pads`), cnnlib": "cut off the output", "MATLAB (`Cropping`)": "cut off, and named so",
         "Dumoulin and Visin's drawings": "zeros around the stretched input"},
        (GUIDE, ONNX_TRANSPOSE, MATLAB_TRANSPOSED),
        border_of_cut, border_of_cut,
    ),
    Pair(
        "output-padding", "Which size a transposed convolution gives",
        "`output_padding`: extra pixels at the end", "`output_shape`: the size itself",
        "output_padding = output_shape - ((n - 1)s - 2p + d(k - 1) + 1), which must be below s or d.",
        _extra,
        "It adds computed pixels, not zeros, as far as the kernels reach. Keras's `same` with kernel 3 and stride 2 "
        "cuts 0 before and 1 after; torch's padding 1 with output_padding 1 has the same size, shifted by one.",
        {"torch, Keras, ONNX, cnnlib": "output_padding", "ONNX, TensorFlow": "output_shape too", "Torch7": "`adj`"},
        (("torch.nn.ConvTranspose2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html"),
         ONNX_TRANSPOSE, TORCH7),
        geometry.conv_transpose_output_size, output_padding_for,
    ),
)  # fmt: skip
