"""Editions of the chapters to hand out in class: plain notebooks that every program shows well.

The chapters themselves are written in MyST, which the site understands and other programs show raw. An edition holds
the same cells in plain Markdown: one for students, without solutions and without a word of any answer, and one for
instructors, with both and with what a chapter takes in time and memory.

`python -m tools class` writes both into `_build/class/`; the site offers the students' for download.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "_build/class"
EDITIONS = ("students", "instructors")


class Unwritable(ValueError):
    """A chapter holds something that the editions cannot show; the message says what."""
