"""A second definition, one number at a time, where otherwise only torch and a plain form say so.

Padding is 'skip what is outside'; nothing here is laid out, shifted or multiplied as a matrix.
"""

from math import comb, floor

import numpy as np
from hypothesis import given

from cnnlib import ops
from tests.ops.cases import cases, close
from tests.ops.test_blur_resize import blur_case, resize_case
from tests.ops.test_pooling import avg_case, max_case
from tests.ops.test_separable import depthwise_case, separable_case
from tests.ops.test_unshared import local_case
from tests.properties import share

dozens = share(1 / 3)


def taps(position, kernel, stride, padding, dilation, size):
    """``(i, j, row, column)`` of every tap of one window that lies on the image."""
    for i, j in np.ndindex(*kernel):
        row = position[0] * stride[0] + i * dilation[0] - padding[0]
        column = position[1] * stride[1] + j * dilation[1] - padding[1]
        if 0 <= row < size[0] and 0 <= column < size[1]:
            yield i, j, row, column


def count(size, kernel, stride, before, after, dilation=1, ceil_mode=False):
    """How many windows begin along one axis, counted one by one."""
    span, starts = dilation * (kernel - 1) + 1, 0
    while True:
        start = starts * stride
        fits = start + span <= before + size + after
        hangs = ceil_mode and start < before + size and start + span < before + size + after + stride
        if not (fits or hangs):
            return starts
        starts += 1


def grid(x, kernel, stride, padding, dilation, ceil_mode=False):
    return [
        count(x.shape[2 + a], kernel[a], stride[a], *padding[2 * a : 2 * a + 2], dilation[a], ceil_mode) for a in (0, 1)
    ]


def four(padding):
    return (padding[0], padding[0], padding[1], padding[1]) if len(padding) == 2 else padding


@dozens
@given(cases(max_case))
def test_max_pool(case):
    x, kernel, dilation, options, _ = case
    stride, sides = options["stride"], four(options["padding"])
    y = np.zeros((*x.shape[:2], *grid(x, kernel, stride, sides, dilation, options["ceil_mode"])))
    for n, c, *position in np.ndindex(*y.shape):
        reads = taps(position, kernel, stride, sides[::2], dilation, x.shape[2:])
        y[n, c, *position] = max(x[n, c, row, column] for _, _, row, column in reads)
    close(ops.max_pool2d(x, kernel, dilation=dilation, **options), y)


@dozens
@given(cases(avg_case))
def test_avg_pool(case):
    x, kernel, _, options, padding_counts = case
    stride, sides, (h, w) = options["stride"], four(options["padding"]), x.shape[2:]
    y = np.zeros((*x.shape[:2], *grid(x, kernel, stride, sides, (1, 1), options["ceil_mode"])))
    for n, c, *position in np.ndindex(*y.shape):
        total = counted = 0
        for i, j in np.ndindex(*kernel):
            row, column = position[0] * stride[0] + i - sides[0], position[1] * stride[1] + j - sides[2]
            inside = 0 <= row < h and 0 <= column < w
            total += x[n, c, row, column] if inside else 0
            counted += inside or (padding_counts and row < h + sides[1] and column < w + sides[3])
        y[n, c, *position] = total / counted
    close(ops.avg_pool2d(x, kernel, count_include_pad=padding_counts, **options), y)


def beyond(position, size, mode):
    """Which pixel stands at a position beyond the border, step by step; None for a zero."""
    while not 0 <= position < size:
        if mode == "zeros":
            return None
        if mode == "replicate":
            position += 1 if position < 0 else -1
        elif mode == "circular":
            position += size if position < 0 else -size
        else:
            position = -position if position < 0 else 2 * (size - 1) - position
    return position


@dozens
@given(cases(blur_case))
def test_blur_pool(case):
    x, kernel, stride, mode = case
    size, before = x.shape[2:], (kernel - 1) // 2
    y = np.zeros((*x.shape[:2], *(len(range(0, length, stride)) for length in size)))
    for n, c, h, v in np.ndindex(*y.shape):
        for i, j in np.ndindex(kernel, kernel):
            row = beyond(h * stride + i - before, size[0], mode)
            column = beyond(v * stride + j - before, size[1], mode)
            if row is not None and column is not None:
                weight = comb(kernel - 1, i) * comb(kernel - 1, j) / 4 ** (kernel - 1)
                y[n, c, h, v] += weight * x[n, c, row, column]
    close(ops.blur_pool2d(x, kernel_size=kernel, stride=stride, padding_mode=mode), y)


@dozens
@given(cases(resize_case))
def test_resize(case):
    x, output, align = case
    near, mixed = (np.zeros((*x.shape[:2], *output)) for _ in range(2))
    for n, c, *position in np.ndindex(*near.shape):
        sources = [p * length // out for p, length, out in zip(position, x.shape[2:], output, strict=True)]
        near[n, c, *position] = x[n, c, *sources]
        for row, down in shares(position[0], x.shape[2], output[0], align):
            for column, right in shares(position[1], x.shape[3], output[1], align):
                mixed[n, c, *position] += down * right * x[n, c, row, column]
    close(ops.resize_nearest2d(x, size=output), near)
    close(ops.resize_bilinear2d(x, size=output, align_corners=align), mixed)


def shares(position, length, output, align):
    """The two pixels that an output pixel mixes along one axis, and how much of each."""
    if align:
        u = position * (length - 1) / (output - 1) if output > 1 else 0
    else:
        u = (position + 0.5) * length / output - 0.5
    u = min(max(u, 0), length - 1)
    first = floor(u)
    return [(first, 1 - (u - first)), (min(first + 1, length - 1), u - first)]


@dozens
@given(cases(separable_case))
def test_separable(case):
    """The column first, into an image that is then read by the row."""
    x, vertical, horizontal, b, options = case
    if vertical.ndim == 1:  # the same filter for every channel, and none across
        one = np.eye(x.shape[1])[..., None]
        vertical, horizontal = one * vertical, one * horizontal
    (top, bottom, left, right), (sh, sw), (dh, dw) = options["padding"], options["stride"], options["dilation"]
    (n, _, h, w), (m, c, kh), (o, _, kw) = x.shape, vertical.shape, horizontal.shape
    middle = np.zeros((n, m, count(h, kh, sh, top, bottom, dh), w))
    for image, out, row, column in np.ndindex(*middle.shape):
        for channel, i in np.ndindex(c, kh):
            if 0 <= row * sh + i * dh - top < h:
                value = x[image, channel, row * sh + i * dh - top, column]
                middle[image, out, row, column] += vertical[out, channel, i] * value
    y = np.zeros((n, o, middle.shape[2], count(w, kw, sw, left, right, dw)))
    for image, out, row, column in np.ndindex(*y.shape):
        y[image, out, row, column] = b[out]
        for channel, j in np.ndindex(m, kw):
            if 0 <= column * sw + j * dw - left < w:
                value = middle[image, channel, row, column * sw + j * dw - left]
                y[image, out, row, column] += horizontal[out, channel, j] * value
    close(ops.separable_conv2d(*case[:-1], **options), y)


@dozens
@given(cases(depthwise_case))
def test_depthwise_separable(case):
    x, depthwise, pointwise, b, options = case
    stride, sides, dilation, kernel = *options.values(), depthwise.shape[2:]
    y = np.zeros((len(x), len(pointwise), *grid(x, kernel, stride, sides, dilation)))
    y += b[:, None, None]
    each = len(depthwise) // x.shape[1]
    for n, o, *position in np.ndindex(*y.shape):
        for i, j, row, column in taps(position, kernel, stride, sides[::2], dilation, x.shape[2:]):
            for m in range(len(depthwise)):
                y[n, o, *position] += pointwise[o, m, 0, 0] * depthwise[m, 0, i, j] * x[n, m // each, row, column]
    close(ops.depthwise_separable_conv2d(x, depthwise, pointwise, b, **options), y)


@dozens
@given(cases(local_case))
def test_local(case):
    x, w, b, options = case
    stride, sides, dilation, kernel = *options.values(), w.shape[2:4]
    y = np.zeros((len(x), len(w), *grid(x, kernel, stride, sides, dilation)))
    for n, o, *position in np.ndindex(*y.shape):
        y[n, o, *position] = b[o, *position]
        for i, j, row, column in taps(position, kernel, stride, sides[::2], dilation, x.shape[2:]):
            for c in range(x.shape[1]):
                y[n, o, *position] += w[o, c, i, j, *position] * x[n, c, row, column]
    close(ops.local_conv2d(x, w, b, **options), y)
