"""Notebooks on disk: one way to read, one way to write."""

import re
from pathlib import Path

import nbformat

CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


class Unreadable(ValueError):
    """A file that holds no notebook; the message names the file and what would help."""


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook in a file, in nbformat 4."""
    text = path.read_text(encoding="utf-8")
    try:
        return nbformat.reads(text, as_version=4)
    except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
        if mark := CONFLICT.search(text):
            line = text.count("\n", 0, mark.start()) + 1
            raise Unreadable(
                f"read: {path} holds the marks of an unfinished merge (line {line}: {mark[0].strip()}); take one side, "
                f"`git checkout --ours {path}` or --theirs, bring over what the other changed, and execute the chapter"
            ) from None
        why = " ".join(str(error).split())[:200]
        raise Unreadable(f"read: {path} holds no notebook ({why}); take it from git again") from None


def text(notebook: nbformat.NotebookNode) -> str:
    """The notebook as it is stored: sorted keys, one space of indent, a newline at the end."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Store a notebook, with the same bytes on every system."""
    path.write_text(text(notebook), encoding="utf-8", newline="\n")
