"""The exam behind the book: what it claims, what is true, and papers to practise with."""
