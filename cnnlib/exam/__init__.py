"""The exam behind the book: what it claims, what is true, and papers to practise with."""

from cnnlib.exam.ledger import Claim, Part, Source, check, claim, claims, parts
from cnnlib.exam.papers import Paper, paper

__all__ = [
    "Claim",
    "Paper",
    "Part",
    "Source",
    "check",
    "claim",
    "claims",
    "paper",
    "parts",
]
