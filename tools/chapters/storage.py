"""Notebooks on disk: one way to read, one way to write."""

from pathlib import Path

import nbformat


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook in a file, in nbformat 4."""
    return nbformat.read(path, as_version=4)


def text(notebook: nbformat.NotebookNode) -> str:
    """The notebook as it is stored: sorted keys, one space of indent, a newline at the end."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Store a notebook, with the same bytes on every system."""
    path.write_text(text(notebook), encoding="utf-8", newline="\n")
