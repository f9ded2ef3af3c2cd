"""Checkers for the exercises on channels: one map per filter, and filters in another order."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_feature_map", "check_follow_order"]


def check_feature_map(function):
    """Check ``function(image, weights, bias)``: (C, H, W), (C, KH, KW) and a number to one map (chapter 7)."""
    rng = np.random.default_rng(7)
    cases = []
    for channels, size, taps in ((3, (5, 7), (2, 3)), (2, (6, 4), (3, 2)), (4, (7, 8), (3, 3))):
        image = rng.integers(-9, 10, (channels, *size)).astype(float)
        weights = rng.integers(-9, 10, (channels, *taps)).astype(float)
        cases.append((image, weights, float(rng.integers(2, 9))))
    return check(
        function, cases, _feature_map, praise="every value agrees with cnnlib.ops.conv2d, for 2, 3 and 4 channels."
    )


def _feature_map(image, weights, bias):
    def conv(image, weights, bias=0.0):
        return ops.conv2d(image[None], weights[None])[0, 0] + bias

    channels = len(image)
    each = np.stack([conv(image[c : c + 1], weights[c : c + 1]) for c in range(channels)])
    return conv(image, weights, bias), {
        "the bias is missing": conv(image, weights),
        "the bias is added once for each channel; a filter has only one": conv(image, weights, channels * bias),
        "each channel has a map of its own; a filter adds them up": each + bias,
        "only the first channel is read": each[0] + bias,
        "this is the mean over the channels; a filter takes their sum": each.mean(axis=0) + bias,
        "the channels are paired the wrong way round": conv(image[::-1], weights, bias),
        "the kernel is flipped, as mathematicians do it and frameworks do not": conv(
            image, weights[:, ::-1, ::-1], bias
        ),
    }


def check_follow_order(function):
    """Check ``function(second, order)``: the next layer's weights once the filters stand in ``order`` (chapter 7)."""
    rng = np.random.default_rng(8)
    cases = []
    for filters, outputs, side in ((5, 4, 1), (6, 6, 2), (7, 3, 3)):
        second = rng.integers(-9, 10, (outputs, filters, side, side)).astype(float)
        order = np.roll(rng.permutation(filters), 1)
        while np.array_equal(order, np.argsort(order)):  # its own inverse would hide a mistake
            order = rng.permutation(filters)
        cases.append((second, order))
    return check(function, cases, _follow_order, praise="the next layer's output stays what it was, in every case.")


def _follow_order(second, order):
    mistakes = {
        "the order is undone: the new channel 0 is the old channel order[0]": second[:, np.argsort(order)],
        "nothing has moved": second,
        "the filters run backwards; they stand in the given order": second[:, ::-1],
    }
    if len(second) == len(order):
        mistakes["the next layer's own filters have moved; its input channels should"] = second[order]
    return second[:, order], mistakes
