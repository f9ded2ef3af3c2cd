"""The commands of the book: `python -m tools COMMAND`."""

# This file comes before every other one, so it is written in words that an old Python understands as well.
import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.exit(
        f"setup: this is Python {sys.version_info[0]}.{sys.version_info[1]}, the book needs "
        f"{OLDEST[0]}.{OLDEST[1]} or newer; with make, name one: make PYTHON=python3.11 ..."
    )
