"""Checker for the exercise on a network's last layer: from maps to the scores of classes."""

import numpy as np

from cnnlib.exercises.verdict import check

__all__ = ["check_class_scores"]


def check_class_scores(function):
    """Check ``function(features, weights, bias)``: (C, H, W), (K, C), (K,) to the K scores of chapter 16's head."""
    rng = np.random.default_rng(16)
    cases = []
    for channels, classes, height, width in ((4, 3, 5, 7), (3, 5, 6, 4), (5, 4, 2, 3)):
        features = rng.integers(0, 10, (channels, height, width)).astype(float)
        weights = rng.integers(-4, 5, (classes, channels)).astype(float)
        cases.append((features, weights, rng.integers(-9, 10, classes).astype(float)))
    return check(
        function,
        cases,
        _class_scores,
        praise="every score agrees with a 1 x 1 convolution, a ReLU and a mean over positions, for 3, 5 and 4 classes.",
    )


def _class_scores(features, weights, bias):
    linear = np.einsum("kc,chw->khw", weights, features)
    maps = linear + bias[:, None, None]
    want = np.maximum(maps, 0).mean(axis=(1, 2))
    mistakes = {
        "the ReLU is missing: negative responses pull the mean down": maps.mean(axis=(1, 2)),
        "the ReLU comes after the mean; it belongs to every position": np.maximum(maps.mean(axis=(1, 2)), 0),
        "this is the largest response, not the mean of all positions": np.maximum(maps, 0).max(axis=(1, 2)),
        "this is the sum over the positions; divide by how many there are": np.maximum(maps, 0).sum(axis=(1, 2)),
        "the bias is left out": np.maximum(linear, 0).mean(axis=(1, 2)),
        "the bias is added once, after the mean; it belongs to every position, before the ReLU": (
            np.maximum(linear, 0).mean(axis=(1, 2)) + bias
        ),
        "these are probabilities; the scores come before the softmax": _softmax(want),
    }
    return want, mistakes


def _softmax(scores):
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()
