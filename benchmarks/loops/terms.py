"""Singular values in loops: one-sided Jacobi rotations of pairs of columns (M. Hestenes, 1958)."""

from itertools import combinations
from math import copysign, hypot, sqrt

import numpy as np


def separable_terms(kernel):
    """Rank, singular values, and the columns and rows, as `cnnlib.ops.separable_terms` gives them (but for signs)."""
    columns = kernel.T.astype(float).tolist()
    rows = np.eye(len(columns)).tolist()
    turned = True
    while turned:
        turned = False
        for i, j in combinations(range(len(columns)), 2):
            between = sum(a * b for a, b in zip(columns[i], columns[j], strict=True))
            one, two = sum(a * a for a in columns[i]), sum(b * b for b in columns[j])
            if abs(between) > 1e-10 * sqrt(one * two):
                turned = True
                half = (two - one) / (2 * between)
                tangent = copysign(1, half) / (abs(half) + hypot(1, half))
                for pair in (columns, rows):
                    for k, (a, b) in enumerate(zip(pair[i], pair[j], strict=True)):
                        pair[i][k] = (a - tangent * b) / hypot(1, tangent)
                        pair[j][k] = (tangent * a + b) / hypot(1, tangent)
    sizes = [sqrt(sum(a * a for a in column)) for column in columns]
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
    values = np.array([sizes[k] for k in order], kernel.dtype)
    vertical = [[a / sqrt(sizes[k]) for a in columns[k]] for k in order]
    horizontal = [[a * sqrt(sizes[k]) for a in rows[k]] for k in order]
    rank = sum(size > values[0] * len(kernel) * np.finfo(kernel.dtype).eps for size in values)
    return rank, values, np.array(vertical, kernel.dtype), np.array(horizontal, kernel.dtype)
