"""A linear operation as a list of its products, and its gradient as the same list read the other way.

A product says where the result goes, which input it reads, and which weight (or share) it multiplies by.
"""

from itertools import product

import numpy as np


def each(*sizes):
    """All index tuples of nested loops."""
    return product(*map(range, sizes))


def weighted(products):
    """The operation and its gradients, from ``products(x, w) -> (shape, (out, read, weight)...)``."""

    def forward(x, w, **options):
        shape, terms = products(x, w, **options)
        y = np.zeros(shape, x.dtype)
        for out, read, weight in terms:
            y[out] += w[weight] * x[read]
        return y

    def backward(dy, x, w, **options):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for out, read, weight in products(x, w, **options)[1]:
            dx[read] += w[weight] * dy[out]
            dw[weight] += x[read] * dy[out]
        return dx, dw

    return forward, backward


def shared(shares):
    """The same of an operation without weights, from ``shares(x) -> (shape, (out, read, share)...)``."""

    def forward(x, **options):
        shape, terms = shares(x, **options)
        y = np.zeros(shape, x.dtype)
        for out, read, share in terms:
            y[out] += share * x[read]
        return y

    def backward(dy, x, **options):
        dx = np.zeros_like(x)
        for out, read, share in shares(x, **options)[1]:
            dx[read] += share * dy[out]
        return dx

    return forward, backward
