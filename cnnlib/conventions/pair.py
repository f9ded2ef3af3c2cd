"""What is known about two ways to say the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Example(NamedTuple):
    """One quantity, said in both conventions.

    Attributes
    ----------
    says : str
        What is compared, in one sentence with numbers.
    left, right : array_like
        The same quantity, computed in the left convention and in the right one.
    """

    says: str
    left: object
    right: object

    @property
    def difference(self) -> float:
        """The largest absolute difference between the two sides; infinite where the shapes differ."""
        left, right = np.asarray(self.left, float), np.asarray(self.right, float)
        return float(np.abs(left - right).max()) if left.shape == right.shape else float("inf")


@dataclass(frozen=True)
class Pair:
    """Two conventions for one thing, and the way from one to the other.

    Attributes
    ----------
    name : str
        The anchor of its row in the book, such as ``"same-padding"``.
    title, left, right : str
        What it is about, and the two ways to say it.
    rule : str
        How to get from one to the other.
    example : callable
        Gives an `Example`.
    trap : str
        What goes wrong, and when nobody notices.
    stands : dict
        Framework to the side on which it stands.
    sources : tuple
        Pairs of what was read and its address. Without an address it is remembered, and says so.
    forth, back : callable or None
        From the left convention to the right one, and back, where that is a calculation.
    """

    name: str
    title: str
    left: str
    right: str
    rule: str
    example: Callable[[], Example]
    trap: str
    stands: Mapping[str, str]
    sources: tuple[tuple[str, str], ...]
    forth: Callable | None = None
    back: Callable | None = None
