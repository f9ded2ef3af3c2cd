"""The exam behind the book: what it claims, what is true, and papers to practise with."""

from cnnlib.exam.ledger import Claim, Part, Source, check, claim, claims, parts

__all__ = [
    "Claim",
    "Part",
    "Source",
    "check",
    "claim",
    "claims",
    "parts",
]
