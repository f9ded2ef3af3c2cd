"""Images in memory: where the channels stand, in which order colours, patches and sub-pixels come."""

import numpy as np

from cnnlib import arguments, ops, squeezenet
from cnnlib.conventions.kernels import relaid
from cnnlib.conventions.pair import Example, Pair
from cnnlib.ops.arrays import as_array
from cnnlib.reals import reals, up_to_one


def dense_weights(weights, shape, *, back=False):
    """The weights of a dense layer behind a flattened image, for the other layout of that image.

    Parameters
    ----------
    weights : array_like, (outputs, C * H * W)
        For an image that was flattened channels last, (H, W, C).
    shape : (C, H, W)
    back : bool
        True for the other direction.

    Returns
    -------
    ndarray, (outputs, C * H * W)
        The same weights for an image that was flattened channels first.

    Raises
    ------
    TypeError, ValueError
        If `shape` is no triple of integers, or does not fit the weights.

    Examples
    --------
    >>> dense_weights([[0, 1, 2, 3]], (2, 1, 2)).tolist()
    [[0, 2, 1, 3]]
    """
    weights = as_array("dense_weights", "weights", weights)
    if not isinstance(shape, list | tuple) or len(shape) != 3:
        raise TypeError(f"dense_weights: shape={shape!r} is no triple; use (C, H, W)")
    channels, height, width = arguments.integers("dense_weights", "shape", shape, 1)
    back = arguments.flag("dense_weights", "back", back)
    if weights.ndim != 2 or weights.shape[1] != channels * height * width:
        raise ValueError(f"dense_weights: weights of shape {weights.shape} do not read shape={tuple(shape)}; use C*H*W")
    axes = (channels, height, width) if back else (height, width, channels)
    order = (0, 2, 3, 1) if back else (0, 3, 1, 2)
    return weights.reshape(-1, *axes).transpose(order).reshape(weights.shape).copy()


def caffe_pixels(images):
    """Red, green and blue from 0 to 1 as Caffe's networks read them: BGR from 0 to 255, less the means.

    Raises
    ------
    TypeError, ValueError
        If `images` hold no real numbers or levels up to 255, or have another shape.

    Examples
    --------
    >>> caffe_pixels(np.ones((1, 3, 1, 1))).ravel().round(3).tolist()
    [151.061, 138.221, 131.32]
    """
    images = _colour("caffe_pixels", images)
    up_to_one("caffe_pixels", "images", images.max(initial=0))
    return 255 * images[:, ::-1] - _MEANS


def rgb_pixels(images):
    """What Caffe's networks read as red, green and blue from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If `images` hold no real numbers, or have another shape.

    Examples
    --------
    >>> rgb_pixels(caffe_pixels(np.full((1, 3, 1, 1), 0.25))).ravel().round(12).tolist()
    [0.25, 0.25, 0.25]
    """
    return (_colour("rgb_pixels", images) + _MEANS)[:, ::-1] / 255


def _colour(function, images):
    images = reals(function, "images", images)
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"{function}: images of shape {images.shape} have no three colours; use (N, 3, H, W)")
    return images


def pixel_shuffle_channels(x, factor):
    """Channels in TensorFlow's order for ``depth_to_space``, (i·r + j)·C + c, as torch's ``pixel_shuffle`` takes them.

    Raises
    ------
    TypeError, ValueError
        If `x` has another shape, or `factor` does not fit its channels.

    Examples
    --------
    >>> pixel_shuffle_channels(np.arange(8).reshape(1, 8, 1, 1), 2).ravel().tolist()
    [0, 2, 4, 6, 1, 3, 5, 7]
    """
    return _channels("pixel_shuffle_channels", x, factor, first=True)


def depth_to_space_channels(x, factor):
    """Channels in torch's order for ``pixel_shuffle``, c·r² + i·r + j, as TensorFlow's ``depth_to_space`` takes them.

    Raises
    ------
    TypeError, ValueError
        If `x` has another shape, or `factor` does not fit its channels.

    Examples
    --------
    >>> depth_to_space_channels(pixel_shuffle_channels(np.arange(8).reshape(1, 8, 1, 1), 2), 2).ravel().tolist()
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    return _channels("depth_to_space_channels", x, factor, first=False)


def _channels(function, x, factor, first):
    x, factor = as_array(function, "x", x), arguments.integer(function, "factor", factor, 1)
    if x.ndim != 4 or x.shape[1] % factor**2:
        raise ValueError(f"{function}: x of shape {x.shape} has no C * {factor**2} channels; use (N, C * r * r, H, W)")
    few = x.shape[1] // factor**2
    parts = (factor**2, few) if first else (few, factor**2)
    return x.reshape(len(x), *parts, *x.shape[2:]).swapaxes(1, 2).reshape(x.shape).copy()


def taps_first(columns, channels):
    """Rows of torch's ``unfold``, (C * K, L) channel by channel, as many im2col have them: tap by tap, (K * C, L).

    Raises
    ------
    TypeError, ValueError
        If `columns` has another shape, or `channels` does not fit its rows.

    Examples
    --------
    >>> taps_first(np.arange(6)[:, None], 2).ravel().tolist()
    [0, 3, 1, 4, 2, 5]
    """
    return _rows("taps_first", columns, channels, channels)


def channels_first(columns, channels):
    """Rows (K * C, L) tap by tap as torch's ``unfold`` has them, (C * K, L).

    Raises
    ------
    TypeError, ValueError
        If `columns` has another shape, or `channels` does not fit its rows.

    Examples
    --------
    >>> channels_first(taps_first(np.arange(6)[:, None], 2), 2).ravel().tolist()
    [0, 1, 2, 3, 4, 5]
    """
    return _rows("channels_first", columns, channels, None)


def _rows(function, columns, channels, outer):
    columns = as_array(function, "columns", columns)
    channels = arguments.integer(function, "channels", channels, 1)
    if columns.ndim != 2 or len(columns) % channels:
        raise ValueError(
            f"{function}: columns of shape {columns.shape} do not hold channels={channels}; use (C * K, L)"
        )
    split = (channels, -1) if outer else (-1, channels)
    return columns.reshape(*split, columns.shape[1]).swapaxes(0, 1).reshape(columns.shape).copy()


_MEANS = np.array(squeezenet.MEANS)[:, None, None]  # of blue, green and red
X = np.arange(24.0).reshape(1, 2, 3, 4)


def _flattened():
    last = relaid(X, "NCHW", "NHWC")
    w = np.arange(48.0).reshape(2, 24) % 5
    says = "2 x 3 x 4 values flattened channels last, and channels first with the dense weights permuted"
    return Example(says, last.reshape(1, 24) @ w.T, X.reshape(1, 24) @ dense_weights(w, (2, 3, 4)).T)


def _colours():
    orange = np.array([1.0, 0.5, 0.25])[None, :, None, None]
    shown = ", ".join(f"{v:.2f}" for v in caffe_pixels(orange).ravel())
    says = f"Red 1, green 0.5, blue 0.25, as Caffe's networks read it: {shown}"
    return Example(says, caffe_pixels(orange).astype("float32"), squeezenet.pixels(orange))


def _shuffled():
    x, y = np.arange(8.0).reshape(1, 8, 1, 1), np.zeros((1, 2, 2, 2))
    for i, j, c in np.ndindex(2, 2, 2):
        y[0, c, i, j] = x[0, (i * 2 + j) * 2 + c, 0, 0]
    torch = pixel_shuffle_channels(x, 2).reshape(1, 2, 2, 2, 1, 1).transpose(0, 1, 4, 2, 5, 3).reshape(1, 2, 2, 2)
    says = "Channels 0 to 7 to two channels of 2 x 2: TensorFlow puts 0, 2, 4, 6 into the first, and so does torch then"
    return Example(says, y, torch)


def _unfolded():
    left = taps_first(ops.unfold(X, (2, 2))[0], 2)
    right = [[X[0, c, r + i, q + j] for r in (0, 1) for q in (0, 1, 2)] for i in (0, 1) for j in (0, 1) for c in (0, 1)]
    return Example(
        "Two channels, 2 x 2 patches: torch's eight rows put tap by tap, and gathered tap by tap", left, right
    )


PAIRS = (
    Pair(
        "image-layout", "Layout of an image",
        "channels last, (N, H, W, C)", "channels first, (N, C, H, W)",
        "`x.transpose(0, 3, 1, 2)` and back `x.transpose(0, 2, 3, 1)`. Permute dense weights behind a flatten as well.",
        _flattened,
        "A converted network that is right up to its last layers has forgotten the dense weights. `reshape` in "
        "place of `transpose` raises no error.",
        {"torch, ONNX, cnnlib": "channels first", "Keras, TensorFlow": "channels last", "MATLAB": "H, W, C, N"},
        (("torch.nn.Conv2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"),
         ("tf.nn.conv2d", "https://www.tensorflow.org/api_docs/python/tf/nn/conv2d")),
        lambda x: relaid(x, "NHWC", "NCHW"), lambda x: relaid(x, "NCHW", "NHWC"),
    ),
    Pair(
        "rgb-or-bgr", "Colours",
        "RGB from 0 to 1", "BGR from 0 to 255, less the means of a data set",
        "Reverse the channels, times 255, minus (103.939, 116.779, 123.68).",
        _colours,
        "Nothing fails: the network only gets worse. Look up which of them a set of weights expects.",
        {"torchvision, PIL, Matplotlib": "RGB", "Caffe, OpenCV": "BGR", "SqueezeNet in this book": "BGR, 0 to 255"},
        (("Caffe, ImageNet classification with Python",
          "https://github.com/BVLC/caffe/blob/master/examples/00-classification.ipynb"),
         ("cnnlib.squeezenet.pixels", "")),
        caffe_pixels, rgb_pixels,
    ),
    Pair(
        "sub-pixel", "Channels that become pixels",
        "`depth_to_space`: channel (i·r + j)·C + c", "`pixel_shuffle`: channel c·r² + i·r + j",
        "Permute the channels before: `pixel_shuffle_channels(x, r)`; or the filters that make them.",
        _shuffled,
        "With one output channel the two agree.",
        {"TensorFlow, ONNX `DepthToSpace` DCR": "depth_to_space", "torch, ONNX CRD": "pixel_shuffle"},
        (("ONNX DepthToSpace", "https://onnx.ai/onnx/operators/onnx__DepthToSpace.html"),
         ("tf.nn.depth_to_space", "https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space")),
        pixel_shuffle_channels, depth_to_space_channels,
    ),
    Pair(
        "unfold-order", "Rows of a patch matrix",
        "channel by channel, c·K + k", "tap by tap, k·C + c",
        "Split the rows into (C, K), exchange the two, join them: `taps_first(columns, C)`.",
        _unfolded,
        "The kernel has to be flattened in the same order: (out, C·K) from OIHW, (K·C, out) from HWIO.",
        {"torch `unfold`, Caffe im2col, cnnlib": "channel by channel", "TensorFlow `extract_patches`": "tap by tap"},
        (("torch.nn.Unfold", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html"),
         ("tf.image.extract_patches", "https://www.tensorflow.org/api_docs/python/tf/image/extract_patches")),
        taps_first, channels_first,
    ),
)  # fmt: skip
