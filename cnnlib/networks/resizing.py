"""The rows that shrink or enlarge maps and learn next to nothing."""

from ..arguments import flag, padding4, pair
from ..geometry import Layer
from ..values import choice
from .nodes import Node, names_of, window_of


def pool(name, kernel_size, *, scaled=False, of=(), **window):
    """Write a pooling, of the maximum or the mean: the geometry is the same.

    Parameters
    ----------
    name : str
        Its name.
    kernel_size : int or (height, width)
        Taps, >= 1.
    scaled : bool
        Whether each channel learns a factor and a bias (LeNet-5).
    of : str
        Name of the row it reads; the row before if nothing is said.
    **window
        stride, padding, dilation, ceil_mode, as for `cnnlib.geometry.Layer`.

    Returns
    -------
    Node
        The row.

    Raises
    ------
    TypeError, ValueError
        As for `conv`.

    Examples
    --------
    The stride is 1 unless you say otherwise; torch's poolings take the kernel size instead:

    >>> pool("pool1", 3).window.stride
    1
    """
    shape, extra = window_of("pool", kernel_size, window), 2 * flag("pool", "scaled", scaled)
    if shape.transposed:
        raise ValueError(
            "pool: a pooling is not transposed; use upsample, or conv(..., transposed=True) for one that learns"
        )
    return Node(name, "pool", shape, extra=extra, inputs=names_of("pool", of))


def global_pool(name, *, of=()):
    """Write a pooling of the whole map into one number per channel.

    Parameters
    ----------
    name, of
        As for `pool`.

    Returns
    -------
    Node
        The row.

    Raises
    ------
    TypeError
        If a name is no string.

    Examples
    --------
    >>> from cnnlib.networks import Network
    >>> net = Network("small", size=(8, 9), channels=5, nodes=[global_pool("mean")])
    >>> net["mean"].size, net["mean"].field.size
    ((1, 1), (8, 9))
    """
    return Node(name, "pool", inputs=names_of("global_pool", of))


def upsample(name, scale, *, mode="nearest", of=()):
    """Write a row that enlarges maps by a whole number and learns nothing.

    Parameters
    ----------
    name, of
        As for `pool`.
    scale : int or (height, width)
        Output pixels per input pixel, >= 1.
    mode : {"nearest", "bilinear"}
        Whether each output reads the nearest input, or a mixture of the nearest two along each
        axis, as torch does with ``align_corners=False``. Neither counts as multiply-adds, as
        little as the mean of a pooling does.

    Returns
    -------
    Node
        The row. Its window is that of a transposed convolution with the same weights.

    Raises
    ------
    TypeError, ValueError
        As for `conv`; and if the mode is not known.

    References
    ----------
    Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation",
    CVPR 2015, section 3.3: bilinear interpolation as a transposed convolution.

    Examples
    --------
    >>> from cnnlib.networks import Network
    >>> net = Network("small", size=8, channels=5, nodes=[upsample("twice", 2, mode="bilinear")])
    >>> net["twice"].size, net["twice"].parameters, net["twice"].field.window(5)
    (16, 0, (2, 3))
    """
    scales = pair("upsample", "scale", scale, 1)
    if choice("upsample", "mode", mode, ("nearest", "bilinear")) == "nearest":
        shape = Layer(scales, stride=scales, transposed=True)
    else:
        taps = tuple(2 * step - step % 2 for step in scales)
        shape = Layer(taps, stride=scales, padding=tuple(step // 2 for step in scales), transposed=True)
    if scales[0] == scales[1]:
        shape = Layer(
            shape.kernel_size[0], stride=scales[0], padding=padding4("upsample", shape.padding)[0], transposed=True
        )
    return Node(name, "upsample", shape, inputs=names_of("upsample", of))
