"""Deformable convolution: every tap looks where it has been told to."""

import numpy as np

from cnnlib.ops.arrays import floats, shape_of
from cnnlib.ops.corners import Reader, chunks, corners, image_from, pixel_table
from cnnlib.ops.deformable_grid import check_shapes, taps_grid
from cnnlib.ops.sampling import bilinear_sample_plain, give_back
from cnnlib.signatures import public

__all__ = ["deform_conv2d", "deform_conv2d_backward", "deform_conv2d_plain"]


@public
def deform_conv2d(x, offset, w, b=None, *, stride=1, padding=0, dilation=1, mask=None):
    """Convolve with a sampling grid that bends: version 1, or 2 with a `mask`.

    Parameters
    ----------
    x : array_like, (N, C, H, W)
        Images. N may be 0.
    offset : array_like, (N, 2*G*KH*KW, OH, OW)
        How far each tap at each position is moved, in pixels: (dy, dx) pairs, tap by tap in
        reading order, for each of G groups of C/G channels. G is read off the shape.
    w : array_like, (O, C/groups, KH, KW)
        Kernels. The number of groups is read off the shape.
    b : array_like, (O,), optional
        Added to each output channel.
    stride, padding, dilation
        The grid that the offsets start from, as in `conv2d`.
    mask : array_like, (N, G*KH*KW, OH, OW), optional
        How much each tap counts at each position; version 2 learns it within 0 and 1.

    Returns
    -------
    ndarray, (N, O, OH, OW)
        ``y[o,h,v] = b[o] + sum_c,i,j w[o,c,i,j] mask[k,h,v] x(c, h*sh + i*dh - top + dy,
        v*sw + j*dw - left + dx)`` with ``k = i*KW + j``, its offsets ``dy = offset[2k,h,v]``
        and ``dx = offset[2k+1,h,v]``, and x(c, ., .) as `bilinear_sample` reads it. The
        argument order and every layout are torchvision's.

    Raises
    ------
    TypeError
        If an array holds no real numbers, or an option is no integer.
    ValueError
        If no window fits, or shapes do not fit each other; the message gives the shape of
        `offset` or `mask` that would be right.

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, equation 2.
    .. [2] X. Zhu et al., "Deformable ConvNets v2", CVPR 2019, equation 1.

    Examples
    --------
    One tap, told to look half a pixel to the right; offsets are (dy, dx), not (x, y):

    >>> x = [[[[0, 10, 20], [30, 40, 50]]]]
    >>> offset = np.zeros((1, 2, 2, 3))
    >>> offset[:, 1] = 0.5
    >>> deform_conv2d(x, offset, [[[[1]]]])
    array([[[[ 5., 15., 10.],
             [35., 45., 25.]]]])
    """
    x, offset, w, b, mask, window, groups = _check("deform_conv2d", x, offset, w, b, stride, padding, dilation, mask)
    (n, c), o, (oh, ow) = x.shape[:2], len(w), window.output
    grid, kernels = taps_grid(window, x.dtype), _by_tap(w, groups)
    y = np.zeros((n, groups, oh * ow, o // groups), x.dtype)
    parts = chunks(oh * ow, c)
    for image in range(n):
        readers = _readers(x[image], offset.shape[2], parts)
        for part in parts:
            near = corners(*(grid[..., part] + offset[image][..., part]), window.size)
            mix = near.weights()  # (G, K, P, 4)
            if mask is not None:
                mix *= mask[image][..., part, None]
            for tap, kernel in enumerate(kernels):
                seen = [reader.mix(near.index[g, tap], mix[g, tap]) for g, reader in enumerate(readers)]
                y[image, :, part] += _by_group(seen, groups) @ kernel
    y = np.ascontiguousarray(y.swapaxes(2, 3)).reshape(n, o, oh, ow)
    if b is not None:
        y += b[:, None, None]
    return y


@public
def deform_conv2d_plain(x, offset, w, b=None, *, stride=1, padding=0, dilation=1, mask=None):
    """The definition of `deform_conv2d`: sample tap by tap, weigh, add up.

    Takes and returns what `deform_conv2d` does.

    Examples
    --------
    One tap, told to look one row up, where there is nothing, and then one row down:

    >>> x, offset = [[[[1, 2], [3, 4]]]], np.zeros((1, 2, 2, 2))
    >>> for offset[:, 0] in (-1, 1):
    ...     print(deform_conv2d_plain(x, offset, [[[[10]]]]).tolist())
    [[[[0.0, 0.0], [10.0, 20.0]]]]
    [[[[30.0, 40.0], [0.0, 0.0]]]]
    """
    x, offset, w, b, mask, window, groups = _check(
        "deform_conv2d_plain", x, offset, w, b, stride, padding, dilation, mask
    )
    n, parts, (oh, ow) = len(x), offset.shape[2], window.output
    points = taps_grid(window, x.dtype)[:, None] + np.moveaxis(offset, 1, 0)  # (2, N, G, K, P)
    y = np.zeros((n, groups, len(w) // groups, oh * ow), x.dtype)
    for tap, (i, j) in enumerate(np.ndindex(*window.kernel)):
        kernel, seen = w[:, :, i, j].reshape(*y.shape[1:3], -1), []
        for g, channels in enumerate(np.split(x, parts, 1)):
            values = bilinear_sample_plain(channels, np.moveaxis(points[:, :, g, tap], 0, -1))
            seen.append(values if mask is None else values * mask[:, g, None, tap])
        seen = np.concatenate(seen, 1)  # (N, C, P)
        y += kernel @ seen.reshape(n, groups, kernel.shape[2], oh * ow)
    y = y.reshape(n, len(w), oh, ow)
    return y if b is None else y + b[:, None, None]


@public
def deform_conv2d_backward(dy, x, offset, w, b=None, *, stride=1, padding=0, dilation=1, mask=None):
    """Gradients of `deform_conv2d` from the gradient of its result.

    Parameters
    ----------
    dy : array_like, (N, O, OH, OW)
        Gradient of some scalar with respect to the output.
    x, offset, w, b, stride, padding, dilation, mask
        What `deform_conv2d` took.

    Returns
    -------
    dx, doffset, dw : ndarray
        Shaped like x, offset and w. With ``e[c,k] = sum_o w[o,c,k] dy[o]``, what reaches
        tap k: x gets ``mask * e`` as in `bilinear_sample_backward`, the offset the slope of
        the image there times ``mask * e``, summed over the channels that it moves, and
        ``dw[o,c,k] = sum dy[o] mask x(c, point)``.
    db : ndarray, or None when no `b` was given
    dmask : ndarray, or None when no `mask` was given
        ``sum_c e[c,k] x(c, point)`` over the channels that it weighs.

    Raises
    ------
    TypeError, ValueError
        As `deform_conv2d`; and if `dy` has not the shape of its result.

    References
    ----------
    .. [1] J. Dai et al., "Deformable convolutional networks", ICCV 2017, appendix A.

    Examples
    --------
    The offsets of a new layer are zero, just where bilinear sampling has its kinks: the
    gradient is the slope to the right, which at a peak is not the slope to the left.

    >>> x = [[[[0, 9, 5]]]]
    >>> dx, doffset, *_ = deform_conv2d_backward(
    ...     np.ones((1, 1, 1, 3)), x, np.zeros((1, 2, 1, 3)), [[[[1]]]])
    >>> doffset[0, 1]
    array([[ 9., -4., -5.]])
    """
    function = "deform_conv2d_backward"
    x, offset, w, b, mask, window, groups = _check(function, x, offset, w, b, stride, padding, dilation, mask)
    dy, x, offset, w, mask = floats(function, dy=dy, x=x, offset=offset, w=w, mask=mask)
    (n, c), o, (oh, ow), parts = x.shape[:2], len(w), window.output, offset.shape[2]
    shape_of(function, "dy", dy, (n, o, oh, ow), "(N, O, OH, OW)")
    grid, kernels = taps_grid(window, x.dtype), _by_tap(w, groups)
    dx, doffset, dkernels = np.empty_like(x, order="C"), np.empty_like(offset), np.zeros_like(kernels)
    dmask = None if mask is None else np.empty_like(mask)
    bands = chunks(oh * ow, c)
    for image in range(n):
        readers = _readers(x[image], parts, bands)
        sums = [np.zeros(reader.table.shape[::-1], x.dtype) for reader in readers]
        flat = dy[image].reshape(groups, o // groups, oh * ow)
        for part in bands:
            near = corners(*(grid[..., part] + offset[image][..., part]), window.size)
            mix, upstream = near.weights(), flat[..., part]
            values = np.empty_like(mix)  # how much each corner's value matters
            for tap, kernel in enumerate(kernels):
                reached = np.split((kernel @ upstream).reshape(c, -1), parts)  # (C/G, P) each
                seen = []
                for g, reader in enumerate(readers):
                    pixels = reader.corners(near.index[g, tap])  # (P, 4, C/G)
                    values[g, tap] = (pixels @ reached[g].T[:, :, None])[..., 0]
                    weights = mix[g, tap]
                    if mask is not None:
                        weights = weights * mask[image, g, tap, part, None]
                    seen.append((weights[:, None] @ pixels)[:, 0])
                    give_back(sums[g], near.index[g, tap], weights, reached[g])
                seen = _by_group(seen, groups)  # (groups, P, C/groups)
                dkernels[tap] += seen.swapaxes(1, 2) @ upstream.swapaxes(1, 2)
            slopes = np.moveaxis(near.slopes(values), -1, 0)  # (2, G, K, P)
            if mask is not None:
                dmask[image][..., part] = (mix * values).sum(-1)
                slopes *= mask[image][..., part]
            doffset[image][..., part] = slopes
        dx[image] = np.concatenate([image_from(total, window.size) for total in sums])
    dw = dkernels.transpose(1, 3, 2, 0).reshape(w.shape)
    taps = parts * len(kernels)
    doffset = doffset.transpose(0, 2, 3, 1, 4).reshape(n, 2 * taps, oh, ow)
    dmask = None if mask is None else dmask.reshape(n, taps, oh, ow)
    return dx, doffset, dw, None if b is None else dy.sum((0, 2, 3)), dmask


def _readers(image, parts, bands):
    """One reader for each offset group's channels of an image."""
    positions = bands[0].stop
    return [Reader(pixel_table(channels), positions) for channels in np.split(image, parts)]


def _by_tap(w, groups):
    """``(O, C/groups, KH, KW)`` to one matrix for each tap and group, (K, groups, C/groups, O/groups)."""
    kernels = w.reshape(groups, len(w) // groups, w.shape[1], -1)
    return np.ascontiguousarray(kernels.transpose(3, 0, 2, 1))


def _by_group(seen, groups):
    """What a tap saw, (P, C/G) for each offset group, as (groups, P, C/groups)."""
    seen = seen[0] if len(seen) == 1 else np.concatenate(seen, 1)
    return seen.reshape(len(seen), groups, -1).swapaxes(0, 1)


def _check(function, x, offset, w, b, stride, padding, dilation, mask):
    """Check; return offset as (N, 2, G, K, P), mask as (N, G, K, P), `Windows` and groups."""
    x, offset, w, b, mask = floats(function, x=x, offset=offset, w=w, b=b, mask=mask)
    window, groups, parts = check_shapes(function, x, offset, w, b, mask, stride, padding, dilation)
    n, k, positions = len(x), w.shape[2] * w.shape[3], window.output[0] * window.output[1]
    offset = offset.reshape(n, parts, k, 2, positions).transpose(0, 3, 1, 2, 4)
    if mask is not None:
        mask = mask.reshape(n, parts, k, positions)
    return x, offset, w, b, mask, window, groups
