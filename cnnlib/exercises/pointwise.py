"""Checkers for the exercises on pointwise convolution: the map at every pixel, and what a reduction saves."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.exercises.verdict import check

__all__ = ["check_pointwise", "check_saving"]


def check_pointwise(function):
    """Check ``function(image, weights, bias)``: (C, H, W), (O, C) and (O,) to (O, H, W) (chapter 12)."""
    rng = np.random.default_rng(12)
    cases = []
    for channels, height, width, outputs in ((3, 4, 5, 2), (4, 3, 6, 6), (2, 5, 3, 4)):
        image = rng.integers(-9, 10, (channels, height, width)).astype(float)
        weights = rng.integers(-9, 10, (outputs, channels)).astype(float)
        cases.append((image, weights, rng.integers(2, 9, outputs).astype(float)))
    return check(function, cases, _pointwise, praise="every value agrees with cnnlib.ops.conv2d and a kernel of 1 x 1.")


def _pointwise(image, weights, bias):
    def conv(weights, bias):
        return ops.conv2d(image[None], weights[:, :, None, None], bias)[0]

    (outputs, channels), (_, height, width) = weights.shape, image.shape
    want, each = conv(weights, bias), bias[:, None, None]
    reshaped = image.reshape(height * width, channels) @ weights.T
    shares = np.exp(want - want.max(axis=0))
    return want, {
        "the bias is missing": conv(weights, None),
        "the weights are read as (C, O); they come as (O, C)": conv(weights.reshape(channels, outputs).T, bias),
        "reshape moves no axis: bring the channels to the end before you make rows of pixels": lambda got: any(
            got.shape == wrong.shape and np.allclose(got, wrong)
            for rows in (reshaped, reshaped + bias)
            for wrong in (rows.T.reshape(want.shape), rows.reshape(want.shape), rows.reshape(height, width, outputs))
        ),
        "the bias is added along the columns; each output channel has one": conv(weights, None) + bias
        if width == outputs
        else np.empty(0),
        "the output channels run backwards": want[::-1],
        "the channels are the last axis; they belong first": want.transpose(1, 2, 0),
        "this is the mean over the channels; a convolution takes their sum": (want - each) / channels + each,
        "a softmax over the channels was taken; a convolution has none": shares / shares.sum(axis=0),
        "a ReLU was taken; it is a step of its own": np.maximum(want, 0),
    }


def check_saving(function):
    """Check ``function(cin, mid, cout, k)``: how many times a reduction before a k x k layer saves (chapter 12)."""
    cases = [(256, 64, 64, 5), (192, 16, 32, 5), (128, 32, 256, 3), (256, 256, 64, 3)]
    return check(function, cases, _saving, praise="every ratio agrees with cnnlib.geometry, a loss too.")


def _saving(cin, mid, cout, k):
    direct = geometry.count_macs(cin, cout, k)
    reduce, then = geometry.count_macs(cin, mid), geometry.count_macs(mid, cout, k)
    want = direct / (reduce + then)
    return want, {
        "this is cin / mid, the saving of the k x k layer alone; the 1 x 1 has to be paid as well": cin / mid,
        "the output channels of the k x k layer are missing, as in the exam": cin * k**2 / (reduce + mid * k**2),
        "the window is not squared: it has k x k taps": cin * k * cout / (reduce + mid * k * cout),
        "this is the share of the work that remains; the saving is its inverse": 1 / want,
        "the k x k layer behind the reduction is not counted": direct / reduce,
        "both layers are counted with all input channels": direct / (reduce + direct),
    }
