"""Checkers for the exercises on kernels in factors: the nearest of rank 1, and depthwise then pointwise."""

import numpy as np

from cnnlib import ops
from cnnlib.exercises.verdict import check

__all__ = ["check_depthwise", "check_rank_one"]


def check_rank_one(function):
    """Check ``function(kernel)``: the kernel of rank 1 that is nearest in the sum of squares (chapter 11)."""
    rng = np.random.default_rng(11)
    cases = [(rng.integers(-9, 10, size).astype(float),) for size in ((4, 4), (3, 5), (5, 2))]
    return check(function, cases, _rank_one, praise="no kernel of rank 1 is nearer, for 4 x 4, 3 x 5 and 5 x 2.")


def _rank_one(kernel):
    terms = ops.separable_terms(kernel)
    want, size = terms.kernel(1), terms.singular_values[0]
    u, s, vh = np.linalg.svd(kernel)
    mistakes = {
        "np.linalg.svd returns the second factor transposed: its vectors are rows, so take [0], not [:, 0]": (
            s[0] * np.outer(u[:, 0], vh[:, 0])
        ),
        "the vectors of the first factor of np.linalg.svd are its columns: take [:, 0], not [0]": (
            s[0] * np.outer(u[0], vh[0])
        ),
        "this is the kernel itself; of how many terms is it the sum?": kernel,
        "the singular value is left out: the two vectors have length 1": want / size,
        "the singular value is used twice; give each vector its square root, or one of them all of it": want * size,
        "the sign is lost: changing the sign of one vector changes the product": -want,
        "these are the smallest singular value's vectors; the singular values come in falling order": (
            kernel - terms.kernel(min(kernel.shape) - 1)
        ),
        "this is the first column times the first row, which is right only if the rank is 1": (
            np.outer(kernel[:, 0], kernel[0])
        ),
        "this is the first column times the first row over their common entry, right only if the rank is 1": (
            np.outer(kernel[:, 0], kernel[0]) / (kernel[0, 0] or 1)
        ),
        "this is made of the means of the rows and of the columns": np.outer(kernel.mean(axis=1), kernel.mean(axis=0)),
        "this is made of the means of the rows and of the columns, over the mean of all": (
            np.outer(kernel.mean(axis=1), kernel.mean(axis=0)) / (kernel.mean() or 1)
        ),
    }
    if kernel.shape[0] == kernel.shape[1]:
        values, vectors = np.linalg.eigh(kernel)
        first = np.abs(values).argmax()
        mistakes["eigenvectors do only for symmetric kernels; take the singular value decomposition"] = values[
            first
        ] * np.outer(vectors[:, first], vectors[:, first])
    return want, mistakes


def check_depthwise(function):
    """Check ``function(image, depthwise, pointwise)``: (C, H, W), (C, M, KH, KW), (O, C*M) to (O, ...) (chapter 11)."""
    rng = np.random.default_rng(12)
    cases = []
    for channels, multiplier, outputs in ((3, 1, 3), (3, 2, 4), (2, 3, 6)):
        image = rng.integers(-9, 10, (channels, 5, 7)).astype(float)
        depthwise = rng.integers(-9, 10, (channels, multiplier, 2, 3)).astype(float)
        cases.append((image, depthwise, rng.integers(-9, 10, (outputs, channels * multiplier)).astype(float)))
    return check(
        function,
        cases,
        _depthwise,
        praise="every value agrees with cnnlib.ops.depthwise_separable_conv2d, for 1, 2 and 3 kernels per channel.",
    )


def _depthwise(image, depthwise, pointwise):
    channels, multiplier = depthwise.shape[:2]

    def both(image, depthwise, pointwise):
        kernels = depthwise.reshape(channels * multiplier, 1, *depthwise.shape[2:])
        return ops.depthwise_separable_conv2d(image[None], kernels, pointwise[:, :, None, None])[0]

    want = both(image, depthwise, pointwise)
    mistakes = {
        "the first step adds the channels up; each kernel sees its own channel alone": (
            both(np.broadcast_to(image.sum(axis=0), image.shape), depthwise, pointwise)
        ),
        "every channel is filtered with the first channel's kernels; each has its own": (
            both(image, np.broadcast_to(depthwise[:1], depthwise.shape), pointwise)
        ),
        "the kernel is flipped, as mathematicians do it and frameworks do not": (
            both(image, depthwise[:, :, ::-1, ::-1], pointwise)
        ),
        "the second step is missing: these are the channels that it should mix": (
            both(image, depthwise, np.eye(channels * multiplier))
        ),
    }
    if multiplier > 1:
        order = np.arange(channels * multiplier).reshape(channels, multiplier).T.ravel()
        mistakes["the maps are in another order: those of one channel stand side by side, c * M + m"] = both(
            image, depthwise, pointwise[:, np.argsort(order)]
        )
    if pointwise.shape[0] == pointwise.shape[1]:
        mistakes["the mixing matrix is transposed: its rows are the outputs"] = both(image, depthwise, pointwise.T)
    return want, mistakes
