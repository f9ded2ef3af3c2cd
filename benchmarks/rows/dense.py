# ruff: noqa: E501 - one case a line
"""Rectifying, normalising, the dense layer, and the loss."""

import numpy as np
import torch
from torch.nn import functional as F

from . import scipys
from .case import Case, normal, numbers


def scores(rows, classes):
    """Scores, and the true class of each row."""

    def arrays():
        target = np.random.default_rng(2).integers(0, classes, rows)
        return *numbers((rows, classes)), target

    return arrays


def batch_norm(x, w, b):
    return F.batch_norm(x, None, None, w, b, training=True)


CASES = [
    Case("relu", "64, 112", normal((1, 64, 112, 112)), torch.relu),
    Case("relu", "small 4, 16", normal((1, 4, 16, 16)), torch.relu, loops=True),
    Case("batch_norm", "batch 8, 64, 56", normal((8, 64, 56, 56), (64,), (64,)), batch_norm),
    Case("batch_norm", "small batch 2, 3, 8", normal((2, 3, 8, 8), (3,), (3,)), batch_norm, loops=True),
    Case("linear", "4096->1000, batch 32", normal((32, 4096), (1000, 4096)), F.linear),
    Case("linear", "small 64->10, batch 8", normal((8, 64), (10, 64)), F.linear, loops=True),
    Case("softmax_cross_entropy", "1000 classes, batch 256", scores(256, 1000), F.cross_entropy, scipy=scipys.log_sum_exp),
    Case("softmax_cross_entropy", "small 10 classes, batch 32", scores(32, 10), F.cross_entropy, scipy=scipys.log_sum_exp, loops=True),
]  # fmt: skip
