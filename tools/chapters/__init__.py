"""Chapters: notebooks that are stored with their outputs, in one normal form.

`python -m tools.chapters execute` runs them, `normalise` brings them to the normal form, `check` says
what is wrong with a stored one, `verify` runs it afresh and compares what nbval cannot see, `claims`
lists which cell meets which claim of the exam.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "chapters"
