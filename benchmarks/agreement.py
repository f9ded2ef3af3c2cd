"""What is timed side by side computes the same: looked at before the clock runs."""

import numpy as np

TOLERANCE = 1e-4  # of the largest value: float32, and sums of up to 50,000 terms in another order


class Disagreement(ArithmeticError):
    """Two sides of a row do not compute the same."""


def check(row, sides):
    """Call each side once and compare its results with cnnlib's.

    Raises
    ------
    Disagreement
        If a side fails, or gives other results; it names the row and the side.
    """
    expected = None
    for name, call in sides.items():
        where = f"{row.group}: {row.case.name}: {name}"
        try:
            found = row.compared(name, call())
        except Exception as error:
            raise Disagreement(f"{where} raises {type(error).__name__}: {error}") from error
        if expected is None:
            expected = found
        mine, theirs = [a.shape for a in expected], [a.shape for a in found]
        if mine != theirs:
            raise Disagreement(f"{where} gives the shapes {theirs}, cnnlib {mine}")
        for number, (a, b) in enumerate(zip(expected, found, strict=True)):
            if not np.allclose(b, a, rtol=TOLERANCE, atol=TOLERANCE * np.abs(a).max()):
                far = np.abs(b.astype(float) - a).max()
                raise Disagreement(f"{where} differs from cnnlib in result {number}: by up to {far:.3g}")
