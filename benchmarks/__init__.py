"""Measurements of speed, separate from the tests: ``make bench`` or ``python -m benchmarks``."""
