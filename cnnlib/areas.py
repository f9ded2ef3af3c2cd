"""Shrinking a picture by the mean of each area, so that no pixel is skipped."""

import numpy as np

from cnnlib.arguments import pair
from cnnlib.reals import reals

__all__ = ["area_resize"]


def area_resize(image, size):
    """Shrink an image to ``size = (height, width)``: each new pixel is the mean of the area it covers, in float64.

    Edges that fall inside an old pixel count it in part, so the mean of the whole image is kept.

    Raises
    ------
    TypeError, ValueError
        If `image` holds no finite real numbers or has fewer than two axes, or `size` does not shrink it.

    Examples
    --------
    >>> area_resize(np.array([[0., 1., 2.]]), (1, 2))     # 0 and half of 1; half of 1 and 2
    array([[0.33333333, 1.66666667]])
    """
    image = np.array(reals("area_resize", "image", image, finite=True))
    if image.ndim < 2:
        raise ValueError(
            f"area_resize: image has shape {image.shape}; it needs (height, width) or (height, width, channels)"
        )
    size = pair("area_resize", "size", size, 1)
    for axis, new in enumerate(size):
        old = image.shape[axis]
        if new > old:
            raise ValueError(
                f"area_resize: size={size} does not shrink an image of {image.shape[:2]}; "
                "each side must be between 1 and the old one"
            )
        if new == old:
            continue
        lines = np.moveaxis(image, axis, 0)
        total = np.concatenate([np.zeros_like(lines[:1]), np.cumsum(lines, axis=0)])
        edges = np.arange(new + 1) * old / new
        whole = np.minimum(edges.astype(int), old - 1)
        part = (edges - whole).reshape(-1, *[1] * (lines.ndim - 1))
        up_to_edge = total[whole] + part * lines[whole]
        image = np.moveaxis(np.diff(up_to_edge, axis=0) * (new / old), 0, axis)
    return image
