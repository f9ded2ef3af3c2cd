"""Kernels: whether they are turned, in which order their axes come, and how far apart their taps are."""

import numpy as np

from cnnlib import arguments, geometry, ops
from cnnlib.conventions.pair import Example, Pair
from cnnlib.ops.arrays import as_array
from cnnlib.values import kind

TORCH_CONV = ("torch.nn.Conv2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html")


def flipped(kernel):
    """The kernel turned by 180 degrees: from correlation to convolution, and back.

    Parameters
    ----------
    kernel : array_like, (..., KH, KW)

    Returns
    -------
    ndarray, (..., KH, KW)

    Raises
    ------
    TypeError, ValueError
        If `kernel` has fewer than two axes.

    Examples
    --------
    >>> flipped([[1, 2, 3], [4, 5, 6]]).tolist()
    [[6, 5, 4], [3, 2, 1]]
    """
    kernel = as_array("flipped", "kernel", kernel)
    if kernel.ndim < 2:
        raise ValueError(f"flipped: kernel of shape {kernel.shape} has no rows and columns; use (..., KH, KW)")
    return kernel[..., ::-1, ::-1].copy()


def relaid(array, source, target):
    """An array with its axes in another order, by their letters; values stay with their axes.

    Parameters
    ----------
    array : array_like
    source, target : str
        The same letters in the order that the array has, and in the one wanted: ``"HWIO"`` to ``"OIHW"`` for Keras's
        kernel in torch, ``"NHWC"`` to ``"NCHW"`` for images, ``"HWOI"`` to ``"IOHW"`` for transposed kernels.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the two orders have other letters, or not one for each axis.

    Examples
    --------
    >>> relaid(np.zeros((3, 2, 8, 16)), "HWIO", "OIHW").shape
    (16, 8, 3, 2)
    """
    array = as_array("relaid", "array", array)
    for name, order in (("source", source), ("target", target)):
        if not isinstance(order, str):
            raise TypeError(f"relaid: {name}={order!r} is {kind(order)}; use letters, such as 'HWIO'")
    if sorted(source) != sorted(target) or len(set(source)) != len(source) or len(source) != array.ndim:
        raise ValueError(
            f"relaid: source={source!r} and target={target!r} do not order the {array.ndim} axes of shape "
            f"{array.shape}; use each letter once in both, such as 'HWIO' and 'OIHW'"
        )
    return array.transpose([source.index(letter) for letter in target]).copy()


def dilation_of(holes):
    """The dilation of a kernel with `holes` holes between neighbouring taps.

    Raises
    ------
    TypeError, ValueError
        If `holes` is no integer >= 0.

    Examples
    --------
    >>> dilation_of(0), dilation_of(3)
    (1, 4)
    """
    return arguments.integer("dilation_of", "holes", holes) + 1


def holes_of(dilation):
    """How many holes a dilation leaves between neighbouring taps.

    Raises
    ------
    TypeError, ValueError
        If `dilation` is no integer >= 1.

    Examples
    --------
    >>> holes_of(1), holes_of(4)
    (0, 3)
    """
    return arguments.integer("holes_of", "dilation", dilation, minimum=1) - 1


def with_holes(kernel, dilation):
    """The dense kernel that does what a dilated one does, its holes filled with zeros.

    Raises
    ------
    TypeError, ValueError
        If `dilation` is no integer >= 1 or pair of them, or `kernel` has fewer than two axes.

    Examples
    --------
    >>> with_holes([[1, 2], [3, 4]], 2).tolist()
    [[1, 0, 2], [0, 0, 0], [3, 0, 4]]
    """
    kernel, step = (
        as_array("with_holes", "kernel", kernel),
        arguments.pair("with_holes", "dilation", dilation, minimum=1),
    )
    if kernel.ndim < 2:
        raise ValueError(f"with_holes: kernel of shape {kernel.shape} has no rows and columns; use (..., KH, KW)")
    sides = geometry.span(kernel.shape[-2:], step)
    wide = np.zeros(kernel.shape[:-2] + sides, kernel.dtype)
    wide[..., :: step[0], :: step[1]] = kernel
    return wide


def grouped_kernel(kernel):
    """Keras's depthwise kernel (KH, KW, C, M) as torch's (C * M, 1, KH, KW), for ``groups=C``.

    Raises
    ------
    TypeError, ValueError
        If `kernel` has another shape.

    Examples
    --------
    >>> grouped_kernel(np.arange(6).reshape(1, 1, 3, 2)).ravel().tolist()  # channel by channel, then the multiplier
    [0, 1, 2, 3, 4, 5]
    """
    kernel = as_array("grouped_kernel", "kernel", kernel)
    if kernel.ndim != 4:
        raise ValueError(f"grouped_kernel: kernel of shape {kernel.shape} has no four axes; use (KH, KW, C, M)")
    rows, columns, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, rows, columns).copy()


def depthwise_kernel(kernel, channels):
    """torch's kernel (C * M, 1, KH, KW) of a layer with ``groups=C`` as Keras's (KH, KW, C, M).

    Raises
    ------
    TypeError, ValueError
        If `kernel` has another shape, or `channels` does not fit it.

    Examples
    --------
    >>> depthwise_kernel(np.zeros((6, 1, 5, 4)), 3).shape
    (5, 4, 3, 2)
    """
    kernel = as_array("depthwise_kernel", "kernel", kernel)
    channels = arguments.integer("depthwise_kernel", "channels", channels, 1)
    if kernel.ndim != 4 or kernel.shape[1] != 1 or kernel.shape[0] % channels:
        raise ValueError(
            f"depthwise_kernel: kernel of shape {kernel.shape} is none of channels={channels}; use (C * M, 1, KH, KW)"
        )
    return kernel.reshape(channels, -1, *kernel.shape[2:]).transpose(2, 3, 0, 1).copy()


X = np.arange(20.0).reshape(1, 1, 4, 5) ** 2 % 7


def _flip():
    w = np.array([[1.0, 2, 0], [3, 0, -1]])
    left = ops.conv2d(X, w[None, None], flip=True)
    says = "A 4 x 5 input with the kernel 1 2 0 / 3 0 -1: convolved with it, or correlated with it turned round"
    return Example(says, left, ops.conv2d(X, flipped(w)[None, None]))


def _layout():
    w = np.arange(12.0).reshape(2, 1, 2, 3)  # H, W, I, O
    x = np.concatenate([X, X[..., ::-1]], axis=1)
    left = np.zeros((1, 3, 3, 5))
    for i, c, o in np.ndindex(2, 2, 3):  # each weight by its own axes
        left[0, o] += w[i, 0, c, o] * x[0, c, i : i + 3]
    right = relaid(w, "HWIO", "OIHW")
    shapes = " and ".join(" x ".join(map(str, shape)) for shape in (w.shape, right.shape))
    return Example(f"The weights 0 to 11 as {shapes}, on the same input of two channels", left, ops.conv2d(x, right))


def _holes():
    w = np.array([[[[1.0, 2], [3, 4]]]])
    says = "The kernel 1 2 / 3 4 with one hole between its taps, as dilation 2 and as 3 x 3 weights with zeros"
    return Example(says, ops.conv2d(X, w, dilation=dilation_of(1)), ops.conv2d(X, with_holes(w, 2)))


def _depthwise():
    w = np.arange(1.0, 9).reshape(2, 1, 2, 2)  # H, W, C, M
    x = np.concatenate([X, X[..., ::-1]], axis=1)
    pairs = [(c, m) for c in (0, 1) for m in (0, 1)]
    left = np.concatenate([ops.conv2d(x[:, c : c + 1], w[None, None, :, :, c, m]) for c, m in pairs], axis=1)
    says = "Two channels, multiplier 2: output c·M + m from channel c alone, and torch with groups=2"
    return Example(says, left, ops.conv2d(x, grouped_kernel(w), groups=2))


def _transposed():
    w, x = np.arange(12.0).reshape(2, 2, 3, 1), X[:, :, :2, :2]  # H, W, O, I
    left = np.zeros((1, 3, 3, 3))
    for r, c in np.ndindex(2, 2):
        left[0, :, r : r + 2, c : c + 2] += x[0, 0, r, c] * w[..., 0].transpose(2, 0, 1)
    says = "A 2 x 2 input stamped with Keras's kernel (H, W, O, I), and torch's with (I, O, H, W)"
    return Example(says, left, ops.conv_transpose2d(x, relaid(w, "HWOI", "IOHW"))[0][None])


PAIRS = (
    Pair(
        "convolution-or-correlation", "Convolution or correlation",
        "the kernel is turned by 180 degrees first", "the kernel is used as it is written",
        "Turn the kernel by 180 degrees: reverse its rows and its columns.",
        _flip,
        "A symmetric kernel hides the difference, and a learned one does not care. It shows when a kernel is written "
        "by hand or taken from another library. Turning is not transposing.",
        {"mathematics, SciPy's and MATLAB's `convolve`, `conv2`": "turned",
         "torch, Keras, ONNX, cnnlib": "as written; `ops.conv2d(flip=True)` turns it"},
        (TORCH_CONV, ("scipy.signal.convolve2d",
                      "https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.convolve2d.html")),
        flipped, flipped,
    ),
    Pair(
        "dilation-or-holes", "Dilation, rate or holes",
        "d pixels from tap to tap; 1 is dense", "h holes between taps; 0 is dense",
        "d = h + 1. The kernel then spans d(k - 1) + 1 pixels.",
        _holes,
        "The span is not the receptive field of a network, and a 3 x 3 kernel at dilation 2 spans 5 x 5 pixels but "
        "reads nine of them.",
        {"torch, ONNX (`dilations`), Keras (`dilation_rate`), MATLAB (`DilationFactor`)": "1 is dense",
         "papers on holes (à trous)": "count the holes, d - 1"},
        (TORCH_CONV, ("F. Yu, V. Koltun, ICLR 2016", "https://arxiv.org/abs/1511.07122")),
        holes_of, dilation_of,
    ),
    Pair(
        "kernel-layout", "Layout of a kernel",
        "(H, W, in, out)", "(out, in, H, W)",
        "From Keras to torch `w.transpose(3, 2, 0, 1)`, back `w.transpose(2, 3, 1, 0)`: `relaid(w, 'HWIO', 'OIHW')`.",
        _layout,
        "`reshape` gives the right shape with wrong weights in it, and no error.",
        {"torch, ONNX, cnnlib": "OIHW", "Keras, TensorFlow": "HWIO", "TensorFlow Lite": "OHWI",
         "MATLAB": "H, W, in, out"},
        (TORCH_CONV, ("tf.nn.conv2d", "https://www.tensorflow.org/api_docs/python/tf/nn/conv2d"),
         ("ONNX Conv", "https://onnx.ai/onnx/operators/onnx__Conv.html"), ("TensorFlow Lite, remembered", "")),
        lambda w: relaid(w, "HWIO", "OIHW"), lambda w: relaid(w, "OIHW", "HWIO"),
    ),
    Pair(
        "depth-multiplier", "Depth multiplier or groups",
        "a kernel (H, W, C, M), each channel with M filters", "a kernel (C·M, 1, H, W) with `groups=C`",
        "`w.transpose(2, 3, 0, 1).reshape(C * M, 1, H, W)`: output c·M + m reads channel c.",
        _depthwise,
        "The order is C·M: all filters of the first channel first. M·C has the same shape and mixes the channels up.",
        {"Keras (`DepthwiseConv2D`), TensorFlow": "multiplier", "torch, ONNX, cnnlib": "groups"},
        (("tf.nn.depthwise_conv2d", "https://www.tensorflow.org/api_docs/python/tf/nn/depthwise_conv2d"), TORCH_CONV),
        grouped_kernel, depthwise_kernel,
    ),
    Pair(
        "transposed-kernel", "Kernel of a transposed convolution",
        "(H, W, out, in)", "(in, out, H, W)",
        "`relaid(w, 'HWOI', 'IOHW')`, which is `w.transpose(3, 2, 0, 1)`.",
        _transposed,
        "In both it is the kernel of the forward convolution whose adjoint the layer is, so `in` and `out` stand where "
        "`out` and `in` stand in that layer. It is not turned round.",
        {"Keras, TensorFlow": "HWOI", "torch, ONNX, cnnlib": "IOHW"},
        (("Keras Conv2DTranspose", "https://keras.io/api/layers/convolution_layers/convolution2d_transpose/"),
         ("ONNX ConvTranspose", "https://onnx.ai/onnx/operators/onnx__ConvTranspose.html")),
        lambda w: relaid(w, "HWOI", "IOHW"), lambda w: relaid(w, "IOHW", "HWOI"),
    ),
)  # fmt: skip
