"""The small package that every chapter of the book runs."""
