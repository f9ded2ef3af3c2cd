"""The gradient of SqueezeNet with respect to the image, in NumPy: what to change in the pixels to raise a response.

`cnnlib.layers.SqueezeNet` gives the same by torch's autograd, which takes 140 MB more of a class's server.
"""

import numpy as np

from . import ops
from .ops.arrays import shape_of
from .reals import reals
from .squeezenet import POOLED, STAGES, _read, _run, _weights
from .values import choice

__all__ = ["differentiate"]


def differentiate(images, stop=None, *, weights=None):
    """The scores, or the responses of one stage, and the function that leads a gradient back to the images.

    Parameters
    ----------
    images : array (N, 3, height, width)
        Red, green and blue from 0 to 1.
    stop : str, optional
        One of `cnnlib.squeezenet.STAGES`, for its responses before the ReLU; None goes on to the scores.
    weights : dict, optional
        Instead of the trained ones: arrays under the names of `cnnlib.data.squeezenet_weights`.

    Returns
    -------
    found : array of float32
        What `cnnlib.squeezenet.scores` or `responses` give.
    gradient : callable
        From the gradient of some scalar with respect to `found`, of the same shape, to its gradient with respect to
        `images`: a vector-Jacobian product. It may be called as often as you like.

    Raises
    ------
    TypeError, ValueError
        If `stop` is no stage, or the images are of another shape or too small. From `gradient`: if it is given
        another shape than that of `found`.

    Examples
    --------
    Make a grey picture a little brighter, and the score of "giant panda" moves as its gradient says:

    >>> from cnnlib import squeezenet
    >>> grey, panda = np.full((1, 3, 40, 40), 0.5), np.eye(1000)[[388]]
    >>> before, gradient = differentiate(grey)
    >>> rise = squeezenet.scores(grey + 0.01) - before
    >>> bool(np.isclose((rise * panda).sum(), 0.01 * gradient(panda).sum(), rtol=0.2))
    True
    """
    if stop is not None:
        choice("differentiate", "stop", stop, STAGES)
    weights = _weights("differentiate", weights)
    rows = {}
    for name, responses in _run(_read("differentiate", images), weights, 0):
        rows[name] = responses  # before the ReLU; of a pooling, what it hands on
        if name == stop:
            break
    last = rows[stop or "conv10"]
    found = ops.relu(last).mean(axis=(2, 3)) if stop is None else last
    size = np.shape(images)[2:]

    def gradient(dy):
        dy = reals("differentiate", "gradient", dy).astype(np.float32)
        shape_of("differentiate", "gradient", dy, found.shape, "that of the responses")
        if stop is None:
            dy = ops.relu_backward(ops.global_avg_pool2d_backward(dy, last), last)
        return _back(dy, rows, weights, size)

    return found, gradient


def _back(dy, rows, weights, size):
    """From the last of the stages in `rows` to the image: each operation's adjoint, in reverse."""
    stages = [stage for stage in STAGES if stage in rows]
    for stage, below in zip(stages[:0:-1], stages[-2::-1], strict=True):
        if stage.startswith("fire"):
            squeezed = rows[f"{stage}_squeeze"]
            narrow, wide = np.split(dy, 2, axis=1)
            narrow = ops.conv_transpose2d(narrow, weights[f"{stage}/expand1x1/w"])
            wide = ops.conv_transpose2d(wide, weights[f"{stage}/expand3x3/w"], padding=1)
            dy = ops.conv_transpose2d(ops.relu_backward(narrow + wide, squeezed), weights[f"{stage}/squeeze1x1/w"])
        else:
            dy = ops.conv_transpose2d(dy, weights[f"{stage}/w"])
        if stage in POOLED:
            dy = ops.max_pool2d_backward(dy, ops.relu(rows[below]), 3, stride=2, ceil_mode=True)
        dy = ops.relu_backward(dy, rows[below])
    left_over = [(extent - 3) % 2 for extent in size]  # what stride 2 does not read
    return 255 * ops.conv_transpose2d(dy, weights["conv1/w"], stride=2, output_padding=left_over)[:, ::-1]
