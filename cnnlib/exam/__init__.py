"""The exam behind the book: what it claims, what is true, and papers to practise with."""

from cnnlib.exam.papers import Paper, paper

__all__ = ["Paper", "paper"]
