"""What is measured, operation by operation."""

from . import convolution, dense, pooling, relatives, sampling

CASES = [*convolution.CASES, *relatives.CASES, *sampling.CASES, *pooling.CASES, *dense.CASES]


def table():
    """All rows, in the order in which they are measured and printed: forward first, then with the gradients."""
    rows = [row for case in CASES for row in case.rows()]
    return sorted(rows, key=lambda row: row.gradients)
