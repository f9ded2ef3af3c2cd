"""SqueezeNet 1.1 in NumPy: one whole network with trained weights, and the one crop that all chapters feed it.

`cnnlib.squeezenet_gradient` differentiates it, `cnnlib.layers.SqueezeNet` is the same in torch, and
`cnnlib.networks.squeezenet` is its table.
"""

import numpy as np

from . import ops
from .arguments import integer, integers
from .data import area_resize, squeezenet_int8, squeezenet_weights
from .quantisation import dequantise
from .reals import reals, up_to_one
from .values import choice, entries, kind

__all__ = ["MEANS", "SIDE", "STAGES", "centre_square", "int8_weights", "maps", "pixels", "responses", "scores"]

STAGES = ("conv1", *(f"fire{number}" for number in range(2, 10)), "conv10")
POOLED = ("fire2", "fire4", "fire6")  # the stages that a max pooling of 3 x 3 with stride 2 comes before
FIRES = [row for stage in STAGES[1:-1] for row in (f"{stage}_squeeze", stage)]
PARTS = ("squeeze1x1", "expand1x1", "expand3x3")  # of each of the fires
LAYERS = ("conv1", *(f"{stage}/{part}" for stage in STAGES[1:-1] for part in PARTS), "conv10")
ROWS = ("conv1", "pool1", *FIRES[:4], "pool2", *FIRES[4:8], "pool3", *FIRES[8:], "conv10")
MEANS = (103.939, 116.779, 123.68)  # of blue, green and red in 0 to 255
SIDE = 227


def centre_square(photograph, side=SIDE):
    """The largest square in the middle of a photograph, shrunk to the network's input.

    SqueezeNet's prediction depends on the crop, so every chapter takes this one.

    Parameters
    ----------
    photograph : array (height, width) or (height, width, channels)
        As `cnnlib.data.photograph` gives it, values from 0 to 1.
    side : int
        Pixels of a side, >= 1. A photograph that has fewer keeps its own: nothing is enlarged.

    Returns
    -------
    array (side, side) or (side, side, channels)
        In float64.

    Raises
    ------
    TypeError, ValueError
        If `side` is no integer >= 1, or the photograph is no array of two or three axes of finite numbers.

    Examples
    --------
    >>> from cnnlib import data
    >>> centre_square(data.photograph("sheep")).shape
    (227, 227, 3)
    """
    side = integer("centre_square", "side", side, 1)
    image = reals("centre_square", "photograph", photograph, finite=True)
    if image.ndim not in (2, 3) or 0 in image.shape:
        raise ValueError(
            f"centre_square: photograph of shape {image.shape}; use (height, width) or (height, width, channels)"
        )
    length = min(image.shape[:2])
    top, left = ((extent - length) // 2 for extent in image.shape[:2])
    return area_resize(image[top : top + length, left : left + length], [min(length, side)] * 2)


def pixels(images):
    """What the first layer reads: blue, green and red from 0 to 255, less their means over ImageNet.

    Parameters
    ----------
    images : array (N, 3, height, width)
        Red, green and blue from 0 to 1.

    Returns
    -------
    array (N, 3, height, width) of float32

    Raises
    ------
    TypeError, ValueError
        If the images hold anything but real numbers, levels up to 255, or are of another shape.

    Examples
    --------
    >>> pixels(np.ones((1, 3, 1, 1))).ravel()
    array([151.061, 138.221, 131.32 ], dtype=float32)
    """
    return _read("pixels", images)


def _read(function, images):
    """`pixels`, in the name of the function that the reader called."""
    images = reals(function, "images", images)
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"{function}: images of shape {images.shape}; use (N, 3, height, width), RGB from 0 to 1")
    up_to_one(function, "images", images.max(initial=0))
    return (255 * images[:, ::-1] - np.array(MEANS)[:, None, None]).astype(np.float32)


def responses(images, stop="conv10", *, weights=None, dilated=0):
    """The responses of one stage, before its ReLU.

    Parameters
    ----------
    images : array (N, 3, height, width)
        Red, green and blue from 0 to 1; 227 x 227 in training, other sizes run as well.
    stop : str
        One of `STAGES`.
    weights : dict, optional
        Instead of the trained ones: arrays under the names of `cnnlib.data.squeezenet_weights`.
    dilated : {0, 1, 2}
        How many of the last poolings keep stride 1; the 3 x 3 kernels after them are dilated instead. Every response
        of the strided network is found again, at every second or fourth position, with new ones between.

    Returns
    -------
    array (N, channels, height, width) of float32

    Raises
    ------
    TypeError, ValueError
        If `stop` is no stage, `dilated` is above 2, the images are of another shape, too small or go beyond 1, or
        weights are missing.

    References
    ----------
    Iandola et al., *SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5 MB model size*, 2016, and
    the authors' own release of version 1.1. Yu and Koltun, *Multi-Scale Context Aggregation by Dilated Convolutions*,
    ICLR 2016, section 4, for the dilated form.

    Examples
    --------
    >>> photograph = np.random.default_rng(0).random((1, 3, 99, 131))
    >>> [responses(photograph, "fire6", dilated=dilated).shape for dilated in (0, 1, 2)]
    [(1, 384, 6, 8), (1, 384, 11, 15), (1, 384, 21, 29)]
    """
    return _responses("responses", images, choice("responses", "stop", stop, STAGES), weights, dilated)


def _responses(function, images, stop, weights, dilated):
    if integer(function, "dilated", dilated) > 2:
        raise ValueError(f"{function}: dilated={dilated} of the three poolings; use 0, 1 or 2")
    images, weights = _read(function, images), _weights(function, weights)
    return next(x for name, x in _run(images, weights, dilated) if name == stop)


def maps(images, *, weights=None, removed=None):
    """What every layer hands to the next: the responses after the ReLU, and those of the poolings.

    Parameters
    ----------
    images : array (N, 3, height, width)
        Red, green and blue from 0 to 1.
    weights : dict, optional
        Instead of the trained ones, as in `responses`.
    removed : (str, int, int), optional
        One of `STAGES` and the channels of it, from the first up to but without the last, that are set to zero before
        anything reads them.

    Returns
    -------
    dict
        ``conv1``, ``pool1``, ``fire2_squeeze``, ``fire2`` and so on to ``conv10``: (N, channels, height, width) of
        float32. The scores are the means of the last over its positions.

    Raises
    ------
    TypeError, ValueError
        If the images are of another shape, too small or go beyond 1, weights are missing, or there is no such stage
        or channel.

    Examples
    --------
    >>> found = maps(np.zeros((1, 3, 227, 227)), removed=("fire2", 0, 64))
    >>> found["fire2"].shape, found["fire2"][:, :64].max(), round(float(found["fire2"].max()))
    ((1, 128, 56, 56), np.float32(0.0), 410)
    """
    name, first, last = (None, 0, 0) if removed is None else _removed(removed)
    found, images, weights = {}, _read("maps", images), _weights("maps", weights)
    if name is not None:
        parts = [part for part in LAYERS if part == name or part.startswith(f"{name}/expand")]
        channels = sum(len(weights[f"{part}/b"]) for part in parts)
        if not first < last <= channels:
            raise ValueError(
                f"maps: removed={removed!r} is outside the {channels} channels of {name}; "
                f"use 0 <= first < last <= {channels}"
            )
    for row, x in _run(images, weights, 0, (name, slice(first, last))):
        found[row] = x if row.startswith("pool") else ops.relu(x)
    return found


def _removed(removed):
    """The stage and the range of channels, of the right kinds."""
    meaning = "(stage, first, last), as ('fire2', 0, 64)"
    if not isinstance(removed, tuple | list):
        raise TypeError(f"maps: removed={removed!r} is {kind(removed)}; use {meaning}")
    if len(removed) != 3:
        raise ValueError(f"maps: removed={removed!r} has {len(removed)} entries; use {meaning}")
    choice("maps", "removed", removed[0], STAGES)
    try:
        return removed[0], *integers("maps", "removed", removed[1:])
    except (TypeError, ValueError) as error:
        words = str(error).partition(" holds ")[2].partition(";")[0]
        raise type(error)(f"maps: removed={removed!r} holds {words}; use {meaning}") from None


def _weights(function, weights):
    """The trained ones, or those that were given, if none is missing."""
    if weights is None:
        return squeezenet_weights()
    names = [f"{layer}/{part}" for layer in LAYERS for part in "wb"]
    return entries(function, "weights", weights, names, "arrays under the names of data.squeezenet_weights()")


def int8_weights():
    """The weights that `cnnlib.data.squeezenet_int8` stands for, in the form that the other functions take.

    Examples
    --------
    >>> exact, rounded = squeezenet_weights()["fire9/expand3x3/w"], int8_weights()["fire9/expand3x3/w"]
    >>> exact.shape == rounded.shape, round(float(np.abs(exact - rounded).max() / np.abs(exact).max()), 4)
    (True, 0.0039)
    """
    found = {}
    for name, layer in squeezenet_int8().items():
        found |= {f"{name}/w": dequantise(layer.levels, layer.factors), f"{name}/b": layer.bias}
    return found


def _run(x, weights, dilated, removed=(None, None)):
    """Every row's name and its responses before the ReLU, from the first to the last."""
    rate = 1
    for stage in STAGES:
        if stage in POOLED:
            number = POOLED.index(stage)
            dense = number >= 3 - dilated
            x = _dense_pool(x, rate) if dense else ops.max_pool2d(x, 3, stride=2, ceil_mode=True)
            rate *= 2 if dense else 1
            yield f"pool{number + 1}", x
        if stage.startswith("fire"):
            x = _conv(x, f"{stage}/squeeze1x1", weights)
            yield f"{stage}_squeeze", x
            x = _expand(ops.relu(x), stage, weights, rate)
        else:
            x = _conv(x, stage, weights, stride=2 if stage == "conv1" else 1)
        if stage == removed[0]:
            x[:, removed[1]] = 0
        yield stage, x
        x = ops.relu(x)


def scores(images, *, weights=None, dilated=0):
    """The 1,000 scores of images (N, 3, height, width), before the softmax, as (N, 1000).

    Parameters, errors and sources are those of `responses`.

    Examples
    --------
    >>> from cnnlib import data
    >>> panda = centre_square(data.photograph("panda"))
    >>> scores(panda.transpose(2, 0, 1)[None]).argmax()
    np.int64(388)
    """
    return ops.relu(_responses("scores", images, "conv10", weights, dilated)).mean(axis=(2, 3))


def _conv(x, name, weights, **window):
    return ops.conv2d(x, weights[f"{name}/w"], weights[f"{name}/b"], **window)


def _expand(squeezed, name, weights, rate):
    wide = _conv(squeezed, f"{name}/expand3x3", weights, padding=rate, dilation=rate)
    return np.concatenate([_conv(squeezed, f"{name}/expand1x1", weights), wide], axis=1)


def _dense_pool(x, rate):
    """The pooling with stride 1 and taps `rate` apart, up to the last window that the strided one has.

    The strided one rounds up, so its last window may hang over the edge; zeros there change no maximum after a ReLU.
    """
    counts = [(extent - 1) // rate + 1 for extent in x.shape[2:]]  # what the strided network has here
    ends = [2 * rate * -(-(count - 3) // 2) + 1 for count in counts]  # positions from its first window to its last
    over = [max(0, end + 2 * rate - extent) for end, extent in zip(ends, x.shape[2:], strict=True)]
    x = np.pad(x, ((0, 0), (0, 0), (0, over[0]), (0, over[1])))
    return ops.max_pool2d(x, 3, stride=1, dilation=rate)[:, :, : ends[0], : ends[1]]
